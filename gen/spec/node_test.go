package spec

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen/diag"
)

func mustRead(t *testing.T, src string) *Node {
	t.Helper()
	var c diag.Collector
	n := readYAML("a.yaml", []byte(src), &c)
	require.Empty(t, c.List())
	return n
}

// The tags are those of the YAML 1.2 core schema, whatever the parser thinks.
func TestTagsOfScalars(t *testing.T) {
	tests := []struct{ text, tag, value string }{
		{"1", TagInt, "1"}, {"-12", TagInt, "-12"}, {"+1", TagInt, "+1"}, {"0o17", TagInt, "0o17"}, {"0x1F", TagInt, "0x1F"},
		{"017", TagInt, "017"}, {"1.5", TagFloat, "1.5"}, {"2.0", TagFloat, "2.0"}, {"1e3", TagFloat, "1e3"}, {".5", TagFloat, ".5"},
		{".inf", TagFloat, ".inf"}, {"-.INF", TagFloat, "-.INF"}, {".nan", TagFloat, ".nan"}, {"18446744073709551616", TagInt, "18446744073709551616"},
		{"true", TagBool, "true"}, {"False", TagBool, "False"}, {"null", TagNull, "null"}, {"~", TagNull, "~"}, {"", TagNull, ""},
		{"yes", TagStr, "yes"}, {"N", TagStr, "N"}, {"on", TagStr, "on"}, {"1_000", TagStr, "1_000"}, {"0b11", TagStr, "0b11"},
		{"1:30", TagStr, "1:30"}, {"2026-01-31", TagStr, "2026-01-31"}, {"10s", TagStr, "10s"}, {"<id>", TagStr, "<id>"},
		{`"1"`, TagStr, "1"}, {`'true'`, TagStr, "true"}, {`""`, TagStr, ""}, {`"a\tb\u00e9"`, TagStr, "a\tbé"}, {`'it''s'`, TagStr, "it's"},
		{"|\n  a\n  b", TagStr, "a\nb\n"}, {">-\n  a\n  b", TagStr, "a b"},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			n := mustRead(t, "a: "+test.text+"\nb: 1\n").Get("a")
			require.Equal(t, test.tag, n.Tag)
			require.Equal(t, test.value, n.Value)
			quoted := test.text != "" && (test.text[0] == '"' || test.text[0] == '\'' || test.text[0] == '|' || test.text[0] == '>')
			require.Equal(t, quoted, n.Quoted)
		})
	}
}

func TestAccessorsAreSafe(t *testing.T) {
	var none *Node
	require.Nil(t, none.Get("a"))
	require.Nil(t, none.Entry("a"))
	require.False(t, none.Has("a"))
	require.Equal(t, "", none.Text())
	require.False(t, none.IsNull())
	_, ok := none.Bool()
	require.False(t, ok)
	_, ok = none.Int()
	require.False(t, ok)

	n := mustRead(t, "a: 12\nb: true\nc: ~\nd: [x]\ne: \"7\"\nf: False\ng: 99999999999999999999\n")
	require.Nil(t, n.Get("d").Get("x"))
	require.Equal(t, "", n.Get("c").Text())
	require.Equal(t, "", n.Get("d").Text())
	require.True(t, n.Get("c").IsNull())
	i, ok := n.Get("a").Int()
	require.True(t, ok)
	require.EqualValues(t, 12, i)
	for _, key := range []string{"e", "g", "b"} {
		_, ok = n.Get(key).Int()
		require.False(t, ok, key)
	}
	v, ok := n.Get("b").Bool()
	require.True(t, ok && v)
	v, ok = n.Get("f").Bool()
	require.True(t, ok && !v)
	_, ok = n.Get("a").Bool()
	require.False(t, ok)
}

func TestSpans(t *testing.T) {
	src := "a: {b: [1,\n    'x''y'], c: }\n" + // a flow map over two lines
		"d: |\n  one\n  two\n\n" + // a block text
		"e: long\n  text\n" + // a folded plain text
		"ü: \"ä\\\"\"\n" + // columns are runes
		"f:\n  - g: 1\n    h: 2\n  - i\n"
	n := mustRead(t, src)
	span := func(line, col, endLine, endCol int) diag.Span {
		return diag.Span{File: "a.yaml", Line: line, Col: col, EndLine: endLine, EndCol: endCol}
	}
	require.Equal(t, span(1, 1, 13, 6), n.Span)
	require.Equal(t, span(1, 4, 2, 18), n.Get("a").Span)
	require.Equal(t, span(1, 8, 2, 12), n.Get("a").Get("b").Span)
	require.Equal(t, span(2, 5, 2, 11), n.Get("a").Get("b").Items[1].Span)
	require.Equal(t, n.Get("a").Entry("c").Key.Span, n.Get("a").Get("c").Span, "no value: the place of the key")
	require.Equal(t, span(3, 4, 5, 6), n.Get("d").Span)
	require.Equal(t, span(7, 4, 8, 7), n.Get("e").Span)
	require.Equal(t, "long text", n.Get("e").Value)
	require.Equal(t, span(9, 1, 9, 2), n.Entry("ü").Key.Span)
	require.Equal(t, span(9, 4, 9, 9), n.Get("ü").Span)
	require.Equal(t, span(11, 5, 12, 9), n.Get("f").Items[0].Span)
}

func TestMapsKeepTheOrderOfTheFile(t *testing.T) {
	n := mustRead(t, "z: 1\na: 2\n\"...\": x\nm: {y: 1, b: 2}\n")
	var got []string
	for _, e := range n.Entries {
		got = append(got, e.Key.Value)
	}
	require.Equal(t, []string{"z", "a", "...", "m"}, got)
	require.Equal(t, "y", n.Get("m").Entries[0].Key.Value)
}

// A repeated key is reported and left out, so that later phases do not report
// the same fault in their own words.
func TestRepeatedKeysKeepTheFirst(t *testing.T) {
	var c diag.Collector
	n := readYAML("a.yaml", []byte("a: 1\nb: 2\na: 3\n"), &c)
	require.Len(t, c.List(), 1)
	require.Len(t, n.Entries, 2)
	require.Equal(t, "1", n.Get("a").Value)
}

func TestNearest(t *testing.T) {
	words := []string{"effect", "events", "event", "go", "type"}
	for got, want := range map[string]string{
		"efect": "effect", "evnets": "events", "tpye": "type", "Effect": "effect", "events": "events",
		"x": "", "og": "go", "completely": "", "": "",
	} {
		require.Equal(t, want, nearest(got, words), got)
	}
}
