package stream_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
)

// A hundred goroutines use a client in every way while its sessions die; then three close it at once. That each call
// ends is what the bubble holds them to.
func concurrentUse(t *testing.T) {
	for seed := range uint64(2) {
		bubble(t, func(t *testing.T, v *venue) {
			c := v.client(stream.LinkConfig{}, stream.WithRandom(func() float64 { return 0.1 }))
			var all sync.WaitGroup
			for i := range uint64(100) {
				all.Go(func() { useAtRandom(t.Context(), c, rand.New(rand.NewPCG(seed, i))) })
			}
			kicks := seeded(seed)
			for range 5 {
				time.Sleep(time.Duration(kicks.IntN(1000)) * time.Millisecond)
				_ = v.peer().NetConn().Close()
			}
			for range 3 {
				all.Go(func() { require.NoError(t, c.Close(t.Context())) })
			}
			all.Wait()
			<-c.Done()
			require.NoError(t, c.Err())
			require.Zero(t, c.Stats().PendingCalls)
			require.Empty(t, c.Stats().Subscriptions)
		})
	}
}

// useAtRandom goes on until the client is closed.
func useAtRandom(ctx context.Context, c *client, r *rand.Rand) {
	symbol := func() string { return string(rune('A' + r.IntN(8))) }
	for {
		sub, err := c.ticker.Subscribe(ctx, []string{symbol()}, "")
		if errors.Is(err, stream.ErrClosed) {
			return
		}
		for range r.IntN(6) {
			short, cancel := context.WithTimeout(ctx, time.Duration(1+r.IntN(500))*time.Millisecond)
			switch r.IntN(6) {
			case 0:
				_, _ = c.Call(short, rpcGet, []byte(`{}`))
			case 1:
				_, _ = c.Call(short, rpcOrder, []byte(`{}`))
			case 2:
				if sub != nil {
					_ = sub.Add(short, symbol())
				}
			case 3:
				if sub != nil {
					_ = sub.Remove(short, symbol())
				}
			case 4:
				_ = c.WaitReady(short)
			default:
				time.Sleep(time.Duration(r.IntN(100)) * time.Millisecond)
			}
			cancel()
		}
		if sub != nil {
			_ = sub.Close(ctx)
		}
		time.Sleep(time.Duration(r.IntN(200)) * time.Millisecond)
	}
}

// Close in each state of the first dial, and in those that follow a session that was lost.
func closeInEveryState(t *testing.T) {
	hang := func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	}
	hangDial := func(ctx context.Context, _ int) (net.Conn, error) { return nil, hang(ctx) }
	refuse := func(context.Context, int) (net.Conn, error) { return nil, errors.New("refused") }
	deaf := func(context.Context, int) (net.Conn, error) { return silent(), nil }
	unanswered := stream.LinkConfig{Login: func(ctx context.Context, _ stream.Conn) error { return hang(ctx) }}
	hangTarget := stream.LinkConfig{Target: func(ctx context.Context) (string, http.Header, error) { return "", nil, hang(ctx) }}
	tests := []struct {
		name  string
		cfg   stream.LinkConfig
		dial  func(context.Context, int) (net.Conn, error)
		later bool // after a session
		state stream.State
	}{
		{name: "idle", state: stream.Idle},
		{name: "asking for the address", cfg: hangTarget, state: stream.Connecting},
		{name: "connecting", dial: hangDial, state: stream.Connecting},
		{name: "upgrading", dial: deaf, state: stream.Connecting},
		{name: "logging in", cfg: unanswered, state: stream.LoggingIn},
		{name: "waiting", dial: refuse, state: stream.Waiting},
		{name: "ready", state: stream.Ready},
		{name: "connecting again", dial: hangDial, later: true, state: stream.Connecting},
		{name: "upgrading again", dial: deaf, later: true, state: stream.Connecting},
		{name: "waiting again", dial: refuse, later: true, state: stream.Waiting},
		{name: "asking for subscriptions again", later: true, state: stream.Ready},
	}
	for _, tt := range tests {
		for how, end := range map[string]func(*testing.T, *client){"close": closeTwice, "now": closeNow} {
			t.Run(tt.name+"/"+how, func(t *testing.T) {
				bubble(t, func(t *testing.T, v *venue) {
					var states stateHook
					if !tt.later {
						v.onDial = tt.dial
					}
					c := v.idleClient(tt.cfg, stream.WithRetryFirst(), stream.WithHooks(&states))
					dialled := make(chan error, 1)
					if tt.state != stream.Idle {
						go func() { dialled <- c.Dial(t.Context()) }()
					}
					synctest.Wait()
					if tt.later {
						lose(t, v, c, tt.dial)
					}
					require.Equal(t, tt.state, c.Status().State)
					start := time.Now()
					end(t, c)
					require.LessOrEqual(t, time.Since(start), 1200*time.Millisecond)
					require.Equal(t, stream.Closed, c.Status().State)
					require.NoError(t, c.Err())
					require.NoError(t, c.Close(t.Context()), "once more")
					switch {
					case tt.state == stream.Idle:
						require.ErrorIs(t, c.Dial(t.Context()), stream.ErrClosed)
					case tt.later || tt.state == stream.Ready:
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
					require.Equal(t, 1, states.count(stream.Closed))
				})
			})
		}
	}
}

// lose cuts the session of a client with a subscription that the venue will not confirm again.
func lose(t *testing.T, v *venue, c *client, dial func(context.Context, int) (net.Conn, error)) {
	_, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
	require.NoError(t, err)
	v.set(func(v *venue) { v.onDial, v.mute["A"] = dial, true })
	_ = v.peer().NetConn().Close()
	time.Sleep(260 * time.Millisecond)
	synctest.Wait()
}

func closeTwice(t *testing.T, c *client) {
	other := make(chan error, 1)
	go func() { other <- c.Close(t.Context()) }()
	require.NoError(t, c.Close(t.Context()))
	require.NoError(t, <-other)
	<-c.Done()
}

func closeNow(t *testing.T, c *client) {
	require.NoError(t, c.CloseNow())
	require.NoError(t, c.CloseNow())
	<-c.Done()
}

func (h *stateHook) count(s stream.State) (n int) {
	for _, have := range h.states {
		if have == s {
			n++
		}
	}
	return n
}
