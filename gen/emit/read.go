package emit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// readCall spells the call that reads a scalar at offset `at`; it returns the value and the next offset.
func readCall(t *ir.Type, c ir.Coding, named bool) string {
	s := t.Scalar
	switch s {
	case "string":
		fn := "d.String"
		if named && !c.Unique {
			fn = "d.Intern"
		}
		if c.Wire == "flex" {
			fn += "Flex"
		}
		return fn + "(b, at)"
	case "json":
		return "d.Raw(b, at)"
	case "decimal":
		return "wire.ReadDecimal" + suffix(c.Wire) + "(b, at)"
	case "int":
		s = "int64"
	case "time.layout":
		return fmt.Sprintf("wire.Layout(b, at, %q)", c.Layout)
	case "time.rfc3339":
		return "d.RFC3339(b, at)"
	}
	if r, ok := timeReader[s]; ok {
		return "wire." + r + suffix(c.Wire) + "(b, at)"
	}
	return "wire." + suffix(s) + suffix(c.Wire) + "(b, at)"
}

// readTextCall spells the call that reads a scalar from text s; it returns the value and a code.
func readTextCall(t *ir.Type, c ir.Coding) string {
	s := t.Scalar
	switch s {
	case "string":
		if c.Unique {
			return "string(s), 0"
		}
		return "d.InternText(s), 0"
	case "json":
		return "wire.Raw(d.CopyText(s)), 0"
	case "int":
		s = "int64"
	case "time.layout":
		return fmt.Sprintf("wire.LayoutText(s, %q)", c.Layout)
	}
	name := suffix(s)
	if r, ok := timeReader[s]; ok {
		name = r
	}
	if c.Wire == "human" {
		name += "Human"
	}
	return "wire." + name + "Text(s)"
}

// read writes statements that decode the value at `at` into the addressable expression x and leave the next offset,
// or a code, in i.
func (g *generator) read(w *jenx.Source, x string, t *ir.Type, c ir.Coding) {
	u := underlying(t)
	switch {
	case u.Kind == ir.KindScalar:
		g.readScalar(w, x, t, u, c)
	case intEnum(u):
		w.P("%s, i = wire.Int64As[%s](%s)", x, goType(t), readCall(&ir.Type{Scalar: "int"}, c, false))
		w.P("if i >= 0 && !%s.Known() {", parens(x))
		w.P("d.UnknownEnumInt(%q, int64(%s))", u.Go, x)
		w.P("}")
	case u.Kind == ir.KindEnum && c.Wire == "flex":
		w.P("var s []byte")
		w.P("if s, i = d.TextFlex(b, at); i >= 0 {")
		w.P("%s.decodeText(d, s)", recv(x))
		w.P("}")
	case slices.Contains(c.Accept, "empty-array") && u.Kind != ir.KindList:
		w.P("if i = wire.EmptyArray(b, at); i >= 0 {")
		w.P("%s = %s", x, emptyOf(u, t, x))
		w.P("} else {")
		g.readComposite(w, x, u, c)
		w.P("}")
	default:
		g.readComposite(w, x, u, c)
	}
}

func emptyOf(u, t *ir.Type, x string) string {
	if u.Kind == ir.KindMap {
		return parens(x) + "[:0]"
	}
	return goType(t) + "{}"
}

// recv spells x as the receiver of a pointer method: the pointer itself where x is what it points to.
func recv(x string) string {
	if p, ok := strings.CutPrefix(x, "*"); ok && !strings.Contains(p, "(") {
		return p
	}
	return parens(x)
}

// addr spells the address of x.
func addr(x string) string {
	if p, ok := strings.CutPrefix(x, "*"); ok {
		return p
	}
	return "&" + x
}

// parens lets a selector follow an indirection.
func parens(x string) string {
	if x[0] == '*' {
		return "(" + x + ")"
	}
	return x
}

func (g *generator) readScalar(w *jenx.Source, x string, t, u *ir.Type, c ir.Coding) {
	if definedScalar(t) {
		readNamed(w, x, t, u, c)
		return
	}
	if u.Scalar == "json" {
		w.P("%s, i = d.AppendRaw(%s[:0], b, at)", x, parens(x))
		return
	}
	w.P("%s, i = %s", x, readCall(u, c, false))
}

// namedReader are the functions that put what a reader returns into a type of the program's own.
var namedReader = map[string]string{
	"string": "wire.StringAs", "int64": "wire.Int64As", "uint64": "wire.Uint64As", "float64": "wire.Float64As",
}

