package stream_test

import (
	"context"
	"errors"
	"fmt"
	"net"
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

func TestDialCancelledAtEachPhase(t *testing.T) {
	silent := func(t *testing.T) func(context.Context, int) (net.Conn, error) {
		return func(context.Context, int) (net.Conn, error) {
			ours, theirs := net.Pipe()
			t.Cleanup(func() { _ = theirs.Close() })
			go func() { // reads, never answers
				buf := make([]byte, 4096)
				for {
					if _, err := theirs.Read(buf); err != nil {
						return
					}
				}
			}()
			return ours, nil
		}
	}
	phases := map[string]struct {
		cfg  stream.LinkConfig
		url  string
		dial func(t *testing.T) func(context.Context, int) (net.Conn, error)
	}{
		"target": {cfg: stream.LinkConfig{Target: func(ctx context.Context) (string, http.Header, error) {
			<-ctx.Done()
			return "", nil, errors.New("cancelled, in other words")
		}}},
		"tcp": {dial: func(*testing.T) func(context.Context, int) (net.Conn, error) {
			return func(ctx context.Context, _ int) (net.Conn, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}
		}},
		"tls":     {url: "wss://venue.test", dial: silent},
		"upgrade": {dial: silent},
		"token": {cfg: stream.LinkConfig{Token: func(ctx context.Context) (stream.Secret, error) {
			<-ctx.Done()
			return stream.Secret{}, ctx.Err()
		}}},
		"login": {cfg: stream.LinkConfig{Login: func(ctx context.Context, c stream.Conn) error {
			_, err := c.Call(ctx, &protocol.RPC{Name: "fire"}, nil)
			return err
		}}},
	}
	for name, tt := range phases {
		for _, deadline := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/%v", name, deadline), func(t *testing.T) {
				bubble(t, func(t *testing.T, v *venue) {
					if tt.dial != nil {
						v.onDial = tt.dial(t)
					}
					var opts []stream.Option
					if tt.url != "" {
						opts = append(opts, stream.WithURL(tt.url))
					}
					c := v.idleClient(tt.cfg, opts...)
					ctx, cancel := context.WithTimeout(t.Context(), time.Second)
					defer cancel()
					want := context.DeadlineExceeded
					if !deadline {
						want = context.Canceled
						time.AfterFunc(time.Second, cancel)
						ctx, cancel = context.WithCancel(t.Context())
						time.AfterFunc(time.Second, cancel)
					}
					start := time.Now()
					err := c.Dial(ctx)
					if name == "token" {
						require.NoError(t, err, "the endpoint has no token")
						return
					}
					require.ErrorIs(t, err, want)
					require.Equal(t, time.Second, time.Since(start))
					require.Equal(t, stream.Idle, c.Status().State)
				})
			})
		}
	}
}

func TestDialBudget(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.idleClient(stream.LinkConfig{Login: func(ctx context.Context, c stream.Conn) error {
			_, err := c.Call(ctx, &protocol.RPC{Name: "fire"}, nil) // never answered
			return err
		}})
		start := time.Now()
		err := c.Dial(t.Context())
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, stream.DialTimeout, time.Since(start))
		require.Equal(t, 1, v.dialCount(), "the first error ends it")
	})
}

func TestDialAgainAfterAFailure(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		down := &net.DNSError{Err: "no such host", Name: "venue.test"}
		v.onDial = func(_ context.Context, n int) (net.Conn, error) {
			if n == 1 {
				return nil, down
			}
			return nil, nil
		}
		c := v.idleClient(stream.LinkConfig{})
		err := c.Dial(t.Context())
		var dns *net.DNSError
		require.ErrorAs(t, err, &dns)
		require.NoError(t, c.Dial(t.Context()))
		require.Error(t, c.Dial(t.Context()), "once at a time")
	})
}

