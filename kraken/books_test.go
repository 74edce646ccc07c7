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
