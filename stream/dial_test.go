package stream_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

// A venue may say in its first frame that it is over.
func TestFaultOfTheFirstFrame(t *testing.T) {
	over := errors.New("over")
	for range 100 {
		bubble(t, func(t *testing.T, v *venue) {
			v.onHTTP = func(_ int, w http.ResponseWriter, r *http.Request) bool {
				up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
				c, err := up.Upgrade(w, r, nil)
				if err == nil {
					_ = c.WriteMessage(websocket.TextMessage, []byte(`{"method":"over"}`))
					_, _, _ = c.ReadMessage()
					_ = c.Close()
				}
				return true
			}
			var c *client
			c = v.idleClient(stream.LinkConfig{
				Observe: func([]byte) { c.Fault(over) },
				Login: func(ctx context.Context, _ stream.Conn) error {
					<-ctx.Done()
					return ctx.Err()
				},
			})
			require.ErrorIs(t, c.Dial(t.Context()), over)
		})
	}
}

func TestFaultClassesTheError(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{})
		start := time.Now()
		c.Fault(&stream.SessionError{Class: protocol.CloseCoolDown, Err: errors.New("kicked")})
		require.NoError(t, waitEpoch(t.Context(), c, 2))
		require.GreaterOrEqual(t, time.Since(start), time.Minute)
		c.Fault(&stream.VenueError{Known: errUnknownSymbol})
		<-c.Done()
		require.ErrorIs(t, c.Err(), errUnknownSymbol)
	})
}

func TestWatchNeverLosesTheLatest(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		var hooked stateHook
		c := v.client(stream.LinkConfig{}, stream.WithHooks(&hooked))
		var seen []stream.State
		for st := range c.Watch(t.Context()) {
			seen = append(seen, st.State)
			if len(seen) == 1 {
				for range 3 {
					_ = v.peer().NetConn().Close()
					time.Sleep(time.Minute)
				}
				go func() { _ = c.Close(context.Background()) }()
				synctest.Wait()
			}
		}
		require.Equal(t, []stream.State{stream.Ready, stream.Closed}, seen)
		require.Len(t, hooked.states, 3+3*4+2, "the hook sees them all")
	})
}

type stateHook struct{ states []stream.State }

func (h *stateHook) OnState(st stream.Status) { h.states = append(h.states, st.State) }

func TestCloseFrameIsAnswered(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{})
		p := v.peer()
		var answer atomic.Int32
		p.SetCloseHandler(func(code int, _ string) error {
			answer.Store(int32(code))
			return nil
		})
		v.set(func(v *venue) {
			v.handle = func(p *peer, _ request) bool {
				p.closeWith(1012, "restart")
				time.Sleep(100 * time.Millisecond) // the answer has to wait for the reader
				return true
			}
		})
		_, err := c.Call(t.Context(), rpcGet, []byte(`{}`))
		require.ErrorIs(t, err, stream.ErrOutcomeUnknown)
		require.NoError(t, waitEpoch(t.Context(), c, 2))
		synctest.Wait() // the venue looks at what it has read
		require.EqualValues(t, 1012, answer.Load())
		require.NoError(t, c.Close(t.Context()))
	})
}
