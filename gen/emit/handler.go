package emit

import (
	"fmt"
	"slices"
	"strings"

	j "github.com/dave/jennifer/jen"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// eventHandler writes the function that decodes one event and delivers it.
func (g *generator) eventHandler(f *j.File, gr *group, e *ir.Event) {
	var w jenx.Source
	g.keyPatterns(&w, e)
	decl, _ := frameArgs(e.Class)
	decl += ", m *stream.Meta"
	if keyHoles(e) > 0 {
		decl += ", hole []wire.Span"
	}
	w.P("func (f *%sFrames) on%s(%s) error {", gr.name, e.Go, decl)
	w.P("d, v := f.d, &f.%sEvent", lowerFirst(e.Go))
	resetWrapper(&w, e)
	lost := g.handlerDecode(&w, gr, e)
	if g.deliveredElsewhere(gr, e) {
		w.P("f.deliver%s(v, m)", e.Go)
	} else {
		g.delivery(&w, gr, e)
	}
	w.P("return nil")
	w.P("}")
	w.P("")
	if lost {
		g.lostHelper(&w, gr, e)
	}
	if g.deliveredElsewhere(gr, e) {
		g.deliverFunc(&w, gr, e)
	}
	w.AddTo(f)
}

// handlerDecode writes how a handler reads its event. It reports whether that needs a function for what happens when the
// event does not decode: where there is one such place, it says so itself.
func (g *generator) handlerDecode(w *jenx.Source, gr *group, e *ir.Event) bool {
	var body jenx.Source
	fail := fmt.Sprintf("return f.lost%s()", e.Go)
	g.holeFields(&body, e, fail)
	g.payloadDecode(&body, e, fail)
	g.envelopeFields(&body, e, fail)
	g.holeAssign(&body, e)
	text := body.String()
	if n := strings.Count(text, fail); n != 1 {
		w.P("%s", trim(text))
		return n > 1
	}
	var lost jenx.Source
	g.lostLines(&lost, gr, e)
	w.P("%s", trim(strings.Replace(text, fail, trim(lost.String()), 1)))
	return false
}

// deliveredElsewhere reports whether a shortcut of the dispatch delivers the event too.
func (g *generator) deliveredElsewhere(gr *group, e *ir.Event) bool {
	return e.Hot != ir.Cold || slices.Contains(g.tailEvents(gr, e.Class), e)
}

// wrappedValue reports whether the payload is the event's Value member.
func wrappedValue(e *ir.Event) bool {
	return e.Wrapped && e.Payload != e.Type && slices.ContainsFunc(e.Type.Fields, func(f *ir.Field) bool { return f.Go == "Value" })
}

// resetWrapper empties the event around a payload. Where the payload empties itself and all else is written anyway, there
// is nothing to do.
func resetWrapper(w *jenx.Source, e *ir.Event) {
	if !wrappedValue(e) {
		return
	}
	kept := func(f *ir.Field) bool { return !isHole(e, f.Wire) }
	if underlying(e.Payload).Kind == ir.KindStruct && !slices.ContainsFunc(e.Envelope, kept) {
		return
	}
	w.P("*v = %s{Value: %s}", goType(e.Type), keptValue(e))
}

func keptValue(e *ir.Event) string {
	if keepsMemory(e.Payload) {
		return "v.Value[:0]"
	}
	return "v.Value"
}

// keyPatterns writes the patterns that the event's matches test.
func (g *generator) keyPatterns(w *jenx.Source, e *ir.Event) {
	n := 0
	for _, m := range e.On {
		for _, c := range m.Conds {
			for _, v := range c.Values {
				if v.Pattern != nil {
					w.P("var %sKey%d = %s", lowerFirst(e.Go), n, patternLit(v.Pattern, fieldIndex(v.Pattern)))
					w.P("")
					n++
				}
			}
		}
	}
}

// target is the expression that the payload decodes into.
func target(e *ir.Event) string {
	if wrappedValue(e) {
		return "v.Value"
	}
	return "*v"
}

func (g *generator) payloadDecode(w *jenx.Source, e *ir.Event, fail string) {
	switch {
	case e.Class.Form == ir.FormText:
		return
	case e.Class.Form == ir.FormTuple:
		g.tuplePayload(w, e, fail)
		return
	}
	path := payloadPath(e.Class, e.At, e.AtSet)
	at := "0"
	if len(path) > 0 {
		at = place(e.Class, path)
	}
	if noMembers(e.Payload) && len(g.beside[structOf(e.Payload)]) == 0 && len(path) == 0 {
		return
	}
	if e.Hot == ir.Cold && (simpleDecode(e.Payload) || isJSON(e.Payload)) {
		call := "Payload"
		if st := structOf(e.Payload); st != nil && g.listed(st) {
			w.P("%s = %s", target(e), emptied(st, strings.TrimPrefix(target(e), "*")))
			call = "ObjectPayload"
		}
		w.P("if !d.%s(b, %s, %q, %q, %s) {", call, at, e.Go, path.String(), addr(target(e)))
		w.P("%s", fail)
		w.P("}")
		return
	}
	w.P("at := %s", at)
	if len(path) > 0 {
		w.P("if at <= 0 {")
		w.P("d.FailMissing(%q, %q)", e.Go, path.String())
		w.P("%s", fail)
		w.P("}")
	}
	if simpleDecode(e.Payload) {
		w.P("if i := %s.DecodeJSON(d, b, at); i < 0 {", recv(target(e)))
	} else {
		w.P("var i int")
		g.read(w, target(e), e.Payload, codingOf(e.Payload))
		w.P("if i < 0 {")
	}
	w.P("d.Fail(i, b, at, %q, \"\")", e.Go)
	w.P("%s", fail)
	w.P("}")
}

// simpleDecode reports whether a payload is read by one call of its own method.
func simpleDecode(t *ir.Type) bool {
	c := codingOf(t)
	switch u := underlying(t); u.Kind {
	case ir.KindStruct, ir.KindTuple, ir.KindUnion, ir.KindText:
		return c.Accept == nil
	}
	return false
}

func noMembers(t *ir.Type) bool {
	st := structOf(t)
	return st != nil && len(members(st)) == 0
}

// tuplePayload decodes the payload of a positional frame; several pieces fill one struct.
func (g *generator) tuplePayload(w *jenx.Source, e *ir.Event, fail string) {
	k := slices.IndexFunc(e.Class.Layout, func(el ir.Element) bool { return el.Name == "payload" })
	if k < 0 {
		return
	}
	el := e.Class.Layout[k]
	st := structOf(e.Payload)
	w.P("var i int")
	if el.Repeat && st != nil && st.Partial != ir.PartialSparse {
		x := recv(target(e))
		w.P("%s.reset()", x)
		w.P("var seen [%d]uint64", maskWords(st))
		w.P("for _, at := range at[%d : len(at)-%d] {", k, len(e.Class.Layout)-k-1)
		w.P("next, more := wire.EnterObject(b, at)")
		w.P("if i = %s.members(d, b, next, more, &seen); i < 0 {", x)
		w.P("%s", fail)
		w.P("}")
		w.P("}")
		w.P("if i = %s.finish(d, i, &seen); i < 0 {", x)
		w.P("%s", fail)
		w.P("}")
		return
	}
	w.P("{")
	w.P("at := %s", layoutAt(e.Class, k))
	g.read(w, target(e), e.Payload, codingOf(e.Payload))
	w.P("if i < 0 {")
	w.P("d.Fail(i, b, at, %q, \"\")", e.Go)
	w.P("%s", fail)
	w.P("}")
	w.P("}")
}

// lostHelper writes what happens when an event does not decode: its subscribers get a gap, the caller the error.
func (g *generator) lostHelper(w *jenx.Source, gr *group, e *ir.Event) {
	w.P("// lost%s tells the subscribers that an event did not decode and returns why.", e.Go)
	w.P("func (f *%sFrames) lost%s() error {", gr.name, e.Go)
	g.lostLines(w, gr, e)
	w.P("}")
	w.P("")
}

func (g *generator) lostLines(w *jenx.Source, gr *group, e *ir.Event) {
	for _, t := range g.topics(gr, e) {
		w.P("%s.Lost(stream.GapDecode, 1)", t)
	}
	w.P("return f.d.Err(%q)", e.Go)
}

// topics spells the topics that get the event.
func (g *generator) topics(gr *group, e *ir.Event) []string {
	var out []string
	for _, s := range e.Subscribers {
		if o := g.groupOfSub(s); o != nil {
			out = append(out, fmt.Sprintf("f.%s.%s", o.name, topicName(s.Go)))
		}
	}
	if len(e.Subscribers) == 0 {
		out = append(out, fmt.Sprintf("f.%s.%s", gr.name, topicName(e.Go)))
	}
	return out
}

// holeFields decodes the holes of the key into locals, before the payload uses the scratch that the key may lie in.
func (g *generator) holeFields(w *jenx.Source, e *ir.Event, fail string) {
	for _, f := range e.Envelope {
		if !isHole(e, f.Wire) {
			continue
		}
		n := holeIndex(e, f.Wire)
		local := lowerFirst(f.Go) + "Hole"
		w.P("var %s %s", local, goType(f.Type))
		w.P("if len(hole) > %d && hole[%d].Start >= 0 {", n, n)
		w.P("s, code := key[hole[%d].Start:hole[%d].End], 0", n, n)
		g.readText(w, local, f.Type, f.Coding)
		w.P("if code < 0 {")
		w.P("d.Fail(code, key, 0, %q, %q)", e.Go, f.Wire)
		w.P("%s", fail)
		w.P("}")
		w.P("}")
	}
}

func holeIndex(e *ir.Event, name string) int {
	for _, m := range e.On {
		for _, c := range m.Conds {
			for _, v := range c.Values {
				if v.Pattern == nil {
					continue
				}
				if k := slices.Index(allHoles(v.Pattern), name); k >= 0 {
					return k
				}
			}
		}
	}
	return 0
}

func (g *generator) holeAssign(w *jenx.Source, e *ir.Event) {
	for _, f := range e.Envelope {
		if !isHole(e, f.Wire) {
			continue
		}
		local := lowerFirst(f.Go) + "Hole"
		if !f.Opt(ir.PartialNone) {
			w.P("v.%s = %s", f.Go, local)
			continue
		}
		w.P("if len(hole) > %d && hole[%d].Start >= 0 {", holeIndex(e, f.Wire), holeIndex(e, f.Wire))
		w.P("v.%s.Set(%s)", f.Go, local)
		w.P("} else {")
		w.P("wire.Clear(&v.%s)", f.Go)
		w.P("}")
	}
}

// envelopeFields decodes members beside the payload.
func (g *generator) envelopeFields(w *jenx.Source, e *ir.Event, fail string) {
	for _, f := range e.Envelope {
		if isHole(e, f.Wire) {
			continue
		}
		at := place(e.Class, ir.Path{{Member: f.Wire}})
		cond := "at := " + at + "; at > 0"
		if e.Class.Form == ir.FormTuple {
			k := slices.IndexFunc(e.Class.Layout, func(el ir.Element) bool { return el.Name == f.Wire })
			if k >= 0 && e.Class.Layout[k].Optional {
				cond = fmt.Sprintf("len(at) > %d", k)
			} else {
				cond = "true"
			}
		}
		if cond == "true" {
			w.P("{")
		} else {
			w.P("if %s {", cond)
		}
		w.P("var i int")
		if e.Class.Form == ir.FormTuple {
			w.P("at := %s", at)
		}
		if f.Opt(ir.PartialNone) {
			g.readOpt(w, "v."+f.Go, f)
		} else {
			g.read(w, "v."+f.Go, f.Type, f.Coding)
		}
		w.P("if i < 0 {")
		w.P("d.Fail(i, b, at, %q, %q)", e.Go, f.Wire)
		w.P("%s", fail)
		w.P("}")
		w.P("}")
	}
}