func TestRetryFirst(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		var at []time.Duration
		start := time.Now()
		v.onDial = func(_ context.Context, n int) (net.Conn, error) {
			at = append(at, time.Since(start))
			if n < 10 {
				return nil, errors.New("refused")
			}
			return nil, nil
		}
		c := v.idleClient(stream.LinkConfig{}, stream.WithRetryFirst())
		require.NoError(t, c.Dial(t.Context()))
		var waits []time.Duration
		for i := 1; i < len(at); i++ {
			waits = append(waits, at[i]-at[i-1])
		}
		ms := time.Millisecond
		require.Equal(t, []time.Duration{250 * ms, 500 * ms, 1000 * ms, 2000 * ms, 4000 * ms, 8000 * ms, 16000 * ms, 30000 * ms, 30000 * ms}, waits)
	})
}

func TestUpgradeRefused(t *testing.T) {
	tests := []struct {
		status int
		header string
		check  func(t *testing.T, err error)
	}{
		{503, "", func(t *testing.T, err error) {
			var up *stream.UpgradeError
			require.ErrorAs(t, err, &up)
			require.Equal(t, 503, up.Status)
			require.Equal(t, protocol.CloseRetry, up.Class)
			require.Contains(t, up.Body, "maintenance")
			require.LessOrEqual(t, len(up.Body), 1024)
		}},
		{401, "", func(t *testing.T, err error) { require.ErrorIs(t, err, stream.ErrAuth) }},
		{429, "120", func(t *testing.T, err error) {
			var limited *stream.RateLimitError
			require.ErrorAs(t, err, &limited)
			require.Equal(t, 2*time.Minute, limited.RetryAfter)
		}},
		{302, "", func(t *testing.T, err error) {
			var up *stream.UpgradeError
			require.ErrorAs(t, err, &up, "a redirect is not followed")
			require.Equal(t, 302, up.Status)
		}},
		{200, "", func(t *testing.T, err error) {
			var up *stream.UpgradeError
			require.ErrorAs(t, err, &up)
			require.Equal(t, 200, up.Status)
		}},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.status), func(t *testing.T) {
			bubble(t, func(t *testing.T, v *venue) {
				v.onHTTP = func(_ int, w http.ResponseWriter, r *http.Request) bool {
					w.Header().Set("Retry-After", tt.header)
					w.Header().Set("Location", "http://elsewhere.test/")
					w.WriteHeader(tt.status)
					_, _ = w.Write([]byte("maintenance; you sent " + r.URL.RawQuery))
					return true
				}
				c := v.idleClient(stream.LinkConfig{}, stream.WithURL("ws://venue.test/ws?key=hush"))
				err := c.Dial(t.Context())
				tt.check(t, err)
				require.NotContains(t, err.Error(), "hush")
				require.Equal(t, 1, v.dialCount())
			})
		})
	}
}

func TestLoginRejected(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		var logins atomic.Int32
		reject := atomic.Bool{}
		c := v.client(stream.LinkConfig{Login: func(ctx context.Context, c stream.Conn) error {
			logins.Add(1)
			if _, err := c.Call(ctx, rpcLogin, nil); err != nil {
				return err
			}
			if reject.Load() {
				return fmt.Errorf("%w: wrong key", stream.ErrAuth)
			}
			return nil
		}})
		reject.Store(true)
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		_ = v.peer().NetConn().Close()
		<-c.Done()
		require.ErrorIs(t, c.Err(), stream.ErrAuth)
		require.EqualValues(t, 3, logins.Load(), "one more login, then it is for good")
		time.Sleep(time.Hour)
		require.Equal(t, 3, v.dialCount())
		_, err = sub.Next(t.Context())
		require.ErrorIs(t, err, stream.ErrAuth)
		require.ErrorIs(t, sub.Err(), stream.ErrAuth)
		_, err = c.Call(t.Context(), rpcGet, nil)
		require.ErrorIs(t, err, stream.ErrAuth)
		require.ErrorIs(t, err, stream.ErrNotSent)
	})
}

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

func TestLoginRejectedForGood(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		var logins atomic.Int32
		c := v.client(stream.LinkConfig{Login: func(context.Context, stream.Conn) error {
			if logins.Add(1) == 1 {
				return nil
			}
			return &stream.SessionError{Class: protocol.ClosePermanent, Err: fmt.Errorf("%w: wrong key", stream.ErrAuth)}
		}})
		_ = v.peer().NetConn().Close()
		<-c.Done()
		require.ErrorIs(t, c.Err(), stream.ErrAuth)
		require.EqualValues(t, 2, logins.Load(), "the venue's own code says that another login is of no use")
	})
}

