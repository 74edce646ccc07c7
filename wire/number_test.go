package wire_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

func TestInt64(t *testing.T) {
	tests := []struct {
		in   string
		want int64
		code int
	}{
		{in: `0`}, {in: `-0`}, {in: `-0.0`}, {in: `0e5`}, {in: `0.000e-99999999999`}, {in: `12`, want: 12}, {in: ` 12 `, want: 12}, {in: `12.0`, want: 12},
		{in: `8.652169e+06`, want: 8652169}, {in: `1.2e1`, want: 12}, {in: `-1.20E1`, want: -12}, {in: `1200e-2`, want: 12}, {in: `1e18`, want: 1e18},
		{in: `9223372036854775807`, want: math.MaxInt64}, {in: `-9223372036854775808`, want: math.MinInt64},
		{in: `9223372036854775807.000000000000000000000000`, want: math.MaxInt64}, {in: `922337203685477580700e-2`, want: math.MaxInt64},
		{in: `0.0000000000000000000000000000012e31`, want: 12}, {in: `12345678`, want: 12345678}, {in: `123456789`, want: 123456789},
		{in: `1700000000123`, want: 1700000000123}, {in: `1700000000123456789`, want: 1700000000123456789},
		{in: `9223372036854775808`, code: wire.ErrRange}, {in: `-9223372036854775809`, code: wire.ErrRange}, {in: `18446744073709551616`, code: wire.ErrRange},
		{in: `1e19`, code: wire.ErrRange}, {in: `1e99999999999999999999`, code: wire.ErrRange}, {in: `1.5`, code: wire.ErrRange}, {in: `1e-1`, code: wire.ErrRange},
		{in: `1e-99999999999999999999`, code: wire.ErrRange}, {in: `0.1`, code: wire.ErrRange}, {in: `12.00000000000000000000000001`, code: wire.ErrRange},
		{in: `"1"`, code: wire.ErrKind}, {in: `null`, code: wire.ErrNull}, {in: `[]`, code: wire.ErrKind}, {in: `-`, code: wire.ErrTruncated}, {in: ``, code: wire.ErrTruncated},
		{in: `1.`, code: wire.ErrTruncated}, {in: `1e`, code: wire.ErrTruncated}, {in: `1.x`, code: wire.ErrSyntax}, {in: `-x`, code: wire.ErrSyntax}, {in: `01`, code: wire.ErrSyntax},
		{in: `+1`, code: wire.ErrSyntax}, {in: `x`, code: wire.ErrSyntax}, {in: `nil`, code: wire.ErrSyntax},
	}
	for _, tc := range tests {
		for _, tail := range []string{"", ",", "}         ", "]"} { // with and without room for wide loads
			if tc.code == wire.ErrTruncated && tail != "" {
				continue
			}
			got, next := wire.Int64([]byte(tc.in+tail), 0)
			require.Equal(t, tc.want, got, tc.in)
			if tc.code != 0 {
				require.Equal(t, tc.code, next, tc.in)
				continue
			}
			require.Equal(t, len(trimRight(tc.in)), next, tc.in)
		}
	}
}

func trimRight(s string) string {
	for len(s) > 0 && s[len(s)-1] == ' ' {
		s = s[:len(s)-1]
	}
	return s
}

func TestIntForms(t *testing.T) {
	read := func(f func([]byte, int) (int64, int), s string) (int64, int) { return f([]byte(s), 0) }
	v, next := read(wire.Int64String, `"12"`)
	require.Equal(t, []any{int64(12), 4}, []any{v, next})
	v, next = read(wire.Int64String, `"\u0031\u0032"`)
	require.Equal(t, []any{int64(12), 14}, []any{v, next})
	v, _ = read(wire.Int64Flex, `"1.2e1"`)
	require.EqualValues(t, 12, v)
	v, _ = read(wire.Int64Flex, `12`)
	require.EqualValues(t, 12, v)
	for s, code := range map[string]int{
		`12`: wire.ErrKind, `""`: wire.ErrValue, `"x"`: wire.ErrValue, `" 1"`: wire.ErrValue, `"1 "`: wire.ErrValue, `"1.5"`: wire.ErrRange,
		`"01"`: wire.ErrValue, `"1e"`: wire.ErrValue, `"1`: wire.ErrTruncated, `null`: wire.ErrNull, `"9223372036854775808"`: wire.ErrRange,
	} {
		_, next = read(wire.Int64String, s)
		require.Equal(t, code, next, s)
	}
}

