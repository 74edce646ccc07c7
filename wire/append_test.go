package wire_test

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

// TestAppendAgainstEncodingJSON compares what is written.
func TestAppendAgainstEncodingJSON(t *testing.T) {
	rnd := rand.New(rand.NewPCG(19, 20))
	pieces := append([]string{"<b>&", "\x00", "\b\f\r\t", "\u2028\u2029", "\u2027", "\ufffd", "\x1f"}, stringPieces...)
	for range 20_000 {
		var s string
		for range rnd.IntN(6) {
			s += pieces[rnd.IntN(len(pieces))]
		}
		want := reference(t, s)
		require.Equal(t, want, string(wire.AppendString(nil, s)), "%q", s)
		require.Equal(t, want, string(wire.AppendBytesString(nil, []byte(s))), "%q", s)
		f := math.Float64frombits(rnd.Uint64())
		if rnd.IntN(2) == 0 {
			f = float64(rnd.IntN(1e9)) * math.Pow10(rnd.IntN(60)-30)
		}
		if !math.IsNaN(f) && !math.IsInf(f, 0) {
			require.Equal(t, reference(t, f), string(wire.AppendFloat64(nil, f)))
		}
	}
	for _, f := range []float64{0, math.Copysign(0, -1), 1e-6, 9.99e-7, 1e-9, 1e-10, 1e20, 1e21, 1e22, 1e100, math.MaxFloat64, math.SmallestNonzeroFloat64} {
		require.Equal(t, reference(t, f), string(wire.AppendFloat64(nil, f)))
	}
	require.Equal(t, "null", string(wire.AppendFloat64(nil, math.NaN())))
	require.Equal(t, "null", string(wire.AppendFloat64(nil, math.Inf(-1))))
}

func reference(t *testing.T, v any) string {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	require.NoError(t, enc.Encode(v))
	return string(bytes.TrimSuffix(buf.Bytes(), []byte("\n")))
}

func TestAppendScalars(t *testing.T) {
	b := []byte("{")
	b = append(wire.AppendInt64(append(b, `"a":`...), math.MinInt64), ',')
	b = append(wire.AppendUint64(append(b, `"b":`...), math.MaxUint64), ',')
	b = append(wire.AppendBool(append(b, `"c":`...), true), ',')
	b = append(wire.AppendBoolNumber(append(b, `"d":`...), true), ',')
	b = append(wire.AppendBoolNumber(append(b, `"e":`...), false), ',')
	b = append(wire.AppendDecimal(append(b, `"f":`...), wire.NewDecimal(-150, 2)), ',')
	require.Equal(t, `{"a":-9223372036854775808,"b":18446744073709551615,"c":true,"d":1,"e":0,"f":-1.50}`, string(wire.EndObject(b)))
	require.Equal(t, `{}`, string(wire.EndObject([]byte("{"))))
	require.Equal(t, `[]`, string(wire.EndArray([]byte("["))))
	require.Equal(t, `[1]`, string(wire.EndArray([]byte("[1,"))))
	require.Equal(t, `[[]]`, string(wire.EndArray([]byte("[[],"))))
}

func TestAppendMembers(t *testing.T) {
	at := time.UnixMilli(1_700_000_000_250)
	b := wire.OpenObject([]byte(`[`))
	b = wire.StringMember(b, "a", `x"y`)
	b = wire.Int64Member(b, "b", -3)
	b = wire.DecimalMember(b, "c", wire.NewDecimal(-150, 2))
	b = wire.BoolMember(b, "d", true)
	b = wire.RawMember(b, "e", wire.Raw(`[1]`))
	b = wire.RawMember(b, "f", nil)
	b = wire.UnixSMember(b, "g", at)
	b = wire.UnixMsMember(b, "h", at)
	b = wire.CloseObject(b)
	require.Equal(t, `[{"a":"x\"y","b":-3,"c":-1.50,"d":true,"e":[1],"f":null,"g":1700000000.25,"h":1700000000250}`, string(b))
	require.Equal(t, `{}`, string(wire.CloseObject(wire.OpenObject(nil))))
}

func TestBools(t *testing.T) {
	type reader = func([]byte, int) (bool, int)
	for _, tc := range []struct {
		name string
		read reader
		in   string
		want bool
		next int
	}{
		{"Bool", wire.Bool, ` true`, true, 5}, {"Bool", wire.Bool, `false`, false, 5}, {"Bool", wire.Bool, `1`, false, wire.ErrKind}, {"Bool", wire.Bool, `"true"`, false, wire.ErrKind},
		{"Bool", wire.Bool, `tru`, false, wire.ErrTruncated}, {"Bool", wire.Bool, `trux`, false, wire.ErrSyntax}, {"Bool", wire.Bool, `null`, false, wire.ErrNull}, {"Bool", wire.Bool, `fals`, false, wire.ErrTruncated},
		{"BoolNumber", wire.BoolNumber, `1`, true, 1}, {"BoolNumber", wire.BoolNumber, `0`, false, 1}, {"BoolNumber", wire.BoolNumber, `2`, false, wire.ErrValue}, {"BoolNumber", wire.BoolNumber, `-1`, false, wire.ErrRange},
		{"BoolNumber", wire.BoolNumber, `true`, false, wire.ErrKind}, {"BoolString", wire.BoolString, `"1"`, true, 3}, {"BoolString", wire.BoolString, `"false"`, false, 7},
		{"BoolString", wire.BoolString, `true`, false, wire.ErrKind}, {"BoolString", wire.BoolString, `"yes"`, false, wire.ErrValue}, {"BoolFlex", wire.BoolFlex, `"true"`, true, 6}, {"BoolFlex", wire.BoolFlex, `true`, true, 4},
	} {
		got, next := tc.read([]byte(tc.in), 0)
		require.Equal(t, []any{tc.want, tc.next}, []any{got, next}, "%s %s", tc.name, tc.in)
	}
}
