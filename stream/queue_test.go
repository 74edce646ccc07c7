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
type ticks struct{ stream.Topic[string] }

func (t *ticks) Subscribe(ctx context.Context, keys []string, params string, opts ...stream.Option) (*stream.Sub[string, tick], error) {
	return stream.Subscribe(ctx, &t.Topic, keys, params, stream.Kind[tick]{}, opts)
}

func (t *ticks) Direct(ctx context.Context, keys []string, params string, fn func(*tick, stream.Meta), opts ...stream.Option) (*stream.Sub[string, tick], error) {
	return stream.Direct(ctx, &t.Topic, keys, params, fn, opts)
}

func (t *ticks) push(symbol string, n int) {
	t.Deliver(symbol, &tick{Symbol: symbol, N: n}, &stream.Meta{Received: time.Now(), Seq: uint64(n)})
}

func newTopic(conn stream.Conn) *ticks {
	t := new(ticks)
	t.Init(conn, stream.Routing[string]{
		Name: "Ticker", Feed: feedTicker,
		Item: func(s string) string { return `{"symbol":"` + s + `"}` },
		All:  func(s *string) bool { return *s == "*" },
		Match: func(k *string, v any) bool {
			symbol := v.(*tick).Symbol
			return *k == symbol || symbol == ""
		},
	})
	return t
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

func TestSlowConsumer(t *testing.T) {
	slow := func(n uint64) stream.Gap { return stream.Gap{Reason: stream.GapSlowConsumer, Count: n} }
	tests := []struct {
		name  string
		opts  []stream.Option
		want  []got // of the events 1 to 6, symbols in turn A B C, then one more event 7 of A
		stats stream.SubStats
		err   error
	}{
		{
			name:  "drop oldest",
			opts:  []stream.Option{stream.WithQueue(4, stream.DropOldest)},
			want:  []got{{n: 3, gap: slow(2)}, {n: 4}, {n: 5}, {n: 6}, {n: 7}},
			stats: stream.SubStats{Events: 7, Dropped: 2, Gaps: 1},
		},
		{
			name:  "drop newest",
			opts:  []stream.Option{stream.WithQueue(4, stream.DropNewest)},
			want:  []got{{n: 1}, {n: 2}, {n: 3}, {n: 4}, {n: 7, gap: slow(2)}},
			stats: stream.SubStats{Events: 5, Dropped: 2, Gaps: 1},
		},
		{
			name:  "conflate by key",
			opts:  []stream.Option{stream.WithQueue(4, stream.Conflate)},
			want:  []got{{n: 4, conflated: 1}, {n: 5, conflated: 1}, {n: 6, conflated: 1}, {n: 7}},
			stats: stream.SubStats{Events: 7, Conflated: 3},
		},
		{
			name:  "conflate by value",
			opts:  []stream.Option{stream.WithConflate(func(v *tick) bool { return v.N%2 == 0 })},
			want:  []got{{n: 5, conflated: 2}, {n: 6, conflated: 2}, {n: 7}},
			stats: stream.SubStats{Events: 7, Conflated: 4},
		},
		{
			name:  "conflate with too many keys",
			opts:  []stream.Option{stream.WithQueue(2, stream.Conflate)},
			want:  []got{{n: 5, gap: slow(4)}, {n: 6}, {n: 7}},
			stats: stream.SubStats{Events: 7, Dropped: 4, Gaps: 1},
		},
		{
			name:  "fail",
			opts:  []stream.Option{stream.WithQueue(4, stream.Fail)},
			want:  []got{{n: 1}, {n: 2}, {n: 3}, {n: 4}},
			stats: stream.SubStats{Events: 4},
			err:   stream.ErrSlowConsumer,
		},
		{
			name:  "block, in vain",
			opts:  []stream.Option{stream.WithQueue(4, stream.Block), stream.WithBlock(time.Second)},
			want:  []got{{n: 1}, {n: 2}, {n: 3}, {n: 4}},
			stats: stream.SubStats{Events: 4},
			err:   stream.ErrSlowConsumer,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				conn := newFakeConn()
				topic := newTopic(conn)
				sub, err := topic.Subscribe(t.Context(), []string{"A", "B", "C"}, "", tt.opts...)
				require.NoError(t, err)
				other, err := topic.Subscribe(t.Context(), []string{"A", "B", "C"}, "")
				require.NoError(t, err)
				for n := 1; n <= 6; n++ {
					push(topic, string(rune('A'+(n-1)%3)), n)
				}
				all, err := drain(t, sub)
				if err == nil {
					push(topic, "A", 7)
					var more []got
					more, err = drain(t, sub)
					all = append(all, more...)
				}
				require.ErrorIs(t, err, tt.err)
				require.ErrorIs(t, sub.Err(), tt.err)
				require.Equal(t, tt.want, all)
				stats := sub.Stats()
				stats.Keys, stats.LastEvent = 0, time.Time{}
				require.Equal(t, tt.stats, stats)

				rest, err := drain(t, other)
				require.NoError(t, err)
				require.GreaterOrEqual(t, len(rest), 6, "another handle loses nothing")
				require.NoError(t, sub.Close(t.Context()))
				require.NoError(t, other.Close(t.Context()))
				synctest.Wait()
				require.Empty(t, conn.live, "a handle that failed gives its keys back")
			})
		})
	}
}

func TestBlockWaitsForRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		topic := newTopic(newFakeConn())
		sub, err := topic.Subscribe(t.Context(), []string{"A"}, "", stream.WithQueue(2, stream.Block), stream.WithBlock(time.Minute))
		require.NoError(t, err)
		go func() {
			time.Sleep(10 * time.Second)
			for n := 1; n <= 5; n++ {
				ev, err := sub.Next(t.Context())
				require.NoError(t, err)
				require.Equal(t, n, ev.Data.N)
				require.Nil(t, ev.Gap)
			}
		}()
		for n := 1; n <= 5; n++ {
			push(topic, "A", n)
		}
		synctest.Wait()
		require.NoError(t, sub.Err())
		require.Zero(t, sub.Stats().Queued)
	})
}

func TestGapOfALossThatIsDroppedItselfMovesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		topic := newTopic(newFakeConn())
		sub, err := topic.Subscribe(t.Context(), []string{"A"}, "", stream.WithQueue(2, stream.DropOldest))
		require.NoError(t, err)
		push(topic, "A", 1)
		topic.Lost(stream.GapSequence, 3)
		push(topic, "A", 2)
		push(topic, "A", 3)
		push(topic, "A", 4)
		all, err := drain(t, sub)
		require.NoError(t, err)
		require.Equal(t, []got{
			{n: 3, gap: stream.Gap{Reason: stream.GapSequence | stream.GapSlowConsumer, Count: 5}},
			{n: 4},
		}, all)
	})
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

func TestLeavingTheLoopKeepsTheSubscription(t *testing.T) {
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

func TestPanicsOfHandlers(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		var mu sync.Mutex
		var caught []any
		c := v.client(stream.LinkConfig{}, stream.WithRecoverHandlers(func(value any, stack []byte) {
			mu.Lock()
			defer mu.Unlock()
			require.Contains(t, string(stack), "queue_test.go")
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

func TestConflatedEventTakesTheGapAlong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		topic := newTopic(newFakeConn())
		sub, err := topic.Subscribe(t.Context(), []string{"A"}, "", stream.WithQueue(4, stream.Conflate))
		require.NoError(t, err)
		push(topic, "A", 1)
		topic.Lost(stream.GapSequence, 2)
		push(topic, "A", 2)
		push(topic, "A", 3)
		all, err := drain(t, sub)
		require.NoError(t, err)
		require.Equal(t, []got{{n: 3, conflated: 2, gap: stream.Gap{Reason: stream.GapSequence, Count: 2}}}, all)
	})
}
