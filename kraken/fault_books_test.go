package kraken_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/book"
	"github.com/venuewire/venuewire/kraken/bookfeed"
	"github.com/venuewire/venuewire/kraken/krakentest"
	"github.com/venuewire/venuewire/stream"
)

func wrongChecksumResubscribesOnce(t *testing.T) {
	for seed := range uint64(5) { // another market each time, and another message
		inVenue(t, func(t *testing.T, srv *krakentest.Server) {
			c := dialPublic(t, srv)
			feed, err := c.FollowBook(t.Context(), []kraken.Symbol{"BTC/USD"}, kraken.DepthD10)
			require.NoError(t, err)
			require.True(t, next(t, feed).Snapshot)
			resyncOnce(t, srv, "book", feed, func(b *book.L2) int { return b.Len(book.Bid) })
			require.NoError(t, feed.Close(t.Context()))
			_, err = feed.Next(t.Context())
			require.ErrorIs(t, err, stream.ErrClosed)
		}, krakentest.WithSeed(seed))
	}
}

func wrongChecksumOfOrdersResubscribesOnce(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c := dialLevel3(t, srv)
		feed, err := c.FollowBook(t.Context(), []kraken.Symbol{"ETH/USD"}, kraken.Level3DepthD10)
		require.NoError(t, err)
		first := next(t, feed)
		require.True(t, first.Snapshot)
		best, ok := first.Book.Best(book.Ask)
		require.True(t, ok)
		require.NotEmpty(t, best.Orders[0].ID)
		resyncOnce(t, srv, "level3", feed, func(b *book.L3) int { return b.Len(book.Bid) })
	})
}

// TestWrongChecksumCostsOneBookOnly: the other books of a feed go on.
func wrongChecksumCostsOneBookOnly(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c := dialPublic(t, srv)
		feed, err := c.FollowBook(t.Context(), []kraken.Symbol{"BTC/USD", "ETH/USD", "DOGE/USD"}, kraken.DepthD25)
		require.NoError(t, err)
		for range 30 {
			next(t, feed)
		}
		srv.CorruptChecksums(1)
		gaps := make(map[kraken.Symbol]int)
		for range 300 {
			if c := next(t, feed); c.Gap != nil {
				gaps[c.Key]++
			}
		}
		require.Len(t, gaps, 1)
		require.EqualValues(t, 1, feed.Resyncs())
		all, _ := subscribes(srv, "book")
		require.Equal(t, 2, all)
	})
}

func snapshotsThatNeverFitEndTheFeed(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c := dialPublic(t, srv)
		srv.CorruptChecksums(krakentest.All)
		feed, err := c.FollowBook(t.Context(), []kraken.Symbol{"BTC/USD"}, kraken.DepthD10)
		require.NoError(t, err)
		_, err = feed.Next(t.Context())
		var wrong *bookfeed.ChecksumError
		require.ErrorAs(t, err, &wrong)
		require.Equal(t, kraken.Symbol("BTC/USD"), wrong.Key)
		require.ErrorAs(t, feed.Err(), &wrong)
		all, _ := subscribes(srv, "book")
		require.Equal(t, 1+5, all)
	})
}

// TestLostMessagesGetNewSnapshots: whoever is too slow for the queue gets a right book again.
func lostMessagesGetNewSnapshots(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c := dialPublic(t, srv)
		feed, err := c.FollowBook(t.Context(), []kraken.Symbol{"BTC/USD"}, kraken.DepthD10, stream.WithQueue(8, stream.DropNewest))
		require.NoError(t, err)
		next(t, feed)
		time.Sleep(time.Minute)
		for {
			c := next(t, feed)
			if c.Gap == nil {
				continue
			}
			require.NotZero(t, c.Gap.Reason&stream.GapSlowConsumer)
			require.True(t, c.Snapshot)
			break
		}
		for range 50 {
			require.Nil(t, next(t, feed).Gap)
		}
		require.EqualValues(t, 1, feed.Resyncs())
	})
}

// TestRefusedResubscribesAreTriedAgain: where the venue does not end the old subscription, it refuses the new one.
func refusedResubscribesAreTriedAgain(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c := dialPublic(t, srv)
		feed, err := c.FollowBook(t.Context(), []kraken.Symbol{"BTC/USD"}, kraken.DepthD10)
		require.NoError(t, err)
		next(t, feed)
		srv.RefuseCancels(1, "Exceeded msg rate")
		srv.CorruptChecksums(1)
		began := time.Now()
		for next(t, feed).Gap == nil {
		}
		require.InDelta(t, 30, time.Since(began).Seconds(), 1)
		require.EqualValues(t, 2, feed.Resyncs())
	})
}

// TestSharedSubscriptionsSeeTheGap: a feed that shares its symbol with a broken one gets a new snapshot too.
func sharedSubscriptionsSeeTheGap(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c := dialPublic(t, srv)
		one, err := c.FollowBook(t.Context(), []kraken.Symbol{"BTC/USD"}, kraken.DepthD10)
		require.NoError(t, err)
		next(t, one)
		raw, err := c.SubscribeBook(t.Context(), []kraken.Symbol{"BTC/USD"}, kraken.BookParams{})
		require.NoError(t, err)
		srv.CorruptChecksums(1)
		for next(t, one).Gap == nil {
		}
		marked := false
		for range 100 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			ev, err := raw.Next(ctx)
			cancel()
			require.NoError(t, err)
			marked = marked || ev.Gap != nil
			if ev.Data.Type == kraken.PushTypeSnapshot {
				break
			}
		}
		require.True(t, marked)
	})
}
