package stream_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
)

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
