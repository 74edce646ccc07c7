package ibkr_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/ibkr/ibkrtest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

func barsOf(period int64, format ...string) (p ibkr.BarsParams) {
	p.Period.Set(ibkr.BarPeriod{N: period, Unit: ibkr.PeriodUnitDays})
	p.Bar.Set(ibkr.BarSizeMin1)
	p.Source.Set(ibkr.BarSourceTrades)
	var keys []ibkr.BarKey
	for _, k := range format {
		keys = append(keys, ibkr.BarKey{Key: k})
	}
	if keys != nil {
		p.Format.Set(keys)
	}
	return p
}

func TestHistory(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		bars, err := c.History(t.Context(), ibkrtest.AAPL.Target(), barsOf(1, "o", "c", "h", "l"))
		require.NoError(t, err)
		require.Equal(t, "AAPL", bars.Symbol)
		require.Equal(t, int64(60), bars.BarLength)
		require.Equal(t, time.Date(2024, 3, 1, 18, 21, 0, 0, time.UTC), bars.StartTime)
		require.Equal(t, []ibkr.Availability{ibkr.AvailabilityStreaming}, bars.MdAvailability)
		rows := bars.Data.Or(nil)
		require.Len(t, rows, 2)
		require.True(t, rows[0].Has(ibkr.BarFieldOpen))
		require.False(t, rows[0].Has(ibkr.BarFieldVolume), "only what the format asks for")
		synctest.Wait()
		require.Contains(t, sent(s), `smh+265598+{"period":"1d","bar":"1min","source":"trades","format":"%o/%c/%h/%l"}`)
		require.Contains(t, sent(s), "umh+"+bars.ServerID)
		require.Zero(t, s.Charting())
		_, err = c.History(t.Context(), "AAPL", barsOf(1))
		require.ErrorContains(t, err, `"AAPL"`)
	})
}

// More calls than the venue has slots run in turn.
func TestHistoryWaitsForASlot(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		done := make(chan error)
		for n := range 20 {
			go func() {
				_, err := c.History(within(t, time.Minute), ibkr.ConID(100+n%7).Target(), barsOf(1+int64(n)))
				done <- err
			}()
		}
		for range 20 {
			require.NoError(t, <-done)
		}
		synctest.Wait()
		require.Zero(t, s.Charting())
	})
}

// A call that is given up before its answer cannot be cancelled at the venue yet: that happens when the answer comes, and
// the slot is taken until then.
func TestBarsThatAreGivenUpGiveTheirSlotBack(t *testing.T) {
	for name, ask := range map[string]func(ctx context.Context, c *ibkr.Client, t ibkr.Target) error{
		"history": func(ctx context.Context, c *ibkr.Client, t ibkr.Target) error {
			_, err := c.History(ctx, t, barsOf(1))
			return err
		},
		"stream": func(ctx context.Context, c *ibkr.Client, t ibkr.Target) error {
			_, err := c.SubscribeBars(ctx, t, barsOf(1))
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
				s.Fault(streamtest.StallWrites())
				for n := range 5 {
					require.ErrorIs(t, ask(within(t, time.Second), c, ibkr.ConID(100+n).Target()), context.DeadlineExceeded)
				}
				require.ErrorIs(t, ask(within(t, time.Second), c, ibkr.ConID(200).Target()), ibkr.ErrNoBarSlot)
				s.Fault(streamtest.Heal())
				synctest.Wait()
				require.Zero(t, s.Charting(), "the venue has all slots free")
				require.NoError(t, ask(within(t, time.Second), c, ibkr.ConID(200).Target()))
			})
		})
	}
}

func TestBarStreams(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		var streams []*ibkr.BarStream
		for n := range 5 {
			b, err := c.SubscribeBars(t.Context(), ibkr.ConID(100+n).Target(), barsOf(1))
			require.NoError(t, err)
			streams = append(streams, b)
		}
		_, err := c.SubscribeBars(t.Context(), ibkrtest.AAPL.Target(), barsOf(1))
		require.ErrorIs(t, err, ibkr.ErrNoBarSlot)
		_, err = c.History(within(t, time.Second), ibkrtest.AAPL.Target(), barsOf(1))
		require.ErrorIs(t, err, ibkr.ErrNoBarSlot)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		_, err = c.History(t.Context(), ibkr.ConID(100).Target(), barsOf(1))
		require.ErrorIs(t, err, stream.ErrConflict)
		_, err = c.SubscribeBars(t.Context(), ibkr.ConID(100).Target(), barsOf(2))
		require.ErrorIs(t, err, stream.ErrConflict, "handles of one contract must agree")

		ev, err := streams[0].Next(within(t, time.Minute))
		require.NoError(t, err)
		require.NotNil(t, ev.Data.Bars)
		ev, err = streams[0].Next(within(t, time.Minute))
		require.NoError(t, err)
		require.NotNil(t, ev.Data.BarTicks, "a follow-up that nobody asked for")
		require.Equal(t, "1.111", ev.Data.BarTicks.Data[0].Close.String())

		require.NoError(t, streams[0].Close(t.Context()))
		require.NoError(t, streams[0].Close(t.Context()))
		_, err = c.History(t.Context(), ibkrtest.AAPL.Target(), barsOf(1))
		require.NoError(t, err, "the slot is free again")
		for _, b := range streams[1:] {
			require.NoError(t, b.Close(t.Context()))
		}
		synctest.Wait()
		require.Zero(t, s.Charting())
	})
}
