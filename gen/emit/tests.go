package emit

import (
	"fmt"
	"strings"

	j "github.com/dave/jennifer/jen"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
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
