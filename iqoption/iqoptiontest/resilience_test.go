package iqoptiontest_test

import (
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/iqoption/iqoptiontest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// askMany makes n calls at once, each for another candle, and returns how each ended. A call that got the answer of
// another one fails the test.
func askMany(t *testing.T, c *iqoption.Client, n int) []error {
	errs := make([]error, n)
	var calls sync.WaitGroup
	for i := range n {
		calls.Go(func() {
			reply, err := c.GetCandles(t.Context(), iqoption.GetCandlesRequest{
				ActiveID: iqoptiontest.EURUSD, Size: iqoption.CandleSizeM1,
				FromID: wire.Some(int64(i)), ToID: wire.Some(int64(i)),
			})
			if errs[i] = err; err == nil {
				if len(reply.Candles) != 1 || reply.Candles[0].ID != int64(i) {
					t.Errorf("call %d got %v", i, reply.Candles)
				}
			}
		})
	}
	calls.Wait()
	return errs
}

func TestShuffledReplies(t *testing.T) {
	bubble(t, func(t *testing.T, s *iqoptiontest.Server, c *iqoption.Client) {
		var mu sync.Mutex
		var held []func()
		s.OnCall("get-candles", func(call *streamtest.Call) {
			var r iqoption.GetCandlesRequest
			require.NoError(t, r.UnmarshalJSON(call.Request))
			mu.Lock()
			defer mu.Unlock()
			payload := iqoption.GetCandlesReply{Candles: []iqoption.Candle{{ID: r.ToID.Or(-1)}}}
			held = append(held, call.Accept, func() { call.Reply(string(streamtest.JSON(payload))) })
			if len(held) == 200 {
				rand.Shuffle(len(held), func(i, j int) { held[i], held[j] = held[j], held[i] })
				for i, send := range held {
					call.Session.Push(`{"name":"candles","request_id":"unknown-` + string(rune('a'+i%26)) + `","msg":{"candles":[]},"status":2000}`)
					send()
				}
			}
		})
		for i, err := range askMany(t, c, 100) {
			require.NoError(t, err, i)
		}
	})
}

func TestReorderedReplies(t *testing.T) {
	bubble(t, func(t *testing.T, s *iqoptiontest.Server, c *iqoption.Client) {
		s.Fault(streamtest.ReorderReplies(200))
		for i, err := range askMany(t, c, 100) {
			require.NoError(t, err, i)
		}
		s.Fault(streamtest.Heal())
		s.Fault(streamtest.DelayReplies(2 * time.Second))
		for i, err := range askMany(t, c, 20) {
			require.NoError(t, err, i)
		}
	})
}

func TestDuplicatedReplies(t *testing.T) {
	bubble(t, func(t *testing.T, s *iqoptiontest.Server, c *iqoption.Client) {
		s.Fault(streamtest.DuplicateReplies(streamtest.All))
		for i, err := range askMany(t, c, 100) {
			require.NoError(t, err, i)
		}
	})
}

func TestReconnectAmongCalls(t *testing.T) {
	bubble(t, func(t *testing.T, s *iqoptiontest.Server, c *iqoption.Client) {
		sub, err := c.SubscribeCandles(t.Context(), []iqoption.CandlesKey{{ActiveID: iqoptiontest.EURUSDOTC, Size: iqoption.CandleSizeS5}})
		require.NoError(t, err)
		s.Fault(streamtest.DelayReplies(time.Second))
		go func() {
			_, _ = s.WaitCall(t.Context(), "get-candles", 50)
			s.Fault(streamtest.Drop())
			s.Fault(streamtest.Heal())
		}()
		answered := 0
		for i, err := range askMany(t, c, 100) {
			switch {
			case err == nil:
				answered++
			case errors.Is(err, stream.ErrOutcomeUnknown) || errors.Is(err, stream.ErrNotSent):
			default:
				t.Errorf("call %d: %v", i, err)
			}
		}
		require.Less(t, answered, 100)
		reconnected(t, c, 2)
		for i, err := range askMany(t, c, 100) {
			require.NoError(t, err, i)
		}
		require.NoError(t, s.WaitSubscribed(within(t, time.Minute), "candle-generated", 1))
		gap := false
		for ev, err := range sub.Events(within(t, time.Minute)) {
			require.NoError(t, err)
			if ev.Gap != nil {
				gap = ev.Gap.Reason&stream.GapReconnect != 0
				break
			}
		}
		require.True(t, gap, "the loss of the reconnect is marked")
	})
}

func TestLateReplyOfAnOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := iqoptiontest.New()
		defer s.Close()
		late := make(chan stream.LateReply, 1)
		c := dial(t, s, stream.WithLateReply(func(r stream.LateReply) { late <- r }))
		s.Fault(streamtest.DelayReplies(5 * time.Second))
		_, err := c.OpenOption(within(t, time.Second), order(t, s, "100"))
		require.ErrorIs(t, err, stream.ErrOutcomeUnknown)
		r := <-late
		require.Contains(t, string(r.Frame), `"direction":"call"`)
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestRefusedAcknowledgement(t *testing.T) {
	bubble(t, func(t *testing.T, s *iqoptiontest.Server, c *iqoption.Client) {
		s.OnCall("get-traders-mood", func(call *streamtest.Call) { call.RefuseAck("no such service") })
		_, err := c.GetTradersMood(t.Context(), iqoption.GetTradersMoodRequest{Instrument: iqoption.InstrumentTypeTurbo, AssetID: 1})
		var no *stream.VenueError
		require.ErrorAs(t, err, &no)
		require.Equal(t, "no such service", no.Message)
		s.Refuse("get-active", "4008", "not today")
		_, err = c.GetActive(t.Context(), iqoption.GetActiveRequest{ActiveID: 1})
		require.ErrorIs(t, err, iqoption.ErrRefused)
		s.Reply("get-active", `{"id":1,"name":"ours"}`)
		a, err := c.GetActive(t.Context(), iqoption.GetActiveRequest{ActiveID: 1})
		require.NoError(t, err)
		require.Equal(t, "ours", a.Name)
	})
}

func TestHeartbeatsAreAnswered(t *testing.T) {
	bubble(t, func(t *testing.T, s *iqoptiontest.Server, _ *iqoption.Client) {
		_, err := s.WaitCall(within(t, time.Minute), "heartbeat", 3)
		require.NoError(t, err)
	}, iqoptiontest.WithHeartbeat(10*time.Second))
}

func TestEverythingTyped(t *testing.T) {
	bubble(t, func(t *testing.T, s *iqoptiontest.Server, c *iqoption.Client) {
		ctx := t.Context()
		profile, err := c.GetProfile(ctx)
		require.NoError(t, err)
		require.Equal(t, s.Account().UserID, wire.Ptr(&profile.Result).UserID)
		terms, err := c.GetInitializationData(ctx)
		require.NoError(t, err)
		active, ok := terms.Active(iqoption.OptionTypeBlitz, iqoptiontest.EURUSDOTC)
		require.True(t, ok)
		payout, ok := active.PayoutPercent()
		require.True(t, ok)
		require.EqualValues(t, 89, payout)
		_, err = c.GetActiveV5(ctx, iqoption.GetActiveV5Request{ID: iqoptiontest.BTCUSD})
		require.NoError(t, err)
		_, err = c.GetTradersMood(ctx, iqoption.GetTradersMoodRequest{Instrument: iqoption.InstrumentTypeTurbo, AssetID: 1})
		require.NoError(t, err)
		_, err = c.GetOrders(ctx, iqoption.GetOrdersRequest{UserBalanceID: s.Account().DemoID()})
		require.NoError(t, err)
		_, err = c.GetCommissions(ctx, iqoption.GetCommissionsRequest{InstrumentType: iqoption.InstrumentTypeTurbo, UserGroupID: wire.Ptr(&profile.Result).GroupID})
		require.NoError(t, err)
		require.NoError(t, c.ResetTrainingBalance(ctx, iqoption.ResetTrainingBalanceRequest{UserBalanceID: s.Account().DemoID(), Amount: decimal(t, "77.5")}))
		require.Equal(t, "77.5", amount(t, s))

		all, err := c.SubscribeAllCandles(ctx, []iqoption.ActiveID{iqoptiontest.EURUSDOTC})
		require.NoError(t, err)
		quotes, err := c.SubscribeQuotes(ctx, []iqoption.ActiveID{iqoptiontest.EURUSDOTC})
		require.NoError(t, err)
		moods, err := c.SubscribeTradersMoods(ctx, []iqoption.TradersMoodsKey{{Instrument: iqoption.InstrumentTypeTurbo, AssetID: iqoptiontest.EURUSDOTC}})
		require.NoError(t, err)
		a, err := all.Next(within(t, 2*time.Second))
		require.NoError(t, err)
		q, err := quotes.Next(within(t, 2*time.Second))
		require.NoError(t, err)
		require.Equal(t, a.Data.Price, q.Data.Price)
		m1, ok := a.Data.Candles.Get(iqoption.CandleSizeM1)
		require.True(t, ok)
		require.Equal(t, a.Data.Price, m1.Close)
		m, err := moods.Next(within(t, 2*time.Second))
		require.NoError(t, err)
		require.InDelta(t, 0.5, m.Data.CallShare, 0.45)

		drift := c.Drift().Snapshot()
		require.Empty(t, drift, "what the fake sends is what the specs say")
	})
}

// TestCloseWaits covers the loopback interface; in bubbles synctest itself wants every goroutine to end.
func TestCloseWaits(t *testing.T) {
	s := iqoptiontest.New(iqoptiontest.WithServer(streamtest.OnLoopback()))
	c := dial(t, s)
	_, err := c.OpenOption(t.Context(), order(t, s, "100"))
	require.NoError(t, err)
	require.NoError(t, c.Close(t.Context()))
	s.Close()
	s.Close()
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	require.NotContains(t, string(stacks), "iqoptiontest.(*Server)")
	require.NotContains(t, string(stacks), "streamtest.(*")
}