func TestUnsigned(t *testing.T) {
	u, next := wire.Uint64([]byte(`18446744073709551615`), 0)
	require.Equal(t, uint64(math.MaxUint64), u)
	require.Equal(t, 20, next)
	_, next = wire.Uint64([]byte(`18446744073709551616`), 0)
	require.Equal(t, wire.ErrRange, next)
	_, next = wire.Uint64([]byte(`-1`), 0)
	require.Equal(t, wire.ErrRange, next)
	u, next = wire.Uint64([]byte(`-0`), 0)
	require.Equal(t, []any{uint64(0), 2}, []any{u, next})
	w, next := wire.Uint32([]byte(`4294967295`), 0)
	require.Equal(t, []any{uint32(math.MaxUint32), 10}, []any{w, next})
	_, next = wire.Uint32([]byte(`4294967296`), 0)
	require.Equal(t, wire.ErrRange, next)
	w, next = wire.Uint32Flex([]byte(`"7"`), 0)
	require.Equal(t, []any{uint32(7), 3}, []any{w, next})
	w, code := wire.Uint32Text([]byte(`4294967296`))
	require.Equal(t, []any{uint32(0), wire.ErrRange}, []any{w, code})
}

// TestIntsAgainstBig compares with exact arithmetic on numbers of every form.
func TestIntsAgainstBig(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 50_000 {
		s := randomNumber(rnd)
		exact, ok := new(big.Rat).SetString(s)
		require.True(t, ok, s)
		got, next := wire.Int64([]byte(s), 0)
		if exact.IsInt() && exact.Num().IsInt64() {
			require.Equal(t, len(s), next, s)
			require.Equal(t, exact.Num().Int64(), got, s)
		} else {
			require.Equal(t, wire.ErrRange, next, s)
		}
		unsigned, next := wire.Uint64([]byte(s+","), 0)
		if exact.IsInt() && exact.Num().IsUint64() {
			require.Equal(t, len(s), next, s)
			require.Equal(t, exact.Num().Uint64(), unsigned, s)
		} else {
			require.Equal(t, wire.ErrRange, next, s)
		}
	}
}

// randomNumber writes a JSON number of up to about 30 digits.
func randomNumber(rnd *rand.Rand) string {
	var b []byte
	if rnd.IntN(3) == 0 {
		b = append(b, '-')
	}
	digits := func(n int, lead bool) {
		for k := range n {
			d := byte(rnd.IntN(10))
			if rnd.IntN(3) == 0 {
				d = 0
			}
			if k == 0 && lead {
				d = max(d, 1)
			}
			b = append(b, '0'+d)
		}
	}
	if rnd.IntN(5) == 0 {
		b = append(b, '0')
	} else {
		digits(1+rnd.IntN(21), true)
	}
	if rnd.IntN(2) == 0 {
		b = append(b, '.')
		digits(1+rnd.IntN(12), false)
	}
	if rnd.IntN(2) == 0 {
		b = append(b, 'e')
		b = strconv.AppendInt(b, int64(rnd.IntN(41)-20), 10)
	}
	return string(b)
}

func TestFloat64(t *testing.T) {
	for _, s := range []string{
		`0`, `-0`, `1`, `189.45`, `0.1`, `1e22`, `1e23`, `-1e-22`, `9007199254740993`, `14194975381.968877`, `406577317183270914.60`, `1844674407370955162.5`,
		`2.2250738585072014e-308`, `5e-324`, `4.9e-324`, `2e-324`, `1e-400`, `1.7976931348623157e308`, `123456789012345678901234567890`, `0.000000000000000000000000000001`,
		`8.41`, `1.00000000000000011102230246251565404236316680908203125`, `179769313486231570000000000000000000000e270`,
	} {
		checkFloat(t, s)
	}
	for _, s := range []string{`1e309`, `-1e400`, `1.7976931348623159e308`} {
		_, next := wire.Float64([]byte(s), 0)
		require.Equal(t, wire.ErrRange, next, s)
	}
}

func checkFloat(t *testing.T, s string) {
	t.Helper()
	want, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	got, next := wire.Float64([]byte(s), 0)
	if next != len(s) || math.Float64bits(want) != math.Float64bits(got) {
		t.Fatalf("%s: got %v (%d), want %v", s, got, next, want)
	}
	got, code := wire.Float64Text([]byte(s))
	if code != 0 || math.Float64bits(want) != math.Float64bits(got) {
		t.Fatalf("%s as text: got %v (%d), want %v", s, got, code, want)
	}
}

// TestFloatsBitExact compares with strconv on prices, on 17 digits, on random bits
// and on long texts.
func TestFloatsBitExact(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	count := 1_000_000
	if testing.Short() {
		count = 50_000
	}
	var buf []byte
	for k := range count {
		buf = buf[:0]
		switch k % 4 {
		case 0:
			buf = strconv.AppendFloat(buf, float64(rnd.IntN(1e9))/1e4, 'f', rnd.IntN(9), 64)
		case 1:
			buf = strconv.AppendFloat(buf, rnd.NormFloat64()*math.Pow10(rnd.IntN(40)-20), 'g', 17, 64)
		case 2:
			f := math.Float64frombits(rnd.Uint64())
			if math.IsNaN(f) || math.IsInf(f, 0) {
				continue
			}
			buf = strconv.AppendFloat(buf, f, 'e', -1, 64)
		case 3:
			buf = append(buf, randomNumber(rnd)...)
		}
		checkFloat(t, string(buf))
	}
}
