package emit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// enumDecl writes an open enum: a named type, its constants and Known.
func (g *generator) enumDecl(w *jenx.Source, t *ir.Type) {
	base := "string"
	if t.Scalar == "int" {
		base = "int64"
	}
	open := "The list is open: a value that is not among the constants is kept as it came."
	if t.Closed {
		open = "The list is closed for requests: another value is refused before it is sent."
	}
	w.Doc(paragraphs(sentence(t.Go, t.Prov.Doc, "is one of the values below")+" "+open, provenance(t.Prov), deprecation(t.Prov.Deprecated)))
	w.P("type %s %s", t.Go, base)
	w.P("")
	w.P("// Values of %s.", t.Go)
	w.P("const (")
	for _, v := range t.Values {
		lit := v.Wire
		if base == "string" {
			lit = fmt.Sprintf("%q", v.Wire)
		}
		if doc := paragraphs(sentence(t.Go+v.Go, v.Prov.Doc, ""), deprecation(v.Prov.Deprecated)); doc != "" {
			w.Doc(doc)
		}
		w.P("%s%s %s = %s", t.Go, v.Go, t.Go, lit)
	}
	w.P(")")
	w.P("")
	g.enumKnown(w, t)
	if base == "string" {
		g.enumDecode(w, t)
		g.enumEncode(w, t, "wire.AppendString(dst, string(*v))")
		return
	}
	g.intEnumDecode(w, t)
	g.enumEncode(w, t, "wire.AppendInt64(dst, int64(*v))")
}

func (g *generator) enumEncode(w *jenx.Source, t *ir.Type, expr string) {
	w.P("// AppendJSON appends v as the venue writes it.")
	w.P("func (v *%s) AppendJSON(dst []byte) []byte { return %s }", t.Go, expr)
	w.P("")
}

func (g *generator) intEnumDecode(w *jenx.Source, t *ir.Type) {
	g.decodeDoc(w)
	w.P("func (v *%s) DecodeJSON(d *wire.Decoder, b []byte, i int) int {", t.Go)
	w.P("n, next := wire.Int64(b, i)")
	w.P("*v = %s(n)", t.Go)
	w.P("if next >= 0 && !v.Known() {")
	w.P("d.UnknownEnumInt(%q, n)", t.Go)
	w.P("}")
	w.P("return next")
	w.P("}")
	w.P("")
}

func enumNames(t *ir.Type) string {
	var names []string
	for _, v := range t.Values {
		names = append(names, t.Go+v.Go)
	}
	return strings.Join(names, ", ")
}

func (g *generator) enumKnown(w *jenx.Source, t *ir.Type) {
	w.P("// Known reports whether v is one of the constants.")
	w.P("func (v %s) Known() bool {", t.Go)
	if len(t.Values) > 0 {
		w.P("switch v {")
		w.P("case %s:", enumNames(t))
		w.P("return true")
		w.P("}")
	}
	w.P("return false")
	w.P("}")
	w.P("")
}

// enumDecode reads a text enum without allocating for the known values.
func (g *generator) enumDecode(w *jenx.Source, t *ir.Type) {
	g.enumLetters(w, t)
	g.decodeDoc(w)
	w.P("func (v *%s) DecodeJSON(d *wire.Decoder, b []byte, i int) int {", t.Go)
	if lettered(t) {
		w.P("if x := %sLetters[wire.Letter(b, i)]; x != \"\" {", lowerFirst(t.Go))
		w.P("*v = x")
		w.P("return i + len(`\"x\"`)")
		w.P("}")
	}
	w.P("s, next := d.Text(b, i)")
	w.P("if next >= 0 {")
	w.P("v.decodeText(d, s)")
	w.P("}")
	w.P("return next")
	w.P("}")
	w.P("")
	w.P("func (v *%s) decodeText(d *wire.Decoder, s []byte) int {", t.Go)
	w.P("switch string(s) {")
	for _, val := range t.Values {
		w.P("case %q:", val.Wire)
		w.P("*v = %s%s", t.Go, val.Go)
	}
	w.P("default:")
	w.P("*v = %s(d.InternText(s))", t.Go)
	w.P("d.UnknownEnum(%q, s)", t.Go)
	w.P("}")
	w.P("return 0")
	w.P("}")
	w.P("")
}

// lettered reports whether the values of a hot text enum are single letters or digits, which a table tells apart.
func lettered(t *ir.Type) bool {
	return t.Hot != ir.Cold && len(t.Values) > 0 && !slices.ContainsFunc(t.Values, func(v *ir.EnumValue) bool {
		return len(v.Wire) != 1 || !('0' <= v.Wire[0] && v.Wire[0] <= '9' || 'a' <= v.Wire[0]|0x20 && v.Wire[0]|0x20 <= 'z')
	})
}

// enumLetters writes the values by their letters. A switch would have to be foreseen by the processor, which buy and
// sell are not.
func (g *generator) enumLetters(w *jenx.Source, t *ir.Type) {
	if !lettered(t) {
		return
	}
	w.P("// %sLetters are the values by their letters.", lowerFirst(t.Go))
	w.P("var %sLetters = [256]%s{", lowerFirst(t.Go), t.Go)
	for _, v := range t.Values {
		w.P("%q: %s%s,", rune(v.Wire[0]), t.Go, v.Go)
	}
	w.P("}")
	w.P("")
}
