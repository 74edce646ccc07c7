package resolve_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen/ir"
)

func TestDemuxMarksWhatEventsMustHave(t *testing.T) {
	t.Parallel()
	v := venue(t, envelopeWire, `subscriptions:
  books:
    go: Books
    route: {symbol: {type: string}, depth: {type: int, optional: true}, venue: {type: string}, kind: {type: string}}
    event: Book
    demux: {symbol: "rows[].symbol", depth: depth, venue: [venue, market], kind: info.kind}
  names: {go: Names, route: {symbol: {type: string}}, event: Name, demux: [symbol]}
events:
  Book:
    on: book
    fields:
      rows: {type: "[]Row"}
      depth: {type: int}
      venue: {type: string}
      market: {type: string}
      info: {type: Info, optional: true}
  Name: {on: name, partial: mask, fields: {symbol: {type: string}}}
types:
  Row: {fields: {symbol: {type: string}, price: {type: decimal}}}
  Info: {fields: {kind: {type: string}}}
`)
	s, ev := v.Domains[0].Subscriptions[0], v.Domains[0].Events[0]
	require.Equal(t, []*ir.Event{ev}, s.Events)
	require.Equal(t, []*ir.Subscription{s}, ev.Subscribers)
	require.Len(t, s.Demux, 4)
	loose := map[string]bool{}
	for _, d := range s.Demux {
		loose[d.Field.Wire] = d.Loose
	}
	require.Equal(t, map[string]bool{"symbol": false, "depth": true, "venue": false, "kind": true}, loose)
	require.Equal(t, "rows[].symbol", s.Demux[0].Paths[0].String())
	require.True(t, fieldOf(fieldOf(ev.Type, "rows").Type.Elem, "symbol").Must)
	require.False(t, fieldOf(fieldOf(ev.Type, "rows").Type.Elem, "price").Must)
	require.True(t, fieldOf(ev.Type, "depth").Must)
	require.False(t, fieldOf(ev.Type, "venue").Must, "one of two is enough")
	require.True(t, fieldOf(fieldOf(ev.Type, "info").Type, "kind").Must)

	names := v.Domains[0].Subscriptions[1]
	require.True(t, names.Demux[0].Loose, "a member of a partial event may be absent")
	require.False(t, fieldOf(names.Events[0].Type, "symbol").Must)
}

func TestMergeSequenceAndChecksum(t *testing.T) {
	t.Parallel()
	v := venue(t, envelopeWire, `events:
  Orders:
    on: orders
    fields: {rows: {type: "[]Order"}, seq: {type: int64}, sum: {type: uint32}}
    merge: {rows: rows, by: id, version: version}
    sequence: {at: seq, first: 1}
    checksum: {at: sum, covers: ["rows[].price"], verifier: crc}
  Totals: {on: totals, type: "map[string]Order", merge: {by: <key>}}
  State: {on: state, partial: mask, fields: {up: {type: bool}}, merge: {by: []}}
  Steps: {on: steps, type: "[]pair[string]Order", envelope: {session: {}}, merge: {by: <key>}, sequence: {at: session, step: 2}}
types:
  Order: {fields: {id: {type: string}, version: {type: int}, price: {type: decimal}}}
`)
	es := v.Domains[0].Events
	order := fieldOf(es[0].Type, "rows").Type.Elem
	require.Equal(t, "rows", es[0].Merge.Rows.String())
	require.Equal(t, "id", es[0].Merge.By.String())
	require.Equal(t, []bool{true, true, true}, []bool{fieldOf(order, "id").Must, fieldOf(order, "version").Must, fieldOf(order, "price").Must})
	require.Equal(t, int64(1), es[0].Sequence.Step)
	require.Equal(t, "crc", es[0].Checksum.Verifier)
	require.True(t, es[1].Merge.ByKey)
	require.True(t, es[2].Merge.One)
	require.True(t, es[3].Merge.ByKey)
	require.Equal(t, int64(2), es[3].Sequence.Step)
}

