package pattern_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/pattern"
	"github.com/venuewire/venuewire/gen/resolve"
)

func parse(s string) *ir.Pattern { return resolve.ParsePattern(s, diag.Span{}) }

func TestRead(t *testing.T) {
	t.Parallel()
	type holes = map[string]string
	for _, tc := range []struct {
		pattern, text string
		want          holes // nil: does not fit
	}{
		{"smd+{target}", "smd+265598@ARCA", holes{"target": "265598@ARCA"}},
		{"smd+{target}", "smd+", nil},
		{"<name>.{symbol}", "T.BRK.B", holes{"<name>": "T", "symbol": "BRK.B"}},
		{"sbd+{acct}+{conid}[+{exchange}]", "sbd+DU1+8314", holes{"acct": "DU1", "conid": "8314"}},
		{"sbd+{acct}+{conid}[+{exchange}]", "sbd+DU1+8314+ARCA", holes{"acct": "DU1", "conid": "8314", "exchange": "ARCA"}},
		{"{spread};;;{legs}", "0;;;1/1,2/-1", holes{"spread": "0", "legs": "1/1,2/-1"}},
		{"upl{}", "upl{}", holes{}},
		{"Token(s) not found", "Token(s) not found", holes{}},
		{"EGeneral:Invalid arguments[:{detail}]", "EGeneral:Invalid arguments", holes{}},
		{"EGeneral:Invalid arguments[:{detail}]", "EGeneral:Invalid arguments:volume", holes{"detail": "volume"}},
		{"[CH]", "[CH]", holes{}},
		{"{a}-{a}", "x-x", holes{"a": "x"}},
		{"{a}-{a}", "x-y", nil},
		{"é{a}", "éü", holes{"a": "ü"}},
	} {
		got, ok := pattern.Read(parse(tc.pattern), tc.text)
		require.Equal(t, tc.want != nil, ok, "%s on %s", tc.pattern, tc.text)
		require.Equal(t, tc.want, got, "%s on %s", tc.pattern, tc.text)
	}
}

func TestCharsTakeTheLongestRun(t *testing.T) {
	t.Parallel()
	p := &ir.Pattern{Parts: []ir.Part{
		{Group: []ir.Part{{Hole: "mark", Chars: "CH"}}}, {Hole: "price"},
	}}
	got, ok := pattern.Read(p, "C170.0")
	require.True(t, ok)
	require.Equal(t, map[string]string{"mark": "C", "price": "170.0"}, got)
	got, ok = pattern.Read(p, "170.0")
	require.True(t, ok)
	require.Equal(t, map[string]string{"price": "170.0"}, got)
}

func TestFillPutsBuiltinsIn(t *testing.T) {
	t.Parallel()
	p := pattern.Fill(parse("subscribed to: <name>.{symbol}"), map[string]string{"name": "T"})
	got, ok := pattern.Read(p, "subscribed to: T.BRK.B")
	require.True(t, ok)
	require.Equal(t, map[string]string{"symbol": "BRK.B"}, got)
	require.False(t, pattern.Fits(p, "subscribed to: Q.BRK.B"))
}

func TestMayMeet(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{"book-{depth}", "ohlc-{interval}", false},
		{"book-{depth}", "book-{n}", true},
		{"{a}.created", "{a}.changed", false},
		{"a{x}", "ab{x}", true},
	} {
		require.Equal(t, tc.want, pattern.MayMeet(parse(tc.a), parse(tc.b)), "%s %s", tc.a, tc.b)
	}
}

func TestTakes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{"{x}", "{conid}@{exchange}", true},
		{"{conid}@{exchange}", "{x}", false},
		{"EService:{t}", "EService:Throttled: {until}", true},
		{"EService:Throttled: {until}", "EService:{t}", false},
	} {
		require.Equal(t, tc.want, pattern.Takes(parse(tc.a), parse(tc.b)), "%s %s", tc.a, tc.b)
	}
	require.Equal(t, 8, pattern.Literal(parse("smd+{a}[+abc{b}]")))
}
