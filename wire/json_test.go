package wire_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

// validOddities are valid JSON texts that sloppy readers refuse or misread.
var validOddities = []string{
	`null`, `true`, `false`, `0`, `-0`, `0.0`, `-0.0e-0`, `1E+5`, `1e5`, `123456789012345678901234567890`, `1e400`, `-1e-400`,
	`""`, `"a"`, `"\u0000"`, `"\ud800"`, `"\udc00\ud800"`, `"\uD83D\uDE00"`, `"\/\b\f\n\r\t\"\\"`, `"é€😀"`, "\"\xff\xfe\"", "\"\u2028\"", "\"\x7f\"",
	`[]`, `{}`, ` [ ] `, "\t{\r\n}\n", `[[],{}]`, `[1,2 , 3]`, `{"a":1}`, `{"":0}`, `{"a":{"b":[1,{"c":null}]}}`, `{"a":1,"a":2}`,
	`{"\u0061":1}`, `{"a\"b":"}"}`, `{"a" : "]" , "b":[ "{" ]}`, `[true,false,null]`, `[0]`, `[-1]`, `[1e1,1E1,1e-1]`,
	`"` + strings.Repeat("x", 5000) + `"`, strings.Repeat("[", 500) + strings.Repeat("]", 500),
	strings.Repeat(`{"a":`, 500) + "1" + strings.Repeat("}", 500),
}

// invalidOddities are texts that sloppy readers accept.
var invalidOddities = []string{
	``, ` `, `nul`, `nulll`, `True`, `tru`, `falsey`, `01`, `-`, `-01`, `1.`, `.5`, `1.e5`, `1e`, `1e+`, `+1`, `1-1`, `1+1`, `0x10`, `1_000`,
	`NaN`, `Infinity`, `-Infinity`, `1 2`, `1,`, `"`, `"a`, `"\`, `"\"`, `"\u`, `"\u12`, `"\u12g4"`, `"\x"`, `"\'"`, "\"\n\"", "\"\x00\"", "\"\x1f\"", `'a'`, `a`,
	`[`, `]`, `[1`, `[1,`, `[1,]`, `[,1]`, `[,]`, `[1 2]`, `[1}`, `{`, `}`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{,"a":1}`, `{"a" 1}`, `{"a":1 "b":2}`,
	`{a:1}`, `{1:1}`, `{"a":1]`, `{"a":,}`, `{"a"::1}`, `[1]x`, `{}{}`, "\xef\xbb\xbf{}", "{}\x00", "\x00", "\u00a0[]", "[1]\v", `[nul]`, `["a":1]`, `/**/1`, `[1]//`, `{"id\x00":1}`,
}

func TestValidOddities(t *testing.T) {
	for _, s := range validOddities {
		require.True(t, json.Valid([]byte(s)), s)
		require.True(t, wire.Valid([]byte(s)), s)
		require.Equal(t, len(s), wire.End([]byte(s), wire.Skip([]byte(s), 0)), s)
	}
	for _, s := range invalidOddities {
		require.False(t, json.Valid([]byte(s)), s)
		require.False(t, wire.Valid([]byte(s)), s)
	}
}

func TestTruncatedOdditiesAreInvalid(t *testing.T) {
	for _, s := range validOddities {
		s = strings.TrimSpace(s)
		if kind := wire.Kind([]byte(s), 0); kind != '{' && kind != '[' && kind != '"' {
			continue
		}
		for n := range len(s) {
			require.Equal(t, wire.ErrTruncated, wire.Skip([]byte(s[:n]), 0), s[:n])
		}
	}
}

func TestDepthLimit(t *testing.T) {
	nest := func(open, end string, n int) []byte {
		return []byte(strings.Repeat(open, n) + "0" + strings.Repeat(end, n))
	}
	for _, b := range [][2]string{{"[", "]"}, {`{"a":`, "}"}, {`[{"a":`, "}]"}} {
		levels := strings.Count(b[0], "[") + strings.Count(b[0], "{")
		require.True(t, wire.Valid(nest(b[0], b[1], wire.MaxDepth/levels)))
		require.Equal(t, wire.ErrDepth, wire.Skip(nest(b[0], b[1], wire.MaxDepth/levels+1), 0))
	}
}

