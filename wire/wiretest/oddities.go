package wiretest

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

// oddities writes every sample in ways that mean the same and must be read the
// same.
func oddities(t testing.TB, c Codec, samples []string) {
	for _, s := range samples {
		tree, err := parse(s)
		require.NoError(t, err)
		want := encodingOf(t, c, s)
		same := map[string]string{
			"white space":      tree.render(style{space: " \r\n\t"}),
			"reordered":        tree.render(style{reverse: true}),
			"escaped keys":     tree.render(style{escaped: true}),
			"escaped text":     tree.render(style{escaped: true, verbatim: true}),
			"all of them":      tree.render(style{space: "\n", reverse: true, escaped: true, verbatim: true}),
			"space at the end": s + " \t\r\n",
		}
		if tree.kind == '{' && !c.Closed {
			foreign(tree, same)
		}
		for name, odd := range same {
			require.Equal(t, want, encodingOf(t, c, odd), "%s, %s:\n%s", c.Name, name, odd)
		}
		refusals(t, c, s, tree)
	}
}

// foreignKey is a member that no venue has.
const foreignKey = "zz~foreign~member"

// foreign adds members that a decoder must skip.
func foreign(tree *node, same map[string]string) {
	whole := tree.render(style{})
	first := func(member string) string {
		return "{" + strings.TrimSuffix(member+","+whole[1:], ",}") + tail(tree)
	}
	last := func(member string) string {
		return strings.TrimSuffix(whole, "}") + strings.TrimPrefix(","+member, comma(tree)) + "}"
	}
	for name, value := range map[string]string{
		"object": `{"a":[1,-2.5e-7,{"b":null}],"":"\u00e9\n"}`,
		"text":   `"a \"quoted\" } text \ud83d\ude00"`,
		"null":   `null`,
		"deep":   strings.Repeat("[", wire.MaxDepth) + strings.Repeat("]", wire.MaxDepth),
	} {
		member := `"` + foreignKey + `" : ` + value
		same["foreign "+name+" first"] = first(member)
		same["foreign "+name+" last"] = last(member)
	}
	if len(tree.items) > 0 {
		again := &node{kind: '{', keys: tree.keys[:1], items: tree.items[:1]}
		member := strings.Trim(again.render(style{}), "{}")
		if k := tree.items[0].kind; k != '{' && k != '[' && k != '"' {
			same["repeated member"] = last(member)
		}
	}
}

// tail closes an object that had no members of its own.
func tail(tree *node) string {
	if len(tree.items) == 0 {
		return "}"
	}
	return ""
}

// comma is what must not stand before the first member.
func comma(tree *node) string {
	if len(tree.items) == 0 {
		return ","
	}
	return ""
}

// refusals are near misses of a sample that are not JSON, or too deep.
func refusals(t testing.TB, c Codec, s string, tree *node) {
	s = strings.TrimSpace(s)
	bad := map[string]string{
		"something behind it": s + "x",
		"a second value":      s + " " + s,
		"a BOM":               "\xef\xbb\xbf" + s,
		"nothing":             "",
		"space alone":         " ",
	}
	if tree.kind == '{' && len(tree.items) > 0 {
		deep := strings.Repeat("[", wire.MaxDepth+1) + strings.Repeat("]", wire.MaxDepth+1)
		bad["trailing comma"] = s[:len(s)-1] + ",}"
		bad["leading comma"] = "{," + s[1:]
		bad["key without value"] = s[:len(s)-1] + `,"` + foreignKey + `"}`
		for _, value := range []string{`[01]`, `1-1`, `1.`, `"\x"`, "\"\n\"", `nul`, `{"a" 1}`} {
			bad["a foreign "+value] = s[:len(s)-1] + `,"` + foreignKey + `":` + value + `}`
		}
		bad["too deep"] = s[:len(s)-1] + `,"` + foreignKey + `":` + deep + `}`
	}
	w := newBench(c)
	for name, b := range bad {
		require.Negative(t, w.used.decode(&w.d, []byte(b)), "%s accepts %s:\n%s", c.Name, name, b)
	}
}

// encodingOf decodes s and returns what is written then, in canonical form.
func encodingOf(t testing.TB, c Codec, s string) any {
	t.Helper()
	var d wire.Decoder
	target := c.New()
	next := target.decode(&d, bytes.Clone([]byte(s)))
	require.GreaterOrEqual(t, next, 0, "%s refuses (%s):\n%s", c.Name, wire.CodeText(next), s)
	v, err := canonical(target.Encode(nil))
	require.NoError(t, err, c.Name)
	return v
}
