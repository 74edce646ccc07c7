package emit

import (
	"fmt"
	"strings"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// structDecode writes DecodeJSON: in one piece, or in parts where dispatch enters in the middle.
func (g *generator) structDecode(w *jenx.Source, t *ir.Type) {
	if t.Hot == ir.HotOrdered {
		g.orderedMethod(w, t)
	}
	if g.split[t] {
		g.splitDecode(w, t)
		return
	}
	g.decodeDoc(w)
	w.P("func (v *%s) DecodeJSON(d *wire.Decoder, b []byte, i int) int {", t.Go)
	g.nest(w, t)
	w.P("*v = %s", emptied(t, "v"))
	if tracks(t) {
		w.P("var seen [%d]uint64", maskWords(t))
	}
	g.enterObject(w, t)
	g.memberLoop(w, t, "&seen")
	g.finishChecks(w, t, "seen")
	w.P("return i")
	w.P("}")
	w.P("")
}

// nameLines spells a list of names, several to a line.
func nameLines(names []string) string {
	var lines []string
	line := ""
	for _, n := range names {
		if len(line) > 90 {
			lines = append(lines, line)
			line = ""
		}
		line += fmt.Sprintf("%q, ", n)
	}
	return strings.Join(append(lines, line), "\n")
}

// memberKeys spells the keys under which a member comes.
func memberKeys(f *ir.Field) string { return caseLabels(append([]string{f.Wire}, f.Also...)) }

func caseLabels(names []string) string {
	var out []string
	for _, n := range names {
		out = append(out, fmt.Sprintf("%q", n))
	}
	return strings.Join(out, ", ")
}

// enterObject steps into the object, of hot types without a call.
func (g *generator) enterObject(w *jenx.Source, t *ir.Type) {
	if t.Hot != ir.HotOrdered {
		w.P("i, more := wire.EnterObject(b, i)")
		return
	}
	w.P("more := wire.Sep(b, i) == '{' && wire.Sep(b, i+1) == '\"'")
	w.P("if more {")
	w.P("i++")
	w.P("} else {")
	w.P("i, more = wire.EnterObject(b, i)")
	w.P("}")
}

// splitDecode writes DecodeJSON in three parts: a message may come in several pieces, or its start be read already.
func (g *generator) splitDecode(w *jenx.Source, t *ir.Type) {
	n := maskWords(t)
	g.resetMethod(w, t)
	g.decodeDoc(w)
	w.P("func (v *%s) DecodeJSON(d *wire.Decoder, b []byte, i int) int {", t.Go)
	g.nest(w, t)
	w.P("v.reset()")
	w.P("var seen [%d]uint64", n)
	w.P("i, more := wire.EnterObject(b, i)")
	w.P("if i = v.members(d, b, i, more, &seen); i < 0 {")
	w.P("return i")
	w.P("}")
	w.P("return v.finish(d, i, &seen)")
	w.P("}")
	w.P("")
	w.P("// members reads the members from offset i on.")
	w.P("func (v *%s) members(d *wire.Decoder, b []byte, i int, more bool, seen *[%d]uint64) int {", t.Go, n)
	g.memberLoop(w, t, "seen")
	w.P("return i")
	w.P("}")
	w.P("")
	w.P("// finish checks what must have come.")
	w.P("func (v *%s) finish(d *wire.Decoder, i int, seen *[%d]uint64) int {", t.Go, n)
	g.finishChecks(w, t, "*seen")
	w.P("return i")
	w.P("}")
	w.P("")
}

// tracks reports whether decoding must know which members came.
func tracks(t *ir.Type) bool {
	for _, f := range members(t) {
		if f.Const == nil && tracked(t, f) {
			return true
		}
	}
	return t.Partial == ir.PartialMask || t.Hot == ir.HotOrdered
}

// resetMethod empties v but keeps the memory of its lists.
func (g *generator) resetMethod(w *jenx.Source, t *ir.Type) {
	w.P("func (v *%s) reset() { *v = %s }", t.Go, emptied(t, "v"))
	w.P("")
}

// emptied spells the empty value that keeps the memory of v's lists.
func emptied(t *ir.Type, x string) string {
	var kept []string
	for _, f := range t.Fields {
		if f.Const != nil || !keepsMemory(f.Type) {
			continue
		}
		if f.Opt(t.Partial) {
			kept = append(kept, fmt.Sprintf("%s: wire.Kept(%s.%s)", f.Go, x, f.Go))
		} else {
			kept = append(kept, fmt.Sprintf("%s: %s.%s[:0]", f.Go, x, f.Go))
		}
	}
	return t.Go + "{" + strings.Join(kept, ", ") + "}"
}

// keepsMemory reports whether values of t are slices in Go.
func keepsMemory(t *ir.Type) bool {
	u := underlying(t)
	return u.Kind == ir.KindList || u.Kind == ir.KindMap || u.Kind == ir.KindScalar && u.Scalar == "json"
}

// memberLoop writes the loop over members; seen is the mask's address.
func (g *generator) memberLoop(w *jenx.Source, t *ir.Type, seen string) {
	if t.Hot == ir.HotOrdered {
		w.P("if more {")
		w.P("i, more = v.ordered(d, b, i, %s)", seen)
		w.P("}")
	}
	w.P("for more {")
	w.P("key, at := d.Key(b, i)")
	w.P("if at < 0 {")
	w.P("return d.Fail(at, b, i, %q, \"\")", t.Go)
	w.P("}")
	if len(members(t)) == 0 && len(g.beside[t]) == 0 {
		w.P("i = d.Unknown(b, at, %q, key)", t.Go)
		w.P("if i < 0 {")
		w.P("return i")
		w.P("}")
	} else {
		g.memberSwitch(w, t)
		w.P("if i < 0 {")
		w.P("if i = d.Null(b, at, i, %q, string(key)); i < 0 {", t.Go)
		w.P("return i")
		w.P("}")
		w.P("}")
	}
	w.P("i, more = wire.NextMember(b, i)")
	w.P("}")
	w.P("if i < 0 {")
	w.P("return d.Fail(i, b, len(b), %q, \"\")", t.Go)
	w.P("}")
}

func (g *generator) memberSwitch(w *jenx.Source, t *ir.Type) {
	w.P("switch string(key) {")
	for k, f := range members(t) {
		w.P("case %s:", memberKeys(f))
		if f.Const != nil {
			w.P("i = wire.Skip(b, at)")
			continue
		}
		g.readField(w, t, f, k)
	}
	if names := g.beside[t]; len(names) > 0 {
		w.P("case %s: // the frame's own", caseLabels(names))
		w.P("i = wire.Skip(b, at)")
	}
	w.P("default:")
	w.P("i = d.Unknown(b, at, %q, key)", t.Go)
	w.P("}")
}

// readField writes one case of the member switch.
func (g *generator) readField(w *jenx.Source, t *ir.Type, f *ir.Field, k int) {
	if f.Opt(t.Partial) {
		g.readOpt(w, "v."+f.Go, f)
	} else {
		g.read(w, "v."+f.Go, f.Type, f.Coding)
	}
	if tracked(t, f) {
		w.P("if i >= 0 {")
		w.P("seen[%d] |= 1 << %d", k/64, k%64)
		w.P("}")
	}
}

// tracked reports whether decoding must know that the member came.
func tracked(t *ir.Type, f *ir.Field) bool {
	return t.Partial == ir.PartialMask || required(f) || f.Must && !f.Optional
}

// readOpt reads a member that has the states absent, null and value.
func (g *generator) readOpt(w *jenx.Source, x string, f *ir.Field) {
	nullable := f.Coding.Nullable
	if nullable {
		w.P("if i = wire.Null(b, at); i >= 0 {")
		w.P("wire.SetNull(%s)", addr(x))
		for _, lit := range f.Coding.NullAs {
			switch {
			case lit == "null":
			case lit[0] == '"':
				w.P("} else if wire.Is(b, at, %s) {", lit)
				w.P("i = wire.Skip(b, at)")
				w.P("wire.SetNull(%s)", addr(x))
			default:
				w.P("} else if i = wire.Literal(b, at, %s); i >= 0 {", rawLit(lit))
				w.P("wire.SetNull(%s)", addr(x))
			}
		}
		w.P("} else {")
	}
	u := underlying(f.Type)
	if u.Kind == ir.KindScalar && u.Scalar != "json" {
		w.P("var n %s", scalarType(u.Scalar))
		w.P("if n, i = %s; i >= 0 {", readCall(u, f.Coding, definedScalar(f.Type)))
		w.P("%s.Set(%s)", recv(x), convert(f.Type, "n"))
		w.P("}")
	} else {
		w.P("p := wire.Put(%s)", addr(x))
		g.read(w, "*p", f.Type, f.Coding)
		w.P("if i < 0 {")
		w.P("wire.Unset(%s)", addr(x))
		w.P("}")
	}
	if nullable {
		w.P("}")
	}
}

// convert puts a scalar into its named type.
func convert(t *ir.Type, x string) string {
	if definedScalar(t) {
		return goType(t) + "(" + x + ")"
	}
	return x
}

// rawLit spells a Go string literal, raw where that reads better.
func rawLit(s string) string {
	if strings.Contains(s, "`") {
		return fmt.Sprintf("%q", s)
	}
	return "`" + s + "`"
}

// finishChecks writes the checks of what must have come; seen is the mask.
func (g *generator) finishChecks(w *jenx.Source, t *ir.Type, seen string) {
	if t.Partial == ir.PartialMask {
		w.P("v.present = %s", seen)
	}
	for k, f := range members(t) {
		if f.Must && !f.Optional && f.Const == nil {
			w.P("if seen[%d]&(1<<%d) == 0 {", k/64, k%64)
			w.P("return d.FailMissing(%q, %q)", t.Go, f.Wire)
			w.P("}")
		}
	}
	if !g.needsNames(t) {
		return
	}
	masks := requiredMasks(t)
	var parts []string
	for k, m := range masks {
		parts = append(parts, fmt.Sprintf("%#x &^ seen[%d]", m, k))
	}
	w.P("if absent := [...]uint64{%s}; absent != [%d]uint64{} {", strings.Join(parts, ", "), len(masks))
	w.P("d.Missing(%q, %sMembers, absent[:])", t.Go, lowerFirst(t.Go))
	w.P("}")
}

func requiredMasks(t *ir.Type) []uint64 {
	out := make([]uint64, maskWords(t))
	for k, f := range members(t) {
		if required(f) {
			out[k/64] |= 1 << (k % 64)
		}
	}
	return out
}

// decodeDoc is the comment above every DecodeJSON.
func (g *generator) decodeDoc(w *jenx.Source) {
	w.P("// DecodeJSON reads v from the value at b[i:]; see wire.Value.")
}
