package example_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen/example"
	"github.com/venuewire/venuewire/gen/resolve"
	"github.com/venuewire/venuewire/gen/spec"
)

const head = `protogen: "1"
venue: demo
package: demo
doc: A made-up venue.
sources: {docs: {kind: official-doc, title: Reference, seen: "2026-01-01"}}
connections: {main: {path: /ws}, side: {path: /side}}
hosts: {production: {url: "wss://demo.example"}}
close: {default: retry}
liveness: {events: [], deadline: 30s}
`

const objects = head + `errors: {ok: [{lacks: error}], refused: [{has: error}], code: code, detail: error, codes: {"7": {name: Seven, detail: Why}}}
wire:
  dialect: method-channel
  ids: {type: int64}
  frames:
    reply: {form: object, has: [method], id: id, key: [method], payload: result, envelope: {took: {type: int, optional: true}, code: {type: string, optional: true}, error: {type: json, optional: true}}}
    push: {form: object, lacks: [method], key: [channel, type]}
  send:
    call: {method: <name>, id: <id>, params: {"...": <request>, token: <token>}}
    subscribe: {method: sub, id: <id>, channel: <name>, "...": [<route>, <params>]}
    unsubscribe: {method: unsub, id: <sub_id>, channel: <name>, "...": <route>}
  acks:
    subscribe: {by: reply, name: sub, type: Ack}
`

const tuples = head + `errors: {ok: [{lacks: error}], refused: [{has: error}]}
wire:
  dialect: tuple-channel
  ids: {type: int64}
  frames:
    object: {form: object, id: id, key: [event]}
    public: {form: tuple, layout: [num, "payload+", channel, pair], key: [channel], envelope: {num: {type: int}, pair: {type: string}}}
    private: {form: tuple, layout: [payload, channel, "tail?"], key: [channel], envelope: {tail: {type: Tail, optional: true}}}
  send:
    call: {event: <name>, id: <id>}
    subscribe: {event: sub, id: <id>, channel: {name: <name>, depth: "{depth}"}, pair: "{pair}"}
    unsubscribe: {event: unsub, id: <id>, pair: "{pair}"}
`

const texts = head + `errors: {ok: [{lacks: error}], refused: [{has: error}]}
wire:
  dialect: text-topic
  frames:
    topic: {form: object, has: [topic], key: [topic]}
    bare: {form: object, lacks: [topic]}
    plain: {form: text, key: [text]}
`

const batches = head + `errors: {ok: [{lacks: error}], refused: [{has: error}]}
wire:
  dialect: event-array
  frames:
    batch: {form: array, of: event}
    event: {form: object, key: [ev]}
  send:
    subscribe: {action: sub, params: "<name>.{symbol}"}
    unsubscribe: {action: unsub, params: "<name>.{symbol}"}
  acks:
    subscribe: {by: frame, on: {ev: status, message: "subscribed to: <name>.{symbol}"}, refused: {ev: status, status: error}, per: symbol}
`

// check tries the examples of a venue of one domain and returns the findings, one a line, without their places.
func check(t *testing.T, head, domain string) string {
	t.Helper()
	tree, found := spec.Load(fstest.MapFS{
		"demo/venue.yaml":  {Data: []byte(head)},
		"demo/market.yaml": {Data: []byte("protogen: \"1\"\ndomain: market\n" + domain)},
	})
	require.Empty(t, found)
	venues, found := resolve.Resolve(tree)
	require.Empty(t, found)
	var b strings.Builder
	for _, d := range example.Check(venues[0]) {
		require.NotZero(t, d.Span.Line)
		fmt.Fprintf(&b, "%s %s\n", d.Rule, d.Message)
	}
	return b.String()
}

// steps writes one example with frames; those to send have a > before them.
func steps(kind string, frames ...string) string {
	s := "    examples:\n      - name: x\n        kind: " + kind + "\n        source: docs\n        steps:\n"
	for _, f := range frames {
		dir := "recv"
		if rest, ok := strings.CutPrefix(f, ">"); ok {
			dir, f = "send", rest
		}
		s += "          - " + dir + ": '" + strings.ReplaceAll(f, "'", "''") + "'\n"
	}
	return s
}

type row struct {
	name, frame string
	want        string // "" fits; else a part of each finding, separated by |
}

func run(t *testing.T, rows []row, check func(t *testing.T, frame string) string) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			got := check(t, r.frame)
			if r.want == "" {
				require.Empty(t, got)
				return
			}
			lines := strings.Split(strings.TrimSpace(got), "\n")
			wants := strings.Split(r.want, "|")
			require.Len(t, lines, len(wants), got)
			for i, w := range wants {
				require.Contains(t, lines[i], w)
			}
		})
	}
}

