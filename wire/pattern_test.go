package wire_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

// pattern parses a pattern whose holes are numbered in order of appearance; a
// field that is called digits takes digits alone.
func pattern(t *testing.T, text string) wire.Pattern {
	t.Helper()
	count := 0
	p, err := wire.ParsePattern(text, func(name string) (int, string, bool) {
		count++
		chars := ""
		if name == "digits" {
			chars = "0123456789"
		}
		return count - 1, chars, name != "undeclared"
	})
	require.NoError(t, err)
	require.Equal(t, count, p.Holes())
	return p
}

func TestPatternMatch(t *testing.T) {
	const no, absent = "(no match)", "(absent)"
	tests := []struct {
		pattern, text string
		want          []string
	}{
		{"<name>.{symbol}", "T.BRK.B", []string{"T", "BRK.B"}},
		{"<name>.{symbol}", "T.", []string{no}},
		{"<name>.{symbol}", ".B", []string{no}},
		{"<name>.{symbol}", "TB", []string{no}},
		{"smd+{conid}", "smd+265598@ARCA", []string{"265598@ARCA"}},
		{"smd+{conid}[@{exchange}]", "smd+265598@ARCA", []string{"265598", "ARCA"}},
		{"smd+{conid}[@{exchange}]", "smd+265598", []string{"265598", absent}},
		{"smd+{conid}[@{exchange}]", "smd+265598@", []string{"265598@", absent}},
		{"sbd+{acct}+{conid}[+{exchange}]", "sbd+DU1+265598", []string{"DU1", "265598", absent}},
		{"sbd+{acct}+{conid}[+{exchange}]", "sbd+DU1+265598+ARCA", []string{"DU1", "265598", "ARCA"}},
		{"sbd+{acct}+{conid}[+{exchange}]", "sbd+DU1+265598+A+B", []string{"DU1", "265598", "A+B"}},
		{"sbd+{acct}+{conid}[+{exchange}]", "sbd+DU1", []string{no}},
		{"umd+{}", "umd+{}", []string{}},
		{"umd+{target}+{}", "umd+265598+{}", []string{"265598"}},
		{"umd+{target}+{}", "umd+265598", []string{no}},
		{"close[price]", "close[price]", []string{}},
		{"close[price]", "close", []string{no}},
		{"subscribed to: <name>.{symbol}", "subscribed to: T.MSFT", []string{"T", "MSFT"}},
		{"subscribed to: <name>.{symbol}", "subscribed to T.MSFT", []string{no}},
		{"[{prefix}:]{digits}", "12", []string{absent, "12"}},
		{"[{prefix}:]{digits}", "X:12", []string{"X", "12"}},
		{"[{prefix}:]{digits}", "X12", []string{no}},
		{"{digits}{rest}", "123abc", []string{"123", "abc"}},
		{"{digits}{rest}", "123", []string{no}},
		{"{a}-{digits}-{b}", "x-y-12-z-3", []string{"x-y", "12", "z-3"}},
		{"{a}.json", "x.json.json", []string{"x.json"}},
		{"{a}", "", []string{no}},
		{"", "", []string{}},
		{"", "x", []string{no}},
		{"a", "a", []string{}},
		{"{a}b{c}b", "xbbb", []string{"x", "b"}},
		{"wss://{host}/v{digits}[?{query}]", "wss://h/v2?a=1", []string{"h", "2", "a=1"}},
		{"{é}", "{é}", []string{}},
		{"a < b > c", "a < b > c", []string{}},
		{"[[{x}]", "[y", []string{no}},
	}
	for _, tc := range tests {
		p := pattern(t, tc.pattern)
		holes := make([]wire.Span, p.Holes())
		got := []string{}
		if !p.Match([]byte(tc.text), holes) {
			got = append(got, no)
		} else {
			for _, h := range holes {
				if h.Start < 0 {
					got = append(got, absent)
					continue
				}
				got = append(got, string(h.Of([]byte(tc.text))))
			}
		}
		if tc.pattern == "[[{x}]" { // an unclosed bracket is literal: "[" and the group
			require.Equal(t, []string{"y"}, got)
			continue
		}
		require.Equal(t, tc.want, got, "%s on %s", tc.pattern, tc.text)
	}
}

