package iqoptiontest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/iqoption/iqoptiontest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// order is a blitz option of a minute on the demo balance.
func order(t *testing.T, s *iqoptiontest.Server, stake string) iqoption.OpenOptionRequest {
	return iqoption.OpenOptionRequest{
		UserBalanceID: s.Account().DemoID(), ActiveID: iqoptiontest.EURUSDOTC, OptionTypeID: iqoption.OptionTypeBlitz,
		Direction: iqoption.DirectionCall, Stake: decimal(t, stake), PayoutPercent: 89, ExpirationSize: wire.Some[int64](60),
	}
}

func amount(t *testing.T, s *iqoptiontest.Server) string {
	b, ok := s.BalanceOf(s.Account().DemoID())
	require.True(t, ok)
	return b.Amount.String()
}

func TestOptionLifeCycle(t *testing.T) {
	for name, test := range map[string]struct {
		move   string
		result iqoption.PositionResult
		after  string
	}{
		"win":  {"0.01", iqoption.PositionResultWin, "10089"},
		"loss": {"-0.01", iqoption.PositionResultLoss, "9900"},
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			bubble(t, func(t *testing.T, s *iqoptiontest.Server, c *iqoption.Client) {
				balances, err := c.SubscribeBalanceChanges(t.Context())
				require.NoError(t, err)
				f, err := c.OpenAndFollow(t.Context(), order(t, s, "100"))
				require.NoError(t, err)
				require.Equal(t, "189", f.Option().ReturnPercent.String())
				require.NoError(t, s.Move(iqoptiontest.EURUSDOTC, decimal(t, test.move)))
				closed, err := f.Wait(t.Context())
				require.NoError(t, err)
				require.Equal(t, test.result, closed.CloseReason)
				require.Equal(t, f.Option().ID, closed.ExternalID)
				require.EqualValues(t, 2, closed.Version)
				require.Equal(t, test.after, amount(t, s))
				require.Equal(t, test.result, closed.RawEvent.Binary.Result)

				ev, err := balances.Next(within(t, time.Minute))
				require.NoError(t, err)
				require.Equal(t, "9900", ev.Data.CurrentBalance.Amount.String())
				if test.result == iqoption.PositionResultWin {
					ev, err = balances.Next(within(t, time.Minute))
					require.NoError(t, err)
					require.Equal(t, test.after, ev.Data.CurrentBalance.Amount.String())
				}
				checkHistory(t, c, closed)
			})
			require.Less(t, time.Since(began), 30*time.Second, "a minute of the venue's time is no minute of ours")
		})
	}
}

// checkHistory wants the close in both versions of the history, and no open position.
func checkHistory(t *testing.T, c *iqoption.Client, closed iqoption.Position) {
	types := []iqoption.InstrumentType{iqoption.InstrumentTypeBlitz}
	v1, err := c.GetHistoryPositions(t.Context(), iqoption.GetHistoryPositionsRequest{
		UserBalanceID: closed.UserBalanceID, InstrumentTypes: types, Limit: 30,
	})
	require.NoError(t, err)
	require.Len(t, v1.Positions, 1)
	require.Equal(t, closed.CloseReason, v1.Positions[0].RawEvent.FlatBinary.Result)
	v2, err := c.GetHistoryPositionsV2(t.Context(), iqoption.GetHistoryPositionsV2Request{
		InstrumentTypes: types, ExternalID: wire.Some(closed.ExternalID),
	})
	require.NoError(t, err)
	require.Equal(t, []iqoption.Position{closed}, v2.Positions)
	open, err := c.GetPositions(t.Context(), iqoption.GetPositionsRequest{InstrumentTypes: types, Limit: 30})
	require.NoError(t, err)
	require.Empty(t, open.Positions)
}

func TestPushOvertakesReply(t *testing.T) {
	bubble(t, func(t *testing.T, s *iqoptiontest.Server, c *iqoption.Client) {
		s.PushBeforeReply(true)
		f, err := c.OpenAndFollow(t.Context(), order(t, s, "100"))
		require.NoError(t, err)
		var names []string
		for _, fr := range s.Frames() {
			for _, name := range []string{"position-changed", "option"} {
				if fr.Sent && strings.Contains(string(fr.Data), `"name":"`+name+`"`) {
					names = append(names, name)
				}
			}
		}
		require.Equal(t, []string{"position-changed", "option"}, names)
		closed, err := f.Wait(t.Context())
		require.NoError(t, err)
		require.Equal(t, f.Option().ID, closed.ExternalID)
	})
}

func TestCloseDuringReconnect(t *testing.T) {
	bubble(t, func(t *testing.T, s *iqoptiontest.Server, c *iqoption.Client) {
		f, err := c.OpenAndFollow(t.Context(), order(t, s, "100"))
		require.NoError(t, err)
		time.Sleep(50 * time.Second)
		s.Fault(streamtest.RefuseDials(streamtest.All))
		s.Fault(streamtest.Drop())
		time.Sleep(30 * time.Second)
		s.Fault(streamtest.Heal())
		closed, err := f.Wait(within(t, 5*time.Minute))
		require.NoError(t, err)
		require.Equal(t, iqoption.PositionStatusClosed, closed.Status)
		require.EqualValues(t, 2, c.Status().Epoch)
	})
}

