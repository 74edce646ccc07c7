package emit

import (
	"fmt"
	"slices"
	"sort"
	"strings"

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

// eventsOf are the events of a group that come in frames of a class.
func eventsOf(gr *group, c *ir.Class) []*ir.Event {
	var out []*ir.Event
	for _, e := range gr.events {
		if e.Class == c {
			out = append(out, e)
		}
	}
	return out
}

// uses lists the groups whose topics an events group delivers to, its own first.
func (g *generator) uses(gr *group) []*group {
	var out []*group
	if g.held(gr) {
		out = append(out, gr)
	}
	for _, e := range gr.events {
		for _, s := range e.Subscribers {
			if o := g.groupOfSub(s); o != nil && !slices.Contains(out, o) {
				out = append(out, o)
			}
		}
	}
	return out
}

func (g *generator) groupOfSub(s *ir.Subscription) *group {
	for _, d := range g.v.Domains {
		for _, gr := range g.groups[d] {
			if slices.Contains(gr.subs, s) {
				return gr
			}
		}
	}
	return nil
}

// oneOfSubs are the subscriptions of several events to which a group delivers; what they deliver is made in one place.
func oneOfSubs(gr *group) []*ir.Subscription {
	var out []*ir.Subscription
	for _, e := range gr.events {
		for _, s := range e.Subscribers {
			if len(s.Events) > 1 && !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

func oneOfName(s *ir.Subscription) string { return lowerFirst(s.Go) + "OneOf" }

// framesStruct writes the dispatch of a group's events.
func (g *generator) framesStruct(f *j.File, gr *group) {
	if len(gr.events) == 0 {
		return
	}
	var w jenx.Source
	w.P("// %sFrames decodes and routes the events of %s.", gr.name, gr.domain.File)
	w.P("type %sFrames struct {", gr.name)
	w.P("d *wire.Decoder")
	for _, o := range g.uses(gr) {
		w.P("%s *%s", o.name, o.holder())
	}
	for _, e := range gr.events {
		w.P("%sEvent %s", lowerFirst(e.Go), goType(e.Type))
	}
	for _, s := range oneOfSubs(gr) {
		w.P("%s %sEvent", oneOfName(s), s.Go)
	}
	var counters []string
	for _, e := range gr.events {
		if name := sequenceName(e); e.Sequence != nil && !slices.Contains(counters, name) {
			counters = append(counters, name)
			w.P("%s stream.Sequence", name)
		}
	}
	w.P("}")
	w.AddTo(f)
	for _, c := range g.v.Wire.Classes {
		if evs := eventsOf(gr, c); len(evs) > 0 {
			g.classDispatch(f, gr, c, evs)
		}
	}
	g.hotDispatch(f, gr)
	g.tailDispatch(f, gr)
	g.mispredictedMethod(f, gr)
	for _, e := range gr.events {
		g.eventHandler(f, gr, e)
	}
}

// frameArgs are the parameters of a class's dispatch functions.
func frameArgs(c *ir.Class) (decl, call string) {
	switch c.Form {
	case ir.FormTuple:
		return "key, b []byte, at []int", "key, b, at"
	case ir.FormText:
		return "key, b []byte", "key, b"
	}
	return "key, b []byte, h *header", "key, b, h"
}

func classFunc(c *ir.Class) string { return "take" + goWord(c.Name) }

// classDispatch writes the switch over the events of one class.
func (g *generator) classDispatch(f *j.File, gr *group, c *ir.Class, evs []*ir.Event) {
	decl, call := frameArgs(c)
	var w jenx.Source
	w.P("func (f *%sFrames) %s(%s, m *stream.Meta) (bool, error) {", gr.name, classFunc(c), decl)
	byKey, rest := splitByKey(c, evs)
	if len(byKey) > 0 {
		w.P("switch string(key) {")
		for _, row := range byKey {
			w.P("case %q:", row.key)
			for _, alt := range row.alts {
				g.alternative(&w, c, alt, call)
			}
		}
		w.P("}")
	}
	for _, alt := range rest {
		g.alternative(&w, c, alt, call)
	}
	w.P("return false, nil")
	w.P("}")
	w.AddTo(f)
}

// alternative is one way in which a frame can be an event.
type alternative struct {
	event   *ir.Event
	match   *ir.Match
	pattern *ir.Pattern // of the first key
	skip    int         // index of the condition that the switch has tested; -1 none
}

type keyRow struct {
	key  string
	alts []alternative
}

// splitByKey sorts the matches of events by the literal of the first key member.
func splitByKey(c *ir.Class, evs []*ir.Event) ([]keyRow, []alternative) {
	var rows []keyRow
	var rest []alternative
	add := func(key string, a alternative) {
		for k := range rows {
			if rows[k].key == key {
				rows[k].alts = append(rows[k].alts, a)
				return
			}
		}
		rows = append(rows, keyRow{key, []alternative{a}})
	}
	for _, e := range evs {
		for _, m := range e.On {
			k := slices.IndexFunc(m.Conds, func(cd ir.Cond) bool {
				return len(c.Key) > 0 && len(cd.Path) == 1 && cd.Path[0].Member == c.Key[0]
			})
			if k < 0 {
				rest = append(rest, alternative{e, m, nil, -1})
				continue
			}
			for _, v := range m.Conds[k].Values {
				if v.Pattern != nil {
					rest = append(rest, alternative{e, m, v.Pattern, k})
				} else {
					add(unquote(v.JSON), alternative{e, m, nil, k})
				}
			}
		}
	}
	for k := range rows {
		sort.SliceStable(rows[k].alts, func(a, b int) bool { return weight(rows[k].alts[a]) > weight(rows[k].alts[b]) })
	}
	return rows, rest
}

// weight orders alternatives of one key: the more a match tests, the earlier it is tried.
func weight(a alternative) int { return len(a.match.Conds) + len(a.match.Has) + len(a.match.Lacks) }

func unquote(lit string) string {
	if len(lit) >= 2 && lit[0] == '"' {
		return lit[1 : len(lit)-1]
	}
	return lit
}

func (g *generator) alternative(w *jenx.Source, c *ir.Class, a alternative, call string) {
	g.alternativeTo(w, c, a, call, func(args string) string {
		if g.answering(a.event) {
			return fmt.Sprintf("return true, stream.AlsoAnswer(f.on%s(%s))", a.event.Go, args)
		}
		return fmt.Sprintf("return true, f.on%s(%s)", a.event.Go, args)
	})
}

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
