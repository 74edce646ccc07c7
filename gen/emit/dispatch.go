package emit

import (
	"fmt"
	"slices"
	"sort"

	j "github.com/dave/jennifer/jen"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

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
