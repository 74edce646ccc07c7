package resolve

import (
	"maps"
	"slices"
	"time"

	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/spec"
)

// domainSubscriptions resolves the subscriptions of a domain.
func (r *resolver) domainSubscriptions(d *ir.Domain, section *spec.Node) {
	for _, w := range rows(section) {
		d.Subscriptions = append(d.Subscriptions, r.subscription(d, w))
	}
}

func (r *resolver) subscription(d *ir.Domain, w row) *ir.Subscription {
	n := w.node
	s := &ir.Subscription{
		Entry: r.entry(d, w), Hosts: r.hostList(n.Get("hosts")), Send: r.templates(n.Get("send")),
		Cancel: r.templates(n.Get("cancel")), Delivery: r.delivery(n.Get("delivery"), r.v.Delivery),
		DemuxSet: n.Has("demux"),
	}
	s.Route = r.fieldStruct(d, suffixed(s.Go, "Key"), n.Get("route"))
	s.Params = r.fieldStruct(d, suffixed(s.Go, "Params"), n.Get("params"))
	charTemplates(s.Send, s.Route, s.Params)
	charTemplates(s.Cancel, s.Route, s.Params)
	s.Ack = r.subscriptionAck(n.Get("ack"), r.v.Wire.AckSubscribe, s)
	s.CancelAck = r.subscriptionAck(n.Get("cancel_ack"), r.v.Wire.AckUnsubscribe, s)
	s.Lifetime = r.lifetime(n.Get("lifetime"))
	r.late = append(r.late, func() {
		r.needs(&s.Entry, n)
		r.linkSubscription(s, n)
	})
	return s
}

// fieldStruct makes the struct of a field map; nil when the key is absent.
func (r *resolver) fieldStruct(d *ir.Domain, name string, n *spec.Node) *ir.Type {
	if n == nil {
		return nil
	}
	t := r.structType(d, name, n.Span)
	t.Fields, t.Rules = r.fieldMap(n)
	return t
}

// subscriptionAck is the own ack, else that of the wire without an item that this subscription does not have.
func (r *resolver) subscriptionAck(n *spec.Node, def *ir.Ack, s *ir.Subscription) *ir.Ack {
	if a := r.ack(n); a != nil {
		return a
	}
	if def == nil || def.Per == "" || s.Route != nil && fieldNamed(s.Route.Fields, def.Per) != nil {
		return def
	}
	cp := *def
	cp.Per, cp.Item = "", nil
	return &cp
}

// linkSubscription follows what a subscription says of events and calls.
func (r *resolver) linkSubscription(s *ir.Subscription, n *spec.Node) {
	for _, key := range []string{"event", "events"} {
		for _, it := range list(n.Get(key)) {
			if ev := r.eventRef(it); ev != nil {
				s.Events = append(s.Events, ev)
				ev.Subscribers = append(ev.Subscribers, s)
			}
		}
	}
	for _, e := range mapEntries(n.Get("learn")) {
		s.Learn = append(s.Learn, ir.Learn{Name: e.Key.Value, At: path(e.Value), Span: e.Value.Span})
	}
	r.lifetimeCall(s.Lifetime, n.Get("lifetime"))
	r.late = append(r.late, func() { r.subscriptionPaths(s, n) })
}

// eventRef resolves the name of an event; nil when there is none.
func (r *resolver) eventRef(n *spec.Node) *ir.Event {
	if n == nil {
		return nil
	}
	ev := r.events[n.Text()]
	if ev == nil {
		r.unresolved(n.Span, "event", n.Text(), slices.Collect(maps.Keys(r.events)))
	}
	return ev
}

// refreshShare is the part of an age after which it is renewed, in percent, when the spec does not say.
const refreshShare = 80

func (r *resolver) lifetime(n *spec.Node) *ir.Lifetime {
	if n == nil {
		return nil
	}
	l := &ir.Lifetime{
		Ends: n.Get("ends").Text(), EndsAt: path(n.Get("ends_at")), Refresh: n.Get("refresh").Text(),
		Silent: truth(n.Get("silent")), Span: n.Span,
	}
	if by := n.Get("by"); by != nil && by.Kind != spec.Map {
		l.By = texts(by)
	}
	if d, err := time.ParseDuration(l.Ends); err == nil && l.Refresh == "" {
		l.Refresh = (d * refreshShare / 100).String()
	}
	return l
}

// lifetimeCall resolves the rpc that renews, when all entries are known.
func (r *resolver) lifetimeCall(l *ir.Lifetime, n *spec.Node) {
	if c := n.Get("by").Get("call"); l != nil && c != nil {
		l.Call, l.By = r.rpcRef(c), []string{"call"}
	}
}
