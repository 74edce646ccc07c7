package stream_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/wire"
)

// A loss is a wall to conflation: an event from behind it takes no place before the event that tells of it.
func TestConflationStopsAtAGap(t *testing.T) {
	kinds := map[string]stream.Option{
		"by key":   stream.WithQueue(8, stream.Conflate),
		"by value": stream.WithConflate(func(v *tick) string { return v.Symbol }),
	}
	for name, option := range kinds {
		t.Run(name, func(t *testing.T) {
			var topic stream.Topic[string]
			topic.Init(newFakeConn(), stream.Routing[string]{
				Name: "ticker", Feed: &protocol.Feed{Name: "ticker"},
				Item: func(k string) string { return `{"symbol":"` + k + `"}` },
			})
			sub, err := stream.Subscribe(t.Context(), &topic, []string{"A", "B"}, "", stream.Kind[tick]{}, []stream.Option{option})
			require.NoError(t, err)
			n := 0
			push := func(symbol string) {
				n++
				topic.Deliver(symbol, &tick{"ticker", symbol, n}, &stream.Meta{Seq: uint64(n)})
			}
			for _, symbol := range []string{"A", "B", "B"} {
				push(symbol)
			}
			topic.Lost(stream.GapSequence, 0)
			for _, symbol := range []string{"B", "A", "B", "A"} { // the head of the queue is A
				push(symbol)
			}
			next := func(n int, conflated uint64, gap *stream.Gap) {
				ev, err := sub.Next(t.Context())
				require.NoError(t, err)
				require.Equal(t, n, ev.Data.N)
				require.Equal(t, conflated, ev.Conflated)
				require.Equal(t, gap, ev.Gap)
			}
			next(1, 0, nil)
			next(3, 1, nil)
			push("B") // what was taken before the gap is not what is queued behind it
			next(8, 2, &stream.Gap{Reason: stream.GapSequence})
			next(7, 1, nil)
			push("B")
			next(9, 0, nil)
			require.Zero(t, sub.Stats().Dropped)
		})
	}
}

// A queue that conflates events of which each holds only what changed loses no member.
func TestConflationAddsUpPartialEvents(t *testing.T) {
	type change map[string]int
	var topic stream.Topic[string]
	topic.Init(newFakeConn(), stream.Routing[string]{
		Name: "quotes", Feed: &protocol.Feed{Name: "quotes"},
		Item: func(k string) string { return `{"symbol":"` + k + `"}` },
	})
	kind := stream.Kind[change]{
		Clone: func(src, dst *change, _ *wire.Copies) {
			*dst = change{}
			for k, v := range *src {
				(*dst)[k] = v
			}
		},
		Merge: func(dst, newer *change) {
			for k, v := range *newer {
				(*dst)[k] = v
			}
		},
	}
	opts := []stream.Option{stream.WithQueue(4, stream.Conflate), stream.WithRaw()}
	sub, err := stream.Subscribe(t.Context(), &topic, []string{"A", "B"}, "", kind, opts)
	require.NoError(t, err)
	scratch := change{} // borrowed and reused, as a decoder's event is
	push := func(key, member string, value int) {
		clear(scratch)
		scratch[member] = value
		m := stream.Meta{Seq: uint64(value)}
		stream.SetElement(&m, []byte(member))
		topic.Deliver(key, &scratch, &m)
	}
	push("A", "bid", 1)
	push("A", "ask", 2)
	push("B", "bid", 3)
	push("A", "bid", 4)

	ev, err := sub.Next(t.Context())
	require.NoError(t, err)
	require.Equal(t, change{"bid": 4, "ask": 2}, ev.Data)
	require.EqualValues(t, 2, ev.Conflated)
	require.EqualValues(t, 4, ev.Seq, "it says when its newest part came")
	require.Equal(t, "bid", string(ev.Raw))
	ev, err = sub.Next(t.Context())
	require.NoError(t, err)
	require.Equal(t, change{"bid": 3}, ev.Data)
	push("A", "bid", 5)
	ev, err = sub.Next(t.Context())
	require.NoError(t, err)
	require.Equal(t, change{"bid": 5}, ev.Data, "what was taken is not added to")
}
