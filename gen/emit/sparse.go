package emit

import (
	"fmt"
	"slices"

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
	g.fieldNames(w, t)
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
	if !g.cloned[t] {
		return
	}
	w.P("func (v *%s) cloneTo(dst *%s, c *wire.Copies) {", t.Go, t.Go)
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
	w.P("func (v *%s) Merge(newer *%s) {", t.Go, t.Go)
	mergeEnvelope(w, t)
	w.P("v.members.Merge(&newer.members)")
	w.P("}")
	w.P("")
	w.P("// Keep drops every member that keep refuses.")
	w.P("func (v *%s) Keep(keep func(%s) bool) {", t.Go, ft)
	w.P("v.members.Keep(func(id int) bool { return keep(%s(id)) })", ft)
	w.P("}")
	w.P("")
}

// mergeEnvelope takes over what stands beside the members.
func mergeEnvelope(w *jenx.Source, t *ir.Type) {
	for _, f := range t.Fields {
		if f.FromEnvelope {
			w.P("v.%s = newer.%s", f.Go, f.Go)
		}
	}
}

// fieldNames lets a program ask for members by the names that the venue gives them.
func (g *generator) fieldNames(w *jenx.Source, t *ir.Type) {
	names := lowerFirst(t.Go) + "Members"
	w.P("// String is the wire name of the member.")
	w.P("func (f %sField) String() string {", t.Go)
	w.P("if int(f) >= len(%s) {", names)
	w.P("return \"(none)\"")
	w.P("}")
	w.P("return %s[f]", names)
	w.P("}")
	w.P("")
}

func (g *generator) sparseAccessor(w *jenx.Source, t *ir.Type, f *ir.Field, k int) {
	doc := sentence(f.Go, f.Prov.Doc, "is the member "+f.Wire)
	if u := f.Coding.Unit; u != "" {
		doc += " Unit: " + u + "."
	}
	w.Doc(doc + fmt.Sprintf(" Wire name %q. It is unset when the venue did not send it, or sent what is none; see Check.", f.Wire))
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

// sparseDecode writes a decoder that finds the members and reads none: most programs look at a few of them, and who
// looks at one parses it.
func (g *generator) sparseDecode(w *jenx.Source, t *ir.Type) {
	g.decodeDoc(w)
	w.P("func (v *%s) DecodeJSON(d *wire.Decoder, b []byte, i int) int {", t.Go)
	if slices.ContainsFunc(t.Fields, func(f *ir.Field) bool { return f.FromEnvelope }) {
		w.P("*v = %s{members: v.members}", t.Go)
	}
	w.P("return v.members.Find(d, b, i, %q, %sID)", t.Go, lowerFirst(t.Go))
	w.P("}")
	w.P("")
	g.sparseID(w, t)
	g.sparseCheck(w, t)
}

func (g *generator) sparseID(w *jenx.Source, t *ir.Type) {
	w.P("// %sID is the number of a member by its key.", lowerFirst(t.Go))
	w.P("func %sID(key []byte) int {", lowerFirst(t.Go))
	w.P("switch string(key) {")
	for k, f := range members(t) {
		w.P("case %s:", memberKeys(f))
		w.P("return %d", k)
	}
	if names := g.beside[t]; len(names) > 0 {
		w.P("case %s: // the frame's own", caseLabels(names))
		w.P("return wire.UntrackedMember")
	}
	w.P("}")
	w.P("return wire.UnknownMember")
	w.P("}")
	w.P("")
}

// sparseCheck writes what reads all members, for those who must know before they use one.
func (g *generator) sparseCheck(w *jenx.Source, t *ir.Type) {
	w.P("// Check reports the first member that the accessors cannot read, as a *wire.FieldError; they return it unset.")
	w.P("func (v *%s) Check() error {", t.Go)
	w.P("var d wire.Decoder")
	w.P("if v.check(&d) < 0 {")
	w.P("return d.Err(%q)", t.Go)
	w.P("}")
	w.P("return nil")
	w.P("}")
	w.P("")
	w.P("func (v *%s) check(d *wire.Decoder) int {", t.Go)
	w.P("for n := range v.members.Len() {")
	w.P("id, b := v.members.At(n)")
	w.P("i := 0")
	w.P("switch id {")
	for k, f := range members(t) {
		w.P("case %d:", k)
		w.P("var x wire.Opt[%s]", goType(f.Type))
		w.P("i = read%s%s(&x, d, b, 0)", t.Go, f.Go)
	}
	w.P("}")
	w.P("if i < 0 {")
	w.P("if i = d.Null(b, 0, i, %q, %sMembers[id]); i < 0 {", t.Go, lowerFirst(t.Go))
	w.P("return i")
	w.P("}")
	w.P("}")
	w.P("}")
	w.P("return 0")
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
