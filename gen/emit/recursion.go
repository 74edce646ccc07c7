package emit

import (
	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// recursiveTypes finds the types that hold themselves through a list, a map or a pointer: hostile input could nest
// them without end, so their decoders count the depth.
func recursiveTypes(v *ir.Venue) map[*ir.Type]bool {
	out := map[*ir.Type]bool{}
	walkTypes(v, func(t *ir.Type) {
		if reaches(t, t, map[*ir.Type]bool{}) {
			out[t] = true
		}
	})
	return out
}

// reaches reports whether a value of from can hold one of to.
func reaches(from, to *ir.Type, seen map[*ir.Type]bool) bool {
	for _, t := range parts(from) {
		if t == to {
			return true
		}
		if !seen[t] {
			seen[t] = true
			if reaches(t, to, seen) {
				return true
			}
		}
	}
	return false
}

// parts are the types of which a type is made.
func parts(t *ir.Type) []*ir.Type {
	var out []*ir.Type
	for _, p := range []*ir.Type{t.Elem, t.Key} {
		if p != nil {
			out = append(out, p)
		}
	}
	for _, f := range t.Fields {
		out = append(out, f.Type)
	}
	for _, v := range t.Variants {
		out = append(out, v.Type)
	}
	return out
}

// nest writes the depth check of a recursive type.
func (g *generator) nest(w *jenx.Source, t *ir.Type) {
	if !g.recursive[t] {
		return
	}
	w.P("defer d.Unnest() // also when the depth is refused")
	w.P("if code := d.Nest(); code < 0 {")
	w.P("return code")
	w.P("}")
}
