package krakenv1

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

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
type tradeSum struct {
	tradeCount
	last []Trade // of the last frame
}

type tradeCount struct{ trades, buys int }

func directTrades(t testing.TB, sum *tradeSum) stream.Inbound {
	a := new(publicMethods)
	a.init(spectest.Conn{})
	_, err := a.DirectTrades(t.Context(), benchPairs, func(v *Trades, _ stream.Meta) {
		sum.last = v.Value
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
// reused memory; numbers stay text, which is copied.
type plainTrades struct {
	sum    tradeSum
	wanted map[Pair]bool
	rows   [][6]string
	opts   []goccy.DecodeOptionFunc
}

func (p *plainTrades) peek(b []byte) error {
	wanted, err := p.decode(b)
	if err != nil || !wanted {
		return err
	}
	for i := range p.rows {
		p.sum.trades++
		if p.rows[i][3] == "b" {
			p.sum.buys++
		}
	}
	return nil
}

func (p *plainTrades) decode(b []byte) (wanted bool, err error) {
	end := bytes.LastIndex(b, []byte(`,"trade","`))
	start := bytes.IndexByte(b, ',')
	if end < 0 || start < 0 {
		return false, fmt.Errorf("another frame: %s", b)
	}
	p.rows = p.rows[:0]
	if err := goccy.UnmarshalWithOption(b[start+1:end], &p.rows, p.opts...); err != nil {
		return false, err
	}
	return p.wanted[Pair(b[end+len(`,"trade","`):len(b)-2])], nil
}

// plainTrade is Trade with floating-point numbers in place of decimals.
type plainTrade struct {
	price, volume          float64
	time                   time.Time
	side, orderType, extra string
}

// plainValues is plainTrades that reads the numbers: the text of the rows is borrowed, since nothing but letters of it
// is kept, and the time comes from its two halves, since a float64 has no room for nanoseconds.
type plainValues struct {
	plainTrades
	trades []plainTrade
}

func (p *plainValues) peek(b []byte) error {
	wanted, err := p.decode(b)
	if err != nil || !wanted {
		return err
	}
	p.trades = p.trades[:0]
	for i := range p.rows {
		v, err := readPlainTrade(&p.rows[i])
		if err != nil {
			return err
		}
		p.trades = append(p.trades, v)
	}
	for i := range p.trades {
		p.sum.trades++
		if p.trades[i].side == "b" {
			p.sum.buys++
		}
	}
	return nil
}

func readPlainTrade(row *[6]string) (v plainTrade, err error) {
	if v.price, err = strconv.ParseFloat(row[0], 64); err != nil {
		return v, err
	}
	if v.volume, err = strconv.ParseFloat(row[1], 64); err != nil {
		return v, err
	}
	whole, micros, _ := strings.Cut(row[2], ".")
	sec, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return v, err
	}
	us, err := strconv.ParseInt(micros, 10, 64)
	if err != nil {
		return v, err
	}
	v.time = time.Unix(sec, us*1000).UTC()
	v.side, v.orderType, v.extra = row[3], row[4], row[5]
	return v, nil
}

func newPlainTrades() *plainTrades {
	p := &plainTrades{wanted: map[Pair]bool{}}
	for _, s := range benchPairs {
		p.wanted[s] = true
	}
	return p
}

func newPlainValues() *plainValues {
	p := &plainValues{plainTrades: *newPlainTrades()}
	p.opts = []goccy.DecodeOptionFunc{goccy.DecodeNoCopyString()}
	return p
}

func TestDecodersOfTradesAgree(t *testing.T) {
	var own tradeSum
	in, peek, values := directTrades(t, &own), newPlainTrades(), newPlainValues()
	frames, n := tradeFrames(), 0
	rest := func(elem []byte, err error) { require.Failf(t, "rest", "%s: %v", elem, err) }
	for _, f := range frames {
		in.Frame(f, stream.Meta{}, rest)
		require.NoError(t, peek.peek(f))
		require.NoError(t, values.peek(f))
		for i, v := range values.trades {
			require.Equal(t, own.last[i].Time, v.time)
			require.Equal(t, own.last[i].Price.Float64(), v.price)
			require.Equal(t, own.last[i].Volume.Float64(), v.volume)
		}
	}
	require.Equal(t, own.tradeCount, peek.sum.tradeCount)
	require.Equal(t, own.tradeCount, values.sum.tradeCount)
	require.Zero(t, testing.AllocsPerRun(1000, func() { in.Frame(frames[n%len(frames)], stream.Meta{}, rest); n++ }))
}

// BenchmarkTrades is decoding and dispatch of frames of trades, one an operation.
func BenchmarkTrades(b *testing.B) {
	frames := tradeFrames()
	run := func(name string, read func([]byte) error) { spectest.BenchmarkFrames(b, name, frames, read) }
	var sum tradeSum
	var failed error
	in, rest := directTrades(b, &sum), func(_ []byte, err error) { failed = err }
	run("generated", func(f []byte) error { in.Frame(f, stream.Meta{}, rest); return failed })
	run("goccy-peek-text", newPlainTrades().peek)
	run("goccy-peek-float64", newPlainValues().peek)
}
