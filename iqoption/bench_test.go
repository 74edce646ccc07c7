package iqoption

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	goccy "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/spectest"
)

// candleFrames makes 256 different frames of forming candles, in the form of captured ones, for 20 assets.
func candleFrames() [][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([][]byte, 256)
	for i := range out {
		price, from := float64(r.IntN(2e6))/1e5+0.5, 1770899100+60*r.Int64N(1e5)
		out[i] = fmt.Appendf(nil, `{"name":"candle-generated","microserviceName":"quotes","msg":{"active_id":%d,"size":60,"at":%d,"from":%d,"to":%d,`+
			`"min_at":%d,"max_at":%d,"id":%d,"open":%.6f,"close":%.6f,"min":%.6f,"max":%.6f,"ask":%.5f,"bid":%.5f,"volume":0,"phase":"T"}}`,
			r.IntN(20)+1, from*1e9+r.Int64N(6e10), from, from+60, from+r.Int64N(60), from+r.Int64N(60), r.IntN(1e6),
			price, price+0.00014, price-0.0001, price+0.0003, price+0.00001, price)
	}
	return out
}

// candleSum is what a handler does with a candle.
type candleSum struct{ n, size int64 }

// directCandles subscribes to all assets with a direct handler.
func directCandles(t testing.TB, sum *candleSum) *inbound {
	a := new(api)
	a.init(spectest.Conn{})
	var keys []CandlesKey
	for id := range 20 {
		keys = append(keys, CandlesKey{ActiveID: ActiveID(id + 1), Size: 60})
	}
	_, err := a.DirectCandles(t.Context(), keys, func(v *LiveCandle, _ stream.Meta) {
		sum.n++
		sum.size += int64(v.ActiveID) + v.ID
	})
	require.NoError(t, err)
	return a.inbound()
}

// plainCandle is LiveCandle for packages that decode by reflection: whole numbers and text have the same Go types;
// decimals are P, and times the numbers of the wire, since those packages have neither.
type plainCandle[P any] struct {
	ActiveID int64  `json:"active_id"`
	Size     int64  `json:"size"`
	At       int64  `json:"at"`
	From     int64  `json:"from"`
	To       int64  `json:"to"`
	MinAt    int64  `json:"min_at"`
	MaxAt    int64  `json:"max_at"`
	ID       int64  `json:"id"`
	Open     P      `json:"open"`
	Close    P      `json:"close"`
	Min      P      `json:"min"`
	Max      P      `json:"max"`
	Ask      P      `json:"ask"`
	Bid      P      `json:"bid"`
	Volume   P      `json:"volume"`
	Phase    string `json:"phase"`
}

// plainInbound decodes by a package and routes by a map, as the generated code does by its own.
type plainInbound[P any] struct {
	sum    candleSum
	frame  struct{ Msg plainCandle[P] }
	times  plainTimes
	wanted map[CandlesKey]bool
}

func newPlain[P any]() *plainInbound[P] {
	p := &plainInbound[P]{wanted: map[CandlesKey]bool{}}
	for id := range 20 {
		p.wanted[CandlesKey{ActiveID: ActiveID(id + 1), Size: 60}] = true
	}
	return p
}

// plainTimes are the times of a candle, made of its numbers: cheaper than a type with an UnmarshalJSON for each.
type plainTimes struct{ at, open, close, low, high time.Time }

func timesOf[P any](v *plainCandle[P]) plainTimes {
	return plainTimes{
		at: time.Unix(0, v.At).UTC(), open: time.Unix(v.From, 0).UTC(), close: time.Unix(v.To, 0).UTC(),
		low: time.Unix(v.MinAt, 0).UTC(), high: time.Unix(v.MaxAt, 0).UTC(),
	}
}

func (p *plainInbound[P]) deliver() {
	v := &p.frame.Msg
	p.times = timesOf(v)
	if p.wanted[CandlesKey{ActiveID: ActiveID(v.ActiveID), Size: CandleSize(v.Size)}] {
		p.sum.n++
		p.sum.size += v.ActiveID + v.ID
	}
}

var candleName = []byte(`{"name":"candle-generated",`)

// peek reads the name by bytes and decodes once, into a reused struct.
func (p *plainInbound[P]) peek(b []byte) error {
	if !bytes.HasPrefix(b, candleName) {
		return fmt.Errorf("another frame: %s", b)
	}
	p.frame.Msg = plainCandle[P]{}
	if err := goccy.Unmarshal(b, &p.frame); err != nil {
		return err
	}
	p.deliver()
	return nil
}

// twoPass decodes the envelope and then the message with encoding/json.
func (p *plainInbound[P]) twoPass(b []byte) error {
	var envelope struct {
		Name string          `json:"name"`
		Msg  json.RawMessage `json:"msg"`
	}
	if err := json.Unmarshal(b, &envelope); err != nil {
		return err
	}
	if envelope.Name != "candle-generated" {
		return fmt.Errorf("another frame: %s", b)
	}
	p.frame.Msg = plainCandle[P]{}
	if err := json.Unmarshal(envelope.Msg, &p.frame.Msg); err != nil {
		return err
	}
	p.deliver()
	return nil
}

func TestAllDecodersOfCandlesAgree(t *testing.T) {
	var own candleSum
	in, peek, number, std := directCandles(t, &own), newPlain[float64](), newPlain[json.Number](), newPlain[float64]()
	for _, f := range candleFrames() {
		in.Frame(f, stream.Meta{}, func(elem []byte, err error) { require.Failf(t, "rest", "%s: %v", elem, err) })
		require.NoError(t, peek.peek(f))
		require.NoError(t, number.peek(f))
		require.NoError(t, std.twoPass(f))
	}
	require.EqualValues(t, 256, own.n)
	require.Equal(t, own, peek.sum)
	require.Equal(t, own, number.sum)
	require.Equal(t, own, std.sum)
}

func TestDirectCandlesDoNotAllocate(t *testing.T) {
	var sum candleSum
	in, frames, n := directCandles(t, &sum), candleFrames(), 0
	rest := func([]byte, error) {}
	require.Zero(t, testing.AllocsPerRun(512, func() { in.Frame(frames[n%len(frames)], stream.Meta{}, rest); n++ }))
	require.NotZero(t, sum.n)
}

// BenchmarkCandles is decoding and dispatch of forming candles, one an operation.
func BenchmarkCandles(b *testing.B) {
	frames := candleFrames()
	run := func(name string, read func([]byte) error) { spectest.BenchmarkFrames(b, name, frames, read) }
	var sum candleSum
	var failed error
	in, rest := directCandles(b, &sum), func(_ []byte, err error) { failed = err }
	run("generated", func(f []byte) error { in.Frame(f, stream.Meta{}, rest); return failed })
	run("goccy-peek-float64", newPlain[float64]().peek)
	run("goccy-peek-number", newPlain[json.Number]().peek)
	run("std-two-pass", newPlain[float64]().twoPass)
}
