package emit

import (
	"fmt"
	"regexp"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/wire"
)

// structEncode writes AppendJSON.
func (g *generator) structEncode(w *jenx.Source, t *ir.Type) {
	w.P("// AppendJSON appends v as the venue writes it.")
	w.P("func (v *%s) AppendJSON(dst []byte) []byte {", t.Go)
	if len(members(t)) == 0 {
		w.P("return append(dst, \"{}\"...)")
		w.P("}")
		w.P("")
		return
	}
	w.P("dst = wire.OpenObject(dst)")
	for k, f := range members(t) {
		g.writeMember(w, t, f, k)
	}
	w.P("return wire.CloseObject(dst)")
	w.P("}")
	w.P("")
}

func (g *generator) writeMember(w *jenx.Source, t *ir.Type, f *ir.Field, k int) {
	name := f.Wire
	x := "v." + f.Go
	switch {
	case f.Const != nil:
		w.P("dst = append(%s, %s...)", named(name), rawLit(*f.Const))
	case f.Opt(t.Partial):
		g.writeOpt(w, t, f, k, name)
	case t.Partial == ir.PartialMask:
		w.P("if v.present[%d]&(1<<%d) != 0 {", k/64, k%64)
		g.writeValue(w, name, x, f)
		w.P("}")
	default:
		g.writeValue(w, name, x, f)
	}
}

// writeValue appends name and value in one expression.
func (g *generator) writeValue(w *jenx.Source, name, x string, f *ir.Field) {
	expr := g.append(x, f.Type, f.Coding)
	if m := memberAppend.FindStringSubmatch(expr); m != nil {
		w.P("dst = wire.%sMember(dst, %s, %s)", m[1], nameLit(name), m[2])
		return
	}
	w.P("dst = %s", behind(named(name), expr))
}

// memberAppend matches what package wire can append along with the member's name.
var memberAppend = regexp.MustCompile(`^wire\.Append(String|Int64|Decimal|Bool|Raw|UnixS|UnixMs)\(dst, (.*)\)$`)

// named spells the expression that appends the name of a member.
func named(name string) string { return fmt.Sprintf("wire.AppendName(dst, %s)", nameLit(name)) }

// nameLit spells what stands between the quotes of a name.
func nameLit(name string) string {
	text := wire.AppendString(nil, name)
	return fmt.Sprintf("%q", text[1:len(text)-1])
}

func (g *generator) writeOpt(w *jenx.Source, t *ir.Type, f *ir.Field, k int, name string) {
	if t.Partial == ir.PartialMask {
		w.P("if v.present[%d]&(1<<%d) != 0 {", k/64, k%64)
		defer w.P("}")
	}
	w.P("if x, ok := v.%s.Get(); ok {", f.Go)
	g.writeValue(w, name, "x", f)
	switch {
	case f.Default != nil:
		w.P("} else {")
		w.P("dst = append(%s, %s...)", named(name), rawLit(*f.Default))
	case f.Coding.Nullable:
		null := "null"
		if len(f.Coding.NullAs) > 0 {
			null = f.Coding.NullAs[0]
		}
		if f.Optional && t.Partial == ir.PartialNone {
			w.P("} else if v.%s.IsNull() {", f.Go)
		} else {
			w.P("} else {")
		}
		w.P("dst = append(%s, %s...)", named(name), rawLit(null))
	}
	w.P("}")
}

// cloneMethod writes a deep copy for types that events hold.
func (g *generator) cloneMethod(w *jenx.Source, t *ir.Type) {
	if !g.cloned[t] {
		return
	}
	w.P("func (v *%s) cloneTo(dst *%s, c *wire.Copies) {", t.Go, t.Go)
	w.P("*dst = *v")
	for _, f := range t.Fields {
		if f.Const == nil {
			g.cloneField(w, t, f)
		}
	}
	if t.RestAllow {
		w.P("dst.Rest = wire.CloneList(c, v.Rest, (*wire.Raw).CloneTo)")
	}
	w.P("}")
	w.P("")
}

func (g *generator) cloneField(w *jenx.Source, t *ir.Type, f *ir.Field) {
	fn := g.cloner(f.Type)
	if fn == "" {
		return
	}
	if f.Opt(t.Partial) {
		w.P("if x, ok := v.%s.Get(); ok {", f.Go)
		if expr := g.cloneExpr("x", f.Type); expr != "" {
			w.P("dst.%s.Set(%s)", f.Go, expr)
		} else {
			w.P("y := x")
			g.cloneValue(w, "x", "y", f.Type)
			w.P("dst.%s.Set(y)", f.Go)
		}
		w.P("}")
		return
	}
	g.cloneValue(w, "v."+f.Go, "dst."+f.Go, f.Type)
}

