package polygon_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/polygon/polygontest"
	"github.com/venuewire/venuewire/stream"
)

func TestTrades(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.stocks()
		sub, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"AAPL", "BRK.B"})
		require.NoError(t, err)
		require.Equal(t, 1, v.Send(polygon.ClusterStocks, trade("AAPL", "1.5"), trade("MSFT", "2"), trade("BRK.B", "3")))
		for _, want := range []polygon.Symbol{"AAPL", "BRK.B"} {
			ev, err := sub.Next(t.Context())
			require.NoError(t, err)
			require.Nil(t, ev.Gap)
			require.Equal(t, want, ev.Data.Symbol)
		}
		require.NoError(t, sub.Add(t.Context(), "MSFT"))
		require.NoError(t, sub.Remove(t.Context(), "AAPL"))
		v.Send(polygon.ClusterStocks, trade("AAPL", "1"), trade("MSFT", "2"))
		ev, err := sub.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, polygon.Symbol("MSFT"), ev.Data.Symbol)
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestWildcard(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.stocks()
		sub, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{polygon.All})
		require.NoError(t, err)
		v.Send(polygon.ClusterStocks, trade("AAPL", "1"), trade("ZVZZT", "2"))
		for range 2 {
			_, err := sub.Next(t.Context())
			require.NoError(t, err)
		}
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestCloseWithAStalledConsumer(t *testing.T) {
	for name, opt := range map[string]stream.Option{
		"queue":   stream.WithQueue(4, stream.DropOldest),
		"blocked": stream.WithBlock(time.Hour),
	} {
		t.Run(name, func(t *testing.T) {
			inVenue(t, func(t *testing.T, v *venue) {
				c := v.stocks()
				_, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"AAPL"}, opt)
				require.NoError(t, err)
				for range 5_000 {
					v.Send(polygon.ClusterStocks, trade("AAPL", "1"))
				}
				time.Sleep(time.Second)
				began := time.Now()
				require.NoError(t, c.Close(within(t, 3*time.Second)))
				require.LessOrEqual(t, time.Since(began), 2*time.Second)
			}, polygontest.WithBuffer(1<<20))
		})
	}
}

func TestReconnect(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.stocks()
		sub, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"AAPL", "MSFT"})
		require.NoError(t, err)
		bars, err := c.SubscribeMinuteAggregates(t.Context(), []polygon.Symbol{polygon.All})
		require.NoError(t, err)
		v.Sessions()[0].Drop()
		epoch(t, c, 2)
		require.NoError(t, v.WaitSubscribed(t.Context(), "T", 2))
		require.NoError(t, v.WaitSubscribed(t.Context(), "AM", 1))
		v.Send(polygon.ClusterStocks, trade("MSFT", "1"), v.Event(polygon.ClusterStocks, "AM", "SPY", time.Now()))
		ev, err := sub.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, stream.GapReconnect, ev.Gap.Reason)
		require.EqualValues(t, 2, ev.Epoch)
		bar, err := bars.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, stream.GapReconnect, bar.Gap.Reason)
		require.NoError(t, c.Close(t.Context()))
	})
}
