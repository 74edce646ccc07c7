package ibkr_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/ibkr/ibkrtest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

var lastAndBid = []ibkr.TickField{ibkr.TickFieldLast, ibkr.TickFieldBid}

func TestTargets(t *testing.T) {
	combo := ibkr.Combo(ibkr.Leg{Conid: ibkrtest.AAPL, Ratio: 1}, ibkr.Leg{Conid: ibkrtest.IBM, Ratio: -1})
	require.Equal(t, ibkr.Target("0;;;265598/1,8314/-1"), combo)
	for target, ok := range map[ibkr.Target]bool{
		"265598": true, "265598@ARCA": true, combo: true, ibkrtest.IBM.On("SMART"): true,
		"": false, "AAPL": false, "265598@": false, "265598 ": false, "265598+1": false, "0;;;": false, "1;;;2": false, "0265598": false,
	} {
		_, err := target.Contract()
		require.Equal(t, ok, err == nil, "%s: %v", target, err)
	}
	bubble(t, func(t *testing.T, _ *ibkrtest.Server, c *ibkr.Client) {
		targets := []ibkr.Target{ibkrtest.AAPL.Target(), ibkrtest.AAPL.On("ARCA"), combo}
		q, err := c.SubscribeMarketData(t.Context(), targets, lastAndBid)
		require.NoError(t, err)
		seen := map[ibkr.Target]bool{}
		for range targets {
			ev, err := q.Next(within(t, time.Hour))
			require.NoError(t, err)
			contract, err := ev.Data.Target.Contract()
			require.NoError(t, err)
			require.Equal(t, contract, ev.Data.ConIDEx().Or(ibkr.Contract{}))
			seen[ev.Data.Target] = true
		}
		require.Len(t, seen, len(targets))
		_, err = c.SubscribeMarketData(t.Context(), []ibkr.Target{"AAPL"}, lastAndBid)
		require.ErrorContains(t, err, `"AAPL"`)
		_, err = c.SubscribeMarketData(t.Context(), targets, nil)
		require.ErrorContains(t, err, "fields")
		_, err = c.SubscribeMarketData(t.Context(), targets, []ibkr.TickField{ibkr.TickFieldUpdated})
		require.ErrorContains(t, err, "_updated")
	})
}

func TestAddAndRemoveContracts(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		aapl, ibm := ibkrtest.AAPL.Target(), ibkrtest.IBM.Target()
		q, err := c.SubscribeMarketData(t.Context(), []ibkr.Target{aapl}, lastAndBid)
		require.NoError(t, err)
		require.NoError(t, q.Add(t.Context(), ibm))
		require.ElementsMatch(t, []ibkr.Target{aapl, ibm}, q.Targets())
		_, _, ok := q.LastTick(ibm)
		require.True(t, ok)
		require.NoError(t, q.Remove(t.Context(), aapl))
		synctest.Wait()
		require.Equal(t, 1, s.Quoting())
		_, _, ok = q.LastTick(aapl)
		require.False(t, ok)
		require.NoError(t, q.Close(t.Context()))
		require.NoError(t, q.Close(t.Context()))
	})
}

// A slow reader loses no value: its ticks are added up.
func TestSlowReaderOfQuotes(t *testing.T) {
	bubble(t, func(t *testing.T, _ *ibkrtest.Server, c *ibkr.Client) {
		aapl := ibkrtest.AAPL.Target()
		fields := append(lastAndBid, ibkr.TickFieldBidSize, ibkr.TickFieldLastSize)
		q, err := c.SubscribeMarketData(t.Context(), []ibkr.Target{aapl}, fields)
		require.NoError(t, err)
		_, err = q.Next(within(t, time.Hour))
		require.NoError(t, err)
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		ev, err := q.Next(within(t, time.Hour))
		require.NoError(t, err)
		require.Nil(t, ev.Gap)
		require.Greater(t, ev.Conflated, uint64(500))
		last, _, ok := q.LastTick(aapl)
		require.True(t, ok)
		for _, f := range fields {
			require.Equal(t, string(last.Raw(f)), string(ev.Data.Raw(f)))
		}
	})
}

func TestReconnectKeepsTheView(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		aapl := ibkrtest.AAPL.Target()
		q, err := c.SubscribeMarketData(t.Context(), []ibkr.Target{aapl}, lastAndBid)
		require.NoError(t, err)
		_, err = q.Next(within(t, time.Hour))
		require.NoError(t, err)
		s.Fault(streamtest.Drop())
		reconnected(t, c, 2)
		for {
			ev, err := q.Next(within(t, time.Hour))
			require.NoError(t, err)
			if ev.Epoch == 2 {
				require.NotNil(t, ev.Gap)
				require.Equal(t, stream.GapReconnect, ev.Gap.Reason)
				require.True(t, ev.Data.Has(ibkr.TickFieldLast) && ev.Data.Has(ibkr.TickFieldBid), "a full frame")
				break
			}
		}
		_, m, ok := q.LastTick(aapl)
		require.True(t, ok)
		require.EqualValues(t, 2, m.Epoch)
	})
}

