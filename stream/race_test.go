package stream_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
)

// The tests of this file are about things that happen at once; those that cannot say when try often.

// A key that is cancelled and asked for anew is so in this order, at whatever moment that was said.
func TestCancelGoesBeforeTheSubscribeThatFollowsIt(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.idleClient(stream.LinkConfig{})
		first, then := stream.RequestsAroundACancel(c.Link, feedTicker)
		require.Zero(t, first, "the cancel waits")
		require.Equal(t, 1, then)
	})
}

// Who waits because a call was lost with its session waits for the next one.
func TestWaitReadyDoesNotTakeTheSessionThatEnded(t *testing.T) {
	for range 300 {
		bubble(t, func(t *testing.T, v *venue) {
			c, ctx := v.client(stream.LinkConfig{}), t.Context()
			v.set(func(v *venue) {
				v.handle = func(p *peer, r request) bool {
					if r.Method == "get" {
						_ = p.Close()
					}
					return false
				}
			})
			_, err := c.Call(ctx, rpcGet, nil)
			require.Error(t, err)
			require.NoError(t, c.WaitReady(ctx))
			require.EqualValues(t, 2, c.Status().Epoch)
		})
	}
}

// A call without an answer has succeeded with its last byte, though the venue hangs up at once.
func TestWrittenIsWritten(t *testing.T) {
	for range 300 {
		bubble(t, func(t *testing.T, v *venue) {
			c := v.client(stream.LinkConfig{})
			v.set(func(v *venue) {
				v.handle = func(p *peer, r request) bool { return p.Close() == nil }
			})
			_, err := c.Call(t.Context(), rpcFire, []byte(`{}`))
			require.NoError(t, err)
		})
	}
}
