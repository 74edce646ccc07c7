package emit

import (
	"fmt"
	"slices"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// keyFields are the route fields that identify a subscription: those that route its events. Fields on which all
// subscribers of one key must agree tune it instead, unless events tell them apart.
func keyFields(s *ir.Subscription) []*ir.Field {
	if s.Route == nil {
		return nil
	}
	if len(s.Demux) == 0 {
		return s.Route.Fields
	}
	var out []*ir.Field
	for _, f := range s.Route.Fields {
		if slices.ContainsFunc(s.Demux, func(d *ir.Demux) bool { return d.Field == f }) {
			out = append(out, f)
		}
	}
	return out
}

// keyField is a key field as Go code holds it: a key always says what it is, so a default makes nothing optional, and
// what Go cannot compare is held as its text.
func keyField(f *ir.Field) *ir.Field {
	c := *f
	c.Default = nil
	if !comparable(f.Type) {
		c.Type, c.Coding = &ir.Type{Kind: ir.KindScalar, Scalar: "string"}, ir.Coding{}
	}
	return &c
}

// paramFields are sent with the subscription but do not identify it.
func paramFields(s *ir.Subscription) []*ir.Field {
	var out []*ir.Field
	keys := keyFields(s)
	if s.Route != nil {
		for _, f := range s.Route.Fields {
			if !slices.Contains(keys, f) {
				out = append(out, f)
			}
		}
	}
	if s.Params != nil {
		out = append(out, s.Params.Fields...)
	}
	return out
}

// keyStruct is the struct of several key fields; nil when one field or none will do.
func keyStruct(s *ir.Subscription) *ir.Type {
	fields := keyFields(s)
	if len(fields) < 2 {
		return nil
	}
	t := *s.Route
	t.Fields = nil
	for _, f := range fields {
		t.Fields = append(t.Fields, keyField(f))
	}
	return &t
}

// paramStruct is the struct of what tunes a subscription; nil when nothing does.
func paramStruct(s *ir.Subscription) *ir.Type {
	fields := paramFields(s)
	if len(fields) == 0 {
		return nil
	}
	t := ir.Type{Kind: ir.KindStruct, Outbound: true, Domain: nil}
	if s.Params != nil {
		t = *s.Params
	}
	t.Go = s.Go + "Params"
	t.Fields = fields
	return &t
}

// keyType spells the Go type of a subscription's key.
func keyType(s *ir.Subscription) string {
	fields := keyFields(s)
	switch len(fields) {
	case 0:
		return "struct{}"
	case 1:
		return fieldType(keyField(fields[0]), ir.PartialNone)
	}
	return s.Route.Go
}

// itemFunc spells the function that turns a key into the route members of a frame.
func (g *generator) itemFunc(s *ir.Subscription) string {
	fields := keyFields(s)
	if len(fields) == 0 {
		return "nil"
	}
	var w jenx.Source
	w.P("func(k %s) string {", keyType(s))
	switch {
	case len(fields) > 1:
		w.P("return string(k.AppendJSON(nil))")
	case keyField(fields[0]).Opt(ir.PartialNone):
		w.P("x, ok := k.Get()")
		w.P("if !ok {")
		w.P("return \"{}\"")
		w.P("}")
		g.itemBody(&w, keyField(fields[0]), "x")
	default:
		g.itemBody(&w, keyField(fields[0]), "k")
	}
	w.P("}")
	return trim(w.String())
}

func (g *generator) itemBody(w *jenx.Source, f *ir.Field, x string) {
	w.P("dst := []byte(%s)", rawLit(fmt.Sprintf("{%q:", f.Wire)))
	w.P("dst = %s", g.append(x, f.Type, f.Coding))
	w.P("return string(append(dst, '}'))")
}

// payloadType spells the Go type that subscribers of s receive.
func payloadType(s *ir.Subscription) string {
	if len(s.Events) == 1 {
		return goType(s.Events[0].Type)
	}
	return s.Go + "Event"
}

// keyDecls writes the key and parameter structs and, for several events, the event struct of a subscription.
func (g *generator) keyDecls(w *jenx.Source, s *ir.Subscription) {
	if k := keyStruct(s); k != nil {
		g.structType(w, k)
		g.structEncode(w, k)
	}
	if p := paramStruct(s); p != nil {
		g.structType(w, p)
		g.structEncode(w, p)
		g.validateMethod(w, p)
	}
	if len(s.Events) < 2 {
		return
	}
	w.P("// %sEvent is one message of %s: exactly one member is set.", s.Go, s.Go)
	w.P("type %sEvent struct {", s.Go)
	for _, e := range s.Events {
		w.P("%s *%s", e.Go, goType(e.Type))
	}
	w.P("}")
	w.P("")
	w.P("func (v *%sEvent) cloneTo(dst *%sEvent, c *wire.Copies) {", s.Go, s.Go)
	w.P("*dst = %sEvent{}", s.Go)
	for _, e := range s.Events {
		w.P("if v.%s != nil {", e.Go)
		w.P("dst.%s = new(%s)", e.Go, goType(e.Type))
		g.copyInto(w, "v."+e.Go, "dst."+e.Go, e.Type)
		w.P("}")
	}
	w.P("}")
	w.P("")
}

// copyInto writes a deep copy between two pointers.
func (g *generator) copyInto(w *jenx.Source, src, dst string, t *ir.Type) {
	if g.cloned[concrete(t)] {
		w.P("%s.%s(%s, c)", src, g.cloneName(concrete(t)), dst)
		return
	}
	w.P("*%s = *%s", dst, src)
}
