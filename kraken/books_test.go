package kraken_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/book"
	"github.com/venuewire/venuewire/kraken/bookfeed"
	"github.com/venuewire/venuewire/kraken/krakentest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// inVenue runs a test against a fresh fake in a bubble. The fake must understand everything that it gets.
func inVenue(t *testing.T, f func(t *testing.T, srv *krakentest.Server), opts ...krakentest.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		srv := krakentest.New(opts...)
		defer func() {
			srv.Close()
			require.Empty(t, srv.Problems())
		}()
		f(t, srv)
	})
}

func dialPublic(t *testing.T, srv *krakentest.Server, opts ...stream.Option) *kraken.Public {
	t.Helper()
	c, err := kraken.DialPublic(t.Context(), append(srv.Options(), opts...)...)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.CloseNow(); <-c.Done() })
	return c
}

func dialPrivate(t *testing.T, srv *krakentest.Server, opts ...stream.Option) *kraken.Private {
	t.Helper()
	c, err := kraken.DialPrivate(t.Context(), srv.TokenSource(), append(srv.Options(), opts...)...)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.CloseNow(); <-c.Done() })
	return c
}

func dialLevel3(t *testing.T, srv *krakentest.Server) *kraken.Level3 {
	t.Helper()
	c, err := kraken.DialLevel3(t.Context(), srv.TokenSource(), srv.Options()...)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.CloseNow(); <-c.Done() })
	return c
}

// next is the next change, within a minute.
func next[K comparable, B bookfeed.Book](t *testing.T, f *bookfeed.Feed[K, B]) bookfeed.Change[K, B] {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c, err := f.Next(ctx)
	require.NoError(t, err)
	return c
}

// subscribes counts the subscribes for a feed that the fake has seen, and cancels the cancels.
func subscribes(srv *krakentest.Server, feed string) (subscribes, cancels int) {
	for _, c := range srv.Calls() {
		switch {
		case c.Name == feed && c.Kind == protocol.FrameUnsubscribe:
			cancels++
		case c.Name == feed && c.Kind == protocol.FrameSubscribe:
			subscribes++
		}
	}
	return subscribes, cancels
}

// resyncOnce reads until the gap of a wrong checksum, and then enough to see that the book is right: every message is
// verified.
func resyncOnce[K comparable, B bookfeed.Book](t *testing.T, srv *krakentest.Server, feed string, f *bookfeed.Feed[K, B], length func(B) int) {
	t.Helper()
	for range rand.IntN(100) {
		require.Nil(t, next(t, f).Gap)
	}
	before, _ := subscribes(srv, feed)
	srv.CorruptChecksums(1)
	for {
		c := next(t, f)
		if c.Gap == nil {
			require.False(t, c.Snapshot)
			continue
		}
		require.Equal(t, stream.GapChecksum, c.Gap.Reason)
		require.True(t, c.Snapshot, "the first change behind the gap is a new snapshot")
		break
	}
	for range 200 {
		c := next(t, f)
		require.Nil(t, c.Gap)
		require.Equal(t, 10, length(c.Book))
	}
	after, cancels := subscribes(srv, feed)
	require.Equal(t, before+1, after, "asked for anew exactly once")
	require.Equal(t, 1, cancels)
	require.EqualValues(t, 1, f.Resyncs())
}

func TestWrongChecksumResubscribesOnce(t *testing.T) {
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

func TestWrongChecksumOfOrdersResubscribesOnce(t *testing.T) {
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
func TestWrongChecksumCostsOneBookOnly(t *testing.T) {
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

func TestSnapshotsThatNeverFitEndTheFeed(t *testing.T) {
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

func TestBooksSurviveReconnects(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c := dialPublic(t, srv)
		feed, err := c.FollowBook(t.Context(), []kraken.Symbol{"BTC/USD", "ETH/USD"}, kraken.DepthD10)
		require.NoError(t, err)
		for range 20 {
			next(t, feed)
		}
		srv.Fault(streamtest.Drop())
		gaps := make(map[kraken.Symbol]stream.GapReason)
		for len(gaps) < 2 {
			if c := next(t, feed); c.Gap != nil {
				require.True(t, c.Snapshot)
				gaps[c.Key] = c.Gap.Reason
			}
		}
		require.Equal(t, map[kraken.Symbol]stream.GapReason{"BTC/USD": stream.GapReconnect, "ETH/USD": stream.GapReconnect}, gaps)
		require.Zero(t, feed.Resyncs(), "the new session brings the snapshots by itself")
		for range 50 {
			require.Nil(t, next(t, feed).Gap)
		}
	})
}

// TestLostMessagesGetNewSnapshots: whoever is too slow for the queue gets a right book again.
func TestLostMessagesGetNewSnapshots(t *testing.T) {
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
func TestRefusedResubscribesAreTriedAgain(t *testing.T) {
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

func TestFeedsCanBeHandled(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c := dialPublic(t, srv)
		feed, err := c.FollowBook(t.Context(), []kraken.Symbol{"BTC/USD"}, kraken.DepthD10)
		require.NoError(t, err)
		changes := make(chan bool, 1000)
		feed.Handle(t.Context(), func(_ context.Context, c bookfeed.Change[kraken.Symbol, *book.L2]) { changes <- c.Gap != nil })
		for range 10 {
			require.False(t, <-changes)
		}
		srv.CorruptChecksums(1)
		for !<-changes {
		}
		srv.CorruptChecksums(krakentest.All)
		time.Sleep(10 * time.Second)
		var wrong *bookfeed.ChecksumError
		require.ErrorAs(t, feed.Err(), &wrong, "it ends, and says why")
		require.Empty(t, c.Stats().Subscriptions)
	})
}

// TestTwoDepthsOfOneBookConflict: the data does not say of which depth it is.
func TestTwoDepthsOfOneBookConflict(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c := dialPublic(t, srv)
		_, err := c.FollowBook(t.Context(), []kraken.Symbol{"BTC/USD"}, kraken.DepthD10)
		require.NoError(t, err)
		_, err = c.FollowBook(t.Context(), []kraken.Symbol{"BTC/USD"}, kraken.DepthD100)
		require.ErrorIs(t, err, stream.ErrConflict)
		_, err = c.FollowBook(t.Context(), []kraken.Symbol{"ETH/USD"}, 42)
		require.Error(t, err, "the venue has no such depth")
	})
}

// TestSharedSubscriptionsSeeTheGap: a feed that shares its symbol with a broken one gets a new snapshot too.
func TestSharedSubscriptionsSeeTheGap(t *testing.T) {
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

// TestFeedsJoinRunningSubscriptions: the venue sends no second snapshot by itself.
func TestFeedsJoinRunningSubscriptions(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c := dialPublic(t, srv)
		_, err := c.SubscribeBook(t.Context(), []kraken.Symbol{"BTC/USD"}, kraken.BookParams{})
		require.NoError(t, err)
		time.Sleep(time.Second)
		feed, err := c.FollowBook(t.Context(), []kraken.Symbol{"BTC/USD"}, kraken.DepthD10)
		require.NoError(t, err)
		first := next(t, feed)
		require.True(t, first.Snapshot)
		require.Nil(t, first.Gap)
		for range 50 {
			require.Nil(t, next(t, feed).Gap)
		}
		all, cancels := subscribes(srv, "book")
		require.Equal(t, []int{2, 1}, []int{all, cancels})

		_, err = c.SubscribeBook(t.Context(), []kraken.Symbol{"BTC/USD"}, kraken.BookParams{Snapshot: wire.Some(false)})
		require.ErrorIs(t, err, stream.ErrConflict)
	})
}
