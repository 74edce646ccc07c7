package emit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// listed reports whether a struct lists its members and leaves the rest to package wire. Those of hot events have code
// of their own, and so have those that dispatch enters in the middle.
func (g *generator) listed(t *ir.Type) bool {
	return t.Kind == ir.KindStruct && t.Hot == ir.Cold && t.Partial != ir.PartialSparse && !g.split[t]
}

// listMembers writes a struct's list of members and what reads and writes by it.
func (g *generator) listMembers(w *jenx.Source, t *ir.Type) {
	w.P("// JSONMembers lists the members of v; see wire.Object.")
	w.P("func (v *%s) JSONMembers(m *wire.Members) {", t.Go)
	if t.Partial == ir.PartialMask {
		w.P("m.Mask(v.present[:])")
	}
	for _, f := range members(t) {
		g.listMember(w, t, f)
	}
	if names := g.beside[t]; len(names) > 0 {
		w.P("m.Beside(%s)", caseLabels(names))
	}
	w.P("}")
	w.P("")
}

func (g *generator) listMember(w *jenx.Source, t *ir.Type, f *ir.Field) {
	if f.Const != nil {
		w.P("m.Const(%q, %s)", f.Wire, rawLit(*f.Const))
	} else {
		w.P("%s%s", g.memberCall(f, f.Opt(t.Partial)), memberTraits(t, f))
	}
	for _, name := range f.Also {
		w.P("m.Also(%q)", name)
	}
}

// memberTraits spells what sets a member apart from the usual one of its kind.
func memberTraits(t *ir.Type, f *ir.Field) string {
	opt := f.Opt(t.Partial)
	var out strings.Builder
	switch {
	case f.Must && !f.Optional:
		out.WriteString(".Must()")
	case t.Partial != ir.PartialNone:
	case required(f) && opt:
		out.WriteString(".Expected()")
	case !required(f) && !opt:
		out.WriteString(".Optional()")
	}
	if opt && f.Coding.Nullable {
		fmt.Fprintf(&out, ".Null(%s)", nullLits(f.Coding.NullAs))
	}
	if opt && f.Default != nil {
		fmt.Fprintf(&out, ".Default(%s)", rawLit(*f.Default))
	}
	return out.String()
}

// nullLits spells the JSON texts that mean null, apart from null itself where it stands alone.
func nullLits(texts []string) string {
	if len(texts) == 1 && texts[0] == "null" {
		return ""
	}
	var out []string
	for _, text := range texts {
		out = append(out, rawLit(text))
	}
	return strings.Join(out, ", ")
}

// memberCall spells the call that adds a member of the field's type.
func (g *generator) memberCall(f *ir.Field, opt bool) string {
	u := underlying(f.Type)
	switch {
	case u.Kind == ir.KindScalar || u.Kind == ir.KindKeyOf:
		if call := scalarMember(f, u, opt); call != "" {
			return call
		}
	case u.Kind == ir.KindList:
		if call := g.listMemberCall(f, u, opt); call != "" {
			return call
		}
	case selfMade(f.Type, f.Coding) && opt:
		return fmt.Sprintf("wire.AddOpt%s(m, %q, &v.%s)", g.ifListed(f.Type, "Object", ""), f.Wire, f.Go)
	case selfMade(f.Type, f.Coding):
		return fmt.Sprintf("m.%s(%q, &v.%s)", g.ifListed(f.Type, "Object", "Value"), f.Wire, f.Go)
	}
	return g.funcMember(f, opt)
}

// ifListed chooses by whether values of t list their members or read and write themselves.
func (g *generator) ifListed(t *ir.Type, yes, no string) string {
	if g.listed(concrete(t)) {
		return yes
	}
	return no
}

// selfMade reports whether values of t have methods that read and write them in this coding.
func selfMade(t *ir.Type, c ir.Coding) bool {
	u := concrete(t)
	return hasMethods(u) && len(c.Accept) == 0 && (c.Wire == "" || u.Kind == ir.KindText)
}

