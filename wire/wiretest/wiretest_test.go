package wiretest

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

// trade is decoded as generated code does, unless a fault is set.
type trade struct {
	ID     int64
	Symbol string
	Price  wire.Decimal
	Size   wire.Opt[float64]
	Flags  []int64
	Extra  wire.Raw
	fault  string
}

const (
	faultKeepsOld     = "does not reset its target"
	faultBorrows      = "keeps parts of the frame"
	faultNoComma      = "takes members without a comma"
	faultLazySkip     = "does not validate what it skips"
	faultRoundedPrice = "writes another price"
	faultCutAtEnd     = "takes a frame without its end"
	faultOrder        = "wants the documented order"
	faultRawKey       = "does not unescape keys"
)

func codec(fault string) Codec {
	return Type("trade"+fault,
		func(v *trade, d *wire.Decoder, b []byte, i int) int { v.fault = fault; return v.decode(d, b, i) },
		(*trade).AppendJSON)
}

func (v *trade) decode(d *wire.Decoder, b []byte, i int) int {
	if v.fault != faultKeepsOld {
		*v = trade{Flags: v.Flags[:0], Extra: v.Extra[:0], fault: v.fault}
	}
	d.Borrow = v.fault == faultBorrows
	i, more := wire.EnterObject(b, i)
	for count := 0; more; count++ {
		at := i
		key, i2 := d.Key(b, i)
		if i2 < 0 {
			return i2
		}
		if i = i2; v.fault == faultRawKey {
			key = b[at+1 : at+1+len(key)]
		}
		if v.fault == faultOrder && count == 0 && string(key) != "i" {
			return wire.ErrValue
		}
		if i = v.member(d, b, i, key); i < 0 {
			return i
		}
		if v.fault == faultNoComma && wire.Kind(b, i) == '"' {
			continue
		}
		if v.fault == faultCutAtEnd && i == len(b) {
			return i
		}
		i, more = wire.NextMember(b, i)
	}
	return i
}

func (v *trade) member(d *wire.Decoder, b []byte, i int, key []byte) int {
	switch string(key) {
	case "i":
		v.ID, i = wire.Int64(b, i)
	case "sym":
		v.Symbol, i = d.String(b, i)
	case "p":
		v.Price, i = wire.ReadDecimal(b, i)
	case "s":
		*wire.Put(&v.Size), i = wire.Float64(b, i)
	case "f":
		v.Flags, i = wire.List(d, b, i, v.Flags, func(v *int64, _ *wire.Decoder, b []byte, i int) (next int) {
			*v, next = wire.Int64(b, i)
			return next
		})
	case "x":
		v.Extra, i = d.AppendRaw(v.Extra, b, i)
	default:
		if v.fault == faultLazySkip && wire.Kind(b, i) == '0' {
			for i < len(b) && b[i] != ',' && b[i] != '}' {
				i++
			}
			return i
		}
		i = d.Unknown(b, i, "trade", key)
	}
	return i
}

func (v *trade) AppendJSON(dst []byte) []byte {
	dst = append(wire.AppendInt64(append(dst, `{"i":`...), v.ID), ',')
	dst = append(wire.AppendString(append(dst, `"sym":`...), v.Symbol), ',')
	if v.fault == faultRoundedPrice {
		dst = append(wire.AppendFloat64(append(dst, `"p":1`...), v.Price.Float64()), ',')
	} else {
		dst = append(wire.AppendDecimal(append(dst, `"p":`...), v.Price), ',')
	}
	if s, ok := v.Size.Get(); ok {
		dst = append(wire.AppendFloat64(append(dst, `"s":`...), s), ',')
	}
	dst = append(dst, `"f":[`...)
	for _, f := range v.Flags {
		dst = append(wire.AppendInt64(dst, f), ',')
	}
	dst = append(wire.EndArray(dst), `,"x":`...)
	return wire.EndObject(append(wire.AppendRaw(dst, v.Extra), ','))
}

var tradeSamples = []string{
	`{"i":12,"sym":"AAPL","p":189.450,"s":100,"f":[14,41],"x":{"a":[1,null]},"zz":7}`,
	`{"i":13,"sym":"B\u0052K.\"B\" é","p":1e-7,"f":[],"x":null}`,
	`{}`,
}

