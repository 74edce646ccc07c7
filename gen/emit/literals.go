package emit

import (
	"fmt"
	"strings"
	"time"

	"github.com/venuewire/venuewire/gen/ir"
)

// lit collects the members of a composite literal, leaving out what is empty.
type lit struct{ b strings.Builder }

func (l *lit) add(name, value string) {
	if value != "" && value != "nil" && value != `""` && value != "0" && value != "false" {
		fmt.Fprintf(&l.b, "%s: %s,\n", name, value)
	}
}

func (l *lit) String() string {
	if l.b.Len() == 0 {
		return "{}"
	}
	return "{\n" + l.b.String() + "}"
}

func quoted(s string) string { return fmt.Sprintf("%q", s) }

func stringsLit(ss []string) string {
	if len(ss) == 0 {
		return ""
	}
	return fmt.Sprintf("%#v", ss)
}

func pathLit(p ir.Path) string {
	if p == nil {
		return ""
	}
	var parts []string
	for _, s := range p {
		if s.Key {
			continue
		}
		parts = append(parts, quoted(s.Member))
		if s.Each {
			parts = append(parts, `"[]"`)
		}
	}
	return "protocol.Path{" + strings.Join(parts, ", ") + "}"
}

func pathsLit(ps []ir.Path) string {
	if len(ps) == 0 {
		return ""
	}
	var out []string
	for _, p := range ps {
		out = append(out, strings.TrimPrefix(pathLit(p), "protocol.Path"))
	}
	return "[]protocol.Path{" + strings.Join(out, ", ") + "}"
}

func matchesLit(ms []*ir.Match) string {
	if len(ms) == 0 {
		return ""
	}
	var out []string
	for _, m := range ms {
		var l lit
		var conds []string
		for _, c := range m.Conds {
			conds = append(conds, "{Path: "+pathLit(c.Path)+", Values: "+valuesLit(c.Values)+"}")
		}
		if len(conds) > 0 {
			l.add("Conds", "[]protocol.Cond{"+strings.Join(conds, ", ")+"}")
		}
		l.add("Has", pathsLit(m.Has))
		l.add("Lacks", pathsLit(m.Lacks))
		out = append(out, l.String())
	}
	return "[]protocol.Match{" + strings.Join(out, ", ") + "}"
}

func valuesLit(vs []ir.CondValue) string {
	var out []string
	for _, v := range vs {
		switch {
		case v.Range:
			out = append(out, fmt.Sprintf("{Min: %d, Max: %d, Range: true}", v.Min, v.Max))
		case v.Pattern != nil:
			out = append(out, "{Text: "+textLit(v.Pattern)+"}")
		default:
			out = append(out, "{JSON: "+rawLit(v.JSON)+"}")
		}
	}
	return "[]protocol.Value{" + strings.Join(out, ", ") + "}"
}

func textLit(p *ir.Pattern) string {
	if p == nil {
		return ""
	}
	return "&protocol.TextTemplate{Pattern: " + patternLit(p, fieldIndex(p)) + ", Holes: " + orNil(stringsLit(allHoles(p))) + "}"
}

func templatesLit(ts []*ir.Template) string {
	if len(ts) == 0 {
		return ""
	}
	var out []string
	for _, t := range ts {
		if t.Text != nil {
			out = append(out, "{Text: "+textLit(t.Text)+"}")
		} else {
			out = append(out, "{Root: &protocol.Node"+nodeLit(t.Root)+"}")
		}
	}
	return "[]protocol.Template{" + strings.Join(out, ", ") + "}"
}

func nodeLit(n *ir.TemplateNode) string {
	if n.Leaf != nil {
		return leafLit(n.Leaf)
	}
	var out []string
	for _, m := range n.Members {
		if len(m.Spread) > 0 {
			var names []string
			for _, s := range m.Spread {
				names = append(names, quoted("<"+s+">"))
			}
			out = append(out, "{Spread: []string{"+strings.Join(names, ", ")+"}}")
			continue
		}
		out = append(out, fmt.Sprintf("{Name: %q, Value: &protocol.Node%s}", m.Name, nodeLit(m.Value)))
	}
	return "{Members: []protocol.Member{\n" + strings.Join(out, ",\n") + ",\n}}"
}

func leafLit(l *ir.Leaf) string {
	switch {
	case l.Hole != "":
		return fmt.Sprintf("{Hole: %q}", l.Hole)
	case l.Builtin != "":
		return fmt.Sprintf("{Hole: %q}", "<"+l.Builtin+">")
	case l.Text != nil:
		return "{Text: " + textLit(l.Text) + "}"
	}
	return "{JSON: " + rawLit(l.JSON) + "}"
}

// durationLit spells a duration of the specs in its largest whole unit.
func durationLit(s string) string {
	d, err := time.ParseDuration(s)
	if err != nil || d == 0 {
		return ""
	}
	units := []struct {
		d    time.Duration
		name string
	}{{time.Hour, "Hour"}, {time.Minute, "Minute"}, {time.Second, "Second"}, {time.Millisecond, "Millisecond"}}
	for _, u := range units {
		if d%u.d == 0 {
			return fmt.Sprintf("%d * time.%s", d/u.d, u.name)
		}
	}
	return fmt.Sprintf("%d * time.Nanosecond", d)
}
