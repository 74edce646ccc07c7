package lint

import (
	"slices"

	"github.com/venuewire/venuewire/gen/ir"
)

// carried is what a template writes.
type carried struct {
	holes    []string // fields by name
	builtins []string
	leaves   []string // fields that have a leaf of their own, or repeat inside one
}

// contents lists what a template writes.
func contents(t *ir.Template) carried {
	var out carried
	if t.Text != nil {
		out.pattern(t.Text, false)
	}
	out.node(t.Root)
	return out
}

func (k *carried) pattern(p *ir.Pattern, leaf bool) {
	k.holes = append(k.holes, p.Holes()...)
	if leaf {
		k.leaves = append(k.leaves, p.Holes()...)
	}
	k.builtins = append(k.builtins, builtinsOf(p.Parts)...)
}

func builtinsOf(parts []ir.Part) []string {
	var out []string
	for _, p := range parts {
		if p.Builtin != "" {
			out = append(out, p.Builtin)
		}
		out = append(out, builtinsOf(p.Group)...)
	}
	return out
}

func (k *carried) node(n *ir.TemplateNode) {
	if n == nil {
		return
	}
	if l := n.Leaf; l != nil {
		k.leaf(l)
	}
	for _, m := range n.Members {
		k.builtins = append(k.builtins, m.Spread...)
		k.node(m.Value)
	}
}

func (k *carried) leaf(l *ir.Leaf) {
	switch {
	case l.Hole != "":
		k.holes, k.leaves = append(k.holes, l.Hole), append(k.leaves, l.Hole)
	case l.Builtin != "":
		k.builtins = append(k.builtins, l.Builtin)
	case l.Text != nil:
		k.pattern(l.Text, true)
	}
}

func usesBuiltin(ts []*ir.Template, name string) bool {
	return slices.ContainsFunc(ts, func(t *ir.Template) bool { return slices.Contains(contents(t).builtins, name) })
}

// entryFields lists the wire names of the fields of an entry's maps.
func entryFields(types ...*ir.Type) []string {
	var out []string
	for _, t := range types {
		if t != nil {
			out = append(out, fieldNames(t.Fields)...)
		}
	}
	return out
}

// templateHoles checks the templates of entries against their own fields, and those of the wire against the fields of
// all entries that use them.
func templateHoles(c *checker) {
	var calls, subs, cancels []string
	for x := range c.rpcs() {
		own := entryFields(x.Request)
		c.holesKnown(x.Send, own, []string{"request"}, "rpc "+x.Wire)
		if len(x.Send) == 0 {
			calls = append(calls, own...)
		}
	}
	for s := range c.subscriptions() {
		own := entryFields(s.Route, s.Params)
		learned := slices.Clone(own)
		for _, l := range s.Learn {
			learned = append(learned, l.Name)
		}
		c.holesKnown(s.Send, own, []string{"route", "params"}, "subscription "+s.Wire)
		c.holesKnown(s.Cancel, learned, []string{"route", "params"}, "subscription "+s.Wire)
		if len(s.Send) == 0 {
			subs = append(subs, own...)
		}
		if len(s.Cancel) == 0 {
			cancels = append(cancels, learned...)
		}
		c.batchLeaf(s)
	}
	c.holesKnown(c.v.Wire.Call, calls, []string{"request"}, "any rpc that uses it")
	c.holesKnown(c.v.Wire.Subscribe, subs, []string{"route", "params"}, "any subscription that uses it")
	c.holesKnown(c.v.Wire.Unsubscribe, cancels, []string{"route", "params"}, "any subscription that uses it")
}

// fieldMaps are the builtins that stand for the fields of an entry.
var fieldMaps = []string{"request", "route", "params"}

func (c *checker) holesKnown(ts []*ir.Template, fields, maps []string, whose string) {
	for _, t := range ts {
		k := contents(t)
		for _, h := range k.holes {
			if !slices.Contains(fields, h) {
				c.report(t.Span, "hole {%s} is no field of %s", h, whose)
			}
		}
		for _, b := range k.builtins {
			if slices.Contains(fieldMaps, b) && !slices.Contains(maps, b) {
				c.report(t.Span, "<%s> has no meaning here: %s has none", b, whose)
			}
		}
	}
}

// batchLeaf checks that the many values of a batched field have a place to repeat in.
func (c *checker) batchLeaf(s *ir.Subscription) {
	f := s.Batched()
	ts := s.Send
	if len(ts) == 0 {
		ts = c.v.Wire.Subscribe
	}
	if f == nil || len(ts) == 0 {
		return
	}
	k := contents(ts[0])
	if !slices.Contains(k.leaves, f.Wire) && !slices.Contains(k.builtins, "route") {
		c.report(f.Span, "batched field %q has no leaf of its own in the template of %s", f.Wire, s.Wire).
			WithHint("a member of a JSON frame that holds {%s} repeats; a text frame does not", f.Wire)
	}
}

// templateFieldsUnused reports fields that the first template, which is the one written, does not carry.
func templateFieldsUnused(c *checker) {
	for x := range c.rpcs() {
		if x.Go != "" {
			c.unused(first(x.Send, c.v.Wire.Call), x.Request, "request", "rpc "+x.Wire, nil)
		}
	}
	for s := range c.subscriptions() {
		if s.Go == "" {
			continue
		}
		ts := first(s.Send, c.v.Wire.Subscribe)
		var handed []string
		if s.Needs != nil {
			handed = s.Needs.With
		}
		c.unused(ts, s.Route, "route", "subscription "+s.Wire, handed)
		c.unused(ts, s.Params, "params", "subscription "+s.Wire, handed)
	}
}

func first(own, wire []*ir.Template) []*ir.Template {
	if len(own) > 0 {
		return own[:1]
	}
	if len(wire) > 0 {
		return wire[:1]
	}
	return nil
}

func (c *checker) unused(ts []*ir.Template, t *ir.Type, builtin, whose string, handed []string) {
	if t == nil || len(ts) == 0 {
		return
	}
	k := contents(ts[0])
	if slices.Contains(k.builtins, builtin) {
		return
	}
	for _, f := range t.Fields {
		if !slices.Contains(k.holes, f.Wire) && !slices.Contains(handed, f.Wire) {
			c.report(f.Span, "no frame of %s carries field %q", whose, f.Wire).
				WithHint("put {%s} or <%s> into its template", f.Wire, builtin).WithRelated(ts[0].Span, "the template")
		}
	}
}
