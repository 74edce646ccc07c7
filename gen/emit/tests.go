package emit

import (
	"fmt"
	"slices"
	"strings"

	j "github.com/dave/jennifer/jen"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/wire"
)

// anyTests reports whether a venue has examples at all.
func (g *generator) anyTests() bool {
	for _, d := range g.v.Domains {
		if g.domainHasTests(d) {
			return true
		}
	}
	return false
}

func (g *generator) domainHasTests(d *ir.Domain) bool {
	for _, r := range d.RPCs {
		if r.Go != "" && len(r.Examples) > 0 {
			return true
		}
	}
	for _, s := range d.Subscriptions {
		if s.Go != "" && len(s.Events) > 0 && len(s.Examples) > 0 {
			return true
		}
	}
	for _, e := range d.Events {
		if len(e.Examples) > 0 {
			return true
		}
	}
	return false
}

// venueTestFile joins the domains' examples and samples.
func (g *generator) venueTestFile(f *j.File) {
	var w jenx.Source
	for _, c := range g.v.Connections {
		w.P("func test%s(drift *wire.Drift) stream.Inbound {", upperFirst(g.inboundName(c)))
		w.P("a := new(%s)", g.apiName(c))
		w.P("a.init(spectest.Conn{})")
		w.P("in := a.inbound()")
		w.P("in.UseDrift(drift)")
		w.P("return in")
		w.P("}")
		w.P("")
	}
	w.P("func FuzzDispatch(f *testing.F) {")
	first, others := g.testInbounds()
	w.P("spectest.FuzzDispatch(f, %s, slices.Concat(%s)%s)", first, g.domainLists("Seeds"), others)
	w.P("}")
	w.P("")
	w.P("func FuzzTypes(f *testing.F) {")
	w.P("spectest.FuzzTypes(f, slices.Concat(%s))", g.domainLists("Samples"))
	w.P("}")
	w.AddTo(f)
}

// testInbounds names the functions that make the inbound sides of the venue's connections: that of the first, and those
// of the others as further arguments.
func (g *generator) testInbounds() (first, others string) {
	for i, c := range g.v.Connections {
		name := "test" + upperFirst(g.inboundName(c))
		if i == 0 {
			first = name
			continue
		}
		others += ", " + name
	}
	return first, others
}

func (g *generator) domainLists(what string) string {
	var out []string
	for _, d := range g.v.Domains {
		if g.domainHasTests(d) {
			out = append(out, lowerFirst(goWord(d.Name))+what+"()")
		}
	}
	return strings.Join(out, ", ")
}

// domainTestFile writes a domain's examples as tests.
func (g *generator) domainTestFile(f *j.File, d *ir.Domain) {
	var w jenx.Source
	name := goWord(d.Name)
	for _, c := range g.v.Connections {
		cases := g.cases(d, c)
		if cases == "" {
			continue
		}
		suffix := ""
		if len(g.v.Connections) > 1 {
			suffix = "On" + goWord(c.Name)
		}
		w.P("func Test%sExamples%s(t *testing.T) {", name, suffix)
		w.P("spectest.Run(t, &wireProtocol, test%s, []spectest.Case{", upperFirst(g.inboundName(c)))
		w.P("%s", trim(cases))
		w.P("})")
		w.P("}")
		w.P("")
	}
	w.P("func Test%sTypes(t *testing.T) { spectest.Exercise(t, %sSamples()) }", name, lowerFirst(name))
	w.P("")
	g.sampleList(&w, d)
	g.frameList(&w, d)
	w.AddTo(f)
}

// cases spells the examples of a domain whose entries live first of all on connection c.
func (g *generator) cases(d *ir.Domain, c *ir.Connection) string {
	var w jenx.Source
	on := func(conns []*ir.Connection) bool { return len(conns) > 0 && conns[0] == c }
	for _, r := range d.RPCs {
		if r.Go == "" || !on(r.Connections) {
			continue
		}
		extra := fmt.Sprintf("RPC: &rpc%s", r.Go)
		switch {
		case plainResult(r):
			extra += fmt.Sprintf(", Reply: spectest.ResultOf[%s](&rpc%s)", goType(r.Response.Result), r.Go)
		case resultType(r) != "":
			extra += fmt.Sprintf(", Reply: spectest.ReplyOf(read%sReply)", r.Go)
		}
		for _, ex := range r.Examples {
			if ex.Version == "" || ex.Version == r.Version {
				exampleCase(&w, r.Wire, ex, extra)
			}
		}
	}
	for _, s := range d.Subscriptions {
		if s.Go == "" || len(s.Events) == 0 || !on(s.Connections) {
			continue
		}
		for _, ex := range s.Examples {
			exampleCase(&w, s.Wire, ex, "Feed: &"+g.feeds[s])
		}
	}
	for _, e := range d.Events {
		if !on(e.Connections) {
			continue
		}
		for _, ex := range e.Examples {
			exampleCase(&w, e.Go, ex, "Event: true")
		}
	}
	return w.String()
}

func exampleCase(w *jenx.Source, entry string, ex *ir.Example, extra string) {
	if len(ex.Source) > 0 {
		w.P("// %s", sourceList(ex.Source))
	}
	w.P("{Entry: %q, Name: %q, Kind: %q, %s, Steps: []spectest.Step{", entry, ex.Name, ex.Kind, extra)
	for _, s := range ex.Steps {
		dir := "Recv"
		if s.Send {
			dir = "Send"
		}
		w.P("{%s: %s},", dir, rawLit(s.Frame))
	}
	w.P("}},")
}

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
		if g.listed(t) {
			w.P("{Codec: wiretest.Object[%s](), Texts: []string{", t.Go)
		} else {
			decode := fmt.Sprintf("(*%s).DecodeJSON", t.Go)
			if t.Partial == ir.PartialSparse {
				decode = fmt.Sprintf("wiretest.Checked(%s, (*%s).check)", decode, t.Go)
			}
			w.P("{Codec: wiretest.Type(%q, %s, (*%s).AppendJSON), Texts: []string{", t.Go, decode, t.Go)
		}
		for _, s := range texts[t] {
			w.P("%s,", rawLit(s))
		}
		w.P("}},")
	}
	w.P("}")
	w.P("}")
	w.P("")
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
