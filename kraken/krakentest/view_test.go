package krakentest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken/book"
)

// TestViewsShowTheTopOfTheMarket: what a client makes of the messages is the top of the market, whatever its depth.
func TestViewsShowTheTopOfTheMarket(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, depth := range []int{10, 25, 100} {
		k := newMarket(DefaultMarkets()[0], 7, 0, now)
		v := newView(k, depth)
		v.snapshot()
		v.queueSnapshot()
		for range 2000 {
			v.update(k.change())
			v.queueUpdate(k.changeOrders(now))
		}
		for _, side := range []book.Side{book.Bid, book.Ask} {
			require.Equal(t, depth, v.l2.Len(side))
			for i := range depth {
				require.Equal(t, k.l2.At(side, i), v.l2.At(side, i))
			}
			for i := range min(depth, k.l3.Len(side)) {
				require.Equal(t, k.l3.At(side, i), v.l3.At(side, i))
			}
		}
		require.Less(t, k.best(book.Bid), k.best(book.Ask), "never crossed")
	}
}
