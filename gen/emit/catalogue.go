package emit

import (
	"fmt"

	j "github.com/dave/jennifer/jen"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// catalogue writes a domain's rows, those without a method included.
func (g *generator) catalogue(f *j.File, d *ir.Domain) {
	if len(d.RPCs)+len(d.Subscriptions)+len(d.Events) == 0 {
		return
	}
	var w jenx.Source
	w.P("var %sCatalogue = []protocol.Row{", lowerFirst(goWord(d.Name)))
	for _, r := range d.RPCs {
		w.P("%s,", rowLit("protocol.KindRPC", d, &r.Entry, r.Wire))
	}
	for _, s := range d.Subscriptions {
		w.P("%s,", rowLit("protocol.KindSubscription", d, &s.Entry, s.Wire))
	}
	for _, e := range d.Events {
		w.P("{Kind: protocol.KindEvent, Name: %q, Go: %q, Domain: %q%s},", eventNames(e), e.Go, d.Name, confidenceLit(e.Prov))
	}
	w.P("}")
	w.AddTo(f)
}

func rowLit(kind string, d *ir.Domain, e *ir.Entry, name string) string {
	s := fmt.Sprintf("{Kind: %s, Name: %q", kind, name)
	if v := e.SentVersion(); v != "" {
		s += fmt.Sprintf(", Version: %q", v)
	}
	if e.Go != "" {
		s += fmt.Sprintf(", Go: %q", e.Go)
	}
	s += fmt.Sprintf(", Domain: %q%s", d.Name, confidenceLit(e.Prov))
	if e.Skip != "" {
		s += fmt.Sprintf(", Skip: %q", e.Skip)
	}
	return s + "}"
}

func confidenceLit(p ir.Provenance) string {
	if c := confidence(p.Confidence); c != "" {
		return fmt.Sprintf(", Confidence: %q", c)
	}
	return ""
}

// catalogueAll writes Catalogue.
func (g *generator) catalogueAll(f *j.File) {
	var w jenx.Source
	w.Doc("Catalogue lists every row of the venue's protocol that the specs know: calls, subscriptions and events, those included for which there is no method.")
	w.P("func Catalogue() []protocol.Row {")
	w.P("return slices.Concat(")
	for _, d := range g.v.Domains {
		if len(d.RPCs)+len(d.Subscriptions)+len(d.Events) > 0 {
			w.P("%sCatalogue,", lowerFirst(goWord(d.Name)))
		}
	}
	w.P(")")
	w.P("}")
	w.AddTo(f)
}
