package emit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/wire"
)

// sampleList writes the types for which the examples hold values.
func (g *generator) sampleList(w *jenx.Source, d *ir.Domain) {
	texts := map[*ir.Type][]string{}
	var order []*ir.Type
	add := func(t *ir.Type, payload string) {
		st := structOf(t)
		if st == nil || payload == "" {
			return
		}
		if texts[st] == nil {
			order = append(order, st)
		}
		texts[st] = append(texts[st], payload)
	}
	g.eachPayload(d, add)
	w.P("func %sSamples() []spectest.Sample {", lowerFirst(goWord(d.Name)))
	w.P("return []spectest.Sample{")
	for _, t := range order {
		w.P("{Codec: %s, Texts: []string{", g.codec(t))
		for _, s := range texts[t] {
			w.P("%s,", rawLit(s))
		}
		w.P("}},")
	}
	w.P("}")
	w.P("}")
	w.P("")
}

// codec spells how the tests of a type read and write it.
func (g *generator) codec(t *ir.Type) string {
	if g.listed(t) {
		return fmt.Sprintf("wiretest.Object[%s]()", t.Go)
	}
	decode := fmt.Sprintf("(*%s).DecodeJSON", t.Go)
	if t.Partial == ir.PartialSparse {
		decode = fmt.Sprintf("wiretest.Checked(%s, (*%s).check)", decode, t.Go)
	}
	return fmt.Sprintf("wiretest.Type(%q, %s, (*%s).AppendJSON)", t.Go, decode, t.Go)
}

// eachPayload visits the payloads of a domain's received frames.
func (g *generator) eachPayload(d *ir.Domain, visit func(*ir.Type, string)) {
	for _, r := range d.RPCs {
		if resultType(r) == "" || r.Response.Type == nil || r.Response.Class == nil {
			continue
		}
		for _, ex := range r.Examples {
			if ex.Version != "" && ex.Version != r.Version {
				continue
			}
			for _, s := range ex.Steps {
				if !s.Send && strings.HasPrefix(strings.TrimSpace(s.Frame), "{") && !gated(g.v, r, s.Frame) {
					visit(r.Response.Type, payloadText(s.Frame, payloadPath(r.Response.Class, r.Response.At, r.Response.AtSet)))
				}
			}
		}
	}
	for _, e := range d.Events {
		if e.Class.Form != ir.FormObject {
			continue
		}
		for _, ex := range e.Examples {
			for _, s := range ex.Steps {
				if s.Send {
					continue
				}
				for _, elem := range eventsIn(e, s.Frame) {
					visit(e.Payload, payloadText(elem, payloadPath(e.Class, e.At, e.AtSet)))
				}
			}
		}
	}
}

// eventsIn lists the objects of a received frame that are events of e: the frame itself, or elements of a batch.
func eventsIn(e *ir.Event, frame string) []string {
	frame = strings.TrimSpace(frame)
	if strings.HasPrefix(frame, "{") {
		return []string{frame}
	}
	b, at := []byte(frame), make([]int, len(frame))
	var out []string
	for _, i := range at[:max(wire.Elements(b, at), 0)] {
		elem := b[i:wire.Skip(b, i)]
		if wire.Kind(elem, 0) == '{' && slices.ContainsFunc(e.On, func(m *ir.Match) bool { return matchHolds(elem, m) }) {
			out = append(out, string(elem))
		}
	}
	return out
}

// gated reports whether a received frame is no reply with a payload of the declared type: an acknowledgement or a
// refusal.
func gated(v *ir.Venue, r *ir.RPC, frame string) bool {
	name := r.Response.Name
	for _, m := range splitMembers(frame) {
		if len(r.Response.Class.Key) > 0 && m.name == r.Response.Class.Key[0] && name != "" && unquote(m.value) != name {
			return true
		}
	}
	return refusedFrame(v, r, frame)
}

// refusedFrame tests the venue's refusal matches on literal values and ranges.
func refusedFrame(v *ir.Venue, r *ir.RPC, frame string) bool {
	b := []byte(frame)
	for _, m := range append(append([]*ir.Match{}, v.Errors.Refused...), r.Response.Refused...) {
		if matchHolds(b, m) {
			return true
		}
	}
	return false
}

func matchHolds(b []byte, m *ir.Match) bool {
	for _, c := range m.Conds {
		at := lookup(b, c.Path)
		held := false
		for _, v := range c.Values {
			held = held || v.Range && wire.InRange(b, at, v.Min, v.Max) || v.JSON != "" && wire.IsLiteral(b, at, v.JSON)
		}
		if !held {
			return false
		}
	}
	for _, p := range m.Has {
		if lookup(b, p) < 0 {
			return false
		}
	}
	for _, p := range m.Lacks {
		if lookup(b, p) >= 0 {
			return false
		}
	}
	return true
}

func lookup(b []byte, p ir.Path) int {
	var path []string
	for _, s := range p {
		path = append(path, s.Member)
		if s.Each {
			path = append(path, "0")
		}
	}
	return wire.Lookup(b, 0, path...)
}

// payloadText cuts the payload out of a frame; "" when it is not there.
func payloadText(frame string, p ir.Path) string {
	if len(p) == 0 {
		return frame
	}
	b := []byte(frame)
	at := lookup(b, p)
	if at < 0 {
		return ""
	}
	at = wire.Space(b, at)
	next := wire.Skip(b, at)
	if next < 0 {
		return ""
	}
	return string(b[at:next])
}

// frameList writes the received frames of the examples, as seeds.
func (g *generator) frameList(w *jenx.Source, d *ir.Domain) {
	w.P("func %sSeeds() []string {", lowerFirst(goWord(d.Name)))
	w.P("return []string{")
	each := func(exs []*ir.Example) {
		for _, ex := range exs {
			for _, s := range ex.Steps {
				if !s.Send {
					w.P("%s,", rawLit(s.Frame))
				}
			}
		}
	}
	for _, r := range d.RPCs {
		each(r.Examples)
	}
	for _, s := range d.Subscriptions {
		each(s.Examples)
	}
	for _, e := range d.Events {
		each(e.Examples)
	}
	w.P("}")
	w.P("}")
	w.P("")
}
