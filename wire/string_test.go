package wire_test

import (
	"encoding/json"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

// TestStringsAgainstEncodingJSON compares the text readers on damaged strings.
func TestStringsAgainstEncodingJSON(t *testing.T) {
	rnd := rand.New(rand.NewPCG(15, 16))
	var d wire.Decoder
	valid := 0
	for range 30_000 {
		b := randomString(rnd)
		var want string
		err := json.Unmarshal(b, &want)
		got, next := d.String(b, 0)
		if err != nil {
			require.False(t, next >= 0 && wire.End(b, next) >= 0, "%q", b)
			continue
		}
		valid++
		require.Equal(t, len(b), next, "%q", b)
		require.Equal(t, want, got, "%q", b)
		text, _ := d.Text(b, 0)
		require.Equal(t, want, string(text), "%q", b)
		interned, _ := d.Intern(b, 0)
		require.Equal(t, want, interned, "%q", b)
		key, at := d.Key(append(b, ':', '1'), 0)
		require.Equal(t, want, string(key), "%q", b)
		require.Equal(t, len(b)+1, at)
		require.Equal(t, 0, wire.Lookup(append(append([]byte{'{'}, b...), ":1}"...), 0, want)-len(b)-2, "%q", b)
	}
	require.Greater(t, valid, 6_000)
}

var stringPieces = []string{
	"a", "bc", "plain text", "é", "€", "😀", `\n`, `\"`, `\\`, `\/`, `\u0041`, `\ud83d`, `\ude00`, `\ud83d\ude00`, `\u00`, `\x`, `\uZZZZ`,
	"\xff", "\xc3", "\xe2\x82", "\xed\xa0\x80", "\x7f", "\u2028", `"`, `\`, "\x01", "\n",
}

func randomString(rnd *rand.Rand) []byte {
	b := []byte{'"'}
	for range rnd.IntN(8) {
		limit := len(stringPieces)
		if rnd.IntN(2) == 0 {
			limit = 14
		}
		b = append(b, stringPieces[rnd.IntN(limit)]...)
	}
	return append(b, '"')
}

func TestStringOwnership(t *testing.T) {
	frame := func() []byte { return []byte(`["plain","\u0065scaped",12.50]`) }
	for _, borrow := range []bool{false, true} {
		d := wire.Decoder{Borrow: borrow}
		b := frame()
		plain, next := d.String(b, 1)
		escaped, next := d.String(b, next+1)
		number, _ := d.StringFlex(b, next+1)
		require.Equal(t, []string{"plain", "escaped", "12.50"}, []string{plain, escaped, number})
		for i := range b {
			b[i] = 'x'
		}
		_, _ = d.String([]byte(`"\u0041nother"`), 0)
		require.Equal(t, "escaped", escaped, "what was rewritten is never borrowed")
		if borrow {
			require.Equal(t, []string{"xxxxx", "xxxxx"}, []string{plain, number})
		} else {
			require.Equal(t, []string{"plain", "12.50"}, []string{plain, number})
		}
	}
}

// Copies of short strings share memory; none of them changes when others follow or the frame is overwritten.
func TestCopiesStay(t *testing.T) {
	var d wire.Decoder
	var got, want []string
	frame := make([]byte, 0, 128)
	for n := range 5000 {
		text := strconv.Itoa(n) + strings.Repeat("x", n%45)
		frame = append(append(append(frame[:0], '"'), text...), '"')
		s, next := d.String(frame, 0)
		require.Equal(t, len(frame), next)
		got, want = append(got, s), append(want, text)
	}
	require.Equal(t, want, got)
	id := []byte(`"12345678"`)
	allocs := testing.AllocsPerRun(100, func() {
		for range 1000 {
			d.String(id, 0)
		}
	})
	require.LessOrEqual(t, allocs, 1000*8/512+1.0)
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() { new(wire.Decoder).String(id, 0) }), 2.0)
}

func TestFlexText(t *testing.T) {
	var d wire.Decoder
	for in, want := range map[string]string{`"a"`: "a", `12.50`: "12.50", ` -1e5`: "-1e5", `""`: ""} {
		for name, read := range map[string]func([]byte, int) (string, int){"StringFlex": d.StringFlex, "InternFlex": d.InternFlex} {
			got, next := read([]byte(in), 0)
			require.Equal(t, []any{want, len(in)}, []any{got, next}, name)
		}
	}
	for in, code := range map[string]int{`true`: wire.ErrKind, `null`: wire.ErrNull, `01`: wire.ErrSyntax, `{}`: wire.ErrKind, `-`: wire.ErrTruncated} {
		got, next := d.StringFlex([]byte(in+""), 0)
		if in == `01` { // the zero is read, the rest is refused by what follows
			require.Equal(t, []any{"0", 1}, []any{got, next})
			continue
		}
		require.Equal(t, code, next, in)
	}
}

func TestInvalidTextIsCounted(t *testing.T) {
	d := wire.Decoder{Drift: new(wire.Drift)}
	for _, in := range []string{"\"\xff\"", `"\ud800"`, `"fine é \ud83d\ude00"`} {
		_, next := d.String([]byte(in), 0)
		require.Equal(t, len(in), next)
	}
	require.Equal(t, []wire.DriftRow{{Kind: wire.DriftInvalidUTF8, Count: 2}}, d.Drift.Snapshot())
}

func TestKeySurvivesText(t *testing.T) {
	var d wire.Decoder
	b := []byte(`{ "\u006bey" : "\u0076alue" }`)
	next, more := wire.EnterObject(b, 0)
	require.True(t, more)
	key, next := d.Key(b, next)
	text, next := d.Text(b, next)
	require.Equal(t, "key", string(key))
	require.Equal(t, "value", string(text))
	next, more = wire.NextMember(b, next)
	require.False(t, more)
	require.Equal(t, len(b), next)
	for in, code := range map[string]int{`"a"`: wire.ErrTruncated, `"a" 1`: wire.ErrSyntax, `"a`: wire.ErrTruncated, `a:1`: wire.ErrSyntax, `1:1`: wire.ErrSyntax, ``: wire.ErrTruncated} {
		_, next := d.Key([]byte(in), 0)
		require.Equal(t, code, next, in)
	}
}