func TestExercise(t *testing.T) { Exercise(t, codec(""), tradeSamples...) }

func FuzzTrade(f *testing.F) { Fuzz(f, codec(""), tradeSamples...) }

// TestMutantsFindFaults proves that the mutants are not tame.
func TestMutantsFindFaults(t *testing.T) {
	for _, fault := range []string{faultKeepsOld, faultNoComma, faultLazySkip, faultRoundedPrice, faultCutAtEnd} {
		w, m := newBench(codec(fault)), newMutator("trade", tradeSamples)
		require.Error(t, func() error {
			for range defaultMutants {
				if err := w.check(m.next(), false); err != nil {
					return err
				}
			}
			return nil
		}(), fault)
	}
}

// TestPartsFindFaults runs the other parts of the harness on faulty decoders.
func TestPartsFindFaults(t *testing.T) {
	for fault, part := range map[string]func(testing.TB, Codec, []string){
		faultBorrows: overwritten, faultCutAtEnd: truncated, faultOrder: oddities, faultRawKey: oddities, faultLazySkip: oddities,
	} {
		probe := &probe{TB: t}
		done := make(chan struct{})
		go func() {
			defer close(done)
			part(probe, codec(fault), tradeSamples)
		}()
		<-done
		require.True(t, probe.failed, fault)
	}
}

// probe takes failures in place of the test.
type probe struct {
	testing.TB
	failed bool
}

func (p *probe) Errorf(string, ...any) { p.failed = true }
func (p *probe) Helper()               {}
func (p *probe) FailNow() {
	p.failed = true
	// As testing.T does, on a goroutine of its own.
	runtime.Goexit()
}

func TestRoundTrip(t *testing.T) {
	const sample = `{"a":1.50,"b":[{"t":"x"},{"t":"y"}],"c":{"d":null},"e":1e2}`
	RoundTrip(t, sample, `{"e":100,"c":{"d":null},"b":[{"t":"x"},{"t":"y"}],"a":1.5,"more":1}`)
	for _, tc := range []struct {
		encoded string
		opts    []Option
		want    []string
	}{
		{encoded: `{"a":1.50,"b":[{"t":"x"},{}],"c":{"d":null},"e":100}`, want: []string{`b[1].t: lost "y"`}},
		{encoded: `{"a":1.50,"b":[{"t":"x"},{}],"c":{"d":null},"e":100}`, opts: []Option{Tolerate("b[].t")}},
		{encoded: `{"a":1.50,"b":[{"t":"x"}],"c":{"d":0},"e":100}`, want: []string{`b: had 2 elements, has 1`, `c.d: was null, is written as 0`}},
		{encoded: `{"a":1.50,"b":[{"t":"x"}],"c":{"d":0},"e":100}`, opts: []Option{Tolerate("b", "c")}},
		{encoded: `{"a":1.5,"b":[{"t":"x"},{"t":"y"}],"c":{"d":null},"e":101}`, want: []string{`e: was 1e2, is written as 101`}},
		{encoded: `{"a":1.5,"b":[{"t":"x"},{"t":"y"}],"c":{"d":null},"e":100}`, opts: []Option{Exact("a")}, want: []string{`a: was 1.50, is written as 1.5`}},
		{encoded: `[]`, want: []string{`the value: was {"a":1.50,"b":[{"t":"x"},{"t":"y"}],"c":{"d":null},"e":1e2}, is written as []`}},
	} {
		require.Equal(t, tc.want, Losses(sample, tc.encoded, tc.opts...))
	}
	require.Len(t, Losses(`{`, `{}`), 1)
	require.Len(t, Losses(`{}`, `{`), 1)
}

func TestMutantsAreRepeatable(t *testing.T) {
	a, b := newMutator("x", tradeSamples), newMutator("x", tradeSamples)
	distinct := map[string]bool{}
	for range 200 {
		m := a.next()
		require.Equal(t, m, b.next())
		distinct[string(m)] = true
	}
	require.Greater(t, len(distinct), 150)
}
