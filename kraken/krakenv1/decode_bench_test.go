package krakenv1

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	goccy "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/spectest"
)

var benchPairs = []Pair{"XBT/USD", "ETH/USD", "SOL/USD", "XRP/USD", "ADA/USD", "DOT/USD", "LTC/USD", "XMR/USD", "ALGO/USD", "MATIC/USD"}

// tradeFrames makes 256 different frames of one to three trades, in the form of captured ones.
func tradeFrames() [][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([][]byte, 256)
	for i := range out {
		f := fmt.Appendf(nil, `[%d,[`, r.IntN(3000))
		for n := range r.IntN(3) + 1 {
			if n > 0 {
				f = append(f, ',')
			}
			f = fmt.Appendf(f, `["%.5f","%.8f","%d.%06d","%c","%c",""]`,
				float64(r.IntN(1e9))/1e4, float64(r.IntN(1e9))/1e8, 1618678150+r.IntN(1e6), r.IntN(1e6), "bs"[r.IntN(2)], "ml"[r.IntN(2)])
		}
		out[i] = fmt.Appendf(f, `],"trade",%q]`, benchPairs[r.IntN(len(benchPairs))])
	}
	return out
}

// tradeSum is what a handler does with trades.
type tradeSum struct{ trades, buys int }

func directTrades(t testing.TB, sum *tradeSum) stream.Inbound {
	a := new(publicMethods)
	a.init(spectest.Conn{})
	_, err := a.DirectTrades(t.Context(), benchPairs, func(v *Trades, _ stream.Meta) {
		for i := range v.Value {
			sum.trades++
			if v.Value[i].Side == TradeSideBuy {
				sum.buys++
			}
		}
	})
	require.NoError(t, err)
	return a.inbound()
}

// plainTrades finds channel and pair at the end of the frame by bytes and decodes the trades between by goccy, into
// reused memory; numbers stay text.
type plainTrades struct {
	sum    tradeSum
	wanted map[Pair]bool
	rows   [][]string
}

func (p *plainTrades) peek(b []byte) error {
	end := bytes.LastIndex(b, []byte(`,"trade","`))
	start := bytes.IndexByte(b, ',')
	if end < 0 || start < 0 {
		return fmt.Errorf("another frame: %s", b)
	}
	p.rows = p.rows[:0]
	if err := goccy.Unmarshal(b[start+1:end], &p.rows); err != nil {
		return err
	}
	if !p.wanted[Pair(b[end+len(`,"trade","`):len(b)-2])] {
		return nil
	}
	for _, row := range p.rows {
		p.sum.trades++
		if row[3] == "b" {
			p.sum.buys++
		}
	}
	return nil
}

func newPlainTrades() *plainTrades {
	p := &plainTrades{wanted: map[Pair]bool{}}
	for _, s := range benchPairs {
		p.wanted[s] = true
	}
	return p
}

func TestDecodersOfTradesAgree(t *testing.T) {
	var own tradeSum
	in, peek := directTrades(t, &own), newPlainTrades()
	frames, n := tradeFrames(), 0
	rest := func(elem []byte, err error) { require.Failf(t, "rest", "%s: %v", elem, err) }
	for _, f := range frames {
		in.Frame(f, stream.Meta{}, rest)
		require.NoError(t, peek.peek(f))
	}
	require.Equal(t, own, peek.sum)
	require.Zero(t, testing.AllocsPerRun(1000, func() { in.Frame(frames[n%len(frames)], stream.Meta{}, rest); n++ }))
}

// BenchmarkTrades is decoding and dispatch of frames of trades, one an operation.
func BenchmarkTrades(b *testing.B) {
	frames := tradeFrames()
	run := func(name string, frame func([]byte) error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				if err := frame(frames[n%len(frames)]); err != nil {
					b.Fatal(err)
				}
				n++
			}
		})
	}
	var sum tradeSum
	var failed error
	in, rest := directTrades(b, &sum), func(_ []byte, err error) { failed = err }
	run("generated", func(f []byte) error { in.Frame(f, stream.Meta{}, rest); return failed })
	run("goccy-peek-text", newPlainTrades().peek)
}
