package resolve_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen/ir"
)

func TestResultOfACall(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		entry           string // keys beside go, version, effect and source
		payload, result string
		resultFields    string // "" when the result is no struct of its own
		noResponse      bool
	}{
		"fields":                  {entry: `response: {fields: {a: {type: int}}}`, payload: "GetReply", result: "GetReply", resultFields: "GetReply{A int}"},
		"fields and envelope":     {entry: `response: {fields: {a: {type: int}}, envelope: {status: {}}}`, payload: "GetReply", result: "GetReply", resultFields: "GetReply{A int, ^Status int?}"},
		"struct":                  {entry: `response: {type: Row}`, payload: "Row", result: "Row"},
		"struct and envelope":     {entry: `response: {type: Row, envelope: {status: {}}}`, payload: "Row", result: "GetReply", resultFields: "GetReply{Value Row, ^Status int?}"},
		"list":                    {entry: `response: {type: "[]Row"}`, payload: "[]Row", result: "[]Row"},
		"scalar and envelope":     {entry: `response: {type: bool, envelope: {status: {type: string}}}`, payload: "bool", result: "GetReply", resultFields: "GetReply{Value bool, ^Status string}"},
		"no fields":               {entry: `response: {fields: {}}`, payload: "none", result: "none"},
		"no fields, but envelope": {entry: `response: {fields: {}, envelope: {status: {}}}`, payload: "none", result: "GetReply", resultFields: "GetReply{^Status int?}"},
		"shape unknown":           {entry: `response: {name: got}`, payload: "json", result: "json"},
		"nothing known":           {entry: `doc: who knows`, payload: "json", result: "json"},
		"the ack ends it":         {entry: "reply: ack\n    response: {fields: {a: {type: int}}}", payload: "GetReply", result: "none"},
		"written only":            {entry: `reply: none`, noResponse: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := venue(t, envelopeWire, "rpcs:\n  get:\n    go: Get\n    version: \"1.0\"\n    effect: read\n    source: docs\n    "+tc.entry+"\ntypes:\n  Row: {fields: {price: {type: decimal}}}\n")
			p := v.Domains[0].RPCs[0].Response
			if tc.noResponse {
				require.Nil(t, p)
				return
			}
			require.Equal(t, tc.payload, typeText(p.Type))
			require.Equal(t, tc.result, typeText(p.Result))
			if tc.resultFields != "" {
				require.Equal(t, tc.resultFields, structText(p.Result))
			}
			if tc.payload == tc.result {
				require.Same(t, p.Type, p.Result)
			}
		})
	}
}

func TestTypeOfAnEvent(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		event, payload, fields string
		wrapped                bool
	}{
		"fields":              {`{on: tick, fields: {a: {type: int}}}`, "Tick", "Tick{A int}", false},
		"no fields":           {`{on: tick, fields: {}}`, "Tick", "Tick{}", false},
		"fields and envelope": {`{on: tick, fields: {a: {type: int}}, envelope: {status: {}}}`, "Tick", "Tick{A int, ^Status int?}", true},
		"struct":              {`{on: tick, type: Row}`, "Row", "Row{Price decimal}", false},
		"alias of a struct":   {`{on: tick, type: Line}`, "Line", "Row{Price decimal}", false},
		"struct and envelope": {`{on: tick, type: Row, envelope: {status: {}}}`, "Row", "Tick{Value Row, ^Status int?}", true},
		"scalar":              {`{on: tick, type: time.unix_ms}`, "time.unix_ms", "Tick{Value time.unix_ms}", true},
		"list":                {`{on: tick, type: "[]Row"}`, "[]Row", "Tick{Value []Row}", true},
		"hole of the name":    {`{on: "tick-{depth}", type: "[]Row", envelope: {depth: {type: int}}}`, "[]Row", "Tick{Value []Row, ^Depth int}", true},
		"tuple":               {`{on: tick, type: Pair}`, "Pair", "Tick{Value Pair}", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := venue(t, envelopeWire, "events:\n  Tick: "+tc.event+"\ntypes:\n  Row: {fields: {price: {type: decimal}}}\n  Line: {is: Row}\n  Pair: {items: [{name: a, type: int}]}\n")
			ev := v.Domains[0].Events[0]
			require.Equal(t, tc.payload, typeText(ev.Payload))
			require.Equal(t, tc.fields, structText(ev.Type))
			require.Equal(t, tc.wrapped, ev.Wrapped)
			require.Equal(t, "message", ev.Class.Name)
		})
	}
}

func TestAnEnvelopeMemberWithoutATypeTakesThatOfTheClass(t *testing.T) {
	t.Parallel()
	v := venue(t, envelopeWire, "events:\n  Tick: {on: tick, fields: {}, envelope: {session: {go: Token}}}\n")
	f := v.Domains[0].Events[0].Type.Fields[0]
	require.Equal(t, "Token", f.Go)
	require.True(t, f.Sensitive)
	require.Equal(t, "string", typeText(f.Type))
}