// An update that holds nothing is no tick.
func TestEmptyUpdate(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		q, err := c.SubscribeMarketData(t.Context(), []ibkr.Target{ibkrtest.AAPL.Target()}, lastAndBid)
		require.NoError(t, err)
		_, err = q.Next(within(t, time.Hour))
		require.NoError(t, err)
		s.Push(`{"server_id":"q1","topic":"smd+265598"}`)
		ev, err := q.Next(within(t, time.Hour))
		require.NoError(t, err)
		require.True(t, ev.Data.ConID().HasValue(), "the tick behind it")
	})
}

func TestAccountFeeds(t *testing.T) {
	bubble(t, func(t *testing.T, _ *ibkrtest.Server, c *ibkr.Client) {
		me := []ibkr.AccountID{ibkrtest.DefaultAccount}
		ledger, err := c.SubscribeLedger(t.Context(), me, ibkr.LedgerParams{})
		require.NoError(t, err)
		first, err := ledger.Next(within(t, time.Hour))
		require.NoError(t, err)
		euro := first.Data.Rows[1]
		require.Equal(t, "1250.5", euro.Cashbalance.String())
		then, err := ledger.Next(within(t, time.Hour))
		require.NoError(t, err)
		require.False(t, then.Data.Rows[1].Has(ibkr.LedgerRowFieldCashbalance), "nothing changed: not zero")
		euro.Merge(&then.Data.Rows[1])
		require.Equal(t, "1250.5", euro.Cashbalance.String())
		require.NoError(t, ledger.Close(t.Context()))

		summary, err := c.SubscribeAccountSummary(t.Context(), me, ibkr.AccountSummaryParams{})
		require.NoError(t, err)
		sums, err := summary.Next(within(t, time.Hour))
		require.NoError(t, err)
		require.Equal(t, "1005353.88", sums.Data.Rows[1].MonetaryValue.String())
		require.NoError(t, summary.Close(t.Context()))

		pnl, err := c.SubscribeProfitAndLoss(t.Context())
		require.NoError(t, err)
		p, err := pnl.Next(within(t, time.Hour))
		require.NoError(t, err)
		for key, v := range p.Data.Value.All() {
			require.Equal(t, ibkr.AccountID(ibkrtest.DefaultAccount), key.Acct)
			require.Equal(t, "Core", key.Model)
			require.True(t, v.Has(ibkr.PnLFieldDaily))
		}
		require.NoError(t, pnl.Close(t.Context()))
	})
}

func TestLadder(t *testing.T) {
	bubble(t, func(t *testing.T, _ *ibkrtest.Server, c *ibkr.Client) {
		me := []ibkr.AccountID{ibkrtest.DefaultAccount}
		sub, err := c.SubscribeLadder(t.Context(), me, ibkr.LadderParams{Conid: ibkrtest.AAPL})
		require.NoError(t, err)
		ev, err := sub.Next(within(t, time.Hour))
		require.NoError(t, err)
		require.Len(t, ev.Data.Data, 5)
		require.True(t, ev.Data.Data[2].Focus)
		require.Equal(t, "100", ev.Data.Data[2].Price.Size.Or(wire.Decimal{}).String())
		require.Equal(t, wire.Some(ibkrtest.AAPL), ev.Data.Conid)
		_, err = c.SubscribeLadder(t.Context(), me, ibkr.LadderParams{Conid: ibkrtest.IBM})
		require.ErrorIs(t, err, stream.ErrConflict, "one ladder an account")
		require.NoError(t, sub.Close(t.Context()))
	})
}

func TestExerciseDialogue(t *testing.T) {
	bubble(t, func(t *testing.T, _ *ibkrtest.Server, c *ibkr.Client) {
		forms, err := c.ListenExerciseContent()
		require.NoError(t, err)
		prompts, err := c.ListenExercisePrompt()
		require.NoError(t, err)
		orders, err := c.SubscribeLiveOrders(t.Context(), ibkr.LiveOrdersParams{})
		require.NoError(t, err)
		require.NoError(t, c.OpenExercise(t.Context(), ibkr.OpenExerciseRequest{CEX: "676639612"}))
		form, err := forms.Next(within(t, time.Hour))
		require.NoError(t, err)
		require.Equal(t, "211.35", form.Data.Data.UnderlyingPrice.String())
		answer := ibkr.ExerciseAnswer{ID: form.Data.Data.ID, UserAction: "submit"}
		answer.Exercise.Set(ibkr.ExerciseOrder{MakeFinal: true, Value: 5})
		require.NoError(t, c.AnswerExercise(t.Context(), ibkr.AnswerExerciseRequest{Data: answer}))
		prompt, err := prompts.Next(within(t, time.Hour))
		require.NoError(t, err)
		require.Equal(t, "Warning", prompt.Data.Data.Title)
		answer = ibkr.ExerciseAnswer{ID: prompt.Data.Data.ID, UserAction: prompt.Data.Data.UserActions[0].ID}
		require.NoError(t, c.AnswerExercise(t.Context(), ibkr.AnswerExerciseRequest{Data: answer}))
		ev, err := orders.Next(within(t, time.Hour))
		require.NoError(t, err)
		require.Equal(t, ibkr.OrderSideExercise, ev.Data.Orders[0].Side)
	})
}
