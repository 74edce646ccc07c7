package resolve

import (
	"slices"
	"strings"

	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/spec"
)

// spreadKey is the member that puts the members of something else in its place.
const spreadKey = "..."

// templates reads one template or a list of them.
func (r *resolver) templates(n *spec.Node) []*ir.Template {
	var out []*ir.Template
	for _, it := range list(n) {
		t := &ir.Template{Span: it.Span}
		switch it.Kind {
		case spec.Scalar:
			t.Text = pattern(it)
		case spec.Map:
			t.Root = r.templateNode(it)
		default:
			r.c.Errorf("WRONG_KIND", it.Span, "a template is a map (a JSON frame) or a text, not a list")
			continue
		}
		out = append(out, t)
	}
	return out
}

func (r *resolver) templateNode(n *spec.Node) *ir.TemplateNode {
	switch n.Kind {
	case spec.Map:
		out := &ir.TemplateNode{Members: []ir.TemplateMember{}}
		for _, e := range n.Entries {
			out.Members = append(out.Members, r.templateMember(e))
		}
		return out
	case spec.List:
		return &ir.TemplateNode{Leaf: &ir.Leaf{JSON: r.literalList(n)}}
	default:
		return &ir.TemplateNode{Leaf: leaf(n)}
	}
}

func (r *resolver) templateMember(e spec.Entry) ir.TemplateMember {
	if e.Key.Value != spreadKey {
		return ir.TemplateMember{Name: e.Key.Value, Value: r.templateNode(e.Value)}
	}
	m := ir.TemplateMember{Name: spreadKey}
	for _, it := range list(e.Value) {
		name, ok := enclosed(it.Value, '>')
		if !ok || !slices.Contains([]string{"request", "route", "params"}, name) {
			r.c.Errorf("TEMPLATE_HOLE", it.Span, "%q cannot be spread", it.Value).
				WithHint("spread <request>, <route> or <params>")
			continue
		}
		m.Spread = append(m.Spread, name)
	}
	return m
}

// literalList writes a list of constants; a list has no holes, a field with `batch: array` makes one.
func (r *resolver) literalList(n *spec.Node) string {
	var items []string
	for _, it := range n.Items {
		if it.Kind != spec.Scalar || it.Tag == spec.TagStr && hasHole(parts(it.Value, true)) {
			r.c.Errorf("WRONG_KIND", it.Span, "a list in a template holds constants only").
				WithHint("give the field `batch: array` and use its hole alone")
			continue
		}
		items = append(items, literal(it))
	}
	return "[" + strings.Join(items, ",") + "]"
}

func leaf(n *spec.Node) *ir.Leaf {
	if n.Tag != spec.TagStr {
		return &ir.Leaf{JSON: literal(n)}
	}
	p := pattern(n)
	switch {
	case !hasHole(p.Parts):
		return &ir.Leaf{JSON: quote(n.Value)}
	case len(p.Parts) == 1 && p.Parts[0].Hole != "":
		return &ir.Leaf{Hole: p.Parts[0].Hole}
	case len(p.Parts) == 1 && p.Parts[0].Builtin != "":
		return &ir.Leaf{Builtin: p.Parts[0].Builtin}
	default:
		return &ir.Leaf{Text: p}
	}
}
