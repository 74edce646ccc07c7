package emit

import (
	"fmt"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// sparseDecl writes a type of very many possible members of which a few are present: the present ones are kept as
// checked text, and an accessor for each member parses it.
func (g *generator) sparseDecl(w *jenx.Source, t *ir.Type) {
	ft := t.Go + "Field"
	w.Doc(ft + " names one member of " + t.Go + ".")
	w.P("type %s uint8", ft)
	w.P("")
	w.P("// The members of %s.", t.Go)
	w.P("const (")
	for i, f := range members(t) {
		if i == 0 {
			w.P("%s%s %s = iota", ft, f.Go, ft)
			continue
		}
		w.P("%s%s", ft, f.Go)
	}
	w.P(")")
	w.P("")
	g.memberNames(w, t)
	g.typeDoc(w, t, "holds the members that came")
	w.P("type %s struct {", t.Go)
	for _, f := range t.Fields {
		if f.FromEnvelope {
			if d := fieldDoc(f); d != "" {
				w.Doc(d)
			}
			w.P("%s %s", f.Go, fieldType(f, ir.PartialNone))
		}
	}
	w.P("members wire.Sparse")
	w.P("}")
	w.P("")
	g.sparseMethods(w, t, ft)
	for k, f := range members(t) {
		g.sparseAccessor(w, t, f, k)
	}
	g.sparseDecode(w, t)
	g.sparseEncode(w, t)
	g.jsonMethods(w, t)
	w.P("func (v *%s) cloneTo(dst *%s) {", t.Go, t.Go)
	w.P("*dst = *v")
	w.P("dst.members = v.members.Clone()")
	w.P("}")
	w.P("")
}

func (g *generator) sparseMethods(w *jenx.Source, t *ir.Type, ft string) {
	w.P("// Has reports whether the venue sent the member; one that it did not send is unchanged, neither zero nor cleared.")
	w.P("func (v *%s) Has(f %s) bool { return v.members.Has(int(f)) }", t.Go, ft)
	w.P("")
	w.P("// Raw is the member as it came, nil when it did not.")
	w.P("func (v *%s) Raw(f %s) wire.Raw {", t.Go, ft)
	w.P("raw, _ := v.members.Raw(int(f))")
	w.P("return raw")
	w.P("}")
	w.P("")
	w.P("// Merge takes over every member of newer that came.")
	w.P("func (v *%s) Merge(newer *%s) { v.members.Merge(&newer.members) }", t.Go, t.Go)
	w.P("")
}

func (g *generator) sparseAccessor(w *jenx.Source, t *ir.Type, f *ir.Field, k int) {
	doc := sentence(f.Go, f.Prov.Doc, "is the member "+f.Wire)
	if u := f.Coding.Unit; u != "" {
		doc += " Unit: " + u + "."
	}
	w.Doc(doc + fmt.Sprintf(" Wire name %q. It is unset when the venue did not send it.", f.Wire))
	w.P("func (v *%s) %s() (x wire.Opt[%s]) {", t.Go, f.Go, goType(f.Type))
	w.P("if b, ok := v.members.Raw(%d); ok {", k)
	w.P("var d wire.Decoder")
	w.P("read%s%s(&x, &d, b, 0)", t.Go, f.Go)
	w.P("}")
	w.P("return x")
	w.P("}")
	w.P("")
	w.P("func read%s%s(x *wire.Opt[%s], d *wire.Decoder, b []byte, at int) (i int) {", t.Go, f.Go, goType(f.Type))
	g.readOpt(w, "*x", f)
	w.P("return i")
	w.P("}")
	w.P("")
}

func (g *generator) sparseDecode(w *jenx.Source, t *ir.Type) {
	w.P("func (v *%s) reset() {", t.Go)
	w.P("members := v.members")
	w.P("members.Reset()")
	w.P("*v = %s{members: members}", t.Go)
	w.P("}")
	w.P("")
	w.P("func (v *%s) decode(d *wire.Decoder, b []byte, i int) int {", t.Go)
	w.P("v.reset()")
	w.P("i, more := wire.EnterObject(b, i)")
	w.P("for more {")
	w.P("key, at := d.Key(b, i)")
	w.P("if at < 0 {")
	w.P("return d.Fail(at, b, i, %q, \"\")", t.Go)
	w.P("}")
	w.P("id := -1")
	w.P("switch string(key) {")
	for k, f := range members(t) {
		w.P("case %q:", f.Wire)
		w.P("id = %d", k)
		w.P("var x wire.Opt[%s]", goType(f.Type))
		w.P("i = read%s%s(&x, d, b, at)", t.Go, f.Go)
	}
	for _, n := range g.beside[t] {
		w.P("case %q: // the frame's own", n)
		w.P("i = wire.Skip(b, at)")
	}
	w.P("default:")
	w.P("i = d.Unknown(b, at, %q, key)", t.Go)
	w.P("}")
	w.P("if i < 0 {")
	w.P("if i = d.Null(b, at, i, %q, string(key)); i < 0 {", t.Go)
	w.P("return i")
	w.P("}")
	w.P("} else if id >= 0 {")
	w.P("at = wire.Space(b, at)")
	w.P("v.members.Add(id, b[at:i])")
	w.P("}")
	w.P("i, more = wire.NextMember(b, i)")
	w.P("}")
	w.P("if i < 0 {")
	w.P("return d.Fail(i, b, len(b), %q, \"\")", t.Go)
	w.P("}")
	w.P("return i")
	w.P("}")
	w.P("")
}

func (g *generator) sparseEncode(w *jenx.Source, t *ir.Type) {
	w.P("// AppendJSON appends v as the venue writes it.")
	w.P("func (v *%s) AppendJSON(dst []byte) []byte {", t.Go)
	w.P("dst = append(dst, '{')")
	w.P("for n := range v.members.Len() {")
	w.P("id, raw := v.members.At(n)")
	w.P("dst = wire.AppendString(dst, %sMembers[id])", lowerFirst(t.Go))
	w.P("dst = append(append(append(dst, ':'), raw...), ',')")
	w.P("}")
	w.P("return wire.EndObject(dst)")
	w.P("}")
	w.P("")
}
