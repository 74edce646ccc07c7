package emit

import (
	"fmt"
	"slices"
	"strings"

	j "github.com/dave/jennifer/jen"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// hotEvent is an event whose frames start with a known text.
type hotEvent struct {
	event  *ir.Event
	prefix string
	inside bool // the payload is the frame itself, entered behind its first member
}

// hotEvents finds the events of a group that can be recognised by the start of their frames.
func (g *generator) hotEvents(gr *group) []hotEvent {
	var out []hotEvent
	for _, e := range gr.events {
		if e.Hot == ir.Cold || g.answering(e) || e.Class.Form != ir.FormObject || len(e.Envelope) > 0 || wrappedValue(e) {
			continue
		}
		if structOf(e.Payload) == nil {
			continue
		}
		if h, ok := hotPrefix(e); ok {
			out = append(out, h)
		}
	}
	return out
}

// hotPrefix takes the start of the event's first example up to the payload, if it holds nothing but keys.
func hotPrefix(e *ir.Event) (hotEvent, bool) {
	frame := firstFrame(e)
	if frame == "" {
		return hotEvent{}, false
	}
	path := payloadPath(e.Class, e.At, e.AtSet)
	if len(path) > 1 {
		return hotEvent{}, false
	}
	members := splitMembers(frame)
	for _, m := range e.On {
		want := literalConds(m)
		if want == nil {
			continue
		}
		n, prefix := 0, "{"
		for _, mem := range members {
			if len(path) == 1 && mem.name == path[0].Member {
				if n == len(want) {
					return hotEvent{e, prefix + fmt.Sprintf("%q:", mem.name), false}, true
				}
				break
			}
			if want[mem.name] == "" || want[mem.name] != mem.value {
				break
			}
			n++
			prefix += fmt.Sprintf("%q:%s,", mem.name, mem.value)
			if len(path) == 0 && n == len(want) {
				return hotEvent{e, prefix, true}, true
			}
		}
	}
	return hotEvent{}, false
}

// literalConds are the conditions of a match when all of them compare first-level members with one literal.
func literalConds(m *ir.Match) map[string]string {
	if len(m.Has)+len(m.Lacks) > 0 {
		return nil
	}
	out := map[string]string{}
	for _, c := range m.Conds {
		if len(c.Path) != 1 || len(c.Values) != 1 || c.Values[0].JSON == "" {
			return nil
		}
		out[c.Path[0].Member] = c.Values[0].JSON
	}
	return out
}

// firstFrame is the first received frame of the examples; of a batch its first element that fits the event.
func firstFrame(e *ir.Event) string {
	for _, ex := range e.Examples {
		for _, s := range ex.Steps {
			if !s.Send {
				return strings.TrimSpace(s.Frame)
			}
		}
	}
	return ""
}

type rawMember struct{ name, value string }

// hotDispatch writes the fast path: frames that start as documented are decoded in one pass.
func (g *generator) hotDispatch(f *j.File, gr *group) {
	hot := g.hotEvents(gr)
	if len(hot) == 0 {
		return
	}
	var w jenx.Source
	w.P("// hot decodes the element at i when it starts as its kind is documented to and returns the offset behind it;")
	w.P("// anything else is left to the full dispatch. whole says that nothing may follow the element.")
	w.P("func (f *%sFrames) hot(b []byte, i int, m *stream.Meta, whole bool) int {", gr.name)
	for _, h := range hot {
		w.P("if at := %s; at >= 0 {", matchCall(h.prefix))
		w.P("return f.hot%s(b, i, at, m, whole)", h.event.Go)
		w.P("}")
	}
	w.P("return -1")
	w.P("}")
	w.P("")
	for _, h := range hot {
		g.hotHandler(&w, gr, h)
	}
	w.AddTo(f)
}

func (g *generator) hotHandler(w *jenx.Source, gr *group, h hotEvent) {
	e := h.event
	w.P("func (f *%sFrames) hot%s(b []byte, i, at int, m *stream.Meta, whole bool) int {", gr.name, e.Go)
	w.P("v := &f.%sEvent", lowerFirst(e.Go))
	if h.inside {
		w.P("v.reset()")
		w.P("var seen [%d]uint64", maskWords(structOf(e.Payload)))
		w.P("next := v.members(f.d, b, at, true, &seen)")
		w.P("if next >= 0 {")
		w.P("next = v.finish(f.d, next, &seen)")
		w.P("}")
	} else {
		w.P("next := v.DecodeJSON(f.d, b, at)")
		w.P("if wire.Sep(b, next) != '}' {")
		w.P("next = -1")
		w.P("} else {")
		w.P("next++")
		w.P("}")
	}
	w.P("if next < 0 || whole && wire.End(b, next) < 0 {")
	w.P("f.d.Forget()")
	w.P("return -1")
	w.P("}")
	w.P("stream.SetElement(m, b[i:next])")
	w.P("f.deliver%s(v, m)", e.Go)
	w.P("return next")
	w.P("}")
	w.P("")
}

// hotGroups are the groups of a connection that have a fast path.
func (g *generator) hotGroups(groups []*group) []*group {
	return slices.DeleteFunc(slices.Clone(groups), func(gr *group) bool { return len(g.hotEvents(gr)) == 0 })
}

// matchCall spells the comparison of what is at i with a text.
func matchCall(text string) string {
	if n := len(text); n > 8 && n <= 16 {
		return fmt.Sprintf("wire.MatchLong(b, i, %s, %s)", rawLit(text[:8]), rawLit(text[8:]))
	}
	return fmt.Sprintf("wire.Match(b, i, %s)", rawLit(text))
}
