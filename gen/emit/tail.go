package emit

import (
	"fmt"
	"slices"

	j "github.com/dave/jennifer/jen"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// Frames of some venues say what they are at their end. Their hot events are predicted by the end of the frame and
// decoded in one pass; whatever does not turn out as predicted is left to the full dispatch.

// tailEvents are the events of a group and class that are predicted.
func (g *generator) tailEvents(gr *group, c *ir.Class) []*ir.Event {
	if len(c.Key) != 1 || c.ID != "" || len(c.Lacks) > 0 {
		return nil
	}
	if c.Form != ir.FormTuple && c.Form != ir.FormObject {
		return nil
	}
	if c.Form == ir.FormTuple && !tailLayout(c) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(eventsOf(gr, c)), func(e *ir.Event) bool {
		return e.Hot == ir.Cold || g.answering(e) || !tailPayload(e) || !g.alone(e)
	})
}

// tailLayout reports whether a positional frame ends with its key and more texts behind one payload.
func tailLayout(c *ir.Class) bool {
	payload := slices.IndexFunc(c.Layout, func(el ir.Element) bool { return el.Name == "payload" })
	key := slices.IndexFunc(c.Layout, func(el ir.Element) bool { return el.Name == c.Key[0] })
	optional := slices.ContainsFunc(c.Layout, func(el ir.Element) bool { return el.Optional })
	return payload >= 0 && key > payload && !optional && len(c.Layout) <= 16
}

// tailPayload reports whether the frame is the payload, or positional; nothing but the key may be beside an object.
func tailPayload(e *ir.Event) bool {
	if e.Class.Form == ir.FormTuple {
		return true
	}
	if _, leading := hotPrefix(e); leading {
		return false
	}
	for _, f := range e.Envelope {
		if !isHole(e, f.Wire) {
			return false
		}
	}
	onKey := func(m *ir.Match) bool {
		return len(m.Conds) == 1 && len(m.Has)+len(m.Lacks) == 0 && m.Conds[0].Path.String() == e.Class.Key[0]
	}
	return len(payloadPath(e.Class, e.At, e.AtSet)) == 0 && !slices.ContainsFunc(e.On, func(m *ir.Match) bool { return !onKey(m) })
}

// alone reports whether no other event can have the same frames.
func (g *generator) alone(e *ir.Event) bool {
	for _, d := range g.v.Domains {
		for _, o := range d.Events {
			if o != e && o.Class == e.Class && mayBe(o, e.Class, e.On) {
				return false
			}
		}
	}
	return true
}

func tailFunc(c *ir.Class) string { return "tail" + goWord(c.Name) }

// tailDispatch writes the prediction of a group's hot events.
func (g *generator) tailDispatch(f *j.File, gr *group) {
	for _, c := range g.v.Wire.Classes {
		evs := g.tailEvents(gr, c)
		if len(evs) == 0 {
			continue
		}
		decl, call := tailArgs(c)
		var w jenx.Source
		w.P("// %s decodes a frame that ends as a hot event does; it is false when the frame is another one after all.", tailFunc(c))
		w.P("func (f *%sFrames) %s(%s, m *stream.Meta) bool {", gr.name, tailFunc(c), decl)
		byKey, rest := splitByKey(c, evs)
		if len(byKey) > 0 {
			w.P("switch string(key) {")
			for _, row := range byKey {
				w.P("case %q:", row.key)
				for _, a := range row.alts {
					g.tailAlternative(&w, c, a, call)
				}
			}
			w.P("}")
		}
		for _, a := range rest {
			g.tailAlternative(&w, c, a, call)
		}
		w.P("return false")
		w.P("}")
		w.P("")
		for _, e := range evs {
			g.tailHandler(&w, gr, e)
		}
		w.AddTo(f)
	}
}

