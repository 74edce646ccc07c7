package lint

import (
	"slices"
	"strings"

	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/naming"
)

// sourceRefs reports sources that the venue does not list.
func sourceRefs(c *checker) {
	known := map[string]bool{}
	for _, s := range c.v.Sources {
		known[s.ID] = true
	}
	refs := func(list []ir.SourceRef, span diag.Span) {
		for _, s := range list {
			if !known[s.ID] {
				c.report(span, "source %q does not exist", s.ID).WithHint("list it in the `sources` of venue.yaml")
			}
		}
	}
	c.provenances(func(p ir.Provenance, span diag.Span) { refs(p.Source, span) })
	c.examples(func(x *ir.Example) { refs(x.Source, x.Span) })
}

// provenances calls fn for everything that says where it comes from.
func (c *checker) provenances(fn func(p ir.Provenance, span diag.Span)) {
	c.venueProvenances(fn)
	for e := range c.entries() {
		fn(e.Prov, e.Span)
	}
	for ev := range c.events() {
		fn(ev.Prov, ev.Span)
	}
	for t := range c.types() {
		fn(t.Prov, t.Span)
		for _, v := range t.Values {
			fn(v.Prov, v.Span)
		}
	}
	for _, f := range c.fields() {
		fn(f.Prov, f.Span)
	}
	for _, ms := range c.matches() {
		for _, m := range ms {
			fn(m.Prov, m.Span)
		}
	}
}

func (c *checker) venueProvenances(fn func(p ir.Provenance, span diag.Span)) {
	for _, x := range c.v.Hosts {
		fn(x.Prov, x.Span)
	}
	for _, x := range c.v.Connections {
		fn(x.Prov, x.Span)
	}
	for _, x := range c.v.Sessions {
		fn(x.Prov, x.Span)
	}
	for _, x := range c.v.Limits {
		fn(x.Prov, x.Span)
	}
	for _, x := range slices.Concat(c.v.Errors.Codes, c.v.Errors.Texts) {
		fn(x.Prov, x.Span)
	}
	if c.v.Close != nil {
		for _, x := range slices.Concat(c.v.Close.Codes, c.v.Close.Upgrade) {
			fn(x.Prov, x.Span)
		}
	}
}

// examples calls fn for every example of entries and events.
func (c *checker) examples(fn func(x *ir.Example)) {
	for e := range c.entries() {
		for _, x := range e.Examples {
			fn(x)
		}
	}
	for ev := range c.events() {
		for _, x := range ev.Examples {
			fn(x)
		}
	}
}

// suspects are words that secrets are called by.
var suspects = []string{"token", "ssid", "session", "password", "secret"}

func sensitiveSuspects(c *checker) {
	for _, f := range c.fields() {
		if f.SensitiveSet || !isText(f.Type) {
			continue
		}
		for _, w := range naming.Words(f.Wire) {
			if slices.Contains(suspects, strings.ToLower(w)) {
				c.report(f.Span, "text member %q may hold a secret", f.Wire).WithHint("say `sensitive: true`, or `sensitive: false`")
				break
			}
		}
	}
}

func sourceMissing(c *checker) {
	for e := range c.entries() {
		if len(e.Prov.Source) == 0 {
			c.report(e.Span, "entry %q has no source", e.Wire)
		}
	}
	for ev := range c.events() {
		if len(ev.Prov.Source) == 0 {
			c.report(ev.Span, "event %s has no source", ev.Go)
		}
	}
}

// confidenceClaims reports what is said to be captured and shows no capture: neither its own examples nor, for a
// subscription, those of its events.
func confidenceClaims(c *checker) {
	rows := map[*ir.Row]bool{}
	for x := range c.rpcs() {
		if !rows[x.Row] && x.Prov.Confidence == ir.Captured && !capturedRow(x.Row) {
			c.claim(x.Span, "entry "+x.Wire)
		}
		rows[x.Row] = true
	}
	for s := range c.subscriptions() {
		if s.Prov.Confidence != ir.Captured || captured(s.Examples) {
			continue
		}
		if !slices.ContainsFunc(s.Events, func(e *ir.Event) bool { return captured(e.Examples) }) {
			c.claim(s.Span, "entry "+s.Wire)
		}
	}
	for ev := range c.events() {
		if ev.Prov.Confidence == ir.Captured && !captured(ev.Examples) {
			c.claim(ev.Span, "event "+ev.Go)
		}
	}
}

func (c *checker) claim(span diag.Span, what string) {
	c.report(span, "%s is said to be captured and shows no captured example", what).
		WithHint("add the frame as an example of kind captured, or claim `documented`")
}

func captured(xs []*ir.Example) bool {
	return slices.ContainsFunc(xs, func(x *ir.Example) bool { return x.Kind == "captured" })
}

func capturedRow(r *ir.Row) bool {
	return slices.ContainsFunc(r.Versions, func(x *ir.RPC) bool { return captured(x.Examples) })
}

func skipTrading(c *checker) {
	for e := range c.entries() {
		if e.Skip != "" && slices.Contains(e.Tags, "trading") {
			c.report(e.Span, "entry %q is skipped and has the tag trading", e.Wire).WithHint("model it, or give it other `tags`")
		}
	}
}
