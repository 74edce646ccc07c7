package krakenv1

import (
	"testing"

	json "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken/book"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/spectest"
	"github.com/venuewire/venuewire/wire"
)

// TestReplaysReproduceEveryChecksum runs the captured sequences through the decoder and the book.
func TestReplaysReproduceEveryChecksum(t *testing.T) {
	books, sums := make(map[string]*book.L2), make(map[string]int)
	for _, r := range spectest.Recording(t) {
		s := sample{r}
		if s.Replay == "" {
			continue
		}
		e := s.bookEvent(t)
		m := e.describe()
		b := books[s.Replay]
		if b == nil {
			require.True(t, m.Snapshot, "%s begins with a snapshot", s.Replay)
			b = book.NewL2(int(m.Key.Depth))
			books[s.Replay] = b
		}
		applyBook(b, e)
		b.Truncate()
		if m.Summed {
			require.Equal(t, m.Sum, b.Checksum(), "%s, line %d", s.Replay, s.Line)
			sums[s.Replay]++
		}
	}
	require.Equal(t, map[string]int{
		"pks-v1-xbt-usd-book10": 30, "cf-grt-eth-book1000": 20, "gct-xdg-usd-book10": 14, "gct-gst-eur-book10": 1,
	}, sums)
}

// bookEvent decodes a sample as the client does.
func (s sample) bookEvent(t *testing.T) *BookEvent {
	var last struct{ channel, pair string }
	var elements []json.RawMessage
	require.NoError(t, json.Unmarshal(s.Frame, &elements))
	require.NoError(t, json.Unmarshal(elements[len(elements)-1], &last.pair))
	require.NoError(t, json.Unmarshal(elements[len(elements)-2], &last.channel))
	var depth Depth
	for _, d := range []Depth{DepthD10, DepthD25, DepthD100, DepthD500, DepthD1000} {
		if last.channel == "book-"+string(wire.AppendInt64(nil, int64(d))) {
			depth = d
		}
	}
	a := new(publicMethods)
	a.init(spectest.Conn{})
	var got *BookEvent
	_, err := a.DirectBook(t.Context(), []BookKey{{Pair(last.pair), depth}}, func(e *BookEvent, _ stream.Meta) {
		copied := *e
		got = &copied
	})
	require.NoError(t, err)
	a.inbound().Frame(s.Frame, stream.Meta{}, func(_ []byte, err error) { require.NoError(t, err) })
	require.NotNil(t, got, "not routed")
	return got
}

// TestTradesDecodeWithoutAllocation: what comes all the time costs no memory once strings are known.
func TestTradesDecodeWithoutAllocation(t *testing.T) {
	a := new(publicMethods)
	a.init(spectest.Conn{})
	seen := 0
	_, err := a.DirectTrades(t.Context(), []Pair{"XMR/USD"}, func(e *Trades, _ stream.Meta) { seen += len(e.Value) })
	require.NoError(t, err)
	in, rest := a.inbound(), func([]byte, error) { seen = -1 << 20 }
	frame := []byte(`[993,[["354.04000000","0.28245396","1618678150.826417","s","m",""],["353.81000000","1.71754604","1618678150.827816","s","m",""]],"trade","XMR/USD"]`)
	require.Zero(t, testing.AllocsPerRun(200, func() { in.Frame(frame, stream.Meta{}, rest) }))
	require.Positive(t, seen)
}