// memberMethod names the method of wire.Members for each scalar but times.
var memberMethod = map[string]string{
	"string": "String", "json": "Raw", "bool": "Bool", "int": "Int64", "int64": "Int64",
	"uint32": "Uint32", "uint64": "Uint64", "float64": "Float64", "decimal": "Decimal",
}

// memberForm names the form of each encoding.
var memberForm = map[string]string{"string": "wire.Quoted", "flex": "wire.Flex", "human": "wire.Human", "number": "wire.Numeric"}

// scalarMember spells the call for a scalar; "" where there is no method.
func scalarMember(f *ir.Field, u *ir.Type, opt bool) string {
	named, to := definedScalar(f.Type), "&v."+f.Go
	if named && opt || u.Kind == ir.KindKeyOf && opt {
		return ""
	}
	if named {
		to = fmt.Sprintf("(*%s)(%s)", scalarType(u.Scalar), to)
	}
	method := memberMethod[u.Scalar]
	switch {
	case u.Kind == ir.KindKeyOf || named && u.Scalar == "string" && !f.Coding.Unique:
		method = "Symbol"
	case method == "":
		return timeMember(f, u, to, opt)
	}
	return fmt.Sprintf("m.%s(%q, %s)%s", optional(method, opt), f.Wire, to, memberAs(f.Coding))
}

func optional(method string, opt bool) string {
	if opt {
		return "Opt" + method
	}
	return method
}

func memberAs(c ir.Coding) string {
	if form := memberForm[c.Wire]; form != "" {
		return ".As(" + form + ")"
	}
	return ""
}

func timeMember(f *ir.Field, u *ir.Type, to string, opt bool) string {
	call := fmt.Sprintf("m.%s(%q, %s, wire.In%s)", optional("Time", opt), f.Wire, to, timeReader[u.Scalar])
	switch u.Scalar {
	case "time.layout":
		return call + fmt.Sprintf(".Layout(%q)", f.Coding.Layout)
	case "time.rfc3339":
		if f.Coding.Precision == "" {
			return call
		}
		return call + fmt.Sprintf(".Layout(%q)", f.Coding.Precision)
	}
	return call + memberAs(f.Coding)
}

// listMemberCall spells the call for a list; "" where there is none for its elements.
func (g *generator) listMemberCall(f *ir.Field, u *ir.Type, opt bool) string {
	if f.Coding.Sep != nil || slices.Contains(f.Coding.Accept, "single") {
		return ""
	}
	elem := underlying(u.Elem)
	plainText := elem.Kind == ir.KindScalar && elem.Scalar == "string" && !definedScalar(u.Elem) && codingOf(u.Elem).Wire == ""
	raw := elem.Kind == ir.KindScalar && elem.Scalar == "json"
	switch {
	case plainText:
		return fmt.Sprintf("m.%s(%q, &v.%s)", optional("Strings", opt), f.Wire, f.Go)
	case plainInt(u.Elem):
		return fmt.Sprintf("wire.Add%s(m, %q, &v.%s)", optional("Ints", opt), f.Wire, f.Go)
	case raw || selfMade(u.Elem, codingOf(u.Elem)):
		return fmt.Sprintf("wire.Add%s(m, %q, &v.%s)", optional(g.ifListed(u.Elem, "Objects", "List"), opt), f.Wire, f.Go)
	}
	return ""
}

// funcMember spells the call for what has no call of its own.
func (g *generator) funcMember(f *ir.Field, opt bool) string {
	var w jenx.Source
	w.P("wire.Add%s(m, %q, &v.%s, func(v *%s, d *wire.Decoder, b []byte, at int) (i int) {", optional("Func", opt), f.Wire, f.Go, goType(f.Type))
	g.read(&w, "*v", f.Type, f.Coding)
	w.P("return i")
	w.P("}, func(v *%s, dst []byte) []byte {", goType(f.Type))
	w.P("return %s", g.append("*v", f.Type, f.Coding))
	w.P("})")
	return trim(w.String())
}
