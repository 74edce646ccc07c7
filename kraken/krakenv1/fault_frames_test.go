package krakenv1_test

import (
	"context"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken/book"
	"github.com/venuewire/venuewire/kraken/krakentest"
	"github.com/venuewire/venuewire/kraken/krakenv1"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// frameFaults are the rows of frames, replies and subscriptions that this venue decides: the state of the system,
// and checksums of books.
var frameFaults = []struct {
	name string
	test func(t *testing.T)
}{
	{"23-close-codes", closeCodes},
	{"50-maintenance", systemStateIsKept},
	{"51-wrong-checksum", wrongChecksumResubscribesOnce},
}

func closeCodes(t *testing.T) {
	retry, coolDown, never := protocol.CloseRetry, protocol.CloseCoolDown, protocol.ClosePermanent
	for code, class := range map[int]protocol.CloseClass{
		1000: retry, 1001: retry, 1005: retry, 1008: never, 1011: retry, 1012: retry, 1013: retry, 3000: retry, 4000: retry, 4999: retry,
	} {
		t.Run(strconv.Itoa(code), func(t *testing.T) {
			inVenue(t, func(t *testing.T, srv *krakentest.ServerV1) {
				c := dialPublic(t, srv)
				require.NoError(t, srv.WaitSessions(t.Context(), 1))
				began := time.Now()
				srv.Fault(streamtest.CloseWith(code, "reason"))
				if class == never {
					<-c.Done()
					var closed *stream.CloseError
					require.ErrorAs(t, c.Err(), &closed)
					require.Equal(t, code, closed.Code)
					require.Equal(t, "reason", closed.Reason)
					return
				}
				for st := range c.Watch(t.Context()) {
					if st.State == stream.Ready && st.Epoch == 2 {
						break
					}
				}
				require.Equal(t, class == coolDown, time.Since(began) >= time.Minute, "%v", time.Since(began))
				require.LessOrEqual(t, time.Since(began), 70*time.Second)
			})
		})
	}
}

func systemStateIsKept(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.ServerV1) {
		c, ctx := dialPublic(t, srv), t.Context()
		require.NoError(t, c.WaitOnline(ctx))
		srv.SetSystem("limit_only")
		synctest.Wait()
		state, ok := c.System()
		require.True(t, ok)
		require.Equal(t, krakenv1.SystemStateLimitOnly, state.Status)
		require.Greater(t, state.ConnectionID.Or(0), uint64(1)<<63, "beyond int64")
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		require.ErrorIs(t, c.WaitOnline(short), context.DeadlineExceeded)
	})
}

func wrongChecksumResubscribesOnce(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.ServerV1) {
		c, ctx := dialPublic(t, srv), t.Context()
		feed, err := c.FollowBook(ctx, []krakenv1.Pair{"XBT/USD"}, krakenv1.DepthD25)
		require.NoError(t, err)
		for i := range 40 {
			change, err := feed.Next(ctx)
			require.NoError(t, err)
			require.Equal(t, i == 0, change.Snapshot)
			require.Nil(t, change.Gap)
			require.False(t, change.Time.IsZero())
		}
		srv.CorruptChecksums(1)
		for {
			change, err := feed.Next(ctx)
			require.NoError(t, err)
			if change.Gap != nil {
				require.Equal(t, stream.GapChecksum, change.Gap.Reason)
				require.True(t, change.Snapshot)
				break
			}
		}
		for range 200 {
			change, err := feed.Next(ctx)
			require.NoError(t, err)
			require.Nil(t, change.Gap)
			require.Equal(t, 25, change.Book.Len(book.Ask))
		}
		kinds := make(map[protocol.ClientKind]int)
		for _, call := range srv.Calls() {
			if call.Name == "book" {
				kinds[call.Kind]++
			}
		}
		require.Equal(t, map[protocol.ClientKind]int{protocol.FrameSubscribe: 2, protocol.FrameUnsubscribe: 1}, kinds)
		require.EqualValues(t, 1, feed.Resyncs())
	})
}
