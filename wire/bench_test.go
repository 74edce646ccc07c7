package wire_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

const benchFrame = `{"ev":"Q","sym":"AAPL","bx":4,"bp":189.45,"bs":100,"ax":7,"ax2":"x","ap":189.47,"as":160,"c":0,"i":[604],"t":1700000000123,"q":50385480,"z":3}`

// TestNoAllocations holds the claim of the package comment.
func TestNoAllocations(t *testing.T) {
	d := wire.Decoder{Drift: new(wire.Drift), Borrow: true}
	frame, symbol, number := []byte(benchFrame), []byte(`"AAPL"`), []byte(`189.45`)
	escaped, quoted, human := []byte(`"a\u0041é"`), []byte(`"1534614057.321597"`), []byte(`189.4512345678901234`)
	shown := []byte(`"$1,300.5K"`)
	at, wide := []byte(`"2026-04-29T13:30:00.123456Z"`), []byte(`1844674407370955.1615`)
	pat := wire.Pattern{Parts: []wire.Part{{Lit: "smd+"}, {Hole: 0}, {Opt: []wire.Part{{Lit: "@"}, {Hole: 1}}}}}
	var holes [2]wire.Span
	topic, dst := []byte("smd+265598@ARCA"), make([]byte, 0, 1024)
	var sparse wire.Sparse
	for name, f := range map[string]func(){
		"Skip":      func() { wire.Skip(frame, 0) },
		"Lookup":    func() { wire.Lookup(frame, 0, "i", "0") },
		"Int64":     func() { wire.Int64(number, 0) },
		"Float64":   func() { wire.Float64(number, 0); wire.Float64(human, 0) },
		"Quoted":    func() { wire.Float64String(quoted, 0); wire.ReadDecimalString(quoted, 0) },
		"Decimal":   func() { wire.ReadDecimal(number, 0); wire.ReadDecimal(wide, 0) },
		"Human":     func() { wire.ReadDecimalHuman(shown, 0); wire.Float64Human(shown, 0); wire.Int64Human(shown, 0) },
		"Times":     func() { wire.UnixSString(quoted, 0); wire.RFC3339(at, 0) },
		"Layout":    func() { wire.Layout(at, 0, `2006-01-02T15:04:05.999999Z`) },
		"String":    func() { d.String(symbol, 0) },
		"Text":      func() { d.Text(escaped, 0) },
		"Intern":    func() { d.Intern(symbol, 0); d.Intern(escaped, 0) },
		"Unknown":   func() { d.Unknown(symbol, 0, "T", symbol) },
		"EnumDrift": func() { d.UnknownEnum("T", symbol); d.UnknownEnumInt("T", 12345678) },
		"Match":     func() { pat.Match(topic, holes[:]) },
		"Sparse":    func() { sparse.Reset(); sparse.Add(3, number); sparse.Add(70, symbol) },
		"Append": func() {
			dst = wire.AppendString(dst[:0], "a\u2028é\"")
			dst = wire.AppendFloat64(dst, 189.45)
			dst = wire.AppendUnixS(dst, benchTime)
			dst = wire.AppendRFC3339(dst, benchTime, "ms")
			dst = wire.AppendDecimal(dst, wire.NewDecimal(18945, 2))
		},
	} {
		require.Zero(t, testing.AllocsPerRun(100, f), name)
	}
}

var benchTime, _ = wire.UnixSText([]byte("1700000000.123"))

func bench[T any](b *testing.B, in string, read func([]byte, int) (T, int)) {
	frame := []byte(in + `,"next":123}`)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		if _, next := read(frame, 0); next != len(in) {
			b.Fatal(next)
		}
	}
}

func BenchmarkInt64(b *testing.B)        { bench(b, `1700000000123`, wire.Int64) }
func BenchmarkInt64Short(b *testing.B)   { bench(b, `100`, wire.Int64) }
func BenchmarkFloat64(b *testing.B)      { bench(b, `189.45`, wire.Float64) }
func BenchmarkFloat64Long(b *testing.B)  { bench(b, `14194975381.968877`, wire.Float64) }
func BenchmarkFloat64Text(b *testing.B)  { bench(b, `"5541.20000"`, wire.Float64String) }
func BenchmarkDecimal(b *testing.B)      { bench(b, `189.45`, wire.ReadDecimal) }
func BenchmarkDecimalText(b *testing.B)  { bench(b, `"5541.20000"`, wire.ReadDecimalString) }
func BenchmarkUnixMs(b *testing.B)       { bench(b, `1700000000123`, wire.UnixMs) }
func BenchmarkUnixSText(b *testing.B)    { bench(b, `"1534614057.321597"`, wire.UnixSString) }
func BenchmarkRFC3339(b *testing.B)      { bench(b, `"2023-09-25T07:49:36.925603Z"`, wire.RFC3339) }
func BenchmarkStringCopy(b *testing.B)   { bench(b, `"XBT/USD"`, new(wire.Decoder).String) }
func BenchmarkStringIntern(b *testing.B) { bench(b, `"XBT/USD"`, new(wire.Decoder).Intern) }
func BenchmarkStringBorrow(b *testing.B) {
	bench(b, `"XBT/USD"`, (&wire.Decoder{Borrow: true}).String)
}
func BenchmarkKey(b *testing.B) {
	d, frame := new(wire.Decoder), []byte(`"sym":"AAPL"}`)
	for b.Loop() {
		d.Key(frame, 0)
	}
}

