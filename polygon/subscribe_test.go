package polygon_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/stream"
)

func symbolKey(s string) string { return fmt.Sprintf(`{"symbol":%q}`, s) }

// Thousands of symbols go out in frames of bounded size and all are confirmed.
func TestManySymbols(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.stocks()
		symbols := make([]polygon.Symbol, 4_000)
		for i := range symbols {
			symbols[i] = polygon.Symbol(fmt.Sprintf("O:SPY251219C%08d", i))
		}
		sub, err := c.SubscribeTrades(t.Context(), symbols)
		require.NoError(t, err)
		require.Len(t, sub.Keys(), len(symbols))
		n, longest := 0, 0
		for _, f := range v.Frames() {
			if !f.Sent && strings.HasPrefix(string(f.Data), `{"action":"subscribe"`) {
				n++
				longest = max(longest, len(f.Data))
			}
		}
		require.Greater(t, n, 1)
		require.LessOrEqual(t, longest, 64<<10)
		require.NoError(t, c.Close(t.Context()))
	})
}

// Two handles of a symbol are one subscription at the venue, which would not confirm a second one.
func TestSharedSymbol(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.stocks()
		one, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"AAPL"})
		require.NoError(t, err)
		two, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"AAPL", "MSFT"})
		require.NoError(t, err)
		require.NoError(t, one.Close(t.Context()))
		v.Send(polygon.ClusterStocks, trade("AAPL", "1"))
		_, err = two.Next(t.Context())
		require.NoError(t, err)
		require.NoError(t, two.Close(t.Context()))
		require.NoError(t, v.WaitUnsubscribed(t.Context(), "T"))
		require.NoError(t, c.Close(t.Context()))
	})
}

// Without a client of its own a status is neither unknown nor bad.
func TestNothingIsUnknown(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.stocks()
		sub, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"AAPL"})
		require.NoError(t, err)
		require.NoError(t, sub.Close(t.Context()))
		require.Empty(t, c.Stats().Unknown)
		require.Zero(t, c.Stats().DecodeErrors)
		require.NoError(t, c.Close(t.Context()))
	})
}

// Symbols that the venue does not know are confirmed and silent; that is no error of ours.
func TestUnknownSymbol(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.stocks()
		sub, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"NOSUCH"})
		require.NoError(t, err)
		_, err = sub.Next(within(t, time.Hour))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.NoError(t, c.Close(t.Context()))
	})
}

// Direct handlers run on the reading goroutine and see every event in the order of the wire.
func TestDirect(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.stocks()
		done := make(chan float64, 3)
		_, err := c.DirectTrades(t.Context(), []polygon.Symbol{"AAPL"}, func(tr *polygon.StockTrade, _ stream.Meta) { done <- tr.Price })
		require.NoError(t, err)
		v.Send(polygon.ClusterStocks, trade("AAPL", "1"), trade("AAPL", "2"), trade("AAPL", "3"))
		for _, want := range []float64{1, 2, 3} {
			require.Equal(t, want, <-done)
		}
		require.NoError(t, c.Close(t.Context()))
	})
}

// decodeErrors makes a hook of a function.
type decodeErrors func(error)

func (fn decodeErrors) OnDecodeError(err error, _ stream.Frame) { fn(err) }