func TestOrdersRefused(t *testing.T) {
	bubble(t, func(t *testing.T, s *iqoptiontest.Server, c *iqoption.Client) {
		require.NoError(t, s.RaisePayout(iqoptiontest.EURUSDOTC, -3))
		_, err := c.OpenOption(t.Context(), order(t, s, "100"))
		require.ErrorIs(t, err, iqoption.ErrProfitRateChanged)
		detail, ok := iqoption.ProfitRateChangedDetail(err)
		require.True(t, ok)
		require.EqualValues(t, 86, detail.PayoutPercent())
		require.Equal(t, iqoptiontest.EURUSDOTC, detail.Result.ActualCommission.ActiveID)

		good := order(t, s, "100")
		good.PayoutPercent = detail.PayoutPercent()
		require.NoError(t, s.Suspend(iqoptiontest.EURUSDOTC, true))
		_, err = c.OpenOption(t.Context(), good)
		require.ErrorIs(t, err, iqoption.ErrActiveSuspended)
		require.NoError(t, s.Suspend(iqoptiontest.EURUSDOTC, false))

		s.RefuseOrders(1, 5000, "out of order")
		_, err = c.OpenOption(t.Context(), good)
		require.ErrorIs(t, err, iqoption.ErrServiceFailure)

		for _, stake := range []string{"0.5", "20001"} {
			bad := good
			bad.Stake = decimal(t, stake)
			_, err = c.OpenOption(t.Context(), bad)
			require.ErrorIs(t, err, iqoption.ErrValidation, stake)
		}
		rich := good
		rich.Stake = decimal(t, "10000.01")
		_, err = c.OpenOption(t.Context(), rich)
		require.ErrorIs(t, err, iqoption.ErrRefused)
		require.Equal(t, "10000", amount(t, s))
		_, err = c.OpenOption(t.Context(), good)
		require.NoError(t, err)
		require.Equal(t, "9900", amount(t, s))
	})
}

func TestExpiriesOfTurbo(t *testing.T) {
	bubble(t, func(t *testing.T, s *iqoptiontest.Server, c *iqoption.Client) {
		time.Sleep(time.Until(time.Now().Truncate(time.Minute).Add(time.Minute + 40*time.Second)))
		start := time.Now().Truncate(time.Minute)
		turbo := order(t, s, "1.5")
		turbo.OptionTypeID, turbo.PayoutPercent, turbo.ExpirationSize = iqoption.OptionTypeTurbo, 87, wire.None[int64]()
		for after, want := range map[time.Duration]error{
			time.Minute: iqoption.ErrRefused, 2 * time.Minute: nil, 6 * time.Minute: nil, 7 * time.Minute: iqoption.ErrValidation,
			150 * time.Second: iqoption.ErrValidation,
		} {
			turbo.Expiration = start.Add(after)
			o, err := c.OpenOption(t.Context(), turbo)
			require.ErrorIs(t, err, want, after)
			if want == nil {
				require.True(t, o.Expiration.Equal(turbo.Expiration))
			}
		}
	})
}

func TestSellBack(t *testing.T) {
	bubble(t, func(t *testing.T, s *iqoptiontest.Server, c *iqoption.Client) {
		f, err := c.OpenAndFollow(t.Context(), order(t, s, "100"))
		require.NoError(t, err)
		require.NoError(t, s.Move(iqoptiontest.EURUSDOTC, decimal(t, "0.01")))
		time.Sleep(10 * time.Second)
		id := f.Option().ID
		sold, err := c.SellOptions(t.Context(), iqoption.SellOptionsRequest{OptionIDs: []int64{id, 1}})
		require.NoError(t, err)
		mine, ok := sold.Get(id)
		require.True(t, ok)
		require.Equal(t, "132.3", mine.SoldOption.Profit.String())
		other, ok := sold.Get(1)
		require.True(t, ok)
		require.NotNil(t, other.OptionError)
		closed, err := f.Wait(within(t, time.Second))
		require.NoError(t, err)
		require.Equal(t, iqoption.PositionResultSold, closed.CloseReason)
		require.Equal(t, "10032.3", amount(t, s))
		time.Sleep(2 * time.Minute)
		require.Equal(t, "10032.3", amount(t, s), "a sold option does not expire")
	})
}

func TestPositionStatesEndWithTheLease(t *testing.T) {
	bubble(t, func(t *testing.T, s *iqoptiontest.Server, c *iqoption.Client) {
		long := order(t, s, "100")
		long.ExpirationSize = wire.Some[int64](300)
		f, err := c.OpenAndFollow(t.Context(), long)
		require.NoError(t, err)
		var id string
		for p, err := range f.Updates(t.Context()) {
			require.NoError(t, err)
			id = p.ID
			break
		}
		states, err := c.SubscribePositionStates(t.Context(), iqoption.PositionStatesParams{IDs: []string{id}}, stream.WithQueue(1024, stream.DropOldest))
		require.NoError(t, err)
		time.Sleep(2*time.Minute + 30*time.Second)
		require.NoError(t, states.Close(t.Context()))
		n := 0
		for ev, err := range states.Events(t.Context()) {
			require.NoError(t, err)
			require.Len(t, ev.Data.Positions, 1)
			n++
		}
		require.InDelta(t, 150, n, 2, "the client renews the lease before it ends")
		require.NoError(t, f.Close(t.Context()))
	})
}
