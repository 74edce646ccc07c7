package resolve

import (
	"maps"
	"slices"
	"strings"

	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/spec"
)

// scalarNames lists the scalars of the language.
var scalarNames = []string{
	"bool", "int", "int64", "uint32", "uint64", "float64", "decimal", "string", "json",
	"time.unix_s", "time.unix_ms", "time.unix_us", "time.unix_ns", "time.unix_auto", "time.rfc3339", "time.layout",
}

// typeExpr resolves the type expression of a node. It never returns nil: what cannot be resolved is json.
func (r *resolver) typeExpr(n *spec.Node) *ir.Type {
	if n == nil || n.Kind != spec.Scalar {
		return r.scalar("json")
	}
	return r.parseType(strings.TrimSpace(n.Value), n.Span)
}

func (r *resolver) parseType(s string, span diag.Span) *ir.Type {
	if elem, ok := strings.CutPrefix(s, "[]"); ok {
		return &ir.Type{Kind: ir.KindList, Elem: r.parseType(elem, span), Span: span}
	}
	for prefix, kind := range map[string]ir.Kind{"map[": ir.KindMap, "pair[": ir.KindPair} {
		in, ok := strings.CutPrefix(s, prefix)
		if !ok {
			continue
		}
		key, elem, ok := strings.Cut(in, "]")
		if !ok {
			r.c.Errorf("UNKNOWN_WORD", span, "type %q has no closing bracket", s)
			return r.scalar("json")
		}
		return &ir.Type{Kind: kind, Key: r.keyType(key, span), Elem: r.parseType(elem, span), Span: span}
	}
	if of, ok := strings.CutPrefix(s, "keyof "); ok {
		return &ir.Type{Kind: ir.KindKeyOf, Of: r.structNamed(strings.TrimSpace(of), span), Span: span}
	}
	if slices.Contains(scalarNames, s) {
		return r.scalar(s)
	}
	return r.named(s, span)
}

// keyTypes are the scalars a map key can have.
var keyTypes = []string{"string", "int", "int64", "uint32", "uint64"}

func (r *resolver) keyType(s string, span diag.Span) *ir.Type {
	t := r.parseType(s, span)
	base := Base(t)
	switch base.Kind {
	case ir.KindEnum, ir.KindText, ir.KindKeyOf:
		return t
	case ir.KindScalar:
		if slices.Contains(keyTypes, base.Scalar) {
			return t
		}
	}
	r.c.Errorf("WIRE_NOT_FOR_TYPE", span, "%s cannot be the key of a map", s).
		WithHint("a key is a string, an integer, an enum, an alias of these or a text type")
	return r.scalar("string")
}

// scalar returns the one type of a scalar's name.
func (r *resolver) scalar(name string) *ir.Type {
	t := r.scalars[name]
	if t == nil {
		t = &ir.Type{Kind: ir.KindScalar, Scalar: name}
		r.scalars[name] = t
	}
	return t
}

// named resolves the name of a declared type and defines what is needed of it.
func (r *resolver) named(name string, span diag.Span) *ir.Type {
	d := r.lookup(name, span)
	if d == nil {
		return r.scalar("json")
	}
	if d.typ.Kind == ir.KindAlias || d.typ.Kind == ir.KindText {
		r.define(d)
	}
	return d.typ
}

// structNamed resolves the name of a struct, nil when it names none.
func (r *resolver) structNamed(name string, span diag.Span) *ir.Type {
	d := r.lookup(name, span)
	if d == nil {
		return &ir.Type{Kind: ir.KindStruct}
	}
	if d.typ.Kind != ir.KindStruct {
		r.c.Errorf("WRONG_KIND", span, "%q is no struct", name).WithHint("only the members of a struct have names")
		return &ir.Type{Kind: ir.KindStruct}
	}
	return d.typ
}

func (r *resolver) lookup(name string, span diag.Span) *decl {
	d := r.decls[name]
	if d == nil {
		r.unresolved(span, "type", name, append(slices.Collect(maps.Keys(r.decls)), scalarNames...))
		return nil
	}
	d.typ.Refs++
	return d
}

// Base follows aliases to the type that they stand for.
func Base(t *ir.Type) *ir.Type {
	for i := 0; t != nil && t.Kind == ir.KindAlias && t.Elem != nil && i < maxAliases; i++ {
		t = t.Elem
	}
	return t
}

// maxAliases bounds a chain of aliases; a chain that is a circle is reported elsewhere.
const maxAliases = 64
