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
	fail := fmt.Sprintf("return f.lost%s()", e.Go)
	g.holeFields(&w, e, fail)
	g.payloadDecode(&w, e, fail)
	g.envelopeFields(&w, e, fail)
	g.holeAssign(&w, e)
	w.P("f.deliver%s(v, m)", e.Go)
	w.P("return nil")
	w.P("}")
	w.P("")
	g.lostHelper(&w, gr, e)
	g.deliverFunc(&w, gr, e)
	w.AddTo(f)
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
	w.P("at := %s", at)
	if len(path) > 0 {
		w.P("if at <= 0 {")
		w.P("d.FailMissing(%q, %q)", e.Go, path.String())
		w.P("%s", fail)
		w.P("}")
	}
	if simpleDecode(e.Payload) {
		w.P("if i := %s.decode(d, b, at); i < 0 {", recv(target(e)))
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
	if !g.canFail(e) {
		return
	}
	w.P("// lost%s tells the subscribers that an event did not decode and returns why.", e.Go)
	w.P("func (f *%sFrames) lost%s() error {", gr.name, e.Go)
	for _, t := range g.topics(gr, e) {
		w.P("%s.Lost(stream.GapDecode, 1)", t)
	}
	w.P("return f.d.Err(%q)", e.Go)
	w.P("}")
	w.P("")
}

// canFail reports whether the handler has anything to decode.
func (g *generator) canFail(e *ir.Event) bool {
	if e.Class.Form == ir.FormText {
		return keyHoles(e) > 0
	}
	if len(e.Envelope) > 0 || e.Class.Form == ir.FormTuple {
		return true
	}
	path := payloadPath(e.Class, e.At, e.AtSet)
	return !(noMembers(e.Payload) && len(g.beside[structOf(e.Payload)]) == 0 && len(path) == 0)
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
		w.P("v.%s.Clear()", f.Go)
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

// deliverFunc routes a decoded event to its subscriptions.
func (g *generator) deliverFunc(w *jenx.Source, gr *group, e *ir.Event) {
	w.P("func (f *%sFrames) deliver%s(v *%s, m *stream.Meta) {", gr.name, e.Go, goType(e.Type))
	if c := g.v.Clock; c != nil && c.Event == e {
		if m := resolvePath("v", e.Type, c.At); m != nil {
			w.P("stream.ServerTime(f.%s.conn, %s)", gr.name, m.expr)
		}
	}
	g.sequenceCheck(w, gr, e)
	if len(e.Subscribers) == 0 {
		w.P("f.%s.%s.Deliver(v, m)", gr.name, topicName(e.Go))
	}
	for _, s := range e.Subscribers {
		if o := g.groupOfSub(s); o != nil {
			g.deliverTo(w, fmt.Sprintf("f.%s.%s", o.name, topicName(s.Go)), s, e)
		}
	}
	w.P("}")
	w.P("")
}

// sequenceCheck writes the gap that a hole in the venue's counter is.
func (g *generator) sequenceCheck(w *jenx.Source, gr *group, e *ir.Event) {
	if e.Sequence == nil {
		return
	}
	m := resolvePath("v", e.Type, e.Sequence.At)
	if m == nil || m.rows != "" {
		return
	}
	x := m.expr
	switch {
	case m.opt:
		w.P("if n, ok := %s.Get(); ok {", x)
		x = "n"
	case m.has != "":
		w.P("if %s {", m.has)
	default:
		w.P("{")
	}
	w.P("if lost := f.%s.Lost(m, int64(%s), %d, %d); lost > 0 {", sequenceName(e), x, e.Sequence.First, e.Sequence.Step)
	for _, t := range g.topics(gr, e) {
		w.P("%s.Lost(stream.GapSequence, lost)", t)
	}
	w.P("}")
	w.P("}")
}

// sequenceName is the counter's state. Events of one subscription share it.
func sequenceName(e *ir.Event) string {
	if len(e.Subscribers) > 0 {
		return lowerFirst(e.Subscribers[0].Go) + "Sequence"
	}
	return lowerFirst(e.Go) + "Sequence"
}

func (g *generator) deliverTo(w *jenx.Source, topic string, s *ir.Subscription, e *ir.Event) {
	x := "v"
	if len(s.Events) > 1 {
		w.P("f.%s = %sEvent{%s: v}", oneOfName(s), s.Go, e.Go)
		x = "&f." + oneOfName(s)
	}
	keys := keyFields(s)
	switch {
	case len(keys) == 0:
		w.P("%s.Deliver(%s, m)", topic, x)
	case len(s.Demux) == 0:
		w.P("%s.DeliverAll(%s, m)", topic, x)
	case looseRouting(s):
		w.P("%s.DeliverMatch(%s, m)", topic, x)
	case rowsOf(s, e) != "":
		g.deliverRuns(w, topic, s, e, x)
	default:
		w.P("%s.Deliver(%s, %s, m)", topic, keyLit(s, e, "v"), x)
	}
}

// rowsOf is the list through which the key paths of a subscription go; "" none.
func rowsOf(s *ir.Subscription, e *ir.Event) string {
	for _, d := range s.Demux {
		if m := resolvePath("v", e.Type, d.Paths[0]); m != nil && m.rows != "" {
			return m.rows
		}
	}
	return ""
}

// keyLit spells the key of an event.
func keyLit(s *ir.Subscription, e *ir.Event, root string) string {
	keys := keyFields(s)
	var parts []string
	for _, d := range s.Demux {
		m := resolvePath(root, e.Type, d.Paths[0])
		if m == nil {
			continue
		}
		x := m.expr
		if want := goType(d.Field.Type); want != goType(m.field.Type) {
			x = want + "(" + x + ")"
		}
		if len(keys) == 1 {
			return x
		}
		parts = append(parts, d.Field.Go+": "+x)
	}
	return s.Route.Go + "{" + strings.Join(parts, ", ") + "}"
}

// deliverRuns splits a message into runs of rows with one key, in order.
func (g *generator) deliverRuns(w *jenx.Source, topic string, s *ir.Subscription, e *ir.Event, x string) {
	rows := rowsOf(s, e)
	rowType := ""
	for _, d := range s.Demux {
		if m := resolvePath("v", e.Type, d.Paths[0]); m != nil && m.rows != "" {
			rowType = g.rowType(e, d.Paths[0])
		}
	}
	w.P("{")
	w.P("key := func(row *%s) %s { return %s }", rowType, keyType(s), keyLit(s, e, "v"))
	w.P("all := %s", rows)
	w.P("for from := 0; from < len(all); {")
	w.P("k, to := key(&all[from]), from+1")
	w.P("for to < len(all) && key(&all[to]) == k {")
	w.P("to++")
	w.P("}")
	w.P("%s = all[from:to]", rows)
	w.P("%s.Deliver(k, %s, m)", topic, x)
	w.P("from = to")
	w.P("}")
	w.P("%s = all", rows)
	w.P("}")
}

func (g *generator) rowType(e *ir.Event, p ir.Path) string {
	t := e.Type
	for _, step := range p {
		st := structOf(t)
		if st == nil {
			return ""
		}
		f := fieldNamed(st, step.Member)
		if f == nil {
			return ""
		}
		t = f.Type
		if step.Each {
			return goType(underlying(t).Elem)
		}
	}
	return ""
}