// tailArgs are the parameters of the functions for predicted frames.
func tailArgs(c *ir.Class) (decl, call string) {
	if c.Form == ir.FormTuple {
		return "key, b []byte, at []int", "key, b, at"
	}
	return "key, b []byte", "key, b"
}

func (g *generator) tailAlternative(w *jenx.Source, c *ir.Class, a alternative, call string) {
	g.alternativeTo(w, c, a, call, func(args string) string { return fmt.Sprintf("return f.tail%s(%s)", a.event.Go, args) })
}

func (g *generator) tailHandler(w *jenx.Source, gr *group, e *ir.Event) {
	decl, _ := tailArgs(e.Class)
	decl += ", m *stream.Meta"
	if keyHoles(e) > 0 {
		decl += ", hole []wire.Span"
	}
	const fail = "return f.mispredicted()"
	w.P("func (f *%sFrames) tail%s(%s) bool {", gr.name, e.Go, decl)
	w.P("d, v := f.d, &f.%sEvent", lowerFirst(e.Go))
	resetWrapper(w, e)
	g.holeFields(w, e, fail)
	g.tailPayloadDecode(w, e, fail)
	g.envelopeFields(w, e, fail)
	g.holeAssign(w, e)
	w.P("f.deliver%s(v, m)", e.Go)
	w.P("return true")
	w.P("}")
	w.P("")
}

// tailPayloadDecode reads the payload and checks that it ends where it must for the prediction to be right.
func (g *generator) tailPayloadDecode(w *jenx.Source, e *ir.Event, fail string) {
	if e.Class.Form == ir.FormTuple {
		g.tuplePayload(w, e, fail)
		k := slices.IndexFunc(e.Class.Layout, func(el ir.Element) bool { return el.Name == "payload" })
		w.P("if wire.Sep(b, i) != ',' || i+1 != at[%d] {", k+1)
	} else {
		w.P("var i int")
		w.P("at := 0")
		g.read(w, target(e), e.Payload, codingOf(e.Payload))
		w.P("if i < 0 || wire.End(b, i) < 0 {")
	}
	w.P("%s", fail)
	w.P("}")
}

// mispredictedMethod writes what a wrong prediction leaves behind: nothing.
func (g *generator) mispredictedMethod(f *j.File, gr *group) {
	if !slices.ContainsFunc(g.v.Wire.Classes, func(c *ir.Class) bool { return len(g.tailEvents(gr, c)) > 0 }) {
		return
	}
	var w jenx.Source
	w.P("// mispredicted forgets what was wrong with a frame that was taken for another.")
	w.P("func (f *%sFrames) mispredicted() bool {", gr.name)
	w.P("f.d.Forget()")
	w.P("return false")
	w.P("}")
	w.AddTo(f)
}

// tailTry writes the attempt to predict in the dispatch of a connection.
func (g *generator) tailTry(w *jenx.Source, groups []*group, form ir.Form) {
	for _, c := range g.classes(form) {
		for _, gr := range groups {
			if len(g.tailEvents(gr, c)) == 0 {
				continue
			}
			if form == ir.FormObject {
				w.P("if at := wire.TailMember(b, %s); at >= 0 {", rawLit(fmt.Sprintf("%q:", c.Key[0])))
				w.P("if f.%s.%s(b[at+1:len(b)-2], b, m) {", gr.name, tailFunc(c))
			} else {
				lead := slices.IndexFunc(c.Layout, func(el ir.Element) bool { return el.Name == "payload" })
				key := slices.IndexFunc(c.Layout, func(el ir.Element) bool { return el.Name == c.Key[0] })
				w.P("if n := wire.TailElements(b, %d, %d, f.at[:]); n > 0 {", lead, len(c.Layout)-lead-1)
				w.P("key, _ := f.d.Text(b, f.at[%d])", key)
				w.P("if f.%s.%s(key, b, f.at[:n], m) {", gr.name, tailFunc(c))
			}
			w.P("return")
			w.P("}")
			w.P("}")
		}
	}
}
