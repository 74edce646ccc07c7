package stream_test

import (
	"context"
	"os"
	"os/exec"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
)

func handlerBlocks(t *testing.T) {
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

func handlerCloses(t *testing.T) {
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

func leavingTheLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		topic := newTopic(newFakeConn())
		sub, err := topic.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		for n := 1; n <= 3; n++ {
			push(topic, "A", n)
		}
		for range sub.Events(t.Context()) {
			break
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var seen []int
		var last error
		for ev, err := range sub.Events(ctx) {
			if err != nil {
				last = err
				break
			}
			if seen = append(seen, ev.Data.N); len(seen) == 2 {
				cancel()
			}
		}
		require.Equal(t, []int{2, 3}, seen)
		require.ErrorIs(t, last, context.Canceled)
	})
}

func handlerPanicsRecovered(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		var mu sync.Mutex
		var caught []any
		c := v.client(stream.LinkConfig{}, stream.WithRecoverHandlers(func(value any, stack []byte) {
			mu.Lock()
			defer mu.Unlock()
			require.Contains(t, string(stack), "fault_handler_test.go")
			caught = append(caught, value)
		}))
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		sub.Handle(t.Context(), func(_ context.Context, ev stream.Event[tick]) { panic(ev.Data.N) })
		_, err = c.ticker.Direct(t.Context(), []string{"B"}, "", func(v *tick, _ stream.Meta) { panic(v.N) })
		require.NoError(t, err)
		v.peer().tick("A", 1)
		v.peer().tick("B", 2)
		v.peer().tick("A", 3)
		synctest.Wait()
		require.ElementsMatch(t, []any{1, 2, 3}, caught)
		require.NoError(t, c.Close(t.Context()))
	})
}

// panicking makes the test binary end by the panic of a handler.
const panicking = "STREAM_TEST_PANICKING_HANDLER"

// A bot must not go on blindly: without WithRecoverHandlers the panic of a handler ends the program, and says where.
func handlerPanics(t *testing.T) {
	if os.Getenv(panicking) != "" {
		topic := newTopic(newFakeConn())
		sub, err := topic.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		sub.Handle(t.Context(), func(context.Context, stream.Event[tick]) { panic("of a handler") })
		push(topic, "A", 1)
		select {}
	}
	exe, err := os.Executable()
	require.NoError(t, err)
	program := exec.CommandContext(t.Context(), exe, "-test.run=^TestFault$/^53-handler-panics$", "-test.count=1")
	program.Env = append(os.Environ(), panicking+"=1")
	out, err := program.CombinedOutput()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	require.Contains(t, string(out), "panic: of a handler")
	require.Contains(t, string(out), "fault_handler_test.go")
}

// A handler that blocks holds up its own handle alone.
func handlerBlocksOthersGoOn(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{})
		stuck, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "", stream.WithQueue(4, stream.DropOldest))
		require.NoError(t, err)
		release := make(chan struct{})
		stuck.Handle(t.Context(), func(context.Context, stream.Event[tick]) { <-release })
		other, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		for n := range 100 {
			v.peer().tick("A", n)
			ev, err := other.Next(t.Context())
			require.NoError(t, err)
			require.Equal(t, n, ev.Data.N)
			require.Nil(t, ev.Gap)
		}
		_, err = c.Call(t.Context(), rpcGet, nil)
		require.NoError(t, err)
		synctest.Wait()
		require.EqualValues(t, 95, stuck.Stats().Dropped, "one is in the handler, four wait")
		close(release)
		require.NoError(t, c.Close(t.Context()))
	})
}

// A handler may use the client as it likes.
func handlerSubscribes(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{})
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		done := make(chan int, 1)
		sub.Handle(t.Context(), func(ctx context.Context, ev stream.Event[tick]) {
			if ev.Data.N > 1 {
				return
			}
			more, err := c.ticker.Subscribe(ctx, []string{"B"}, "")
			require.NoError(t, err)
			require.NoError(t, sub.Add(ctx, "C"))
			_, err = c.Call(ctx, rpcGet, nil)
			require.NoError(t, err)
			require.NoError(t, sub.Remove(ctx, "A"))
			v.peer().tick("B", 7)
			got, err := more.Next(ctx)
			require.NoError(t, err)
			require.NoError(t, more.Close(ctx))
			done <- got.Data.N
		})
		v.peer().tick("A", 1)
		require.Equal(t, 7, <-done)
		require.Equal(t, []string{"C"}, sub.Keys())
		require.NoError(t, c.Close(t.Context()))
	})
}
