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

// fakeConn is a Conn that confirms everything, so that topics can be tested alone.
type fakeConn struct {
	mu    sync.Mutex
	err   error
	hold  chan struct{} // subscribes wait for it
	live  map[string]int
	sinks []stream.Sink
}

func newFakeConn() *fakeConn { return &fakeConn{live: map[string]int{}} }

func (c *fakeConn) Call(context.Context, *protocol.RPC, []byte) (stream.Reply, error) {
	return stream.Reply{}, nil
}

func (c *fakeConn) Subscribe(ctx context.Context, f *protocol.Feed, items []stream.Item) error {
	if c.hold != nil {
		select {
		case <-c.hold:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return c.err
	}
	for _, it := range items {
		c.live[it.Key]++
	}
	return nil
}

func (c *fakeConn) Unsubscribe(_ context.Context, _ *protocol.Feed, items []stream.Item) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, it := range items {
		if c.live[it.Key]--; c.live[it.Key] == 0 {
			delete(c.live, it.Key)
		}
	}
	return nil
}

func (c *fakeConn) Register(s stream.Sink) { c.sinks = append(c.sinks, s) }

// ticks is a topic of ticks with the methods that generated code puts round it.
type ticks struct {
	*stream.Topic[string]
	Deliver func(symbol string, v any, m *stream.Meta)
}

func (t *ticks) Subscribe(ctx context.Context, keys []string, params string, opts ...stream.Option) (*stream.Sub[string, tick], error) {
	return stream.Subscribe(ctx, t.Topic, keys, params, stream.Kind[tick]{}, opts)
}

func (t *ticks) Direct(ctx context.Context, keys []string, params string, fn func(*tick, stream.Meta), opts ...stream.Option) (*stream.Sub[string, tick], error) {
	return stream.Direct(ctx, t.Topic, keys, params, fn, opts)
}

func (t *ticks) push(symbol string, n int) {
	t.Deliver(symbol, &tick{Symbol: symbol, N: n}, &stream.Meta{Received: time.Now(), Seq: uint64(n)})
}

func newTopic(conn stream.Conn) *ticks {
	return topicOf(conn, tickRouting)
}

func topicOf(conn stream.Conn, r stream.Routing[string]) *ticks {
	topic := new(stream.Topic[string])
	topic.Init(conn, r)
	return &ticks{topic, topic.Deliver}
}

// newHotTopic is newTopic of a busy feed. Its hash tells no key from another.
func newHotTopic(conn stream.Conn) *ticks {
	topic := new(stream.HotTopic[string])
	topic.Init(conn, tickRouting, func(string) uint { return 1 })
	return &ticks{&topic.Topic, topic.Deliver}
}

// topics makes a topic of each kind.
var topics = map[string]func(stream.Conn) *ticks{"topic": newTopic, "hot topic": newHotTopic}

var tickRouting = stream.Routing[string]{
	Name: "Ticker", Feed: feedTicker,
	Item: func(s string) string { return `{"symbol":"` + s + `"}` },
	All:  func(s *string) bool { return *s == "*" },
	Match: func(k *string, v any) bool {
		symbol := v.(*tick).Symbol
		return *k == symbol || symbol == ""
	},
}

func push(t *ticks, symbol string, n int) { t.push(symbol, n) }

// got is what a consumer sees of an event.
type got struct {
	n         int
	gap       stream.Gap
	conflated uint64
}

func drain(t *testing.T, sub *stream.Sub[string, tick]) (out []got, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	for {
		ev, err := sub.Next(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		g := got{n: ev.Data.N, conflated: ev.Conflated}
		if ev.Gap != nil {
			g.gap = *ev.Gap
		}
		out = append(out, g)
	}
}

func TestCloseEndsAnAddThatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := newFakeConn()
		topic := newTopic(conn)
		sub, err := topic.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		conn.hold = make(chan struct{})
		added := make(chan error, 1)
		go func() { added <- sub.Add(t.Context(), "B") }()
		synctest.Wait()
		require.NoError(t, sub.Close(t.Context()))
		require.ErrorIs(t, <-added, stream.ErrClosed)
		require.Empty(t, conn.live)
	})
}

func TestRawBytesOnRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		topic := newTopic(newFakeConn())
		with, err := topic.Subscribe(t.Context(), []string{"A"}, "", stream.WithRaw())
		require.NoError(t, err)
		without, err := topic.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		frame := []byte(`{"n":1}`)
		var m stream.Meta
		stream.SetElement(&m, frame)
		topic.Deliver("A", &tick{}, &m)
		frame[0] = 'X'
		ev, err := with.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, `{"n":1}`, string(ev.Raw))
		ev, err = without.Next(t.Context())
		require.NoError(t, err)
		require.Nil(t, ev.Raw)
	})
}

func TestClientDefaultsOfQueues(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{}, stream.WithQueue(1, stream.DropNewest))
		plain, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		own, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "", stream.WithQueue(8, stream.DropOldest))
		require.NoError(t, err)
		for n := range 3 {
			v.peer().tick("A", n)
		}
		synctest.Wait()
		require.EqualValues(t, 2, plain.Stats().Dropped)
		require.EqualValues(t, 3, own.Stats().Queued)
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestCloseDoesNotWaitForABlockedReader(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{}, stream.WithQueue(1, stream.Block), stream.WithBlock(time.Hour))
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		for n := range 2 { // the second one holds the reader up
			v.peer().tick("A", n)
		}
		synctest.Wait()
		start := time.Now()
		require.NoError(t, c.Close(t.Context()))
		require.LessOrEqual(t, time.Since(start), 2*time.Second)
		<-c.Done()
		_, err = sub.Next(t.Context())
		require.NoError(t, err)
		_, err = sub.Next(t.Context())
		require.ErrorIs(t, err, stream.ErrClosed)
	})
}
