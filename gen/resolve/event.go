package resolve

import (
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/spec"
)

// domainEvents resolves the events of a domain.
func (r *resolver) domainEvents(d *ir.Domain, section *spec.Node) {
	for _, e := range mapEntries(section) {
		ev := r.event(d, e)
		if old := r.events[ev.Go]; old != nil {
			r.c.Errorf("NAME_TWICE", e.Key.Span, "event %q is declared twice", ev.Go).
				WithHint("events are known in all files of a venue").WithRelated(old.Span, "first declared here")
		} else {
			r.events[ev.Go] = ev
		}
		d.Events = append(d.Events, ev)
	}
}

var hots = map[string]ir.Hot{"true": ir.HotTrue, "ordered": ir.HotOrdered}

func (r *resolver) event(d *ir.Domain, e spec.Entry) *ir.Event {
	n := e.Value
	ev := &ir.Event{
		Go: e.Key.Value, Connections: r.connections(n.Get("connections"), d.Connections), Domain: d,
		At: path(n.Get("at")), AtSet: n.Has("at"), Hot: hots[n.Get("hot").Text()], Unknown: texts(n.Get("unknown")),
		Examples: examples(n.Get("examples")), Prov: prov(n), Span: e.Key.Span,
		Delivery: r.delivery(n.Get("delivery"), r.v.Delivery),
	}
	ev.FrameSet = n.Has("frame")
	ev.Class = r.eventClass(n, e.Key)
	ev.On = matches(n.Get("on"), ev.Class)
	r.eventType(d, ev, n)
	if s := n.Get("snapshot"); s != nil {
		if ev.Snapshot = truth(s); !ev.Snapshot && s.Kind != spec.Scalar {
			ev.SnapshotOn = matches(s, ev.Class)
		}
	}
	r.late = append(r.late, func() { r.linkEvent(ev, n) })
	return ev
}

func (r *resolver) eventClass(n, key *spec.Node) *ir.Class {
	if n.Has("frame") {
		return r.classRef(n.Get("frame"))
	}
	c := r.pushClass()
	if c == nil {
		r.c.Errorf("MISSING_KEY", key.Span, "event %q needs `frame`: several classes of frames have keys, or none", key.Value)
	}
	return c
}

// eventType decides what the payload decodes into and what subscribers get, which is always a struct.
func (r *resolver) eventType(d *ir.Domain, ev *ir.Event, n *spec.Node) {
	ev.Envelope = r.envelope(n.Get("envelope"), ev.Class)
	if n.Has("fields") {
		t := r.structType(d, ev.Go, ev.Span)
		fs, rules := r.fieldMap(n.Get("fields"))
		t.Fields, t.Rules = r.join(fs, ev.Envelope), rules
		t.Partial = partials[n.Get("partial").Text()]
		t.Prov = ev.Prov
		ev.Type, ev.Payload, ev.Wrapped = t, t, len(ev.Envelope) > 0
		return
	}
	ev.Payload = r.typeExpr(n.Get("type"))
	if Base(ev.Payload).Kind == ir.KindStruct && len(ev.Envelope) == 0 {
		ev.Type = Base(ev.Payload)
		return
	}
	ev.Wrapped = true
	ev.Type = r.structType(d, ev.Go, ev.Span)
	ev.Type.Prov = ev.Prov
	ev.Type.Fields = r.join([]*ir.Field{valueField(ev.Payload, &spec.Node{Span: ev.Span})}, ev.Envelope)
}
