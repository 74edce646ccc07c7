package emit

import (
	"fmt"
	"slices"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// slot is what a call adds to a list of members: a member of a struct, or the key or the value of a map's entry.
type slot struct {
	list   string // variable of the list
	name   string // on the wire
	ptr    string // expression of the pointer to the value
	typ    *ir.Type
	coding ir.Coding
	opt    bool
}

// method spells a call of a method of the list, function one of a function that takes the list.
func (s *slot) method(name, ptr string) string {
	return fmt.Sprintf("%s.%s(%q, %s", s.list, optional(name, s.opt), s.name, ptr)
}

func (s *slot) function(name string) string {
	return fmt.Sprintf("wire.Add%s(%s, %q, %s", optional(name, s.opt), s.list, s.name, s.ptr)
}

func optional(name string, opt bool) string {
	if opt {
		return "Opt" + name
	}
	return name
}

// memberCall spells the call that adds a member.
func (g *generator) memberCall(s slot) string {
	u := underlying(s.typ)
	call := ""
	switch u.Kind {
	case ir.KindScalar, ir.KindKeyOf:
		call = scalarMember(&s, u)
	case ir.KindList:
		call = g.listMember(&s, u)
	case ir.KindMap:
		call = g.mapMember(&s, u)
	default:
		call = g.valueMember(&s)
	}
	if call == "" {
		return g.funcMember(&s)
	}
	return call
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

// valueMember spells the call for a value that has methods; "" where they do not read its coding.
func (g *generator) valueMember(s *slot) string {
	empty, c := onlyEmptyArray(s.coding)
	if !selfMade(s.typ, c) || empty && !g.listed(concrete(s.typ)) {
		return ""
	}
	call := s.method(g.ifListed(s.typ, "Object", "Value"), s.ptr)
	if s.opt {
		call = s.function(g.ifListed(s.typ, "Object", ""))
	}
	return call + ")" + orEmptyArray(empty)
}

// onlyEmptyArray tells whether an empty array may stand for the value, and what else the coding says.
func onlyEmptyArray(c ir.Coding) (bool, ir.Coding) {
	if len(c.Accept) != 1 || c.Accept[0] != "empty-array" {
		return false, c
	}
	c.Accept = nil
	return true, c
}

func orEmptyArray(yes bool) string {
	if yes {
		return ".OrEmptyArray()"
	}
	return ""
}

// memberMethod names the method of wire.Members for each scalar but times.
var memberMethod = map[string]string{
	"string": "String", "json": "Raw", "bool": "Bool", "int": "Int64", "int64": "Int64",
	"uint32": "Uint32", "uint64": "Uint64", "float64": "Float64", "decimal": "Decimal",
}

// memberForm names the form of each encoding.
var memberForm = map[string]string{"string": "wire.Quoted", "flex": "wire.Flex", "human": "wire.Human", "number": "wire.Numeric"}

// scalarMember spells the call for a scalar; "" where there is no method.
func scalarMember(s *slot, u *ir.Type) string {
	named, to := definedScalar(s.typ), s.ptr
	if s.opt && (named || u.Kind == ir.KindKeyOf) {
		return namedOpt(s, u)
	}
	if named {
		to = fmt.Sprintf("(*%s)(%s)", scalarType(u.Scalar), to)
	}
	method := memberMethod[u.Scalar]
	switch {
	case u.Kind == ir.KindKeyOf || named && u.Scalar == "string" && !s.coding.Unique:
		method = "Symbol"
	case method == "":
		return timeMember(s, u, to)
	}
	return s.method(method, to) + ")" + memberAs(s.coding)
}

// namedOpt spells the call for an Opt of a named scalar; "" where there is no function.
func namedOpt(s *slot, u *ir.Type) string {
	name := ""
	switch {
	case u.Kind == ir.KindKeyOf || u.Scalar == "string" && !s.coding.Unique:
		name = "Symbol"
	case u.Scalar == "string":
		name = "String"
	case scalarType(u.Scalar) == "int64":
		name = "Int"
	default:
		return ""
	}
	return s.function(name) + ")" + memberAs(s.coding)
}

func memberAs(c ir.Coding) string {
	if form := memberForm[c.Wire]; form != "" {
		return ".As(" + form + ")"
	}
	return ""
}

func timeMember(s *slot, u *ir.Type, to string) string {
	call := s.method("Time", to) + ", wire.In" + timeReader[u.Scalar] + ")"
	switch u.Scalar {
	case "time.layout":
		return call + fmt.Sprintf(".Layout(%q)", s.coding.Layout)
	case "time.rfc3339":
		if s.coding.Precision == "" {
			return call
		}
		return call + fmt.Sprintf(".Layout(%q)", s.coding.Precision)
	}
	return call + memberAs(s.coding)
}

// listMember spells the call for a list; "" where there is none for its elements.
func (g *generator) listMember(s *slot, u *ir.Type) string {
	if s.coding.Sep != nil || slices.Contains(s.coding.Accept, "single") {
		return ""
	}
	elem := underlying(u.Elem)
	plainText := elem.Kind == ir.KindScalar && elem.Scalar == "string" && !definedScalar(u.Elem) && codingOf(u.Elem).Wire == ""
	raw := elem.Kind == ir.KindScalar && elem.Scalar == "json"
	switch {
	case plainText:
		return s.method("Strings", s.ptr) + ")"
	case plainInt(u.Elem):
		return s.function("Ints") + ")"
	case raw || selfMade(u.Elem, codingOf(u.Elem)):
		return s.function(g.ifListed(u.Elem, "Objects", "List")) + ")"
	}
	return ""
}

// mapMember spells the call for a map; "" where the coding says more than that it is one.
func (g *generator) mapMember(s *slot, u *ir.Type) string {
	empty, c := onlyEmptyArray(s.coding)
	if len(c.Accept) > 0 || c.Wire != "" {
		return ""
	}
	var w jenx.Source
	w.P("%s, func(e *wire.Members, k *%s, x *%s) {", s.function("Map"), goType(u.Key), goType(u.Elem))
	w.P("%s", g.keyCall(u.Key))
	w.P("%s", g.memberCall(slot{"e", "value", "x", u.Elem, codingOf(u.Elem), false}))
	w.P("})%s", orEmptyArray(empty))
	return trim(w.String())
}

// keyCall spells the call for the key of an entry: text is what it is, numbers are in quotes.
func (g *generator) keyCall(t *ir.Type) string {
	u, c := underlying(t), codingOf(t)
	switch {
	case intEnum(u):
		return `e.Int64("key", (*int64)(k)).As(wire.Quoted)`
	case u.Kind == ir.KindScalar && u.Scalar != "string":
		c.Wire = "string"
	case u.Kind == ir.KindScalar && !definedScalar(t):
		return `e.Symbol("key", k)`
	}
	return g.memberCall(slot{"e", "key", "k", t, c, false})
}

// funcMember spells the call for what has no call of its own.
func (g *generator) funcMember(s *slot) string {
	var w jenx.Source
	w.P("%s, func(v *%s, d *wire.Decoder, b []byte, at int) (i int) {", s.function("Func"), goType(s.typ))
	g.read(&w, "*v", s.typ, s.coding)
	w.P("return i")
	w.P("}, func(v *%s, dst []byte) []byte {", goType(s.typ))
	w.P("return %s", g.append("*v", s.typ, s.coding))
	w.P("})")
	return trim(w.String())
}
