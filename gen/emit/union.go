package emit

import (
	"fmt"
	"strings"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// unionDecl writes a struct with a kind and one field for each variant.
func (g *generator) unionDecl(w *jenx.Source, t *ir.Type) {
	kind := t.Go + "Kind"
	w.P("// %s tells which variant of %s is set; the zero value is none.", kind, t.Go)
	w.P("type %s uint8", kind)
	w.P("")
	w.P("// The variants of %s.", t.Go)
	w.P("const (")
	for k, v := range t.Variants {
		if k == 0 {
			w.P("%s%s %s = iota + 1", kind, v.Go, kind)
			continue
		}
		w.P("%s%s", kind, v.Go)
	}
	w.P(")")
	w.P("")
	g.typeDoc(w, t, "holds one of several forms; Kind tells which")
	w.P("type %s struct {", t.Go)
	w.P("Kind %s", kind)
	for _, v := range t.Variants {
		w.P("%s %s", v.Go, variantType(v))
	}
	w.P("}")
	w.P("")
	g.unionDecode(w, t)
	g.unionEncode(w, t)
	g.jsonMethods(w, t)
	g.unionClone(w, t)
}

// pointed reports whether a variant is held by pointer: structs are, so that the rare large form costs nothing.
func pointed(v *ir.Variant) bool {
	k := underlying(v.Type).Kind
	return k == ir.KindStruct || k == ir.KindTuple || k == ir.KindUnion
}

func variantType(v *ir.Variant) string {
	if pointed(v) {
		return "*" + goType(v.Type)
	}
	return goType(v.Type)
}

func (g *generator) unionDecode(w *jenx.Source, t *ir.Type) {
	g.decodeDoc(w)
	w.P("func (v *%s) DecodeJSON(d *wire.Decoder, b []byte, i int) int {", t.Go)
	g.nest(w, t)
	w.P("*v = %s{}", t.Go)
	w.P("end := wire.Skip(b, i)")
	w.P("if end < 0 {")
	w.P("return end")
	w.P("}")
	open := true
	for _, vr := range t.Variants {
		cond := variantCond(vr)
		if cond == "" {
			w.P("{")
			open = false
		} else {
			w.P("if %s {", cond)
		}
		g.variantDecode(w, t, vr)
		w.P("return end")
		w.P("}")
		if !open {
			break
		}
	}
	if open {
		w.P("return d.Fail(wire.ErrValue, b, i, %q, \"\")", t.Go)
	}
	w.P("}")
	w.P("")
}

// variantCond spells the test for a variant; "" when it always holds.
func variantCond(v *ir.Variant) string {
	var conds []string
	for _, h := range v.Has {
		conds = append(conds, fmt.Sprintf("wire.Lookup(b, i, %s) >= 0", pathArgs(h)))
	}
	for _, l := range v.Lacks {
		conds = append(conds, fmt.Sprintf("wire.Lookup(b, i, %s) < 0", pathArgs(l)))
	}
	for _, c := range v.Eq {
		var any []string
		for _, val := range c.Values {
			any = append(any, fmt.Sprintf("wire.Literal(b, wire.Lookup(b, i, %s), %s) >= 0", quoteSteps(c.Path), rawLit(val.JSON)))
		}
		conds = append(conds, "("+strings.Join(any, " || ")+")")
	}
	if v.Is != nil {
		conds = append(conds, fmt.Sprintf("wire.Is(b, i, %q)", *v.Is))
	}
	if v.JSON != "" {
		conds = append(conds, jsonKindCond(v.JSON))
	}
	return strings.Join(conds, " && ")
}

func jsonKindCond(kind string) string {
	if kind == "bool" {
		return "(wire.Kind(b, i) == 't' || wire.Kind(b, i) == 'f')"
	}
	c := map[string]string{"object": "'{'", "array": "'['", "string": "'\"'", "number": "'0'", "null": "'n'"}[kind]
	return "wire.Kind(b, i) == " + c
}

// pathArgs spells a dotted path as arguments of wire.Lookup.
func pathArgs(p string) string {
	var out []string
	for _, s := range strings.Split(p, ".") {
		out = append(out, fmt.Sprintf("%q", s))
	}
	return strings.Join(out, ", ")
}

func quoteSteps(p ir.Path) string {
	var out []string
	for _, s := range p {
		out = append(out, fmt.Sprintf("%q", s.Member))
		if s.Each {
			out = append(out, `"0"`)
		}
	}
	return strings.Join(out, ", ")
}

func (g *generator) variantDecode(w *jenx.Source, t *ir.Type, v *ir.Variant) {
	w.P("v.Kind = %sKind%s", t.Go, v.Go)
	x := "v." + v.Go
	if pointed(v) {
		w.P("%s = new(%s)", x, goType(v.Type))
		x = "*" + x
	}
	w.P("at := i")
	if v.At != "" {
		w.P("at = wire.Lookup(b, i, %s)", pathArgs(v.At))
	}
	if g.listed(concrete(v.Type)) {
		w.P("i = d.Object(b, at, %s)", addr(x)) // it is new, so it is empty
	} else {
		g.read(w, x, v.Type, codingOf(v.Type))
	}
	w.P("if i < 0 {")
	w.P("return d.Fail(i, b, at, %q, %q)", t.Go, v.At)
	w.P("}")
}

func (g *generator) unionEncode(w *jenx.Source, t *ir.Type) {
	w.P("// AppendJSON appends v as the venue writes it; a union without a kind is null.")
	w.P("func (v *%s) AppendJSON(dst []byte) []byte {", t.Go)
	w.P("switch v.Kind {")
	for _, vr := range t.Variants {
		w.P("case %sKind%s:", t.Go, vr.Go)
		x := "v." + vr.Go
		if pointed(vr) {
			x = "*" + x
		}
		expr := g.append(x, vr.Type, codingOf(vr.Type))
		if vr.At != "" {
			w.P("dst = append(dst, %s...)", rawLit(fmt.Sprintf("{%q:", vr.At)))
			w.P("dst = %s", expr)
			w.P("return append(dst, '}')")
			continue
		}
		w.P("return %s", expr)
	}
	w.P("}")
	w.P("return append(dst, \"null\"...)")
	w.P("}")
	w.P("")
}

func (g *generator) unionClone(w *jenx.Source, t *ir.Type) {
	if !g.cloned[t] {
		return
	}
	w.P("func (v *%s) cloneTo(dst *%s, c *wire.Copies) {", t.Go, t.Go)
	w.P("*dst = *v")
	for _, vr := range t.Variants {
		switch {
		case pointed(vr):
			w.P("if v.%s != nil {", vr.Go)
			w.P("dst.%s = new(%s)", vr.Go, goType(vr.Type))
			if g.cloned[concrete(vr.Type)] {
				w.P("v.%s.cloneTo(dst.%s, c)", vr.Go, vr.Go)
			} else {
				w.P("*dst.%s = *v.%s", vr.Go, vr.Go)
			}
			w.P("}")
		case needsClone(vr.Type, g.cloned):
			g.cloneValue(w, "v."+vr.Go, "dst."+vr.Go, vr.Type)
		}
	}
	w.P("}")
	w.P("")
}