func TestRepliesAndAcks(t *testing.T) {
	t.Parallel()
	rows := []row{
		{"reply", `{"method":"get","id":1,"result":{"a":1},"took":3}`, ""},
		{"unknown beside it", `{"method":"get","id":1,"result":{"a":1},"more":3}`, "more is not declared beside the payload"},
		{"no payload", `{"method":"get","id":1}`, "result is missing"},
		{"another name", `{"method":"put","id":1,"result":{"a":1}}`, `called "put"`},
		{"refused", `{"method":"get","id":1,"error":"no"}`, ""},
		{"refused with detail", `{"method":"get","id":1,"code":"7","error":{"reason":"full"}}`, ""},
		{"refused with a bad detail", `{"method":"get","id":1,"code":"7","error":{"reason":1}}`, "error.reason is a number"},
		{"an event between", `{"channel":"tick","type":"new","v":1}`, ""},
		{"a bad event between", `{"channel":"tick","v":"1"}`, "v is a string"},
		{"unknown event", `{"channel":"tock"}`, "neither ack nor reply nor event"},
		{"no frame", `[1]`, "no class of frames"},
		{"no JSON", `tick`, "no class of frames"},
	}
	run(t, rows, func(t *testing.T, frame string) string {
		return check(t, objects, "rpcs:\n  get:\n    go: Get\n    effect: read\n    response: {name: get, fields: {a: {type: int}}}\n"+steps("documented", frame)+
			"events:\n  Tick: {on: tick, fields: {v: {type: int}}}\n"+shapes)
	})
}

func TestAckOfASubscription(t *testing.T) {
	t.Parallel()
	rows := []row{
		{"ack", `{"method":"sub","id":1,"result":{"ok":true}}`, ""},
		{"bad ack", `{"method":"sub","id":1,"result":{"ok":1}}`, "result.ok is a number"},
		{"event", `{"channel":"tick","v":1}`, ""},
		{"subscribe", `>{"method":"sub","id":1,"channel":"ticks","symbol":"A","depth":5}`, ""},
		{"without optional", `>{"method":"sub","id":1,"channel":"ticks","symbol":"A"}`, ""},
		{"cancel", `>{"method":"unsub","id":1,"channel":"ticks","symbol":"A"}`, ""},
		{"unknown member", `>{"method":"sub","id":1,"channel":"ticks","symbol":"A","dept":5}`, "dept is in no template"},
		{"missing member", `>{"method":"sub","id":1,"channel":"ticks"}`, "symbol is missing"},
		{"another name", `>{"method":"sub","id":1,"channel":"tick","symbol":"A"}`, `channel is "tick", not "ticks"`},
	}
	run(t, rows, func(t *testing.T, frame string) string {
		return check(t, objects, "subscriptions:\n  ticks:\n    go: Ticks\n    route: {symbol: {type: string, shared: same}}\n    params: {depth: {type: int, optional: true}}\n    event: Tick\n    demux: none\n"+
			steps("documented", frame)+"events:\n  Tick: {on: tick, fields: {v: {type: int}}}\n"+shapes)
	})
}

func TestTuples(t *testing.T) {
	t.Parallel()
	rows := []row{
		{"one piece", `[1,{"a":1},"book-10","A/B"]`, ""},
		{"two pieces", `[1,{"a":1},{"b":2},"book-10","A/B"]`, ""},
		{"bad hole", `[1,{"a":1},"book-x","A/B"]`, `depth "x" is no number`},
		{"unknown member", `[1,{"a":1},{"c":2},"book-10","A/B"]`, "payload.c is no member"},
		{"bad envelope", `["1",{"a":1},"book-10","A/B"]`, "num is a string"},
		{"snapshot", `[1,{"as":1},"book-10","A/B"]`, "another event"},
	}
	run(t, rows, func(t *testing.T, frame string) string {
		return check(t, tuples, "events:\n  Update:\n    frame: public\n    on: {channel: \"book-{depth}\", lacks: as}\n    envelope: {pair: {}, depth: {type: int}}\n    fields: {a: {type: int, optional: true}, b: {type: int, optional: true}}\n"+
			steps("documented", frame)+"  Snapshot: {frame: public, on: {channel: \"book-{n}\", has: as}, envelope: {n: {type: int}}, fields: {as: {type: int}}}\n"+tail)
	})
}

const tail = "types: {Tail: {fields: {seq: {type: int}}}}\n"

