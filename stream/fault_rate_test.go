package stream_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

var errRate = &protocol.ErrorCode{Name: "RateLimit", Code: "E3", Retry: protocol.RetryCoolDown, Wait: 10 * time.Minute}

// A call that the venue refuses for its rate fails with what the venue said; nothing else suffers.
func callRateLimited(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		w := testWire()
		w.Errors.Codes = append(w.Errors.Codes, errRate)
		c := v.client(stream.LinkConfig{Protocol: w})
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		v.set(func(v *venue) {
			v.handle = func(p *peer, req request) bool {
				p.send(`{"method":%q,"id":%d,"success":false,"code":"E3","error":"too many requests"}`, req.Method, req.ID)
				return true
			}
		})
		for _, rpc := range []*protocol.RPC{rpcGet, rpcOrder} {
			_, err = c.Call(t.Context(), rpc, nil)
			require.ErrorIs(t, err, errRate)
			var refused *stream.VenueError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, 10*time.Minute, refused.Known.Wait)
			require.NotErrorIs(t, err, stream.ErrOutcomeUnknown)
		}
		v.peer().tick("A", 1)
		ev, err := sub.Next(t.Context())
		require.NoError(t, err)
		require.Nil(t, ev.Gap)
		require.EqualValues(t, 1, c.Status().Epoch)
		require.Len(t, v.requests("order"), 1, "nothing is repeated")
		require.NoError(t, c.Close(t.Context()))
	})
}

// A login that is refused for its rate keeps the client away for as long as the venue says, whichever way it says it.
func loginRateLimited(t *testing.T) {
	for name, refusal := range map[string]error{
		"by HTTP":    &stream.RateLimitError{RetryAfter: 10 * time.Minute},
		"by a frame": &stream.VenueError{Known: errRate},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, v *venue) {
				at := v.dialTimes(nil)
				c := v.client(stream.LinkConfig{Login: func(context.Context, stream.Conn) error {
					if n := v.dialCount(); n > 1 && n < 5 {
						return refusal
					}
					return nil
				}})
				sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
				require.NoError(t, err)
				_ = v.peer().NetConn().Close()
				time.Sleep(5 * time.Minute)
				require.ErrorIs(t, c.Status().Err, refusal)
				require.GreaterOrEqual(t, time.Until(c.Status().Until), 5*time.Minute)
				require.NoError(t, waitEpoch(t.Context(), c, 5))
				for _, wait := range waits(at())[1:] {
					require.GreaterOrEqual(t, wait, 10*time.Minute)
				}
				require.Equal(t, stream.GapReconnect, lastGap(t, v, sub))
				require.NoError(t, c.Close(t.Context()))
			})
		})
	}
}
