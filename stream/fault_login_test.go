package stream_test

import (
	"context"
	"fmt"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

func loginRejected(t *testing.T) {
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

func loginRejectedForGood(t *testing.T) {
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

func tokenOfEachSession(t *testing.T) {
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
func loginLoop(t *testing.T) {
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
func loginLoopBacksOff(t *testing.T) {
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

func attemptsStartAnew(t *testing.T) {
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
