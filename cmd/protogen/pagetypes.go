package main

import (
	"fmt"
	"strings"

	"github.com/venuewire/venuewire/gen/ir"
)

// typeQueue holds the named types that a page mentions, each once, in order of mention.
type typeQueue struct {
	list []*ir.Type
	seen map[*ir.Type]bool
}

func (q *typeQueue) mention(t *ir.Type) {
	if t == nil {
		return
	}
	q.mention(t.Key)
	if t.Kind != ir.KindAlias {
		q.mention(t.Elem)
	}
	q.mention(t.Of)
	if t.Spec == "" || q.seen[t] {
		return
	}
	if q.seen == nil {
		q.seen = map[*ir.Type]bool{}
	}
	q.seen[t] = true
	q.list = append(q.list, t)
}

// namedTypes writes the types that were mentioned, and those that these mention.
func (p *page) namedTypes() {
	for i := 0; i < len(p.types.list); i++ { // grows on the way
		p.namedType(p.types.list[i])
	}
}

func (p *page) namedType(t *ir.Type) {
	head := fmt.Sprintf("TYPE %s, %s", t.Spec, kindText(t))
	if t.Prov.Doc != "" {
		head += ": " + t.Prov.Doc
	}
	p.section("%s", head)
	switch t.Kind {
	case ir.KindAlias:
		p.types.mention(t.Elem)
		p.facts([2]string{"is", typeText(t.Elem)}, [2]string{"wire", codingText(t.Coding)})
	case ir.KindEnum:
		p.values(t)
	case ir.KindUnion:
		p.variants(t)
	case ir.KindText:
		for _, pattern := range t.Patterns {
			p.line("  %s", pattern.Text)
		}
		p.table(t.Fields)
	default:
		p.table(t.Fields)
	}
}

func (p *page) values(t *ir.Type) {
	var facts [][2]string
	for _, v := range t.Values {
		facts = append(facts, [2]string{v.Wire, strings.TrimSpace(t.Go + v.Go + "  " + v.Prov.Doc)})
	}
	p.facts(facts...)
}

func (p *page) variants(t *ir.Type) {
	var facts [][2]string
	for _, v := range t.Variants {
		p.types.mention(v.Type)
		facts = append(facts, [2]string{v.Go, typeText(v.Type)})
	}
	p.facts(facts...)
}

// fields writes a struct that belongs to the entry.
func (p *page) fields(title string, t *ir.Type) {
	p.section("%s, Go type %s", title, t.Go)
	if len(t.Fields) == 0 {
		p.line("  (no fields)")
	}
	p.table(t.Fields)
	for _, r := range t.Rules {
		p.line("  %s: %s", strings.ReplaceAll(r.Kind, "_", " "), fieldNames(r.Fields))
	}
}

func (p *page) fieldList(title string, fields []*ir.Field) {
	if len(fields) > 0 {
		p.section("%s", title)
		p.table(fields)
	}
}

// payload writes a payload: its fields when the struct is the entry's own, else its type.
func (p *page) payload(title string, t *ir.Type) {
	switch {
	case t == nil:
	case t.Spec == "" && t.Kind == ir.KindStruct:
		p.fields(title, t)
	default:
		p.types.mention(t)
		p.section("%s %s", title, typeText(t))
	}
}

func (p *page) table(fields []*ir.Field) {
	var rows [][]string
	for _, f := range fields {
		p.types.mention(f.Type)
		rows = append(rows, []string{f.Wire, f.Go, typeText(f.Type), fieldText(f)})
	}
	p.WriteString(columns("  ", rows))
}

// fieldText says in words what is special about a field, and its doc.
func fieldText(f *ir.Field) string {
	var parts []string
	add := func(on bool, text string) {
		if on {
			parts = append(parts, text)
		}
	}
	add(f.Optional, "optional")
	add(f.Coding.Unit != "", f.Coding.Unit)
	coding := f.Coding
	coding.Unit = ""
	add(true, codingText(coding))
	add(f.Const != nil, "always "+deref(f.Const))
	add(f.Default != nil, "default "+deref(f.Default))
	add(len(f.Also) > 0, "also "+strings.Join(f.Also, ", "))
	add(f.Sensitive, "sensitive")
	add(f.Batch != nil, "batched")
	add(f.Wildcard != "", "all: "+f.Wildcard)
	add(f.Shared != "", "shared "+f.Shared)
	text := joined(", ", parts...)
	if f.Prov.Doc != "" {
		text = joined("; ", text, f.Prov.Doc)
	}
	return joined("; ", text, f.Prov.Note)
}

func codingText(c ir.Coding) string {
	nulls := ""
	switch {
	case len(c.NullAs) > 0:
		nulls = "nullable as " + strings.Join(c.NullAs, " ")
	case c.Nullable:
		nulls = "nullable"
	}
	sep := ""
	if c.Sep != nil {
		sep = fmt.Sprintf("joined by %q", *c.Sep)
	}
	wire := ""
	if c.Wire != "" {
		wire = "as " + c.Wire
	}
	return joined(", ", wire, nulls, strings.Join(c.Accept, ", "), sep, c.Layout, c.Precision, c.Unit)
}

// typeText spells a type as specs do.
func typeText(t *ir.Type) string {
	switch {
	case t == nil:
		return "nothing"
	case t.Spec != "":
		return t.Spec
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
	}
	return t.Go
}

func kindText(t *ir.Type) string {
	name := [...]string{
		ir.KindScalar: "scalar", ir.KindList: "list", ir.KindMap: "map", ir.KindPair: "pair", ir.KindKeyOf: "keyof",
		ir.KindAlias: "alias", ir.KindStruct: "struct", ir.KindTuple: "tuple", ir.KindText: "text", ir.KindUnion: "union",
		ir.KindEnum: "enum",
	}[t.Kind]
	switch {
	case t.Kind == ir.KindEnum && t.Closed:
		return "closed " + name + " of " + t.Scalar
	case t.Kind == ir.KindEnum:
		return name + " of " + t.Scalar
	case t.Partial != ir.PartialNone:
		return "partial " + name
	}
	return name
}