func TestLoginAndToken(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		wire := testWire()
		tokens := 0
		cfg := stream.LinkConfig{Protocol: wire, Token: func(context.Context) (stream.Secret, error) {
			tokens++
			return stream.NewSecret(fmt.Sprintf("token-%d", tokens)), nil
		}}
		var loginErr error
		cfg.Login = func(ctx context.Context, c stream.Conn) error {
			loginErr = c.Subscribe(ctx, feedTicker, []stream.Item{{Key: `{"symbol":"A"}`}})
			_, err := c.Call(ctx, rpcLogin, nil)
			return err
		}
		c := v.tokenClient(cfg)
		require.NoError(t, c.Dial(t.Context()))
		require.Error(t, loginErr)
		_ = v.peer().NetConn().Close()
		require.NoError(t, waitEpoch(t.Context(), c, 2))
		_, err := c.Call(t.Context(), rpcGet, nil)
		require.NoError(t, err)
		var got []string
		for _, r := range v.log() {
			got = append(got, r.Method+" "+r.Token)
		}
		require.Equal(t, []string{"login token-1", "login token-2", "get token-2"}, got)
	})
}

// A venue that accepts and throws out a second later must not be hammered.
func TestEvictionLoopIsPolite(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		var dials []time.Time
		v.onDial = func(context.Context, int) (net.Conn, error) {
			dials = append(dials, time.Now())
			return nil, nil
		}
		c := v.idleClient(stream.LinkConfig{Login: func(ctx context.Context, c stream.Conn) error {
			_, err := c.Call(ctx, rpcLogin, nil)
			return err
		}}, stream.WithRandom(func() float64 { return 0 })) // the least patient jitter
		require.NoError(t, c.Dial(t.Context()))
		hour, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		for st := range c.Watch(hour) {
			if st.State == stream.Ready {
				_ = v.peer().NetConn().Close()
			}
		}
		require.NoError(t, c.Close(t.Context()))
		require.Greater(t, len(dials), 1000, "and yet it goes on")
		require.LessOrEqual(t, inAnyMinute(dials), 30, "each dial logs in, which counts as well")
	})
}

// With the mean jitter the waits grow, since no session was stable.
func TestEvictionLoopBacksOff(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.idleClient(stream.LinkConfig{}, stream.WithRandom(func() float64 { return 0.5 }))
		require.NoError(t, c.Dial(t.Context()))
		hour, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		for st := range c.Watch(hour) {
			if st.State == stream.Ready {
				time.Sleep(time.Second)
				_ = v.peer().NetConn().Close()
			}
		}
		require.NoError(t, c.Close(t.Context()))
		require.Less(t, v.dialCount(), 3600/15)
	})
}

func inAnyMinute(at []time.Time) (most int) {
	first := 0
	for i, t := range at {
		for t.Sub(at[first]) >= time.Minute {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}

func TestAttemptsStartAnewAfterAStableSession(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{})
		cut := func(after time.Duration) time.Duration {
			time.Sleep(after)
			epoch := c.Status().Epoch
			_ = v.peer().NetConn().Close()
			start := time.Now()
			require.NoError(t, waitEpoch(t.Context(), c, epoch+1))
			return time.Since(start)
		}
		require.Equal(t, 250*time.Millisecond, cut(time.Second))
		require.Equal(t, 500*time.Millisecond, cut(30*time.Second))
		require.Equal(t, time.Second, cut(59*time.Second))
		require.Equal(t, 250*time.Millisecond, cut(61*time.Second))
	})
}

func TestCloseCodeClasses(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{})
		start := time.Now()
		v.peer().closeWith(1008, "too many connections")
		require.NoError(t, waitEpoch(t.Context(), c, 2))
		require.GreaterOrEqual(t, time.Since(start), 2*time.Minute, "the rule's own wait")

		v.peer().closeWith(4001, "account closed")
		<-c.Done()
		var closed *stream.CloseError
		require.ErrorAs(t, c.Err(), &closed)
		require.Equal(t, 4001, closed.Code)
		require.Equal(t, "account closed", closed.Reason)
		require.Equal(t, protocol.ClosePermanent, closed.Class)
	})
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