func TestTuplesWithATail(t *testing.T) {
	t.Parallel()
	rows := []row{
		{"with", `[{"a":1},"own",{"seq":1}]`, ""},
		{"without", `[{"a":1},"own"]`, ""},
		{"bad", `[{"a":1},"own",{"seq":"x"}]`, "tail.seq is a string"},
	}
	run(t, rows, func(t *testing.T, frame string) string {
		return check(t, tuples, "events:\n  Own:\n    frame: private\n    on: own\n    envelope: {tail: {}}\n    fields: {a: {type: int}}\n"+steps("documented", frame)+tail)
	})
}

func TestBatchesOfOneConnection(t *testing.T) {
	t.Parallel()
	rows := []row{
		{"batch", `[{"ev":"T","p":1},{"ev":"status","status":"ok","message":"hi"}]`, ""},
		{"bare element", `{"ev":"T","p":1}`, ""},
		{"as on the other connection", `[{"ev":"status","status":"ok"},{"ev":"T","q":1}]`, ""},
		{"of both connections", `[{"ev":"T","q":1},{"ev":"T","p":1},{"ev":"status","status":"ok"}]`, "q is no member of Trade|p is missing"},
		{"unknown event", `[{"ev":"X"},{"ev":"status","status":"ok"}]`, "no event takes"},
		{"an element that is none", `[{"ev":"T","p":1},1]`, "no class of frames"},
	}
	run(t, rows, func(t *testing.T, frame string) string {
		on := "Status"
		if !strings.Contains(frame, "status") {
			on = "Trade"
		}
		domain := "events:\n"
		for _, e := range []string{"Status", "Trade", "Other"} {
			domain += map[string]string{
				"Status": "  Status:\n    on: status\n    fields: {status: {type: string}, message: {type: string, optional: true}}\n",
				"Trade":  "  Trade:\n    connections: [main]\n    on: T\n    fields: {p: {type: int}}\n",
				"Other":  "  Other:\n    connections: [side]\n    on: T\n    fields: {q: {type: int}}\n",
			}[e]
			if e == on {
				domain += steps("documented", frame)
			}
		}
		return check(t, batches, domain+"")
	})
}

func TestJoinedTextsAndAcksByFrame(t *testing.T) {
	t.Parallel()
	rows := []row{
		{"one", `>{"action":"sub","params":"T.BRK.B"}`, ""},
		{"many", `>{"action":"sub","params":"T.A,T.B"}`, ""},
		{"all", `>{"action":"unsub","params":"T.*"}`, ""},
		{"another name", `>{"action":"sub","params":"Q.A"}`, `params "Q.A" is not "<name>.{symbol}"`},
		{"another constant", `>{"action":"subs","params":"T.A"}`, `action is "subs"`},
		{"no object", `>[]`, "is an array, not an object"},
		{"no JSON", `>sub`, "is not valid JSON"},
		{"ack", `[{"ev":"status","status":"ok","message":"subscribed to: T.A"}]`, ""},
		{"refusal", `[{"ev":"status","status":"error","message":"no"}]`, ""},
	}
	run(t, rows, func(t *testing.T, frame string) string {
		return check(t, batches, "subscriptions:\n  T:\n    go: Trades\n    route: {symbol: {type: string, batch: \",\", wildcard: \"*\", shared: same}}\n    event: Trade\n    demux: none\n"+steps("documented", frame)+
			"events:\n  Trade: {on: T, fields: {}}\n")
	})
}

func TestTextFrames(t *testing.T) {
	t.Parallel()
	rows := []row{
		{"command", `>smd+8314+{"fields":["31"]}`, ""},
		{"second spelling", `>smd+8314`, ""},
		{"cancel by what was learned", `>umd+anything`, ""},
		{"bad hole", `>smd+x+{"fields":["31"]}`, `conid "x" is no number`},
		{"bad params", `>smd+1+{"fields":[31]}`, "<params>.fields[0] is a number"},
		{"params that are no JSON", `>smd+1+{fields}`, "<params> is not valid JSON"},
		{"topic", `{"topic":"smd+8314","31":"1"}`, ""},
		{"hole of the topic", `{"topic":"smd+x","31":"1"}`, `conid "x" is no number`},
		{"plain reply", `pong`, "neither ack nor event"},
	}
	run(t, rows, func(t *testing.T, frame string) string {
		return check(t, texts, "subscriptions:\n  smd:\n    go: Data\n    send: [\"smd+{conid}+<params>\", \"smd+{conid}\"]\n    cancel: \"umd+{sid}\"\n    learn: {sid: sid}\n    route: {conid: {type: int}}\n    params: {fields: {type: \"[]keyof Row\"}}\n    event: Data\n    demux: [conid]\n    ack: first-event\n"+
			steps("documented", frame)+"events:\n  Data: {on: \"smd+{conid}\", envelope: {conid: {type: int}}, partial: mask, fields: {\"31\": {type: string, go: Last}, sid: {type: string}}}\ntypes: {Row: {partial: mask, fields: {\"31\": {type: string, go: Last}}}}\n")
	})
}

