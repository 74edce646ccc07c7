package resolve_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/resolve"
)

func TestParsePattern(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]ir.Part{
		"":                    nil,
		"smd+{target}":        {{Lit: "smd+"}, {Hole: "target"}},
		"<name>.{symbol}":     {{Builtin: "name"}, {Lit: "."}, {Hole: "symbol"}},
		"a[+{b}]":             {{Lit: "a"}, {Group: []ir.Part{{Lit: "+"}, {Hole: "b"}}}},
		"upl{}":               {{Lit: "upl{}"}},
		"close[price]":        {{Lit: "close[price]"}},
		"<b>bold</b> {not it": {{Lit: "<b>bold</b> {not it"}},
		"[[{a}]]":             {{Group: []ir.Part{{Lit: "["}, {Hole: "a"}}}, {Lit: "]"}},
	} {
		require.Equal(t, want, resolve.ParsePattern(text, diag.Span{}).Parts, text)
	}
}

func TestParsePath(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"a", "a.b", "data[].symbol", "<key>", "a[].b[].c", "value"} {
		require.Equal(t, s, resolve.ParsePath(s).String())
	}
	require.Nil(t, resolve.ParsePath(""))
	require.Equal(t, ir.Path{{Member: "data", Each: true}, {Key: true}}, resolve.ParsePath("data[].<key>"))
}

func TestMatches(t *testing.T) {
	t.Parallel()
	v := venue(t, envelopeWire, `events:
  Tick:
    on:
      - tick-{n}
      - {service: [a, "b-{c}"], msg.code: "4000..5999", up: true, has: [x, y.z], lacks: q, confidence: guessed, source: docs}
      - bare
    envelope: {n: {type: int}}
    fields: {}
`)
	on := v.Domains[0].Events[0].On
	require.Len(t, on, 3)
	require.Equal(t, "name", on[0].Conds[0].Path.String())
	require.Equal(t, []string{"n"}, on[0].Conds[0].Values[0].Pattern.Holes())
	require.Equal(t, `"bare"`, on[2].Conds[0].Values[0].JSON)
	m := on[1]
	require.Equal(t, ir.Guessed, m.Prov.Confidence)
	require.Equal(t, []string{"x", "y.z"}, []string{m.Has[0].String(), m.Has[1].String()})
	require.Equal(t, "q", m.Lacks[0].String())
	require.Equal(t, `"a"`, m.Conds[0].Values[0].JSON)
	require.Equal(t, []string{"c"}, m.Conds[0].Values[1].Pattern.Holes())
	require.Equal(t, ir.CondValue{Min: 4000, Max: 5999, Range: true}, m.Conds[1].Values[0])
	require.Equal(t, "true", m.Conds[2].Values[0].JSON)
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	v := venue(t, envelopeWire, `rpcs:
  put:
    go: Put
    version: "1.0"
    effect: write
    send:
      - {id: <id>, n: 1, s: "1", t: "x-{a}", a: "{a}", l: [1, "b"], e: {}, in: {"...": <request>}}
      - "put+{a}"
    request: {a: {type: string}}
    reply: none
`)
	ts := v.Domains[0].RPCs[0].Send
	require.Len(t, ts, 2)
	require.Equal(t, "put+{a}", ts[1].Text.Text)
	ms := ts[0].Root.Members
	leaf := func(i int) ir.Leaf { return *ms[i].Value.Leaf }
	require.Equal(t, ir.Leaf{Builtin: "id"}, leaf(0))
	require.Equal(t, ir.Leaf{JSON: "1"}, leaf(1))
	require.Equal(t, ir.Leaf{JSON: `"1"`}, leaf(2))
	require.Equal(t, "x-{a}", leaf(3).Text.Text)
	require.Equal(t, ir.Leaf{Hole: "a"}, leaf(4))
	require.Equal(t, ir.Leaf{JSON: `[1,"b"]`}, leaf(5))
	require.NotNil(t, ms[6].Value.Members)
	require.Empty(t, ms[6].Value.Members)
	require.Equal(t, []string{"request"}, ms[7].Value.Members[0].Spread)
}