func TestQueuesInherit(t *testing.T) {
	t.Parallel()
	v := venue(t, envelopeWire, `subscriptions:
  a: {go: A, event: Tick, demux: none}
  b: {go: B, event: Tick, demux: none, delivery: {overflow: fail}}
  c: {go: C, event: Tick, demux: none, route: {symbol: {type: string, shared: same}}, delivery: {overflow: conflate, by: [symbol], buffer: 8}}
events:
  Tick: {on: tick, fields: {}, delivery: {buffer: 2}}
`)
	s := v.Domains[0].Subscriptions
	type queue struct {
		set      bool
		overflow string
		buffer   int
	}
	of := func(d ir.Delivery) queue { return queue{d.Set, d.Overflow, d.Buffer} }
	require.Equal(t, queue{false, "drop-newest", 64}, of(s[0].Delivery))
	require.Equal(t, queue{true, "fail", 64}, of(s[1].Delivery))
	require.Equal(t, queue{true, "conflate", 8}, of(s[2].Delivery))
	require.Equal(t, "symbol", s[2].Delivery.By[0].String())
	require.Equal(t, queue{true, "drop-newest", 2}, of(v.Domains[0].Events[0].Delivery))
}

func TestAcks(t *testing.T) {
	t.Parallel()
	v := venue(t, envelopeWire, `subscriptions:
  inherited: {go: A, event: Tick, demux: none, route: {symbol: {type: string, batch: array, shared: same}}}
  without-item: {go: B, event: Tick, demux: none}
  word: {go: C, event: Tick, demux: none, ack: first-event, cancel_ack: none}
  own: {go: D, event: Tick, demux: none, ack: {by: frame, on: "on-{x}", within: 5s}}
events:
  Tick: {on: tick, fields: {}}
`)
	s := v.Domains[0].Subscriptions
	require.Same(t, v.Wire.AckSubscribe, s[0].Ack)
	require.Equal(t, "symbol", s[0].Ack.Per)
	require.Equal(t, "symbol", s[0].Batched().Wire)
	require.Nil(t, s[0].CancelAck)
	require.Empty(t, s[1].Ack.Per, "it has no field of this name")
	require.Empty(t, s[1].Ack.Item)
	require.Equal(t, "10s", s[1].Ack.Within)
	require.Equal(t, "symbol", v.Wire.AckSubscribe.Per)
	require.Equal(t, []ir.AckMode{ir.AckFirstEvent, ir.AckNone}, []ir.AckMode{s[2].Ack.Mode, s[2].CancelAck.Mode})
	require.Equal(t, ir.AckFrame, s[3].Ack.Mode)
	require.Equal(t, "on-{x}", s[3].Ack.On[0].Conds[0].Values[0].Pattern.Text)
	require.Equal(t, "name", s[3].Ack.On[0].Conds[0].Path.String())
	require.Equal(t, "json", v.Wire.AckCall.Type.Scalar)
}

func TestHotAndDirectionsReachNestedTypes(t *testing.T) {
	t.Parallel()
	v := venue(t, envelopeWire, `rpcs:
  put: {go: Put, version: "1.0", effect: write, request: {row: {type: Row}}, response: {type: Answer}}
subscriptions:
  books: {go: Books, route: {key: {type: Key, shared: same}}, event: Book, demux: none}
events:
  Book: {on: book, hot: ordered, fields: {rows: {type: "[]Level"}}}
  Slow: {on: slow, fields: {level: {type: Level}}}
types:
  Row: {fields: {side: {type: Side}}}
  Answer: {union: [{has: a, type: Code}, {type: json}]}
  Code: {text: "{n}-{m}", fields: {n: {type: int}, m: {type: int}}}
  Key: {is: string}
  Level: {items: [{name: price, type: decimal}]}
  Idle: {fields: {}}
enums:
  Side: {type: string, values: {Buy: b}}
`)
	type marks struct {
		in, out bool
		hot     ir.Hot
	}
	got := map[string]marks{}
	for _, x := range v.Domains[0].Types {
		got[x.Go] = marks{x.Inbound, x.Outbound, x.Hot}
	}
	require.Equal(t, map[string]marks{
		"PutRequest": {out: true}, "Row": {out: true}, "Side": {out: true},
		"Answer": {in: true}, "Code": {in: true}, "BooksKey": {out: true}, "Key": {out: true},
		"Book": {in: true, hot: ir.HotOrdered}, "Level": {in: true, hot: ir.HotOrdered}, "Slow": {in: true}, "Idle": {},
	}, got)
}
