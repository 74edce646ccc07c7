package resolve_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen/ir"
)

func TestSpreadsKeepTheOrderAndBringTheirRules(t *testing.T) {
	t.Parallel()
	v := venue(t, envelopeWire, `rpcs:
  put:
    go: Put
    version: "1.0"
    effect: write
    request: {a: {type: int}, "...": [Base, More], z: {type: int, optional: true}, x: {type: int, optional: true}}
    rules: [{together: [z, x]}]
    response: {fields: {}}
types:
  Base: {fields: {b: {type: int, optional: true}, c: {type: int, optional: true}}, rules: [{one_of: [b, c]}]}
  More: {fields: {d: {type: int}}}
`)
	x := v.Domains[0].RPCs[0]
	require.Equal(t, "PutRequest{A int, B int?, C int?, D int, Z int?, X int?}", structText(x.Request))
	require.Len(t, x.Rules, 2)
	require.Equal(t, "one_of", x.Rules[0].Kind)
	require.Same(t, fieldOf(x.Request, "b"), x.Rules[0].Fields[0])
	require.Equal(t, x.Rules, x.Request.Rules)
	base := v.Domains[0].Types[1]
	require.NotSame(t, fieldOf(base, "b"), fieldOf(x.Request, "b"))
	require.Equal(t, 1, base.Refs)
	require.False(t, base.Outbound, "only its members are sent")
}

func TestAFieldsOwnCodingWinsOverThatOfItsAlias(t *testing.T) {
	t.Parallel()
	v := venue(t, envelopeWire, `events:
  Tick:
    on: tick
    fields:
      a: {type: Price}
      b: {type: Price, wire: string, unit: EUR}
      c: {type: Cost, null_as: ["0"]}
      d: {type: "[]Price"}
      e: {type: Mark}
      f: {type: "[]string", sep: ","}
      g: {type: int, null_as: [false, "", 0]}
types:
  Price: {is: decimal, wire: human, null_as: [""], unit: USD}
  Cost: {is: Price, wire: flex}
  Mark: {text: "[{mark}]{price}", wire: flex, fields: {mark: {type: string, chars: CH, optional: true}, price: {type: decimal}}}
`)
	tick := v.Domains[0].Events[0].Type
	of := func(name string) ir.Coding { return fieldOf(tick, name).Coding }
	require.Equal(t, ir.Coding{Wire: "human", NullAs: []string{`""`}, Nullable: true, Unit: "USD"}, of("a"))
	require.Equal(t, ir.Coding{Wire: "string", NullAs: []string{`""`}, Nullable: true, Unit: "EUR"}, of("b"))
	require.Equal(t, ir.Coding{Wire: "flex", NullAs: []string{`"0"`}, Nullable: true, Unit: "USD"}, of("c"))
	require.Equal(t, ir.Coding{}, of("d"), "the coding belongs to the elements")
	require.Equal(t, "human", fieldOf(tick, "d").Type.Elem.Coding.Wire)
	require.Equal(t, "flex", of("e").Wire)
	require.Equal(t, ",", *of("f").Sep)
	require.Equal(t, []string{"false", `""`, "0"}, of("g").NullAs)
	mark := fieldOf(tick, "e").Type
	require.Equal(t, "CH", mark.Patterns[0].Parts[0].Group[0].Chars)
	require.Equal(t, ir.KindAlias, fieldOf(tick, "a").Type.Kind)
}

func TestKindsOfTypes(t *testing.T) {
	t.Parallel()
	v := venue(t, envelopeWire, `events:
  Tick: {on: tick, fields: {a: {type: "map[Code]pair[string]Row"}, b: {type: "[]keyof Row"}, c: {type: Any}, d: {type: Flag}, e: {type: Pair}, f: {type: Strict}, g: {type: Sparse}}}
types:
  Row: {fields: {daily_pnl: {type: decimal}, "31": {type: int, go: Last}}}
  Code: {is: int64}
  Any: {union: [{has: [a, b], lacks: c, at: a, type: Row}, {kind: [x, z], type: json, go: Known}, {is: none, type: string}, {json: number, type: int}, {type: json}]}
  Pair: {items: [{name: first, type: int}]}
  Strict: {items: [{name: first, type: int}], rest: reject}
  Sparse: {partial: sparse, fields: {a: {type: int}}}
enums:
  Flag: {type: int, closed: true, values: {On: 1, Off: {wire: 0, doc: Not on.}}}
`)
	tick := v.Domains[0].Events[0].Type
	require.Equal(t, "Tick{A map[Code]pair[string]Row, B []keyof Row, C Any, D Flag, E Pair, F Strict, G Sparse}", structText(tick))
	row := fieldOf(tick, "b").Type.Elem.Of
	require.Equal(t, "Row{DailyPnL decimal, Last int}", structText(row))
	require.Equal(t, 3, row.Refs)
	any := fieldOf(tick, "c").Type
	var names []string
	for _, x := range any.Variants {
		names = append(names, x.Go)
	}
	require.Equal(t, []string{"Row", "Known", "String", "Number", "JSON"}, names)
	require.Equal(t, []string{"a", "b"}, any.Variants[0].Has)
	require.Equal(t, "a", any.Variants[0].At)
	require.Equal(t, `"z"`, any.Variants[1].Eq[0].Values[1].JSON)
	require.Equal(t, "none", *any.Variants[2].Is)
	flag := fieldOf(tick, "d").Type
	require.True(t, flag.Closed)
	require.Equal(t, []string{"1", "0"}, []string{flag.Values[0].Wire, flag.Values[1].Wire})
	require.True(t, fieldOf(tick, "e").Type.RestAllow)
	require.False(t, fieldOf(tick, "f").Type.RestAllow)
	require.Equal(t, ir.PartialSparse, fieldOf(tick, "g").Type.Partial)
}

func TestLiteralsOfRequests(t *testing.T) {
	t.Parallel()
	v := venue(t, envelopeWire, `rpcs:
  put:
    go: Put
    version: "1.0"
    effect: write
    request:
      a: {type: int, const: 3}
      b: {type: string, const: "3"}
      c: {type: string, const: deferred}
      d: {type: string, default: ""}
      e: {type: bool, default: true}
      f: {type: "[]int", default: [1, 2]}
      g: {type: decimal}
    response: {fields: {}}
`)
	got := map[string]string{}
	for _, f := range v.Domains[0].RPCs[0].Request.Fields {
		for _, s := range []*string{f.Const, f.Default} {
			if s != nil {
				got[f.Wire] = *s
			}
		}
	}
	require.Equal(t, map[string]string{"a": "3", "b": `"3"`, "c": `"deferred"`, "d": `""`, "e": "true", "f": "[1,2]"}, got)
}

func TestWhatDoesNotExistBecomesJSON(t *testing.T) {
	t.Parallel()
	v, found := tryVenue(t, envelopeWire, `events:
  Tick: {on: tick, fields: {a: {type: Prise}, b: {type: "[]Prise"}}}
types:
  Price: {is: decimal}
`)
	require.Len(t, found, 2)
	require.Equal(t, "UNRESOLVED_REF", found[0].Rule)
	require.Equal(t, `did you mean "Price"?`, found[0].Hint)
	require.Equal(t, "Tick{A json, B []json}", structText(v.Domains[0].Events[0].Type))
}