func readNamed(w *jenx.Source, x string, t, u *ir.Type, c ir.Coding) {
	st := scalarType(u.Scalar)
	if fn := namedReader[st]; fn != "" {
		w.P("%s, i = %s[%s](%s)", x, fn, goType(t), readCall(u, c, true))
		return
	}
	w.P("{")
	w.P("var n %s", st)
	w.P("n, i = %s", readCall(u, c, true))
	w.P("%s = %s(n)", x, goType(t))
	w.P("}")
}

func (g *generator) readComposite(w *jenx.Source, x string, u *ir.Type, c ir.Coding) {
	switch u.Kind {
	case ir.KindList:
		fn := "wire.List"
		if slices.Contains(c.Accept, "single") {
			fn = "wire.ListOrOne"
		}
		if c.Sep != nil {
			w.P("%s, i = wire.Split(d, b, at, %s, %s, %s)", x, x, strconv.Quote(*c.Sep), g.textReader(u.Elem))
			return
		}
		if fn == "wire.List" && plainInt(u.Elem) {
			w.P("%s, i = wire.Ints(d, b, at, %s)", x, x)
			return
		}
		w.P("%s, i = %s(d, b, at, %s, %s)", x, fn, x, g.reader(u.Elem))
	case ir.KindMap:
		w.P("%s, i = wire.Entries(d, b, at, %s, %s, %s)", x, x, g.textReader(u.Key), g.reader(u.Elem))
	case ir.KindPair:
		w.P("i = wire.OnePair(d, b, at, %s, %s, %s)", addr(x), g.textReader(u.Key), g.reader(u.Elem))
	case ir.KindKeyOf:
		w.P("%s, i = d.Intern(b, at)", x)
	default:
		g.readValue(w, x, u)
	}
}

// readValue writes how a value is read that has methods for it.
func (g *generator) readValue(w *jenx.Source, x string, u *ir.Type) {
	if !g.listed(u) {
		w.P("i = %s.DecodeJSON(d, b, at)", recv(x))
		return
	}
	w.P("%s = %s{}", x, u.Go)
	w.P("i = d.Object(b, at, %s)", addr(x))
}

// plainInt reports whether a list element is a JSON integer of any value.
func plainInt(t *ir.Type) bool {
	u, c := underlying(t), codingOf(t)
	return u.Kind == ir.KindScalar && scalarType(u.Scalar) == "int64" && c.Wire == "" && len(c.Accept) == 0
}

// reader spells a wire.Read function for list elements and map values.
func (g *generator) reader(t *ir.Type) string {
	c := codingOf(t)
	if selfMade(t, c) {
		return g.ifListed(t, "wire.ReadObject["+concrete(t).Go+"]", "(*"+concrete(t).Go+").DecodeJSON")
	}
	var w jenx.Source
	w.P("func(v *%s, d *wire.Decoder, b []byte, at int) (i int) {", goType(t))
	g.read(&w, "*v", t, c)
	w.P("return i")
	w.P("}")
	return trim(w.String())
}

// textReader spells a wire.ReadText function for map keys and elements of joined lists.
func (g *generator) textReader(t *ir.Type) string {
	if u := concrete(t); u.Kind == ir.KindText || u.Kind == ir.KindEnum && !intEnum(u) {
		return "(*" + u.Go + ").decodeText"
	}
	var w jenx.Source
	w.P("func(v *%s, d *wire.Decoder, s []byte) (code int) {", goType(t))
	g.readText(&w, "*v", t, codingOf(t))
	w.P("return code")
	w.P("}")
	return trim(w.String())
}

// readText writes statements that decode text s into x and leave a code in `code`.
func (g *generator) readText(w *jenx.Source, x string, t *ir.Type, c ir.Coding) {
	u := underlying(t)
	switch {
	case u.Kind == ir.KindScalar && definedScalar(t):
		w.P("var n %s", scalarType(u.Scalar))
		w.P("n, code = %s", readTextCall(u, c))
		w.P("%s = %s(n)", x, goType(t))
	case u.Kind == ir.KindScalar:
		w.P("%s, code = %s", x, readTextCall(u, c))
	case intEnum(u):
		w.P("var n int64")
		w.P("n, code = wire.Int64Text(s)")
		w.P("%s = %s(n)", x, goType(t))
	case u.Kind == ir.KindList:
		sep := ","
		if c.Sep != nil {
			sep = *c.Sep
		}
		w.P("%s, code = wire.SplitText(d, s, %s, %s, %s)", x, x, strconv.Quote(sep), g.textReader(u.Elem))
	case u.Kind == ir.KindKeyOf:
		w.P("%s, code = d.InternText(s), 0", x)
	default:
		w.P("code = %s.decodeText(d, s)", recv(x))
	}
}

func trim(s string) string {
	for len(s) > 0 && s[len(s)-1] == '\n' {
		s = s[:len(s)-1]
	}
	return s
}