// TestMutantsAgainstEncodingJSON compares the validators on damaged texts.
func TestMutantsAgainstEncodingJSON(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	const bytes = "\"\\{}[]:,0123456789-+.eE tfnulras\x00\x1f\x7f\x80\xff"
	count, valid := 200_000, 0
	if testing.Short() {
		count = 20_000
	}
	for range count {
		b := []byte(mutantSeeds[rnd.IntN(len(mutantSeeds))])
		for range 1 + rnd.IntN(3) {
			i := rnd.IntN(len(b))
			switch rnd.IntN(4) {
			case 0:
				b[i] = bytes[rnd.IntN(len(bytes))]
			case 1:
				b = append(b[:i], b[min(len(b), i+1+rnd.IntN(3)):]...)
			case 2:
				b = append(b[:i:i], append([]byte{bytes[rnd.IntN(len(bytes))]}, b[i:]...)...)
			case 3:
				j := rnd.IntN(len(b))
				b[i], b[j] = b[j], b[i]
			}
			if len(b) == 0 {
				b = append(b, '0')
			}
		}
		want := json.Valid(b)
		if want {
			valid++
		}
		if wire.Valid(b) != want {
			t.Fatalf("%q: valid is %v, want %v", b, !want, want)
		}
	}
	require.Greater(t, valid, count/50, "too few mutants are valid to prove anything")
}

var mutantSeeds = []string{
	`{"ev":"T","sym":"AAPL","p":189.45,"s":100,"c":[14,41],"t":1700000000123,"q":12345,"z":3}`,
	`[{"a":"x\u00e9\"y"},[],{},[1,-2.5e-7,0.10],null,true,false]`,
	`{"name":"candle","msg":{"open":1.10,"close":1e-5,"at":1534614057321597,"deep":{"k":[[["v"]]]}}}`,
	` { "topic" : "smd+265598" , "31" : "C170.0" , "6509" : "DPB" , "_updated" : 1777552169161 } `,
	`"plain text with é and 😀 and \ud83d\ude00 and \n"`,
	`-12.5e+10`,
}

func TestLookup(t *testing.T) {
	frame := ` {"a":{"b":[10,{"c":"deep"},[1,2]]},"31":"C1","x\"y":1,"\u0061b":true,"a":"again","n":null} `
	tests := []struct {
		path []string
		want string
		code int
	}{
		{path: nil, want: strings.TrimSpace(frame)},
		{path: []string{"a", "b", "0"}, want: `10`},
		{path: []string{"a", "b", "1", "c"}, want: `"deep"`},
		{path: []string{"a", "b", "2", "1"}, want: `2`},
		{path: []string{"31"}, want: `"C1"`},
		{path: []string{`x"y`}, want: `1`},
		{path: []string{"ab"}, want: `true`},
		{path: []string{"n"}, want: `null`},
		{path: []string{"A"}, code: wire.ErrMissing},
		{path: []string{"a", "b", "3"}, code: wire.ErrMissing},
		{path: []string{"a", "b", "-1"}, code: wire.ErrMissing},
		{path: []string{"a", "b", "x"}, code: wire.ErrMissing},
		{path: []string{"n", "x"}, code: wire.ErrMissing},
		{path: []string{"31", "0"}, code: wire.ErrMissing},
	}
	for _, tc := range tests {
		at := wire.Lookup([]byte(frame), 0, tc.path...)
		if tc.code != 0 {
			require.Equal(t, tc.code, at, "%q", tc.path)
			continue
		}
		require.GreaterOrEqual(t, at, 0, "%q", tc.path)
		next := wire.Skip([]byte(frame), at)
		require.Equal(t, tc.want, strings.TrimSpace(frame[at:next]), "%q", tc.path)
	}
	require.Equal(t, wire.ErrSyntax, wire.Lookup([]byte(`{"a":01,"b":1}`), 0, "b"))
	require.Equal(t, wire.ErrTruncated, wire.Lookup([]byte(`{"a":1,"b`), 0, "b"))
	require.Equal(t, wire.ErrTruncated, wire.Lookup([]byte(`{"a":1,"b":`), 0, "b"))
}

