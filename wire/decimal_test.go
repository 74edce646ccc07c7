package wire_test

import (
	"encoding/json"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

func TestDecimalKeepsText(t *testing.T) {
	for in, want := range map[string]string{
		`0`: `0`, `-0`: `-0`, `0.00`: `0.00`, `-0.10`: `-0.10`, `1.50`: `1.50`, `100`: `100`, `5e-05`: `0.00005`, `5E-5`: `0.00005`, `1.5e3`: `1500`, `1.50e1`: `15.0`,
		`0.5e1`: `5`, `0e5`: `0`, `0.00e1`: `0.0`, `12e+2`: `1200`, `12e-2`: `0.12`, `1e-64`: `0.` + strings.Repeat("0", 63) + `1`, `1e64`: `1` + strings.Repeat("0", 64),
		`18446744073709551615`: `18446744073709551615`, `18446744073709551616`: `18446744073709551616`, `1844674407370955161.60`: `1844674407370955161.60`,
		`123456789012345678901234567890.1234500`: `123456789012345678901234567890.1234500`, `-123456789012345678901234567890e-40`: `-0.0000000000123456789012345678901234567890`,
		`0.000000000000000000000000000000001234`: `0.000000000000000000000000000000001234`, `123456789012345678901234567890e2`: `12345678901234567890123456789000`,
		`0.00000000000000000000000000000000`: `0.00000000000000000000000000000000`,
	} {
		d, next := wire.ReadDecimal([]byte(in+","), 0)
		require.Equal(t, len(in), next, in)
		require.Equal(t, want, d.String(), in)
		again, err := wire.ParseDecimal(d.String())
		require.NoError(t, err)
		require.True(t, again == d, "%s is another value when read back", in)
	}
}

func TestDecimalLimits(t *testing.T) {
	for _, in := range []string{`1e65`, `1e-65`, `0e65`, `1e99999999999`, strings.Repeat("1", 97), `0.` + strings.Repeat("1", 95), `1.` + strings.Repeat("0", 95),
		strings.Repeat("1", 60) + "e40", `0.` + strings.Repeat("0", 40) + "1e-60"} {
		_, next := wire.ReadDecimal([]byte(in), 0)
		require.Equal(t, wire.ErrRange, next, in)
	}
	for _, in := range []string{strings.Repeat("1", 96), `0.` + strings.Repeat("1", 94), `-0.` + strings.Repeat("0", 93)} {
		d, next := wire.ReadDecimal([]byte(in), 0)
		require.Equal(t, len(in), next)
		require.Equal(t, in, d.String())
	}
	for _, in := range []string{``, ` 1`, `1 `, `.5`, `1.`, `+1`, `01`, `1,000`, `NaN`, `0x1`, `"1"`, `null`} {
		_, err := wire.ParseDecimal(in)
		require.ErrorIs(t, err, wire.ErrDecimal, in)
	}
}

func TestDecimalNeverAliasesItsFrame(t *testing.T) {
	for _, in := range []string{`12.50`, `123456789012345678901234567890.5`} {
		b := []byte(in)
		d, _ := wire.ReadDecimal(b, 0)
		clear(b)
		require.Equal(t, in, d.String())
	}
}

func TestDecimalForms(t *testing.T) {
	for in, want := range map[string]string{
		`"1.50"`: `1.50`, `"$1,300.50"`: `1300.50`, `"24.2M"`: `24200000`, `"31.4%"`: `31.4`, `"-0.46%"`: `-0.46`, `"+5"`: `5`, `1.50`: `1.50`,
		`"-$12"`: `-12`, `"$-12"`: `-12`, `"1.23456K"`: `1234.56`, `"1.30K"`: `1300`, `"2T"`: `2000000000000`, `"5B"`: `5000000000`, `".25"`: `0.25`, `"007"`: `7`, `"1,300"`: `1300`,
		`"1e3"`: ``, `"1,30"`: ``, `"1300,000"`: ``, `",300"`: ``, `"1,300,"`: ``, `""`: ``, `"$"`: ``, `"-"`: ``, `"%"`: ``, `"1."`: ``, `"K"`: ``, `"1k"`: ``, `"--1"`: ``, `"1 2"`: ``, `"C170.0"`: ``, `"1.2.3"`: ``, `"1.3,000"`: ``,
	} {
		d, next := wire.ReadDecimalHuman([]byte(in), 0)
		if want == "" {
			require.Equal(t, wire.ErrValue, next, in)
			continue
		}
		require.Equal(t, len(in), next, in)
		require.Equal(t, want, d.String(), in)
	}
	d, next := wire.ReadDecimalFlex([]byte(`"1.50"`), 0)
	require.Equal(t, []any{"1.50", 6}, []any{d.String(), next})
	_, next = wire.ReadDecimalString([]byte(`1.50`), 0)
	require.Equal(t, wire.ErrKind, next)
	f, next := wire.Float64Human([]byte(`"1.5K"`), 0)
	require.Equal(t, []any{1500.0, 6}, []any{f, next})
	n, next := wire.Int64Human([]byte(`"1,300"`), 0)
	require.Equal(t, []any{int64(1300), 7}, []any{n, next})
	_, next = wire.Int64Human([]byte(`"1.2345K"`), 0)
	require.Equal(t, wire.ErrRange, next)
	_, next = wire.Uint64Human([]byte(`"-1"`), 0)
	require.Equal(t, wire.ErrRange, next)
	_, next = wire.ReadDecimalHuman([]byte(`"`+strings.Repeat("1", 500)+`"`), 0)
	require.Equal(t, wire.ErrRange, next)
}

func TestDecimalConstructors(t *testing.T) {
	require.Equal(t, "0", wire.Decimal{}.String())
	require.Equal(t, "-1.25", wire.NewDecimal(-125, 2).String())
	require.Equal(t, "0.0125", wire.NewDecimal(125, 4).String())
	require.Equal(t, "12500", wire.NewDecimal(125, -2).String())
	require.Equal(t, "-9223372036854775808", wire.DecimalFromInt(math.MinInt64).String())
	require.Equal(t, "-9223372036854775808"+strings.Repeat("0", 64), wire.NewDecimal(math.MinInt64, -64).String())
	require.Equal(t, "0", wire.NewDecimal(1, 65).String())
	for f, want := range map[float64]string{0.1: "0.1", 1e21: "1000000000000000000000", -2.5e-7: "-0.00000025", 100: "100", 189.45: "189.45"} {
		d, err := wire.DecimalFromFloat(f)
		require.NoError(t, err)
		require.Equal(t, want, d.String())
		require.Equal(t, f, d.Float64())
	}
	for _, f := range []float64{math.NaN(), math.Inf(1), 1e65, 1e-65} {
		_, err := wire.DecimalFromFloat(f)
		require.ErrorIs(t, err, wire.ErrDecimal)
	}
}

func TestDecimalJSON(t *testing.T) {
	var v struct{ P, Q wire.Decimal }
	require.NoError(t, json.Unmarshal([]byte(`{"P":1.50,"Q":null}`), &v))
	b, err := json.Marshal(v)
	require.NoError(t, err)
	require.Equal(t, `{"P":1.50,"Q":0}`, string(b))
	require.Error(t, json.Unmarshal([]byte(`{"P":"1.50"}`), &v))
	text, err := v.P.AppendText([]byte("="))
	require.NoError(t, err)
	require.Equal(t, "=1.50", string(text))
}

func TestDecimalInt64AndParts(t *testing.T) {
	for in, want := range map[string]struct {
		v     int64
		exact bool
	}{
		`12.00`: {12, true}, `-12`: {-12, true}, `12.5`: {}, `9223372036854775808`: {}, `-9223372036854775808`: {math.MinInt64, true}, `0.000`: {0, true},
		`12.0000000000000000000000000000`: {12, true},
	} {
		d, err := wire.ParseDecimal(in)
		require.NoError(t, err)
		v, exact := d.Int64()
		require.Equal(t, []any{want.v, want.exact}, []any{v, exact}, in)
	}
	d, _ := wire.ParseDecimal(`-1.250`)
	coef, scale, neg, ok := d.Parts()
	require.Equal(t, []any{uint64(1250), 3, true, true}, []any{coef, scale, neg, ok})
	d, _ = wire.ParseDecimal(`-123456789012345678901234567890`)
	_, _, neg, ok = d.Parts()
	require.Equal(t, []bool{true, false}, []bool{neg, ok})
}

// TestDecimalAgainstBig compares value, order and sign with exact arithmetic.
func TestDecimalAgainstBig(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	last, lastRat := wire.Decimal{}, new(big.Rat)
	for range 30_000 {
		s := randomNumber(rnd)
		d, err := wire.ParseDecimal(s)
		require.NoError(t, err, s)
		want, _ := new(big.Rat).SetString(s)
		got, ok := new(big.Rat).SetString(d.String())
		require.True(t, ok, d.String())
		require.Zero(t, want.Cmp(got), "%s is %s", s, d)
		require.NotContains(t, d.String(), "e")
		require.Equal(t, want.Sign(), d.Sign(), s)
		require.Equal(t, want.Cmp(lastRat), d.Cmp(last), "%s and %s", d, last)
		require.Equal(t, -want.Cmp(lastRat), last.Cmp(d))
		f, _ := want.Float64()
		require.True(t, f == d.Float64(), "%s: %v", s, d.Float64())
		last, lastRat = d, want
	}
	a, _ := wire.ParseDecimal("1.10")
	b, _ := wire.ParseDecimal("1.1")
	require.True(t, a.Equal(b))
	require.False(t, a == b)
	zero, _ := wire.ParseDecimal("-0.0")
	require.True(t, zero.Equal(wire.Decimal{}))
	require.True(t, zero.IsZero())
}
