package wire_test

import (
	"bytes"
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

// FuzzCursor: what the cursor reads of a document, member by member, is what encoding/json makes of it; where one of
// them fails the other does.
func FuzzCursor(f *testing.F) {
	for _, s := range append(append(mutantSeeds, validOddities...), invalidOddities...) {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if wire.Skip(b, 0) == wire.ErrDepth {
			return
		}
		got, next := tree(new(wire.Decoder), b, 0)
		if next >= 0 {
			next = wire.End(b, next)
		}
		require.Equal(t, json.Valid(b), next >= 0)
		if next < 0 {
			return
		}
		d := json.NewDecoder(bytes.NewReader(b))
		d.UseNumber()
		var want any
		require.NoError(t, d.Decode(&want))
		require.Equal(t, want, got)
		found(t, b, want)
	})
}

// tree reads any value by the cursor alone, numbers as their text.
func tree(d *wire.Decoder, b []byte, i int) (any, int) {
	switch wire.Kind(b, i) {
	case '{':
		return members(d, b, i)
	case '[':
		return elements(d, b, i)
	case '"':
		return d.String(b, i)
	case 't', 'f':
		return wire.Bool(b, i)
	case 'n':
		return nil, wire.Null(b, i)
	}
	raw, next := d.Raw(b, i)
	return json.Number(raw), next
}

func members(d *wire.Decoder, b []byte, i int) (any, int) {
	out := map[string]any{}
	next, more := wire.EnterObject(b, i)
	for more {
		var key []byte
		if key, next = d.Key(b, next); next < 0 {
			return nil, next
		}
		name := string(key)
		if out[name], next = tree(d, b, next); next < 0 {
			return nil, next
		}
		next, more = wire.NextMember(b, next)
	}
	return out, next
}

func elements(d *wire.Decoder, b []byte, i int) (any, int) {
	out := []any{}
	next, more := wire.EnterArray(b, i)
	for more {
		var v any
		if v, next = tree(d, b, next); next < 0 {
			return nil, next
		}
		out = append(out, v)
		next, more = wire.NextElement(b, next)
	}
	return out, next
}

// found checks the ways to one part of a valid document: each member by its name, each element by its place.
func found(t *testing.T, b []byte, want any) {
	switch v := want.(type) {
	case map[string]any:
		for name := range v {
			at := wire.Lookup(b, 0, name)
			require.GreaterOrEqual(t, at, 0, "member %q", name)
			require.Positive(t, wire.Skip(b, at))
		}
	case []any:
		at := make([]int, len(v))
		require.Equal(t, len(v), wire.Elements(b, at))
		for n, elem := range v {
			got, next := tree(new(wire.Decoder), b, at[n])
			require.Positive(t, next)
			require.Equal(t, elem, got)
		}
	}
}

// FuzzNumber: every reader of numbers agrees with exact arithmetic on what JSON numbers say, in and outside quotes.
func FuzzNumber(f *testing.F) {
	for _, s := range []string{
		"0", "-0", "-0.0", "12.0", "1.2e1", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
		"18446744073709551615", "18446744073709551616", "4294967295", "4294967296", "1e308", "1.7976931348623157e308", "1e309",
		"5e-324", "2e-324", "0.1", "123456789012345678901234567890", "1E+2", "100e-2", "101e-2", "01", "1.", ".5", "-", "1e", "NaN", "Infinity", "1e999999999999",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ContainsAny(s, " \t\r\n\"\\") || len(s) > 400 {
			return
		}
		b := []byte(s)
		ok := json.Valid(b) && wire.Kind(b, 0) == '0'
		for name, n := range map[string]int{
			"Int64": readers["Int64"](b, 0), "Uint32": readers["Uint32"](b, 0), "Uint64": readers["Uint64"](b, 0), "Float64": readers["Float64"](b, 0),
		} {
			require.False(t, !ok && n >= 0 && wire.End(b, n) >= 0, "%s takes %q", name, s)
		}
		if !ok {
			return
		}
		float64As(t, s)
		if exp := strings.IndexAny(s, "eE"); exp >= 0 && len(s)-exp > 5 {
			return // exact arithmetic would take for ever
		}
		exact, isRat := new(big.Rat).SetString(s)
		require.True(t, isRat)
		integers(t, s, exact)
	})
}

func float64As(t *testing.T, s string) {
	var want float64
	err := json.Unmarshal([]byte(s), &want)
	got, next := wire.Float64([]byte(s), 0)
	require.Equal(t, err == nil, next >= 0, "%q", s)
	if err == nil {
		require.Equal(t, math.Float64bits(want), math.Float64bits(got), "%q", s)
		quoted, next := wire.Float64Flex([]byte(`"`+s+`"`), 0)
		require.Equal(t, len(s)+2, next)
		require.Equal(t, math.Float64bits(want), math.Float64bits(quoted))
	}
}

func integers(t *testing.T, s string, exact *big.Rat) {
	fits := func(low, high *big.Int) bool {
		return exact.IsInt() && exact.Num().Cmp(low) >= 0 && exact.Num().Cmp(high) <= 0
	}
	zero := new(big.Int)
	i64, next := wire.Int64([]byte(s), 0)
	require.Equal(t, fits(big.NewInt(math.MinInt64), big.NewInt(math.MaxInt64)), next >= 0, "Int64 %q", s)
	if next >= 0 {
		require.Zero(t, exact.Num().Cmp(big.NewInt(i64)))
	}
	u64, next := wire.Uint64([]byte(s), 0)
	require.Equal(t, fits(zero, new(big.Int).SetUint64(math.MaxUint64)), next >= 0, "Uint64 %q", s)
	if next >= 0 {
		require.Zero(t, exact.Num().Cmp(new(big.Int).SetUint64(u64)))
	}
	u32, next := wire.Uint32([]byte(s), 0)
	require.Equal(t, fits(zero, big.NewInt(math.MaxUint32)), next >= 0, "Uint32 %q", s)
	if next >= 0 {
		require.Zero(t, exact.Num().Cmp(big.NewInt(int64(u32))))
	}
}
