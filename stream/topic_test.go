package stream_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/wire"
)

func TestRouting(t *testing.T) {
	for name, make := range topics {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { route(t, make(newFakeConn())) })
		})
	}
}

func route(t *testing.T, topic *ticks) {
	ctx := t.Context()
	require.False(t, stream.Wanted(topic.Topic))
	open := func(keys ...string) *stream.Sub[string, tick] {
		sub, err := topic.Subscribe(ctx, keys, "")
		require.NoError(t, err)
		return sub
	}
	ab, all, b := open("A", "B"), open("A", "*"), open("B")
	require.True(t, stream.Wanted(topic.Topic))

	push(topic, "A", 1)
	push(topic, "B", 2)
	push(topic, "C", 3)
	topic.DeliverMatch(&tick{Symbol: "B", N: 4}, new(stream.Meta))
	topic.DeliverMatch(&tick{N: 5}, new(stream.Meta)) // an absent member agrees with all
	topic.DeliverAll(&tick{N: 6}, new(stream.Meta))
	topic.LostKey("A", stream.GapChecksum, 1)
	push(topic, "A", 7)
	require.NoError(t, b.Remove(ctx, "B"))
	require.NoError(t, ab.Add(ctx, "C", "A"))
	push(topic, "B", 8)
	push(topic, "C", 9)

	numbers := func(sub *stream.Sub[string, tick]) (ns []int) {
		events, err := drain(t, sub)
		require.NoError(t, err)
		for _, g := range events {
			ns = append(ns, g.n)
		}
		return ns
	}
	require.Equal(t, []int{1, 2, 4, 5, 6, 7, 8, 9}, numbers(ab))
	require.Equal(t, []int{1, 2, 3, 4, 5, 6, 7, 8, 9}, numbers(all), "each event once")
	require.Equal(t, []int{2, 4, 5, 6}, numbers(b))
	require.Equal(t, []string{"A", "B", "C"}, ab.Keys())
	require.NoError(t, ab.Close(ctx))
	require.NoError(t, all.Close(ctx))
	require.NoError(t, b.Close(ctx))
	require.Zero(t, stream.KnownItems(topic.Topic))
}

// pair is a key of two parts, as many feeds have them.
type pair struct {
	symbol string
	size   int
}

// Events find their key among many, whatever was found before.
func TestTopicsFindTheirKeys(t *testing.T) {
	t.Parallel()
	routing := stream.Routing[pair]{
		Name: "Bars", Feed: feedTicker,
		Item: func(k pair) string { return fmt.Sprintf(`{"symbol":%q,"size":%d}`, k.symbol, k.size) },
	}
	conn := newFakeConn()
	var topic stream.Topic[pair]
	topic.Init(conn, routing)
	var hot stream.HotTopic[pair]
	hot.Init(conn, routing, func(k pair) uint { return uint(k.size) / 2 })
	var within stream.HotTopic[pair]
	within.Init(conn, routing, func(k pair) uint { return 0 })
	var keys []pair
	for i := range 100 {
		keys = append(keys, pair{fmt.Sprint("S", i%10), i / 10})
	}
	tests := map[string]struct {
		topic   *stream.Topic[pair]
		deliver func(pair, any, *stream.Meta)
	}{
		"topic": {&topic, topic.Deliver}, "hot topic": {&hot.Topic, hot.Deliver}, "topic within a hot topic": {&within.Topic, within.Topic.Deliver},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := map[pair]int{}
			for _, k := range keys {
				_, err := stream.Direct(t.Context(), tc.topic, []pair{k}, "", func(*tick, stream.Meta) { got[k]++ }, nil)
				require.NoError(t, err)
			}
			for range 3 {
				for _, k := range keys {
					tc.deliver(k, &tick{}, new(stream.Meta))
				}
			}
			require.Len(t, got, len(keys))
			for k, n := range got {
				require.Equal(t, 3, n, k)
			}
			tc.deliver(pair{"S0", 10}, &tick{}, new(stream.Meta))
			require.Len(t, got, len(keys), "nobody asked for it")
		})
	}
}

func TestHandlesShareNoMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type book struct{ levels []int }
		topic := new(stream.Broadcast)
		topic.Init(newFakeConn(), stream.BroadcastConfig{Name: "book"})
		kind := stream.Kind[book]{Clone: func(src, dst *book, _ *wire.Copies) { dst.levels = append(dst.levels[:0:0], src.levels...) }}
		one, err := stream.Listen(t.Context(), topic, "", kind, nil)
		require.NoError(t, err)
		two, err := stream.Listen(t.Context(), topic, "", kind, nil)
		require.NoError(t, err)
		reused := &book{levels: []int{1, 2}}
		topic.Deliver(reused, new(stream.Meta))
		reused.levels[0] = 99
		topic.Deliver(reused, new(stream.Meta))
		a, err := one.Next(t.Context())
		require.NoError(t, err)
		a.Data.levels[1] = 77
		b, err := two.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, []int{1, 2}, b.Data.levels)
	})
}

func TestDirectHandle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := newFakeConn()
		topic := newTopic(conn)
		var seen []got
		sub, err := topic.Direct(t.Context(), []string{"A"}, "", func(v *tick, m stream.Meta) {
			g := got{n: v.N}
			if m.Gap() != nil {
				g.gap = *m.Gap()
			}
			seen = append(seen, g)
		})
		require.NoError(t, err)
		push(topic, "A", 1)
		conn.sinks[0].Lost(stream.GapReconnect, 0)
		topic.Lost(stream.GapDecode, 2)
		push(topic, "A", 2)
		push(topic, "A", 3)
		require.Equal(t, []got{{n: 1}, {n: 2, gap: stream.Gap{Reason: stream.GapReconnect | stream.GapDecode, Count: 2}}, {n: 3}}, seen)
		require.EqualValues(t, 3, sub.Stats().Events)
		require.Equal(t, time.Now().UnixNano(), sub.Stats().LastEvent.UnixNano())
		require.NoError(t, sub.Close(t.Context()))
		push(topic, "A", 4)
		require.Len(t, seen, 3)
	})
}

func TestSubscribeThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := newFakeConn()
		topic := newTopic(conn)
		conn.err = errors.New("down")
		sub, err := topic.Subscribe(t.Context(), []string{"A"}, "")
		require.ErrorIs(t, err, conn.err)
		require.Nil(t, sub)
		require.False(t, stream.Wanted(topic.Topic))

		refused := errors.New("no such symbol")
		conn.err = &stream.SubscribeError{Feed: "ticker", Items: map[string]error{`{"symbol":"B"}`: refused}}
		sub, err = topic.Subscribe(t.Context(), []string{"A", "B"}, "")
		require.ErrorIs(t, err, refused)
		require.Equal(t, []string{"A"}, sub.Keys(), "the good ones are live")
		require.NoError(t, sub.Close(t.Context()))
		require.ErrorIs(t, sub.Add(t.Context(), "C"), stream.ErrClosed)
	})
}

func TestTopicThatEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := newFakeConn()
		topic := newTopic(conn)
		cause := errors.New("over")
		sub, err := topic.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		conn.sinks[0].End(cause)
		require.ErrorIs(t, sub.Err(), cause)
		require.Equal(t, []string{"A"}, sub.Keys(), "until they are given back")
		_, err = topic.Subscribe(t.Context(), []string{"B"}, "")
		require.ErrorIs(t, err, stream.ErrClosed)
		require.ErrorIs(t, err, cause)
		push(topic, "A", 1)
		_, err = sub.Next(t.Context())
		require.ErrorIs(t, err, cause)
	})
}