func TestPatternLiteralForm(t *testing.T) {
	parsed := pattern(t, "smd+{conid}[+{exchange}]")
	require.Equal(t, wire.Pattern{Parts: []wire.Part{{Lit: "smd+"}, {Hole: 0}, {Opt: []wire.Part{{Lit: "+"}, {Hole: 1}}}}}, parsed)
	require.Equal(t, 4, parsed.LiteralLen())
}

func TestPatternParseErrors(t *testing.T) {
	for text, want := range map[string]string{"a{undeclared}": "no field", "a[{x}[{y}]]": "inside a group"} {
		_, err := wire.ParsePattern(text, func(name string) (int, string, bool) { return 0, "", name != "undeclared" })
		require.ErrorIs(t, err, wire.ErrPattern)
		require.ErrorContains(t, err, want)
	}
}

func TestPatternBuiltinName(t *testing.T) {
	var names []string
	_, err := wire.ParsePattern("{field}.<id>.{31}", func(name string) (int, string, bool) {
		names = append(names, name)
		return 0, "", true
	})
	require.NoError(t, err)
	require.Equal(t, []string{"field", "<id>", "31"}, names)
}

func TestPatternWrite(t *testing.T) {
	values := func(s ...string) (out [][]byte) {
		for _, v := range s {
			if v == "nil" {
				out = append(out, nil)
				continue
			}
			out = append(out, []byte(v))
		}
		return out
	}
	for _, tc := range []struct {
		pattern string
		values  [][]byte
		want    string
		ok      bool
	}{
		{"smd+{conid}[@{exchange}]", values("265598", "ARCA"), "smd+265598@ARCA", true},
		{"smd+{conid}[@{exchange}]", values("265598", "nil"), "smd+265598", true},
		{"smd+{conid}[@{exchange}]", values("265598@X", "nil"), "smd+265598@X", false},
		{"<name>.{symbol}", values("T", "BRK.B"), "T.BRK.B", true},
		{"<name>.{symbol}", values("T.X", "B"), "T.X.B", false},
		{"<name>.{symbol}", values("T", ""), "T.", false},
		{"<name>.{symbol}", values("T", "nil"), "T.", false},
		{"{digits}{rest}", values("12", "3"), "123", false},
		{"{digits}{rest}", values("12", "x3"), "12x3", true},
	} {
		p := pattern(t, tc.pattern)
		require.Equal(t, tc.want, string(p.Append(nil, tc.values)))
		err := p.CheckWrite(tc.values)
		if tc.ok {
			require.NoError(t, err, tc.want)
		} else {
			require.ErrorIs(t, err, wire.ErrPattern, tc.want)
		}
	}
}

// TestPatternHostileText ends: were every hole to try every length, it would run
// for years.
func TestPatternHostileText(t *testing.T) {
	p := pattern(t, "{a}+{b}[+{c}][-{d}]+{digits}=")
	holes := make([]wire.Span, p.Holes())
	for _, unit := range []string{"+", "x+", "+-", "1+1-"} {
		text := []byte(strings.Repeat(unit, 200_000))
		require.False(t, p.Match(text, holes))
	}
	long := []byte("a" + strings.Repeat(" word", 100_000) + "+b+12=")
	require.True(t, p.Match(long, holes), "long text without traps still fits")
}

func TestPatternMatchWithFewHoles(t *testing.T) {
	p := pattern(t, "{a}.{b}")
	require.True(t, p.Match([]byte("x.y"), nil))
	one := make([]wire.Span, 1)
	require.True(t, p.Match([]byte("x.y"), one))
	require.Equal(t, fmt.Sprint([]wire.Span{{0, 1}}), fmt.Sprint(one))
}
