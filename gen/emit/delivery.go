package emit

import (
	"fmt"
	"strings"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// deliverFunc routes a decoded event to its subscriptions.
func (g *generator) deliverFunc(w *jenx.Source, gr *group, e *ir.Event) {
	w.P("func (f *%sFrames) deliver%s(v *%s, m *stream.Meta) {", gr.name, e.Go, goType(e.Type))
	g.delivery(w, gr, e)
	w.P("}")
	w.P("")
}

// delivery writes how a decoded event reaches its subscriptions.
func (g *generator) delivery(w *jenx.Source, gr *group, e *ir.Event) {
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
