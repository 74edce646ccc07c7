package emit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// alternativeTo writes what is done when a frame is an event in one of its ways; do spells it from the arguments.
func (g *generator) alternativeTo(w *jenx.Source, c *ir.Class, a alternative, call string, do func(args string) string) {
	conds := g.matchConds(c, a)
	args := call + ", m"
	if a.pattern != nil {
		n := len(allHoles(a.pattern))
		conds = append([]string{fmt.Sprintf("%s.Match(key, hole[:])", onPattern(a.event, a.pattern))}, conds...)
		w.P("{")
		w.P("var hole [%d]wire.Span", max(n, 1))
		defer w.P("}")
	}
	if keyHoles(a.event) > 0 {
		if a.pattern != nil {
			args += ", hole[:]"
		} else {
			args += ", nil"
		}
	}
	if len(conds) == 0 {
		w.P("%s", do(args))
		return
	}
	w.P("if %s {", strings.Join(conds, " && "))
	w.P("%s", do(args))
	w.P("}")
}

// keyHoles counts the envelope fields that come from holes.
func keyHoles(e *ir.Event) int {
	n := 0
	for _, f := range e.Envelope {
		if isHole(e, f.Wire) {
			n++
		}
	}
	return n
}

// onPattern names the variable of a key pattern.
func onPattern(e *ir.Event, p *ir.Pattern) string {
	n := 0
	for _, m := range e.On {
		for _, c := range m.Conds {
			for _, v := range c.Values {
				if v.Pattern == p {
					return fmt.Sprintf("%sKey%d", lowerFirst(e.Go), n)
				}
				if v.Pattern != nil {
					n++
				}
			}
		}
	}
	return ""
}

// matchConds spells the conditions that the key switch has not tested.
func (g *generator) matchConds(c *ir.Class, a alternative) []string {
	var out []string
	for k, cd := range a.match.Conds {
		if k == a.skip {
			continue
		}
		var any []string
		for _, v := range cd.Values {
			any = append(any, condExpr(c, cd.Path, v, a.event))
		}
		if len(any) == 1 {
			out = append(out, any[0])
		} else {
			out = append(out, "("+strings.Join(any, " || ")+")")
		}
	}
	for _, p := range a.match.Has {
		out = append(out, presentExpr(c, p, true))
	}
	for _, p := range a.match.Lacks {
		out = append(out, presentExpr(c, p, false))
	}
	return out
}

// place spells the offset of a path in a frame of class c: negative or 0 when absent.
func place(c *ir.Class, p ir.Path) string {
	switch c.Form {
	case ir.FormTuple:
		if k := slices.IndexFunc(c.Layout, func(e ir.Element) bool { return e.Name == p[0].Member }); k >= 0 {
			at := layoutAt(c, k)
			if len(p) == 1 {
				return at
			}
			return fmt.Sprintf("wire.Lookup(b, %s, %s)", at, quoteSteps(p[1:]))
		}
		return fmt.Sprintf("wire.Lookup(b, %s, %s)", payloadElement(c), quoteSteps(p))
	case ir.FormText:
		return "-1"
	}
	if len(p) == 1 {
		return offset(p[0].Member)
	}
	return fmt.Sprintf("wire.Lookup(b, %s, %s)", offset(p[0].Member), quoteSteps(p[1:]))
}

func condExpr(c *ir.Class, p ir.Path, v ir.CondValue, e *ir.Event) string {
	at := place(c, p)
	switch {
	case v.Range:
		return fmt.Sprintf("wire.InRange(b, %s, %d, %d)", at, v.Min, v.Max)
	case v.Pattern != nil:
		return fmt.Sprintf("wire.Fits(b, %s, &%s)", at, onPattern(e, v.Pattern))
	case strings.HasPrefix(v.JSON, `"`):
		return fmt.Sprintf("wire.Is(b, %s, %s)", at, v.JSON)
	}
	return fmt.Sprintf("wire.IsLiteral(b, %s, %s)", at, rawLit(v.JSON))
}

func presentExpr(c *ir.Class, p ir.Path, want bool) string {
	op := "> 0"
	if !want {
		op = "<= 0"
	}
	return place(c, p) + " " + op
}

// layoutAt spells the offset of one element of a tuple.
func layoutAt(c *ir.Class, k int) string {
	repeat := slices.IndexFunc(c.Layout, func(e ir.Element) bool { return e.Repeat })
	if repeat >= 0 && k > repeat {
		return fmt.Sprintf("at[len(at)-%d]", len(c.Layout)-k)
	}
	return fmt.Sprintf("at[%d]", k)
}

// payloadElement spells the offset of the first payload element.
func payloadElement(c *ir.Class) string {
	for k, e := range c.Layout {
		if e.Name == "payload" {
			return layoutAt(c, k)
		}
	}
	return "at[0]"
}
