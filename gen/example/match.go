package example

import (
	"strconv"

	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/pattern"
)

// holes are what patterns of a match found.
type holes map[string]string

// holdsAny reports whether one of the matches holds for a frame; builtins are put into its patterns first.
func holdsAny(ms []*ir.Match, f *frame, builtins map[string]string) bool {
	_, ok := firstHolding(ms, f, builtins)
	return ok
}

func firstHolding(ms []*ir.Match, f *frame, builtins map[string]string) (*ir.Match, bool) {
	for _, m := range ms {
		if holds(m, f, builtins) {
			return m, true
		}
	}
	return nil, false
}

func holds(m *ir.Match, f *frame, builtins map[string]string) bool {
	for _, h := range m.Has {
		if !present(h, f) {
			return false
		}
	}
	for _, l := range m.Lacks {
		if present(l, f) {
			return false
		}
	}
	return condsHold(m.Conds, f.obj, builtins)
}

// present reports whether a member is there: in tuples, of the first payload or of the layout.
func present(p ir.Path, f *frame) bool {
	return len(at(f.first, p)) > 0 || f.first != f.obj && len(at(f.obj, p)) > 0
}

// at returns the values that a path leads to.
func at(v *Value, p ir.Path) []*Value {
	if v == nil {
		return nil
	}
	if len(p) == 0 {
		return []*Value{v}
	}
	next := v.Get(p[0].Member)
	if next == nil || !p[0].Each {
		return at(next, p[1:])
	}
	var out []*Value
	for _, it := range next.Items {
		out = append(out, at(it, p[1:])...)
	}
	return out
}

func condsHold(conds []ir.Cond, v *Value, builtins map[string]string) bool {
	for _, c := range conds {
		if !condHolds(c, v, builtins) {
			return false
		}
	}
	return true
}

func condHolds(c ir.Cond, v *Value, builtins map[string]string) bool {
	for _, x := range at(v, c.Path) {
		for _, want := range c.Values {
			if valueHolds(want, x, builtins) {
				return true
			}
		}
	}
	return false
}

func valueHolds(want ir.CondValue, v *Value, builtins map[string]string) bool {
	switch {
	case want.Pattern != nil:
		return v.Kind == String && pattern.Fits(pattern.Fill(want.Pattern, builtins), v.Text)
	case want.Range:
		n, err := strconv.ParseInt(v.Text, 10, 64)
		return v.Kind == Number && err == nil && want.Min <= n && n <= want.Max
	default:
		return v.Equals(want.JSON)
	}
}

// found returns the holes of a match that holds.
func found(m *ir.Match, f *frame, builtins map[string]string) holes {
	out := holes{}
	for _, c := range m.Conds {
		for _, v := range at(f.obj, c.Path) {
			for _, want := range c.Values {
				if want.Pattern == nil {
					continue
				}
				got, _ := pattern.Read(pattern.Fill(want.Pattern, builtins), v.Text)
				for name, text := range got {
					out[name] = text
				}
			}
		}
	}
	return out
}

// closeness grows with how much a match says in literals; a literal outweighs every pattern.
func closeness(m *ir.Match) int {
	n := len(m.Has) + len(m.Lacks)
	for _, c := range m.Conds {
		if len(c.Values) == 0 {
			continue
		}
		if p := c.Values[0].Pattern; p != nil {
			n += pattern.Literal(p)
		} else {
			n += 1 << 16
		}
	}
	return n
}
