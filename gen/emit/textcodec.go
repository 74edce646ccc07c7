package emit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// textMethods write the codec of a text with holes.
func (g *generator) textMethods(w *jenx.Source, t *ir.Type) {
	for k, p := range t.Patterns {
		w.P("var %s = %s", patternVar(t, k), patternLit(p, fieldIndex(p)))
		w.P("")
	}
	read := "d.Text"
	if t.Coding.Wire == "flex" {
		read = "d.TextFlex"
	}
	g.decodeDoc(w)
	w.P("func (v *%s) DecodeJSON(d *wire.Decoder, b []byte, i int) int {", t.Go)
	w.P("s, next := %s(b, i)", read)
	w.P("if next < 0 {")
	w.P("return next")
	w.P("}")
	w.P("if code := v.decodeText(d, s); code < 0 {")
	w.P("return code")
	w.P("}")
	w.P("return next")
	w.P("}")
	w.P("")
	g.textDecode(w, t)
	g.textEncode(w, t)
	w.P("// AppendJSON appends v as the venue writes it.")
	w.P("func (v *%s) AppendJSON(dst []byte) []byte { return wire.AppendQuoted(dst, v.appendText(nil)) }", t.Go)
	w.P("")
	g.textValidate(w, t)
	w.P("// String spells v as on the wire.")
	w.P("func (v %s) String() string { return string(v.appendText(nil)) }", t.Go)
	w.P("")
	g.jsonMethods(w, t)
	g.cloneMethod(w, t)
}

func patternVar(t *ir.Type, k int) string { return fmt.Sprintf("%sPattern%d", lowerFirst(t.Go), k) }

// fieldIndex numbers the holes of a pattern from left to right.
func fieldIndex(p *ir.Pattern) map[string]int {
	out := map[string]int{}
	for _, h := range allHoles(p) {
		out[h] = len(out)
	}
	return out
}

// allHoles lists fields and builtins of a pattern from left to right; builtins keep their brackets.
func allHoles(p *ir.Pattern) []string {
	var out []string
	var walk func([]ir.Part)
	walk = func(ps []ir.Part) {
		for _, q := range ps {
			switch {
			case q.Hole != "":
				out = append(out, q.Hole)
			case q.Builtin != "":
				out = append(out, "<"+q.Builtin+">")
			}
			walk(q.Group)
		}
	}
	walk(p.Parts)
	return out
}

// patternLit spells a wire.Pattern.
func patternLit(p *ir.Pattern, index map[string]int) string {
	return "wire.Pattern{Parts: " + partsLit(p.Parts, index) + "}"
}

func partsLit(parts []ir.Part, index map[string]int) string {
	var out []string
	for _, q := range parts {
		switch {
		case q.Group != nil:
			out = append(out, "{Opt: "+partsLit(q.Group, index)+"}")
		case q.Lit != "":
			out = append(out, fmt.Sprintf("{Lit: %q}", q.Lit))
		default:
			name := q.Hole
			if name == "" {
				name = "<" + q.Builtin + ">"
			}
			s := fmt.Sprintf("{Hole: %d", index[name])
			if q.Chars != "" {
				s += fmt.Sprintf(", Chars: %q", q.Chars)
			}
			out = append(out, s+"}")
		}
	}
	return "[]wire.Part{" + strings.Join(out, ", ") + "}"
}

// textValidate writes the check that a text reads back as what it was made of.
func (g *generator) textValidate(w *jenx.Source, t *ir.Type) {
	differs := "string(back.appendText(nil)) != string(text)"
	if comparable(t) {
		differs = "back != *v"
	}
	w.P("// Validate refuses a value whose text the venue would read as another one, or not at all.")
	w.P("func (v *%s) Validate() error {", t.Go)
	w.P("var d wire.Decoder")
	w.P("var back %s", t.Go)
	w.P("text := v.appendText(nil)")
	w.P("if code := back.decodeText(&d, text); code < 0 || %s {", differs)
	w.P("return &wire.RuleError{Type: %q, Rule: \"it must read back from its text \" + string(text)}", t.Go)
	w.P("}")
	w.P("return nil")
	w.P("}")
	w.P("")
}

