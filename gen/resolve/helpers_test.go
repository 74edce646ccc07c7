package resolve_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/resolve"
	"github.com/venuewire/venuewire/gen/spec"
)

// envelopeWire is the head of a venue with versioned calls.
const envelopeWire = `protogen: "1"
venue: demo
package: demo
doc: A made-up venue.
sources: {docs: {kind: official-doc, title: Reference, seen: "2026-01-01"}}
connections: {main: {path: /ws}}
hosts: {production: {url: "wss://demo.example"}}
wire:
  dialect: rpc-envelope
  ids: {type: string}
  frames:
    message:
      form: object
      id: id
      key: [name, service]
      payload: msg
      envelope: {status: {type: int, optional: true}, session: {type: string, sensitive: true}}
  send:
    call: {name: call, id: <id>, msg: {name: <name>, version: <version>, body: <request>}}
    subscribe: {name: sub, id: <id>, msg: {name: <name>, filter: <route>}}
    unsubscribe: {name: unsub, id: <sub_id>, msg: {name: <name>, filter: <route>}}
  acks:
    call: {by: reply, on: {name: result}, ok: {msg.success: true}, type: json}
    subscribe: {by: reply, on: {name: result}, per: symbol, item: [msg.symbol], within: 10s}
errors: {ok: [{lacks: error}], refused: [{has: error}]}
close: {default: retry}
liveness: {events: [], deadline: 30s}
delivery: {overflow: drop-newest, buffer: 64}
naming: {initialisms: [PnL]}
`

// venue resolves a venue of one domain; what does not load fails the test.
func venue(t *testing.T, head, domain string) *ir.Venue {
	t.Helper()
	v, found := tryVenue(t, head, domain)
	require.Empty(t, found)
	return v
}

func tryVenue(t *testing.T, head, domain string) (*ir.Venue, diag.List) {
	t.Helper()
	tree, found := spec.Load(fstest.MapFS{
		"demo/venue.yaml":  {Data: []byte(head)},
		"demo/market.yaml": {Data: []byte("protogen: \"1\"\ndomain: market\n" + domain)},
	})
	require.Empty(t, found)
	venues, found := resolve.Resolve(tree)
	require.Len(t, venues, 1)
	return venues[0], found
}

// typeText writes a type in the notation of specs.
func typeText(t *ir.Type) string {
	if t == nil {
		return "none"
	}
	switch t.Kind {
	case ir.KindScalar:
		return t.Scalar
	case ir.KindList:
		return "[]" + typeText(t.Elem)
	case ir.KindMap:
		return "map[" + typeText(t.Key) + "]" + typeText(t.Elem)
	case ir.KindPair:
		return "pair[" + typeText(t.Key) + "]" + typeText(t.Elem)
	case ir.KindKeyOf:
		return "keyof " + typeText(t.Of)
	default:
		return t.Go
	}
}

// structText writes a type with its fields: envelope members have a ^, optional ones a ?.
func structText(t *ir.Type) string {
	if t == nil {
		return "none"
	}
	var fs []string
	for _, f := range t.Fields {
		s := f.Go + " " + typeText(f.Type)
		if f.Optional {
			s += "?"
		}
		if f.FromEnvelope {
			s = "^" + s
		}
		fs = append(fs, s)
	}
	return fmt.Sprintf("%s{%s}", typeText(t), strings.Join(fs, ", "))
}

func typeNames(d *ir.Domain) []string {
	var out []string
	for _, t := range d.Types {
		out = append(out, t.Go)
	}
	return out
}

func fieldOf(t *ir.Type, wire string) *ir.Field {
	for _, f := range t.Fields {
		if f.Wire == wire {
			return f
		}
	}
	return nil
}
