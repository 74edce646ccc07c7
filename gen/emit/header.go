package emit

import (
	"slices"
	"sort"

	j "github.com/dave/jennifer/jen"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// headerMembers are the first-level members that dispatch of object frames looks at, in a fixed order.
func headerMembers(v *ir.Venue) []string {
	seen := map[string]bool{}
	add := func(s string) {
		if s != "" {
			seen[s] = true
		}
	}
	for _, c := range v.Wire.Classes {
		if c.Form != ir.FormObject {
			continue
		}
		for _, s := range append(append([]string{c.ID, c.Payload}, c.Key...), append(c.Has, c.Lacks...)...) {
			add(s)
		}
	}
	for _, d := range v.Domains {
		for _, e := range d.Events {
			if e.Class == nil || e.Class.Form != ir.FormObject {
				continue
			}
			for _, m := range append(slices.Clone(e.On), e.SnapshotOn...) {
				for _, c := range m.Conds {
					add(c.Path[0].Member)
				}
				for _, p := range append(slices.Clone(m.Has), m.Lacks...) {
					add(p[0].Member)
				}
			}
			for _, f := range e.Envelope {
				if !isHole(e, f.Wire) {
					add(f.Wire)
				}
			}
			if e.AtSet && len(e.At) > 0 {
				add(e.At[0].Member)
			}
		}
	}
	out := make([]string, 0, len(seen))
	for s := range seen {
		out = append(out, s)
	}
	sort.Strings(out)
	return out
}

// isHole reports whether a name is a hole of the event's key patterns.
func isHole(e *ir.Event, name string) bool {
	for _, m := range e.On {
		for _, c := range m.Conds {
			for _, v := range c.Values {
				if v.Pattern != nil && slices.Contains(v.Pattern.Holes(), name) {
					return true
				}
			}
		}
	}
	return false
}

// offset spells the header field with the offset of a member; 0 is absent.
func offset(member string) string { return "h." + headerField(member) }

func headerField(member string) string {
	w := lowerFirst(goWord(member))
	if w == "" || w[0] >= '0' && w[0] <= '9' {
		w = "m" + w
	}
	return w + "At"
}

// headerDecl writes the header struct and its scanner.
func (g *generator) headerDecl(f *j.File) {
	if len(g.header) == 0 {
		return
	}
	var w jenx.Source
	w.P("// header holds the offsets of the members by which a frame is recognised; 0 is absent.")
	w.P("type header struct {")
	for _, m := range g.header {
		w.P("%s int // %s", headerField(m), m)
	}
	w.P("}")
	w.P("")
	w.P("// scan finds the members of the object that b holds and checks that all of it is JSON.")
	w.P("func (h *header) scan(d *wire.Decoder, b []byte) int {")
	w.P("*h = header{}")
	w.P("i, more := wire.EnterObject(b, 0)")
	w.P("for more {")
	w.P("key, at := d.Key(b, i)")
	w.P("if at < 0 {")
	w.P("return at")
	w.P("}")
	w.P("switch string(key) {")
	for _, m := range g.header {
		w.P("case %q:", m)
		w.P("%s = at", offset(m))
	}
	w.P("}")
	w.P("if i = wire.Skip(b, at); i < 0 {")
	w.P("return i")
	w.P("}")
	w.P("i, more = wire.NextMember(b, i)")
	w.P("}")
	w.P("if i < 0 {")
	w.P("return i")
	w.P("}")
	w.P("return wire.End(b, i)")
	w.P("}")
	w.AddTo(f)
}
