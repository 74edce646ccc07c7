package kraken

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	goccy "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/spectest"
)

var benchPairs = []Symbol{"BTC/USD", "ETH/USD", "SOL/USD", "XRP/USD", "ADA/USD", "DOT/USD", "LTC/USD", "XMR/USD", "ALGO/USD", "MATIC/USD"}

// bookFrames makes 256 different updates with up to three levels a side, in the form of captured ones.
func bookFrames() [][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	levels := func() string {
		var out []byte
		for n := range r.IntN(4) {
			if n > 0 {
				out = append(out, ',')
			}
			out = fmt.Appendf(out, `{"price":%.1f,"qty":%.8f}`, 60000+float64(r.IntN(9e5))/10, float64(r.IntN(1e9))/1e8)
		}
		return string(out)
	}
	out := make([][]byte, 256)
	for i := range out {
		out[i] = fmt.Appendf(nil, `{"channel":"book","type":"update","data":[{"symbol":%q,"bids":[%s],"asks":[%s],"checksum":%d,"timestamp":"2024-05-19T16:45:24.%06dZ"}]}`,
			benchPairs[r.IntN(len(benchPairs))], levels(), levels(), r.Uint32(), r.IntN(1e6))
	}
	return out
}

// bookSum is what a handler does with an update.
type bookSum struct{ updates, levels, checksum int }

func directBooks(t testing.TB, sum *bookSum) stream.Inbound {
	a := new(publicMethods)
	a.init(spectest.Conn{})
	_, err := a.DirectBook(t.Context(), benchPairs, BookParams{}, func(v *BookUpdate, _ stream.Meta) {
		sum.updates++
		for i := range v.Data {
			sum.levels += len(v.Data[i].Bids) + len(v.Data[i].Asks)
			sum.checksum += int(v.Data[i].Checksum)
		}
	})
	require.NoError(t, err)
	return a.inbound()
}

// plainBooks decodes by goccy once it has read the channel by bytes, into a reused struct with prices of type P.
// The time is read by time.Time itself.
type plainBooks[P any] struct {
	sum    bookSum
	wanted map[Symbol]bool
	frame  struct {
		Type string `json:"type"`
		Data []struct {
			Symbol    Symbol          `json:"symbol"`
			Bids      []plainLevel[P] `json:"bids"`
			Asks      []plainLevel[P] `json:"asks"`
			Checksum  uint32          `json:"checksum"`
			Timestamp time.Time       `json:"timestamp"`
		} `json:"data"`
	}
}

type plainLevel[P any] struct {
	Price P `json:"price"`
	Qty   P `json:"qty"`
}

var bookChannel = []byte(`{"channel":"book",`)

func (p *plainBooks[P]) peek(b []byte) error {
	if !bytes.HasPrefix(b, bookChannel) {
		return fmt.Errorf("another frame: %s", b)
	}
	p.frame.Data = p.frame.Data[:0]
	if err := goccy.Unmarshal(b, &p.frame); err != nil {
		return err
	}
	for i := range p.frame.Data {
		if d := &p.frame.Data[i]; p.wanted[d.Symbol] {
			p.sum.updates++
			p.sum.levels += len(d.Bids) + len(d.Asks)
			p.sum.checksum += int(d.Checksum)
		}
	}
	return nil
}

func newPlainBooks[P any]() *plainBooks[P] {
	p := &plainBooks[P]{wanted: map[Symbol]bool{}}
	for _, s := range benchPairs {
		p.wanted[s] = true
	}
	return p
}

func TestDecodersOfBooksAgree(t *testing.T) {
	var own bookSum
	in, peek := directBooks(t, &own), newPlainBooks[float64]()
	frames, n := bookFrames(), 0
	rest := func(elem []byte, err error) { require.Failf(t, "rest", "%s: %v", elem, err) }
	for _, f := range frames {
		in.Frame(f, stream.Meta{}, rest)
		require.NoError(t, peek.peek(f))
	}
	require.Equal(t, own, peek.sum)
	require.Zero(t, testing.AllocsPerRun(1000, func() { in.Frame(frames[n%len(frames)], stream.Meta{}, rest); n++ }))
}

// BenchmarkBookUpdate is decoding and dispatch of book updates, one an operation.
func BenchmarkBookUpdate(b *testing.B) {
	frames := bookFrames()
	run := func(name string, read func([]byte) error) { spectest.BenchmarkFrames(b, name, frames, read) }
	var sum bookSum
	var failed error
	in, rest := directBooks(b, &sum), func(_ []byte, err error) { failed = err }
	run("generated", func(f []byte) error { in.Frame(f, stream.Meta{}, rest); return failed })
	run("goccy-peek-float64", newPlainBooks[float64]().peek)
	run("goccy-peek-number", newPlainBooks[goccy.Number]().peek)
}
