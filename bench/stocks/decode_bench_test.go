package stocks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	goccy "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/spectest"
	"github.com/venuewire/venuewire/wire"
)

const (
	frameCount   = 256 // different frames, so that no branch predictor learns them
	frameEvents  = 10
	symbolsCount = 500
)

// frames makes frames of ten events: 3 in 10 trades, 6 quotes and 1 bar, of 500 symbols.
func frames() [][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([][]byte, frameCount)
	for i := range out {
		events := make([]string, frameEvents)
		for k := range events {
			events[k] = event(r)
		}
		out[i] = []byte("[" + strings.Join(events, ",") + "]")
	}
	return out
}

func event(r *rand.Rand) string {
	price, at := float64(r.IntN(50000000))/10000, 1767311940000+r.Int64N(1e9)
	switch n := r.IntN(10); {
	case n < 3:
		return fmt.Sprintf(`{"ev":"T","sym":%q,"x":%d,"i":"%d","z":3,"p":%g,"s":%d,"c":[%d,%d],"t":%d,"q":%d}`,
			symbol(r), r.IntN(20), r.IntN(1e6), price, r.IntN(1000), r.IntN(50), r.IntN(50), at, r.IntN(1e8))
	case n < 9:
		return fmt.Sprintf(`{"ev":"Q","sym":%q,"bx":%d,"bp":%g,"bs":%d,"ax":%d,"ap":%g,"as":%d,"c":%d,"i":[%d],"t":%d,"q":%d,"z":3}`,
			symbol(r), r.IntN(20), price, r.IntN(1000), r.IntN(20), float64(int(price*100)+1)/100, r.IntN(1000), r.IntN(5), r.IntN(700), at, r.IntN(1e8))
	}
	return fmt.Sprintf(`{"ev":"AM","sym":%q,"v":%d,"av":%d,"op":%g,"vw":%g,"o":%g,"c":%g,"h":%g,"l":%g,"a":%g,"z":%d,"s":%d,"e":%d}`,
		symbol(r), r.IntN(1e5), r.IntN(1e7), price, price, price, price+1, price+2, price-1, price, r.IntN(900), at, at+60000)
}

func symbol(r *rand.Rand) Symbol { return symbolOf(r.IntN(symbolsCount)) }

func symbolOf(n int) Symbol { return Symbol(fmt.Sprintf("SY%c%c", 'A'+n/26, 'A'+n%26)) }

func symbols() []Symbol {
	out := make([]Symbol, symbolsCount)
	for i := range out {
		out[i] = symbolOf(i)
	}
	return out
}

// sum is what a handler does with an event: it looks at numbers and text, so that nothing is optimized away.
type sum struct {
	f float64
	n int64
}

func (s *sum) trade(v *Trade) { s.f += v.Price + v.Size; s.n += v.Time + int64(len(v.Symbol)) }
func (s *sum) quote(v *Quote) { s.f += v.Bid + v.Ask; s.n += v.Time + int64(len(v.Symbol)) }
func (s *sum) bar(v *Bar)     { s.f += v.Open + v.Close; s.n += v.Start + int64(len(v.Symbol)) }

// direct subscribes to all symbols with direct handlers.
func direct(t testing.TB, s *sum) stream.Inbound {
	a := new(api)
	a.init(spectest.Conn{})
	_, err := a.DirectTrades(context.Background(), symbols(), func(v *Trade, _ stream.Meta) { s.trade(v) })
	require.NoError(t, err)
	_, err = a.DirectQuotes(context.Background(), symbols(), func(v *Quote, _ stream.Meta) { s.quote(v) })
	require.NoError(t, err)
	_, err = a.DirectBars(context.Background(), symbols(), func(v *Bar, _ stream.Meta) { s.bar(v) })
	require.NoError(t, err)
	return a.inbound()
}

// goccyPeek splits a frame and reads the kind of its elements by bytes, then decodes each once into a reused struct.
func (h *handlers) goccyPeek(frame []byte) error {
	i, more := wire.EnterArray(frame, 0)
	for more {
		next := wire.Skip(frame, i)
		if next < 0 {
			return fmt.Errorf("element: %s", wire.CodeText(next))
		}
		if err := h.goccyElement(frame[i:next]); err != nil {
			return err
		}
		i, more = wire.NextElement(frame, next)
	}
	return nil
}

var (
	tradeKind = []byte(`{"ev":"T"`)
	quoteKind = []byte(`{"ev":"Q"`)
	barKind   = []byte(`{"ev":"AM"`)
)

func (h *handlers) goccyElement(elem []byte) error {
	switch {
	case bytes.HasPrefix(elem, tradeKind):
		h.plainTrade = plainTrade{Conditions: h.plainTrade.Conditions[:0]}
		if err := goccy.Unmarshal(elem, &h.plainTrade); err != nil {
			return err
		}
		h.onTrade()
	case bytes.HasPrefix(elem, quoteKind):
		h.plainQuote = plainQuote{Indicators: h.plainQuote.Indicators[:0]}
		if err := goccy.Unmarshal(elem, &h.plainQuote); err != nil {
			return err
		}
		h.onQuote()
	case bytes.HasPrefix(elem, barKind):
		h.plainBar = plainBar{}
		if err := goccy.Unmarshal(elem, &h.plainBar); err != nil {
			return err
		}
		h.onBar()
	}
	return nil
}

