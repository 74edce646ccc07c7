package emit

import (
	"fmt"
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
		g.oneMember(w, t, f)
	}
	if names := g.beside[t]; len(names) > 0 {
		w.P("m.Beside(%s)", caseLabels(names))
	}
	w.P("}")
	w.P("")
}

func (g *generator) oneMember(w *jenx.Source, t *ir.Type, f *ir.Field) {
	if f.Const != nil {
		w.P("m.Const(%q, %s)", f.Wire, rawLit(*f.Const))
	} else {
		w.P("%s%s", g.memberCall(slot{"m", f.Wire, "&v." + f.Go, f.Type, f.Coding, f.Opt(t.Partial)}), memberTraits(t, f))
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