func (g *generator) cloneValue(w *jenx.Source, src, dst string, t *ir.Type) {
	u := underlying(t)
	if expr := g.cloneExpr(src, t); expr != "" {
		w.P("%s = %s", dst, expr)
		return
	}
	if u.Kind == ir.KindPair {
		w.P("%s = %s", dst, src)
		g.cloneValue(w, src+".Value", parens(dst)+".Value", u.Elem)
		return
	}
	w.P("%s.%s(%s, c)", src, g.cloneName(u), addr(dst))
}

// cloneExpr spells the copy of a list, a map or raw JSON; "" for all else.
func (g *generator) cloneExpr(src string, t *ir.Type) string {
	u := underlying(t)
	switch {
	case u.Kind == ir.KindList && isInt64(u.Elem):
		return fmt.Sprintf("wire.CloneInts(c, %s)", src)
	case u.Kind == ir.KindList:
		return fmt.Sprintf("wire.CloneList(c, %s, %s)", src, orNil(g.cloner(u.Elem)))
	case u.Kind == ir.KindMap:
		return fmt.Sprintf("wire.CloneEntries(c, %s, %s)", src, orNil(g.cloner(u.Elem)))
	case u.Kind == ir.KindScalar && u.Scalar == "json":
		return src + ".Clone()"
	}
	return ""
}

// isInt64 reports whether values of t are of a Go type whose underlying type is int64.
func isInt64(t *ir.Type) bool {
	u := underlying(t)
	return intEnum(u) || u.Kind == ir.KindScalar && scalarType(u.Scalar) == "int64"
}

func orNil(s string) string {
	if s == "" {
		return "nil"
	}
	return s
}

// cloner spells a function that deep-copies a value; "" when assignment is enough.
func (g *generator) cloner(t *ir.Type) string {
	if !needsClone(t, g.cloned) {
		return ""
	}
	if u := concrete(t); g.cloned[u] {
		return "(*" + u.Go + ")." + g.cloneName(u)
	}
	var w jenx.Source
	w.P("func(src, dst *%s, c *wire.Copies) {", goType(t))
	g.cloneValue(&w, "(*src)", "*dst", t)
	w.P("}")
	return trim(w.String())
}

// cloneName is the method that copies a value deeply.
func (g *generator) cloneName(t *ir.Type) string {
	if g.raw[t] {
		return "CloneTo"
	}
	return "cloneTo"
}

// needsClone reports whether copying a value of t shares memory that the next event overwrites.
func needsClone(t *ir.Type, named map[*ir.Type]bool) bool {
	u := underlying(t)
	switch u.Kind {
	case ir.KindList, ir.KindMap:
		return true
	case ir.KindPair:
		return needsClone(u.Elem, named)
	case ir.KindScalar:
		return u.Scalar == "json"
	}
	return named[u]
}

// clonedTypes finds the named types that queues hold and whose copies would share memory.
func clonedTypes(v *ir.Venue) map[*ir.Type]bool {
	out, queued := map[*ir.Type]bool{}, eventTypes(v)
	for changed := true; changed; {
		changed = false
		walkTypes(v, func(t *ir.Type) {
			if out[t] || !queued[t] || !sharesMemory(t, out) {
				return
			}
			out[t] = true
			changed = true
		})
	}
	return out
}

// eventTypes are the types that events are made of.
func eventTypes(v *ir.Venue) map[*ir.Type]bool {
	out := map[*ir.Type]bool{}
	var add func(t *ir.Type)
	add = func(t *ir.Type) {
		if t == nil || out[t] {
			return
		}
		out[t] = true
		for _, p := range parts(t) {
			add(p)
		}
	}
	for _, d := range v.Domains {
		for _, e := range d.Events {
			add(e.Type)
			add(e.Payload)
		}
	}
	return out
}

func sharesMemory(t *ir.Type, known map[*ir.Type]bool) bool {
	switch t.Kind {
	case ir.KindStruct, ir.KindTuple, ir.KindText:
		if t.Partial == ir.PartialSparse || t.RestAllow {
			return true
		}
		for _, f := range t.Fields {
			if f.Const == nil && needsClone(f.Type, known) {
				return true
			}
		}
	case ir.KindUnion:
		return true
	}
	return false
}