func TestAPlainTextReply(t *testing.T) {
	t.Parallel()
	rows := []row{{"reply", "ech+hb", ""}, {"another text", "ech", "neither ack nor reply nor event"}}
	run(t, rows, func(t *testing.T, frame string) string {
		return check(t, texts, "rpcs:\n  ech:\n    go: Echo\n    send: ech+hb\n    effect: write\n    response: {frame: plain, on: \"ech+hb\", type: string}\n"+
			steps("documented", ">ech+hb", frame)+"")
	})
}

func TestAbridgedFramesMayLackMembers(t *testing.T) {
	t.Parallel()
	domain := func(kind string) string {
		return "events:\n  Tick:\n    on: tick\n    fields: {a: {type: int}, row: {type: Row}}\n" + steps(kind, `{"channel":"tick","row":{}}`) + shapes
	}
	require.Empty(t, check(t, objects, domain("abridged")))
	require.Equal(t, 2, strings.Count(check(t, objects, domain("captured")), "is missing"))
}

func TestSecretsAreRedacted(t *testing.T) {
	t.Parallel()
	domain := func(frame string) string {
		return "rpcs:\n  login:\n    go: Login\n    effect: write\n    request: {key: {type: string, sensitive: true}}\n    response: {fields: {}}\n" + steps("captured", frame) + shapes
	}
	require.Empty(t, check(t, objects, domain(`>{"method":"login","id":1,"params":{"key":"REDACTED","token":"REDACTED"}}`)))
	got := check(t, objects, domain(`>{"method":"login","id":1,"params":{"key":"k","token":"t"}}`))
	require.Contains(t, got, "EXAMPLE_SECRET example x of rpc login: params.key")
	require.Contains(t, got, "EXAMPLE_SECRET example x of rpc login: params.token")
}

func TestPayloadOfAnEvent(t *testing.T) {
	t.Parallel()
	tree, _ := spec.Load(fstest.MapFS{
		"demo/venue.yaml":  {Data: []byte(tuples)},
		"demo/market.yaml": {Data: []byte("protogen: \"1\"\ndomain: market\nevents:\n  Own: {frame: private, on: own, fields: {a: {type: int}}}\n" + tail)},
	})
	venues, _ := resolve.Resolve(tree)
	own := venues[0].Domains[0].Events[0]
	p := example.Payload(venues[0], own, `[{"b":1,"a":2},"own"]`)
	require.Equal(t, "b", p.Members[0].Name)
	require.Equal(t, "2", p.Get("a").Text)
	require.Nil(t, example.Payload(venues[0], own, `[{"a":1},"other"]`))
	require.Nil(t, example.Payload(venues[0], own, `nonsense`))
}

func TestParseKeepsOrderAndNumbers(t *testing.T) {
	t.Parallel()
	v, err := example.Parse(" {\"b\" : [1.50, -2e+3, \"a\\\"\\u00e9\\\\\", true, null , {}] , \"a\":{\"x\":[]}} ")
	require.NoError(t, err)
	require.Equal(t, "b", v.Members[0].Name)
	items := v.Get("b").Items
	require.Equal(t, []string{"1.50", "-2e+3", "a\"é\\", "true", "", ""}, []string{items[0].Text, items[1].Text, items[2].Text, items[3].Text, items[4].Text, items[5].Text})
	require.Equal(t, []example.Kind{example.Number, example.Number, example.String, example.Bool, example.Null, example.Object},
		[]example.Kind{items[0].Kind, items[1].Kind, items[2].Kind, items[3].Kind, items[4].Kind, items[5].Kind})
	require.Equal(t, example.Array, v.Get("a").Get("x").Kind)
	require.True(t, items[0].Equals("1.50"))
	require.False(t, items[0].Equals(`"1.50"`))
	_, err = example.Parse("{")
	require.Error(t, err)
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a":[1,"b",null]}`, `[]`, `"\ud83d"`, `{"a":1,}`, `1e5`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := example.Parse(s)
		if err == nil {
			require.NotNil(t, v)
		}
	})
}
