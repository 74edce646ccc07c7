package resolve

import (
	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/spec"
)

// decl is a declared type on its way to being defined.
type decl struct {
	name  string
	node  *spec.Node
	enum  bool
	typ   *ir.Type
	state declState
}

type declState int

const (
	declared declState = iota
	defining
	defined
)

// declare makes the named types of a section known, still empty.
func (r *resolver) declare(d *ir.Domain, section *spec.Node, enum bool) {
	for _, e := range mapEntries(section) {
		name := e.Key.Value
		if old, ok := r.decls[name]; ok {
			r.c.Errorf("NAME_TWICE", e.Key.Span, "type %q is declared twice", name).
				WithHint("types and enums are shared by all files of a venue").
				WithRelated(old.typ.Span, "first declared here")
			continue
		}
		r.decls[name] = &decl{name: name, node: e.Value, enum: enum, typ: &ir.Type{
			Kind: kindOf(e.Value, enum), Spec: name, Go: name, Domain: d, Prov: prov(e.Value), Span: e.Key.Span,
		}}
	}
}

func kindOf(n *spec.Node, enum bool) ir.Kind {
	switch {
	case enum:
		return ir.KindEnum
	case n.Has("is"):
		return ir.KindAlias
	case n.Has("items"):
		return ir.KindTuple
	case n.Has("text"):
		return ir.KindText
	case n.Has("union"):
		return ir.KindUnion
	default:
		return ir.KindStruct
	}
}

// listTypes puts the named types of a section into their domain, in the order of the file.
func (r *resolver) listTypes(d *ir.Domain, section *spec.Node) {
	for _, e := range mapEntries(section) {
		if dc := r.decls[e.Key.Value]; dc != nil && dc.typ.Span == e.Key.Span {
			d.Types = append(d.Types, dc.typ)
		}
	}
}

// defineTypes fills all named types, in the order of the files.
func (r *resolver) defineTypes() {
	for _, d := range r.domains {
		for _, section := range []string{"enums", "types"} {
			for _, e := range mapEntries(d.root.Get(section)) {
				if dc := r.decls[e.Key.Value]; dc != nil {
					r.define(dc)
				}
			}
		}
	}
}

// define fills a type; what it needs of others (the coding of an alias, the members of a spread) is defined first.
func (r *resolver) define(d *decl) {
	if d.state != declared {
		return
	}
	d.state = defining
	defer func() { d.state = defined }()
	t, n := d.typ, d.node
	t.Coding = r.ownCoding(n)
	switch t.Kind {
	case ir.KindEnum:
		r.defineEnum(t, n)
	case ir.KindAlias:
		r.defineAlias(t, n)
	case ir.KindStruct:
		t.Partial = partials[n.Get("partial").Text()]
		t.Fields, t.Rules = r.fieldMap(n.Get("fields"))
		t.Rules = append(t.Rules, r.rules(n.Get("rules"), t.Fields)...)
	case ir.KindTuple:
		t.RestAllow = n.Get("rest").Text() != "reject"
		t.Fields = r.items(n.Get("items"))
	case ir.KindText:
		r.defineText(t, n)
	case ir.KindUnion:
		r.defineUnion(t, n)
	}
}

var partials = map[string]ir.Partial{"mask": ir.PartialMask, "sparse": ir.PartialSparse}

func (r *resolver) defineEnum(t *ir.Type, n *spec.Node) {
	t.Scalar = n.Get("type").Text()
	t.Closed = truth(n.Get("closed"))
	for _, e := range mapEntries(n.Get("values")) {
		v := &ir.EnumValue{Go: e.Key.Value, Wire: e.Value.Text(), Span: e.Key.Span}
		if e.Value.Kind == spec.Map {
			v.Wire, v.Prov = e.Value.Get("wire").Text(), prov(e.Value)
		}
		t.Values = append(t.Values, v)
	}
}

func (r *resolver) defineAlias(t *ir.Type, n *spec.Node) {
	t.Elem = r.typeExpr(n.Get("is"))
	if r.aliasCycle(t) {
		r.c.Errorf("TYPE_CYCLE", t.Span, "alias %q stands for itself", t.Spec)
		t.Elem = r.scalar("json")
	}
	t.Coding = inherit(t.Coding, t.Elem)
}

func (r *resolver) aliasCycle(t *ir.Type) bool {
	seen := map[*ir.Type]bool{}
	for e := t; e != nil && e.Kind == ir.KindAlias; e = e.Elem {
		if seen[e] {
			return true
		}
		seen[e] = true
	}
	return false
}

func (r *resolver) defineText(t *ir.Type, n *spec.Node) {
	t.Fields, _ = r.fieldMap(n.Get("fields"))
	for _, it := range list(n.Get("text")) {
		if p := pattern(it); p != nil {
			setChars(p.Parts, t.Fields)
			t.Patterns = append(t.Patterns, p)
		}
	}
}

func (r *resolver) defineUnion(t *ir.Type, n *spec.Node) {
	for _, it := range list(n.Get("union")) {
		if it.Kind != spec.Map {
			continue
		}
		v := &ir.Variant{
			At: it.Get("at").Text(), JSON: it.Get("json").Text(), Span: it.Span,
			Has: texts(it.Get("has")), Lacks: texts(it.Get("lacks")),
			Type: r.typeExpr(it.Get("type")), Eq: conds(it, append(unionWords, matchWords...)),
		}
		if is := it.Get("is"); is != nil {
			text := is.Value
			v.Is = &text
		}
		v.Go = r.variantName(it, v)
		t.Variants = append(t.Variants, v)
	}
}

// variantName is the given name, else that of the type, else that of what tells the variant.
func (r *resolver) variantName(n *spec.Node, v *ir.Variant) string {
	switch {
	case n.Has("go"):
		return n.Get("go").Text()
	case v.Type != nil && v.Type.Go != "":
		return v.Type.Go
	case len(v.Has) > 0:
		return r.names.Exported(v.Has[0])
	case v.JSON != "":
		return r.names.Exported(v.JSON)
	default:
		return r.names.Exported(n.Get("type").Text())
	}
}

// structType makes a type that an entry declares in place and puts it into the domain.
func (r *resolver) structType(d *ir.Domain, name string, span diag.Span) *ir.Type {
	t := &ir.Type{Kind: ir.KindStruct, Go: name, Domain: d, Span: span}
	if name != "" {
		d.Types = append(d.Types, t)
	}
	return t
}