// stdTwoPass is what most clients do: split, look at the kind, decode again.
func (h *handlers) stdTwoPass(frame []byte) error {
	var elems []json.RawMessage
	if err := json.Unmarshal(frame, &elems); err != nil {
		return err
	}
	for _, elem := range elems {
		var kind struct {
			Ev string `json:"ev"`
		}
		err := json.Unmarshal(elem, &kind)
		if err != nil {
			return err
		}
		switch kind.Ev {
		case "T":
			h.plainTrade = plainTrade{}
			err = json.Unmarshal(elem, &h.plainTrade)
			h.onTrade()
		case "Q":
			h.plainQuote = plainQuote{}
			err = json.Unmarshal(elem, &h.plainQuote)
			h.onQuote()
		case "AM":
			h.plainBar = plainBar{}
			err = json.Unmarshal(elem, &h.plainBar)
			h.onBar()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// The generated types without their methods, of the same Go types member by member, so that the JSON packages decode
// them by themselves. An optional list is a plain one.
type (
	plainTrade struct {
		Symbol     Symbol  `json:"sym"`
		Exchange   int64   `json:"x"`
		ID         TradeID `json:"i"`
		Tape       int64   `json:"z"`
		Price      float64 `json:"p"`
		Size       float64 `json:"s"`
		Conditions []int64 `json:"c"`
		Time       int64   `json:"t"`
		Sequence   int64   `json:"q"`
	}
	plainQuote struct {
		Symbol      Symbol  `json:"sym"`
		BidExchange int64   `json:"bx"`
		Bid         float64 `json:"bp"`
		BidSize     float64 `json:"bs"`
		AskExchange int64   `json:"ax"`
		Ask         float64 `json:"ap"`
		AskSize     float64 `json:"as"`
		Condition   int64   `json:"c"`
		Indicators  []int64 `json:"i"`
		Time        int64   `json:"t"`
		Sequence    int64   `json:"q"`
		Tape        int64   `json:"z"`
	}
	plainBar struct {
		Symbol           Symbol  `json:"sym"`
		Volume           float64 `json:"v"`
		DayVolume        float64 `json:"av"`
		OfficialOpen     float64 `json:"op"`
		VWAP             float64 `json:"vw"`
		Open             float64 `json:"o"`
		Close            float64 `json:"c"`
		High             float64 `json:"h"`
		Low              float64 `json:"l"`
		DayVWAP          float64 `json:"a"`
		AverageTradeSize float64 `json:"z"`
		Start            int64   `json:"s"`
		End              int64   `json:"e"`
	}
)

// handlers routes by symbol as the generated code does: a map of handlers by kind.
type handlers struct {
	sum
	plainTrade plainTrade
	plainQuote plainQuote
	plainBar   plainBar
	wanted     map[Symbol]bool
}

func newHandlers() *handlers {
	h := &handlers{wanted: map[Symbol]bool{}}
	for _, s := range symbols() {
		h.wanted[s] = true
	}
	return h
}

func (h *handlers) onTrade() {
	if v := &h.plainTrade; h.wanted[v.Symbol] {
		h.f += v.Price + v.Size
		h.n += v.Time + int64(len(v.Symbol))
	}
}

func (h *handlers) onQuote() {
	if v := &h.plainQuote; h.wanted[v.Symbol] {
		h.f += v.Bid + v.Ask
		h.n += v.Time + int64(len(v.Symbol))
	}
}

func (h *handlers) onBar() {
	if v := &h.plainBar; h.wanted[v.Symbol] {
		h.f += v.Open + v.Close
		h.n += v.Start + int64(len(v.Symbol))
	}
}

// All ways to read the frames see the same events.
func TestContendersAgree(t *testing.T) {
	var own sum
	in, peek, std := direct(t, &own), newHandlers(), newHandlers()
	for _, f := range frames() {
		in.Frame(f, stream.Meta{}, func(elem []byte, err error) { require.Failf(t, "rest", "%s: %v", elem, err) })
		require.NoError(t, peek.goccyPeek(f))
		require.NoError(t, std.stdTwoPass(f))
	}
	require.NotZero(t, own.n)
	require.Equal(t, own, peek.sum)
	require.Equal(t, own, std.sum)
}

func TestDirectDoesNotAllocate(t *testing.T) {
	var s sum
	in, all := direct(t, &s), frames()
	rest := func([]byte, error) {}
	for _, f := range all {
		in.Frame(f, stream.Meta{}, rest)
	}
	n := 0
	allocs := testing.AllocsPerRun(len(all), func() { in.Frame(all[n%len(all)], stream.Meta{}, rest); n++ })
	t.Logf("%.3f allocations for %d events", allocs, frameEvents)
	require.Less(t, allocs/frameEvents, 0.35, "only the trade ids, which are copied")
}

// BenchmarkDecode is decoding and dispatch of frames of ten events; ns/event is the figure.
func BenchmarkDecode(b *testing.B) {
	all := frames()
	size := 0
	for _, f := range all {
		size += len(f)
	}
	run := func(name string, frame func([]byte) error) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(size / len(all)))
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				if err := frame(all[n%len(all)]); err != nil {
					b.Fatal(err)
				}
				n++
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/frameEvents, "ns/event")
		})
	}
	var s sum
	in := direct(b, &s)
	var failed error
	rest := func(_ []byte, err error) { failed = err }
	run("generated", func(f []byte) error { in.Frame(f, stream.Meta{}, rest); return failed })
	run("goccy-peek", newHandlers().goccyPeek)
	run("std-two-pass", newHandlers().stdTwoPass)
}