func TestVersionsAreMethodsOfOneRow(t *testing.T) {
	t.Parallel()
	v := venue(t, envelopeWire, `rpcs:
  get:
    go: Get
    versions:
      "1.0": {request: {a: {type: int}}}
      "5.0": {go: GetV5, request: {b: {type: int}}, source: docs}
    effect: read
    response: {fields: {x: {type: int}}}
    examples:
      - {name: first, kind: documented, source: docs, steps: []}
      - {name: fifth, kind: documented, source: docs, version: "5.0", steps: []}
`)
	xs := v.Domains[0].RPCs
	require.Len(t, xs, 2)
	require.Same(t, xs[0].Row, xs[1].Row)
	require.Equal(t, xs, xs[0].Row.Versions)
	require.Equal(t, []string{"GetRequest{A int}", "GetV5Request{B int}"}, []string{structText(xs[0].Request), structText(xs[1].Request)})
	require.Equal(t, []string{"1.0", "5.0"}, []string{xs[0].SentVersion(), xs[1].SentVersion()})
	require.Equal(t, "GetV5Reply", xs[1].Response.Result.Go)
	require.Len(t, xs[0].Examples, 1)
	require.Equal(t, "first", xs[0].Examples[0].Name)
	require.Equal(t, "fifth", xs[1].Examples[0].Name)
	require.Equal(t, "docs", xs[1].Prov.Source[0].ID)
	require.Empty(t, xs[0].Prov.Source)
}

func TestAFamilyIsOneEntryForEachValue(t *testing.T) {
	t.Parallel()
	v := venue(t, envelopeWire, `rpcs:
  "{m}.{what}-order":
    family: {m: {fx: Forex, cfd: CFD}, what: {place: Place, drop: Drop}}
    go: "{what}{m}Order"
    version: "1.0"
    effect: order
    request: {}
    response: {fields: {}}
subscriptions:
  "{m}.orders": {family: {m: {fx: Forex}}, go: "{m}Orders", event: Done, demux: none}
events:
  Done: {on: done, fields: {}}
`)
	var names, methods []string
	for _, x := range v.Domains[0].RPCs {
		names, methods = append(names, x.Wire), append(methods, x.Go)
		require.Equal(t, "{m}.{what}-order", x.Family)
		require.Equal(t, x.Go+"Request", x.Request.Go)
		require.Len(t, x.Row.Versions, 1)
	}
	require.Equal(t, []string{"fx.place-order", "fx.drop-order", "cfd.place-order", "cfd.drop-order"}, names)
	require.Equal(t, []string{"PlaceForexOrder", "DropForexOrder", "PlaceCFDOrder", "DropCFDOrder"}, methods)
	require.Equal(t, "ForexOrders", v.Domains[0].Subscriptions[0].Go)
}

func TestRowsWithoutAMethod(t *testing.T) {
	t.Parallel()
	v := venue(t, envelopeWire, `tags: [ui]
rpcs:
  get-faq: {version: unknown, unknown: [version], skip: user interface, request: {page: {type: int}}, response: {name: faq}}
  "chat.*": {group: {rows: 6, known: [chat.get]}, skip: support}
  get-mood: {go: GetMood, version: unknown, candidates: ["2.0", "1.0"], unknown: [version], tags: [trading], effect: read, response: {type: json}}
  get-any: {go: GetAny, version: unknown, unknown: [version], effect: read, response: {type: json}}
`)
	xs := v.Domains[0].RPCs
	require.Equal(t, "user interface", xs[0].Skip)
	require.Equal(t, []string{"ui"}, xs[0].Tags)
	require.Equal(t, "{Page int}", structText(xs[0].Request))
	require.Equal(t, 6, xs[1].Group.Rows)
	require.Equal(t, []string{"trading"}, xs[2].Tags)
	require.Equal(t, "2.0", xs[2].SentVersion())
	require.False(t, xs[2].VersionIsArgument())
	require.True(t, xs[3].VersionIsArgument())
	require.Empty(t, v.Domains[0].Types, "a row without method declares no types")
}

func TestTypesStandInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	v := venue(t, envelopeWire, `rpcs:
  get: {go: Get, version: "1.0", effect: read, request: {size: {type: Size}}, response: {fields: {rows: {type: "[]Row"}}}}
events:
  Tick: {on: tick, fields: {}}
enums:
  Side: {type: string, values: {Buy: b}}
types:
  Row: {fields: {side: {type: Side}}}
  Size: {is: int}
subscriptions:
  ticks: {go: Ticks, route: {}, params: {n: {type: int}}, event: Tick, demux: none}
`)
	d := v.Domains[0]
	require.Equal(t, []string{"GetRequest", "GetReply", "Tick", "Side", "Row", "Size", "TicksKey", "TicksParams"}, typeNames(d))
	for _, x := range d.Types {
		require.Same(t, d, x.Domain)
	}
}

func TestNeedsAndLifetimes(t *testing.T) {
	t.Parallel()
	v := venue(t, envelopeWire, `rpcs:
  lease: {go: Lease, version: "1.0", effect: read, request: {ids: {type: "[]string"}}, response: {fields: {left: {type: int}}}}
subscriptions:
  states:
    go: States
    params: {ids: {type: "[]string", shared: union}}
    event: Tick
    demux: none
    needs: {call: lease, with: [ids]}
    lifetime: {ends: 60s, ends_at: left, by: {call: lease}}
  rows: {go: Rows, event: Tick, demux: none, lifetime: {ends: 10m, refresh: 8m, by: [cancel, send], silent: true}}
events:
  Tick: {on: tick, fields: {}}
`)
	lease, s := v.Domains[0].RPCs[0], v.Domains[0].Subscriptions
	require.Same(t, lease, s[0].Needs.Call)
	require.Equal(t, []string{"ids"}, s[0].Needs.With)
	require.Same(t, lease, s[0].Lifetime.Call)
	require.Equal(t, "48s", s[0].Lifetime.Refresh)
	require.Equal(t, "left", s[0].Lifetime.EndsAt.String())
	require.Equal(t, []string{"cancel", "send"}, s[1].Lifetime.By)
	require.Equal(t, "8m", s[1].Lifetime.Refresh)
	require.True(t, s[1].Lifetime.Silent)
	require.Equal(t, ir.EffectRead, lease.Effect)
}
