package stream_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
)

func TestCloseInEveryState(t *testing.T) {
	hang := func(ctx context.Context, _ int) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	refuse := func(context.Context, int) (net.Conn, error) { return nil, errors.New("refused") }
	hangLogin := stream.LinkConfig{Login: func(ctx context.Context, _ stream.Conn) error {
		<-ctx.Done()
		return ctx.Err()
	}}
	tests := []struct {
		name  string
		cfg   stream.LinkConfig
		dial  func(context.Context, int) (net.Conn, error)
		state stream.State
	}{
		{name: "idle", state: stream.Idle},
		{name: "connecting", dial: hang, state: stream.Connecting},
		{name: "logging in", cfg: hangLogin, state: stream.LoggingIn},
		{name: "waiting", dial: refuse, state: stream.Waiting},
		{name: "ready", state: stream.Ready},
	}
	for _, tt := range tests {
		for _, now := range []bool{false, true} {
			t.Run(tt.name, func(t *testing.T) {
				bubble(t, func(t *testing.T, v *venue) {
					v.onDial = tt.dial
					c := v.idleClient(tt.cfg, stream.WithRetryFirst())
					dialled := make(chan error, 1)
					if tt.state != stream.Idle {
						go func() { dialled <- c.Dial(t.Context()) }()
					}
					synctest.Wait()
					require.Equal(t, tt.state, c.Status().State)
					start := time.Now()
					if now {
						require.NoError(t, c.CloseNow())
						<-c.Done()
					} else {
						require.NoError(t, c.Close(t.Context()))
					}
					require.LessOrEqual(t, time.Since(start), time.Second)
					require.Equal(t, stream.Closed, c.Status().State)
					require.NoError(t, c.Err())
					require.NoError(t, c.Close(t.Context()), "a second time")
					switch tt.state {
					case stream.Idle:
						require.ErrorIs(t, c.Dial(t.Context()), stream.ErrClosed)
					case stream.Ready:
						require.NoError(t, <-dialled)
					default:
						require.ErrorIs(t, <-dialled, stream.ErrClosed)
					}
					_, err := c.Call(t.Context(), rpcGet, nil)
					require.ErrorIs(t, err, stream.ErrClosed)
					require.ErrorIs(t, err, stream.ErrNotSent)
					_, err = c.ticker.Subscribe(t.Context(), []string{"A"}, "")
					require.ErrorIs(t, err, stream.ErrClosed)
					require.ErrorIs(t, c.WaitReady(t.Context()), stream.ErrClosed)
				})
			})
		}
	}
}

func TestCloseSaysGoodbye(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		ctx := t.Context()
		v.handle = func(p *peer, req request) bool {
			if req.Method == "get" {
				time.Sleep(500 * time.Millisecond)
			}
			return false
		}
		c := v.client(stream.LinkConfig{})
		sub, err := c.ticker.Subscribe(ctx, []string{"A", "B"}, "")
		require.NoError(t, err)
		v.peer().tick("A", 1)
		pending := make(chan error, 1)
		go func() {
			_, err := c.Call(ctx, rpcGet, nil)
			pending <- err
		}()
		synctest.Wait()
		require.NoError(t, c.Close(ctx))
		require.NoError(t, <-pending, "pending calls are waited for")
		require.Equal(t, []string{`{"channel":"ticker","symbol":["A","B"]}`}, v.requests("unsubscribe"))

		n := 0
		for ev, err := range sub.Events(ctx) {
			require.NoError(t, err, "a close is no error")
			n = ev.Data.N
		}
		require.Equal(t, 1, n, "what was queued is still delivered")
		require.NoError(t, sub.Err())
		require.NoError(t, sub.Close(ctx))
	})
}

func TestCloseReturnsByItsContext(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		v.handle = func(*peer, request) bool { return true }
		c := v.client(stream.LinkConfig{})
		go func() { _, _ = c.Call(t.Context(), rpcGet, nil) }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		start := time.Now()
		err := c.Close(ctx)
		require.LessOrEqual(t, time.Since(start), 2*time.Second)
		if err != nil {
			require.ErrorIs(t, err, context.DeadlineExceeded)
		}
		<-c.Done()
	})
}

func TestCloseNamesHandlersThatDoNotReturn(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{})
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		release := make(chan struct{})
		sub.Handle(t.Context(), func(context.Context, stream.Event[tick]) { <-release })
		idle, err := stream.Listen(t.Context(), &c.heartbeat, "", stream.Kind[tick]{}, nil)
		require.NoError(t, err)
		idle.Handle(t.Context(), func(context.Context, stream.Event[tick]) {})
		v.peer().tick("A", 1)
		synctest.Wait()

		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		err = c.Close(ctx)
		require.ErrorContains(t, err, "Ticker")
		require.NotContains(t, err.Error(), "Heartbeat")
		<-c.Done()
		close(release)
	})
}

func TestCloseFromAHandler(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{})
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		closed := make(chan error, 1)
		sub.Handle(t.Context(), func(ctx context.Context, _ stream.Event[tick]) { closed <- c.Close(ctx) })
		v.peer().tick("A", 1)
		start := time.Now()
		require.NoError(t, <-closed)
		require.LessOrEqual(t, time.Since(start), time.Second)
		<-c.Done()
	})
}

func TestConcurrentUseWhileSessionsDie(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		ctx := t.Context()
		c := v.client(stream.LinkConfig{})
		var all sync.WaitGroup
		for i := range 40 {
			symbol := string(rune('A' + i%8))
			all.Go(func() {
				for range 5 {
					sub, err := c.ticker.Subscribe(ctx, []string{symbol}, "")
					if err != nil {
						return // closed
					}
					_, _ = c.Call(ctx, rpcGet, []byte(`{}`))
					_ = sub.Add(ctx, "Z")
					_ = sub.Close(ctx)
				}
			})
		}
		for range 6 {
			time.Sleep(100 * time.Millisecond)
			_ = v.peer().NetConn().Close()
		}
		time.Sleep(10 * time.Second)
		for range 3 {
			all.Go(func() { require.NoError(t, c.Close(ctx)) })
		}
		all.Wait()
		<-c.Done()
	})
}