func (g *generator) textDecode(w *jenx.Source, t *ir.Type) {
	most := 0
	for _, p := range t.Patterns {
		most = max(most, len(allHoles(p)))
	}
	w.P("func (v *%s) decodeText(d *wire.Decoder, text []byte) (code int) {", t.Go)
	w.P("*v = %s{}", t.Go)
	w.P("var hole [%d]wire.Span", most)
	w.P("switch {")
	for k, p := range t.Patterns {
		holes := allHoles(p)
		w.P("case %s.Match(text, hole[:%d]):", patternVar(t, k), len(holes))
		for n, h := range holes {
			g.holeDecode(w, t, h, n, optionalHole(p, h))
		}
	}
	w.P("default:")
	w.P("return wire.ErrValue")
	w.P("}")
	w.P("return 0")
	w.P("}")
	w.P("")
}

func (g *generator) holeDecode(w *jenx.Source, t *ir.Type, name string, n int, inGroup bool) {
	k := slices.IndexFunc(t.Fields, func(f *ir.Field) bool { return f.Wire == name })
	if k < 0 {
		return
	}
	f := t.Fields[k]
	if inGroup {
		w.P("if hole[%d].Start >= 0 {", n)
	} else {
		w.P("{ // %s", name)
	}
	w.P("s := text[hole[%d].Start:hole[%d].End]", n, n)
	x := "v." + f.Go
	if f.Opt(ir.PartialNone) {
		x = "*wire.Put(&" + x + ")"
		w.P("p := %s", x[1:])
		x = "*p"
	}
	g.readText(w, x, f.Type, f.Coding)
	w.P("if code < 0 {")
	w.P("return code")
	w.P("}")
	w.P("}")
}

func optionalHole(p *ir.Pattern, name string) bool {
	for _, q := range p.Parts {
		for _, r := range q.Group {
			if r.Hole == name {
				return true
			}
		}
	}
	return false
}

// textEncode writes the first spelling whose holes all have values.
func (g *generator) textEncode(w *jenx.Source, t *ir.Type) {
	w.P("func (v *%s) appendText(dst []byte) []byte {", t.Go)
	for k, p := range t.Patterns {
		cond := g.spellable(t, p)
		if cond == "" {
			w.P("{")
		} else {
			w.P("if %s {", cond)
		}
		w.P("var hole [%d][]byte", len(allHoles(p)))
		for n, h := range allHoles(p) {
			g.holeEncode(w, t, h, n)
		}
		w.P("return %s.Append(dst, hole[:])", patternVar(t, k))
		w.P("}")
		if cond == "" {
			break
		}
	}
	if g.spellable(t, t.Patterns[len(t.Patterns)-1]) != "" {
		w.P("return dst")
	}
	w.P("}")
	w.P("")
}

// spellable is the condition under which a spelling can be written: "" always.
func (g *generator) spellable(t *ir.Type, p *ir.Pattern) string {
	var conds []string
	for _, h := range allHoles(p) {
		for _, f := range t.Fields {
			if f.Wire == h && f.Opt(ir.PartialNone) && !optionalHole(p, h) {
				conds = append(conds, fmt.Sprintf("v.%s.HasValue()", f.Go))
			}
		}
	}
	return strings.Join(conds, " && ")
}

func (g *generator) holeEncode(w *jenx.Source, t *ir.Type, name string, n int) {
	for _, f := range t.Fields {
		if f.Wire != name {
			continue
		}
		if f.Opt(ir.PartialNone) {
			w.P("if x, ok := v.%s.Get(); ok {", f.Go)
			w.P("hole[%d] = func(dst []byte) []byte { return %s }([]byte{})", n, g.appendText("x", f.Type, f.Coding))
			w.P("}")
			return
		}
		w.P("hole[%d] = func(dst []byte) []byte { return %s }([]byte{})", n, g.appendText("v."+f.Go, f.Type, f.Coding))
	}
}