func TestInternIsBounded(t *testing.T) {
	d := wire.Decoder{InternLimit: 64}
	seen := map[string]int{}
	symbols := []string{"AAPL", "MSFT", "X:BTC-USD", "T", "O:SPY251219C00650000"}
	for i := range 20_000 {
		unique, _ := d.Intern([]byte(`"order-`+strings.Repeat("0", i%7)+string(rune('a'+i%26))+string(rune('a'+i/26%26))+string(rune('a'+i/676%26))+`"`), 0)
		require.True(t, strings.HasPrefix(unique, "order-"))
		s := symbols[i%len(symbols)]
		got := d.InternText([]byte(s))
		require.Equal(t, s, got)
		seen[s]++
	}
	require.Len(t, seen, len(symbols))
	long := strings.Repeat("x", wire.MaxInternLength+1)
	require.Equal(t, long, d.InternText([]byte(long)))
	require.Empty(t, d.InternText(nil))
}

func TestRawIsACopy(t *testing.T) {
	var d wire.Decoder
	b := []byte(`  {"a": [1, 2]} ,`)
	raw, next := d.Raw(b, 0)
	require.Equal(t, len(b)-2, next)
	clear(b)
	require.Equal(t, `{"a": [1, 2]}`, raw.String())
	again, next := d.AppendRaw(raw, []byte(`7`), 0)
	require.Equal(t, 1, next)
	require.Equal(t, "7", again.String())
	require.Same(t, &raw[0], &again[0])
	_, next = d.Raw([]byte(`[01]`), 0)
	require.Equal(t, wire.ErrSyntax, next)
}

func TestRawJSON(t *testing.T) {
	var v struct{ A, B wire.Raw }
	require.NoError(t, json.Unmarshal([]byte(`{"A":{"x":1.50}}`), &v))
	b, err := json.Marshal(v)
	require.NoError(t, err)
	require.Equal(t, `{"A":{"x":1.50},"B":null}`, string(b))
	var r wire.Raw
	require.ErrorIs(t, r.UnmarshalJSON([]byte(`{]`)), wire.ErrField)
	require.Error(t, r.UnmarshalJSON([]byte(`1 2`)))
	c := v.A.Clone()
	v.A[0] = 'x'
	require.Equal(t, `{"x":1.50}`, c.String())
	require.Equal(t, "null", string(wire.AppendRaw(nil, nil)))
}