func TestKindAndNull(t *testing.T) {
	for s, want := range map[string]byte{
		` {}`: '{', `[`: '[', `"`: '"', ` true`: 't', `false`: 'f', `null`: 'n', `-1`: '0', `7`: '0', `+1`: 0, ``: 0, ` `: 0, `]`: 0,
	} {
		require.Equal(t, want, wire.Kind([]byte(s), 0), s)
	}
	require.Equal(t, 5, wire.Null([]byte(` null`), 0))
	require.Equal(t, wire.ErrKind, wire.Null([]byte(`1`), 0))
	require.Equal(t, wire.ErrTruncated, wire.Null([]byte(`nu`), 0))
	require.Equal(t, wire.ErrSyntax, wire.Null([]byte(`nil`), 0))
}

// TestReadersOnHostileInput feeds every reader everything at every offset; the
// index may even lie outside.
func TestReadersOnHostileInput(t *testing.T) {
	texts := append(append([]string{}, validOddities...), invalidOddities...)
	for _, s := range append(texts, mutantSeeds...) {
		if len(s) > 600 {
			continue
		}
		b := []byte(s)
		for i := range len(b) + 2 {
			for name, read := range readers {
				if next := read(b, i); next >= 0 {
					require.LessOrEqual(t, next, len(b), "%s %q %d", name, s, i)
					require.Greater(t, next, i, "%s %q %d", name, s, i)
				}
			}
		}
		for name, read := range readers {
			require.Negative(t, read(b, -1), "%s accepts a negative offset", name)
		}
	}
}

// readers are all readers of one value, by name.
var readers = map[string]func([]byte, int) int{
	"Skip": wire.Skip, "Null": wire.Null,
	"EnterObject": func(b []byte, i int) int { n, _ := wire.EnterObject(b, i); return n },
	"EnterArray":  func(b []byte, i int) int { n, _ := wire.EnterArray(b, i); return n },
	"Bool":        next(wire.Bool), "BoolNumber": next(wire.BoolNumber), "BoolString": next(wire.BoolString), "BoolFlex": next(wire.BoolFlex),
	"Int64": next(wire.Int64), "Int64String": next(wire.Int64String), "Int64Flex": next(wire.Int64Flex), "Int64Human": next(wire.Int64Human),
	"Uint32": next(wire.Uint32), "Uint32String": next(wire.Uint32String), "Uint32Flex": next(wire.Uint32Flex), "Uint32Human": next(wire.Uint32Human),
	"Uint64": next(wire.Uint64), "Uint64String": next(wire.Uint64String), "Uint64Flex": next(wire.Uint64Flex), "Uint64Human": next(wire.Uint64Human),
	"Float64": next(wire.Float64), "Float64String": next(wire.Float64String), "Float64Flex": next(wire.Float64Flex), "Float64Human": next(wire.Float64Human),
	"Decimal": next(wire.ReadDecimal), "DecimalString": next(wire.ReadDecimalString), "DecimalFlex": next(wire.ReadDecimalFlex), "DecimalHuman": next(wire.ReadDecimalHuman),
	"UnixS": next(wire.UnixS), "UnixMsString": next(wire.UnixMsString), "UnixUsFlex": next(wire.UnixUsFlex), "UnixNs": next(wire.UnixNs),
	"UnixAuto": next(wire.UnixAuto), "UnixAutoString": next(wire.UnixAutoString), "UnixAutoFlex": next(wire.UnixAutoFlex), "RFC3339": next(wire.RFC3339),
	"String":     next(new(wire.Decoder).String),
	"StringFlex": next(new(wire.Decoder).StringFlex),
	"Intern":     next(new(wire.Decoder).Intern),
	"InternFlex": next(new(wire.Decoder).InternFlex),
	"Text":       next(new(wire.Decoder).Text),
	"TextFlex":   next(new(wire.Decoder).TextFlex),
	"Key":        next(new(wire.Decoder).Key),
	"Raw":        next(new(wire.Decoder).Raw),
}

func next[T any](read func([]byte, int) (T, int)) func([]byte, int) int {
	return func(b []byte, i int) int { _, n := read(b, i); return n }
}
