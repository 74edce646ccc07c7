package stream_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

func TestReadGivesUpWithItsContext(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.idleClient(stream.LinkConfig{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := c.Call(ctx, rpcGet, nil)
		require.ErrorIs(t, err, stream.ErrNotSent)
		require.ErrorIs(t, err, context.DeadlineExceeded)

		fast := v.idleClient(stream.LinkConfig{}, stream.WithFailFast())
		_, err = fast.Call(t.Context(), rpcGet, nil)
		require.ErrorIs(t, err, stream.ErrNotSent)
		_, err = fast.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.ErrorIs(t, err, stream.ErrNotSent)
	})
}

func TestReadOnlyAndOrderGuard(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{}, stream.WithReadOnly())
		for _, rpc := range []*protocol.RPC{rpcOrder, rpcSet, {Name: "unclassified"}} {
			_, err := c.Call(t.Context(), rpc, nil)
			require.ErrorIs(t, err, stream.ErrReadOnly)
			require.ErrorIs(t, err, stream.ErrNotSent)
		}
		_, err := c.Call(t.Context(), rpcGet, nil)
		require.NoError(t, err)

		tooBig := errors.New("too big")
		var seen []string
		guarded := v.client(stream.LinkConfig{}, stream.WithOrderGuard(func(_ context.Context, r *protocol.RPC, body []byte) error {
			seen = append(seen, r.Name+string(body))
			if string(body) == `{"qty":9}` {
				return tooBig
			}
			return nil
		}))
		_, err = guarded.Call(t.Context(), rpcOrder, []byte(`{"qty":9}`))
		require.ErrorIs(t, err, tooBig)
		require.ErrorIs(t, err, stream.ErrNotSent)
		_, err = guarded.Call(t.Context(), rpcOrder, []byte(`{"qty":1}`))
		require.NoError(t, err)
		_, err = guarded.Call(t.Context(), rpcGet, nil)
		require.NoError(t, err)
		require.Equal(t, []string{`order{"qty":9}`, `order{"qty":1}`}, seen)
		require.Equal(t, []string{`{"qty":1}`}, v.requests("order"))
	})
}

func TestReplyForEachItem(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		whole := false
		v.handle = func(p *peer, req request) bool {
			if whole {
				p.send(`{"method":"batch","id":%d,"success":false,"code":"E2"}`, req.ID)
				return true
			}
			p.send(`{"method":"batch","id":%d,"success":true,"result":{"item":"b"}}`, req.ID)
			p.send(`{"method":"batch","id":%d,"success":false,"code":"E1","result":{"item":"a"}}`, req.ID)
			return true
		}
		c := v.client(stream.LinkConfig{})
		reply, err := c.Call(t.Context(), rpcBatch, []byte(`{"orders":[{"id":"a"},{"id":"b"}]}`))
		require.Len(t, reply.Frames, 2, "what was accepted must not be lost")
		var refused *stream.VenueError
		require.ErrorAs(t, err, &refused)
		require.Equal(t, "a", refused.Item)
		require.ErrorIs(t, err, errUnknownSymbol)

		whole = true
		_, err = c.Call(t.Context(), rpcBatch, []byte(`{"orders":[{"id":"a"},{"id":"b"}]}`))
		require.ErrorIs(t, err, errBusy, "one refusal of the whole ends the call")
	})
}

func TestCallWithoutReply(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{})
		reply, err := c.Call(t.Context(), rpcFire, []byte(`{"x":1}`))
		require.NoError(t, err)
		require.Empty(t, reply.Frames)
		synctest.Wait()
		require.Equal(t, []string{`{"x":1}`}, v.requests("fire"))
		require.Zero(t, c.Stats().PendingCalls)
	})
}

func TestTooManyPendingCalls(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		v.handle = func(*peer, request) bool { return true }
		c := v.client(stream.LinkConfig{})
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for range 1024 {
			all.Go(func() { _, _ = c.Call(ctx, rpcGet, nil) })
		}
		synctest.Wait()
		require.Equal(t, 1024, c.Stats().PendingCalls)
		_, err := c.Call(ctx, rpcGet, nil)
		require.ErrorIs(t, err, stream.ErrNotSent)
		cancel()
		all.Wait()
		v.set(func(v *venue) { v.handle = nil })
		_, err = c.Call(t.Context(), rpcGet, nil)
		require.NoError(t, err, "calls that were given up make room")
	})
}

func TestMiddlewareOrder(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		var seen []string
		wrap := func(name string) stream.Option {
			return stream.WithMiddleware(func(next stream.Conn) stream.Conn {
				return tracer{next, func() { seen = append(seen, name) }}
			})
		}
		c := v.client(stream.LinkConfig{}, wrap("outer"), wrap("inner"))
		_, err := c.Call(t.Context(), rpcGet, nil)
		require.NoError(t, err)
		require.Equal(t, []string{"outer", "inner"}, seen)
	})
}

type tracer struct {
	stream.Conn
	seen func()
}

func (x tracer) Call(ctx context.Context, r *protocol.RPC, body []byte) (stream.Reply, error) {
	x.seen()
	return x.Conn.Call(ctx, r, body)
}

func TestCloseNowFailsWhatWaits(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		v.handle = func(*peer, request) bool { return true }
		c := v.client(stream.LinkConfig{})
		results := make(chan error, 3)
		go func() {
			_, err := c.Call(t.Context(), rpcOrder, nil)
			results <- err
		}()
		go func() {
			_, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
			results <- err
		}()
		go func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			for range c.Watch(ctx) {
			}
			results <- stream.ErrClosed
		}()
		synctest.Wait()
		require.NoError(t, c.CloseNow())
		for range 3 {
			require.ErrorIs(t, <-results, stream.ErrClosed)
		}
		<-c.Done()
	})
}
