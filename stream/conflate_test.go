package stream_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

// A queue that conflates events of which each holds only what changed loses no member.
func TestConflationAddsUpPartialEvents(t *testing.T) {
	type change map[string]int
	var topic stream.Topic[string]
	topic.Init(newFakeConn(), stream.Routing[string]{
		Name: "quotes", Feed: &protocol.Feed{Name: "quotes"},
		Item: func(k string) string { return `{"symbol":"` + k + `"}` },
	})
	kind := stream.Kind[change]{
		Clone: func(src, dst *change) {
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