func BenchmarkStrconvParseInt(b *testing.B) {
	for b.Loop() {
		_, _ = strconv.ParseInt(`1700000000123`, 10, 64)
	}
}

func BenchmarkStrconvParseFloat(b *testing.B) {
	for b.Loop() {
		_, _ = strconv.ParseFloat(`189.45`, 64)
	}
}

func BenchmarkValid(b *testing.B) {
	frame := []byte(benchFrame)
	for name, valid := range map[string]func([]byte) bool{"wire": wire.Valid, "encoding-json": json.Valid} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(frame)))
			for b.Loop() {
				valid(frame)
			}
		})
	}
}

// quote is a struct of market data, decoded as generated code does.
type quote struct {
	Symbol           string
	Bid, Ask         float64
	BidSize, AskSize int64
	Conditions       []int64
	Time, Sequence   int64
	Tape             int64
}

func (v *quote) decode(d *wire.Decoder, b []byte, i int) int {
	i, more := wire.EnterObject(b, i)
	for more {
		var key []byte
		if key, i = d.Key(b, i); i < 0 {
			return i
		}
		switch string(key) {
		case "ev":
			i = wire.Skip(b, i)
		case "sym":
			v.Symbol, i = d.Intern(b, i)
		case "bp":
			v.Bid, i = wire.Float64(b, i)
		case "ap":
			v.Ask, i = wire.Float64(b, i)
		case "bs":
			v.BidSize, i = wire.Int64(b, i)
		case "as":
			v.AskSize, i = wire.Int64(b, i)
		case "t":
			v.Time, i = wire.Int64(b, i)
		case "q":
			v.Sequence, i = wire.Int64(b, i)
		case "z":
			v.Tape, i = wire.Int64(b, i)
		default:
			i = wire.Skip(b, i)
		}
		if i < 0 {
			return i
		}
		i, more = wire.NextMember(b, i)
	}
	return i
}

// BenchmarkStruct decodes quotes with ever other values, so that the processor
// cannot learn them by heart.
func BenchmarkStruct(b *testing.B) {
	rnd := rand.New(rand.NewPCG(21, 22))
	frames := make([][]byte, 256)
	for i := range frames {
		frames[i] = fmt.Appendf(nil, `{"ev":"Q","sym":"%s","bx":%d,"bp":%g,"bs":%d,"ax":%d,"ap":%g,"as":%d,"c":%d,"i":[604],"t":%d,"q":%d,"z":%d}`,
			"ABCDEFGH"[rnd.IntN(4):5+rnd.IntN(3)], rnd.IntN(20), float64(rnd.IntN(1e6))/100, rnd.IntN(3000), rnd.IntN(20), float64(rnd.IntN(1e6))/100,
			rnd.IntN(3000), rnd.IntN(3), 1700000000123+rnd.Int64N(1e9), rnd.IntN(1e8), 1+rnd.IntN(3))
	}
	b.SetBytes(int64(len(frames[0])))
	b.ReportAllocs()
	var d wire.Decoder
	var v quote
	for n := 0; b.Loop(); n++ {
		frame := frames[n&255]
		if v.decode(&d, frame, 0) != len(frame) {
			b.Fatal("refused")
		}
	}
}

// BenchmarkLongKeys reads members whose names are words.
func BenchmarkLongKeys(b *testing.B) {
	frame := []byte(`{"active_id":76,"size":60,"at":1700000000123456789,"from":1700000000,"to":1700000060,"id":4410071,"open":1.08213,"close":1.082145,"min":1.08211,"max":1.082155,"ask":1.08216,"bid":1.08213,"volume":0,"phase":"T"}`)
	b.SetBytes(int64(len(frame)))
	var d wire.Decoder
	for b.Loop() {
		i, more := wire.EnterObject(frame, 0)
		for more {
			_, i = d.Key(frame, i)
			i = wire.Skip(frame, i)
			i, more = wire.NextMember(frame, i)
		}
		if i != len(frame) {
			b.Fatal(i)
		}
	}
}

// BenchmarkNumbers reads the numbers of candles: nanoseconds, seconds, prices.
func BenchmarkNumbers(b *testing.B) {
	rnd := rand.New(rand.NewPCG(23, 24))
	frames := make([][]byte, 256)
	for i := range frames {
		frames[i] = fmt.Appendf(nil, `[%d,%d,%d,%.5f,%.6f,%g,%d ]`, 1700000000123456789+rnd.Int64N(1e15), 1700000000+rnd.IntN(1e6), rnd.IntN(1e7),
			1+rnd.Float64(), 1+rnd.Float64(), float64(rnd.IntN(1e6))/100, rnd.IntN(500))
	}
	for n := 0; b.Loop(); n++ {
		frame := frames[n&255]
		_, i := wire.UnixNs(frame, 1)
		_, i = wire.UnixS(frame, i+1)
		_, i = wire.Int64(frame, i+1)
		_, i = wire.Float64(frame, i+1)
		_, i = wire.Float64(frame, i+1)
		_, i = wire.Float64(frame, i+1)
		_, i = wire.Int64(frame, i+1)
		if i != len(frame)-2 {
			b.Fatal(i)
		}
	}
}
