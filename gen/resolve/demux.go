package resolve

import (
	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/spec"
)

// subscriptionPaths resolves the paths of a subscription into its events.
func (r *resolver) subscriptionPaths(s *ir.Subscription, n *spec.Node) {
	r.demux(s, n.Get("demux"))
	for i := range s.Learn {
		r.learn(s, &s.Learn[i])
	}
	for i, it := range list(n.Get("delivery").Get("by")) {
		r.conflateBy(s, s.Delivery.By[i], it.Span)
	}
	r.subscriptionEnd(s, n.Get("lifetime"))
	r.subscriptionNeeds(s)
	if n.Has("ack") {
		r.ackPaths(s.Ack, "the ack of "+s.Wire)
	}
	if n.Has("cancel_ack") {
		r.ackPaths(s.CancelAck, "the ack of the cancel of "+s.Wire)
	}
}

// demux reads which route field equals which members of the events.
func (r *resolver) demux(s *ir.Subscription, n *spec.Node) {
	switch {
	case n == nil || n.Kind == spec.Scalar:
	case n.Kind == spec.List:
		for _, it := range n.Items {
			r.demuxField(s, it.Text(), it, []*spec.Node{it})
		}
	default:
		for _, e := range n.Entries {
			r.demuxField(s, e.Key.Value, e.Key, list(e.Value))
		}
	}
}

func (r *resolver) demuxField(s *ir.Subscription, name string, at *spec.Node, ps []*spec.Node) {
	var f *ir.Field
	if s.Route != nil {
		f = fieldNamed(s.Route.Fields, name)
	}
	if f == nil {
		r.c.Errorf("PATH_UNRESOLVED", at.Span, "demux names %q, which is no route field of %s", name, s.Wire)
		return
	}
	d := &ir.Demux{Field: f, Loose: f.Optional, Span: at.Span}
	for _, p := range ps {
		d.Paths = append(d.Paths, path(p))
	}
	s.Demux = append(s.Demux, d)
	for _, ev := range s.Events {
		r.demuxEvent(d, ev, ps)
	}
}

// demuxEvent ties the paths to one event. With several paths one must be there, and none of them must.
func (r *resolver) demuxEvent(d *ir.Demux, ev *ir.Event, ps []*spec.Node) {
	found := false
	for i, p := range d.Paths {
		at, ok := FollowEvent(ev, p)
		if !ok {
			if len(ps) == 1 {
				r.lost(ps[i].Span, p, "event "+ev.Go)
				found = true
			}
			continue
		}
		found = true
		d.Loose = d.Loose || at.Loose
		if len(ps) == 1 {
			must(at)
		}
	}
	if !found {
		r.c.Errorf("PATH_UNRESOLVED", d.Span, "none of the paths of %q names a field of event %s", d.Field.Wire, ev.Go)
	}
}

// learn follows a path to a value that the cancel needs: in an event, or in the ack.
func (r *resolver) learn(s *ir.Subscription, l *ir.Learn) {
	for _, ev := range s.Events {
		if at, ok := FollowEvent(ev, l.At); ok {
			must(at)
			return
		}
	}
	if s.Ack != nil {
		if at, ok := Follow(Frame(s.Ack.Class, s.Ack.Type, nil, nil, false), l.At); ok {
			must(at)
			return
		}
	}
	r.lost(l.Span, l.At, "the events or the ack of "+s.Wire)
}

func (r *resolver) conflateBy(s *ir.Subscription, p ir.Path, span diag.Span) {
	if s.Route != nil && len(p) == 1 && fieldNamed(s.Route.Fields, p[0].Member) != nil {
		return
	}
	for _, ev := range s.Events {
		r.eventPath(ev, p, span)
	}
}

// subscriptionEnd follows `ends_at`: in an event, in the ack, or in the reply of the call that renews.
func (r *resolver) subscriptionEnd(s *ir.Subscription, n *spec.Node) {
	l := s.Lifetime
	if l == nil || len(l.EndsAt) == 0 {
		return
	}
	for _, ev := range s.Events {
		if _, ok := FollowEvent(ev, l.EndsAt); ok {
			return
		}
	}
	if _, ok := replyPath(l.Call, l.EndsAt); ok {
		return
	}
	if s.Needs != nil {
		if _, ok := replyPath(s.Needs.Call, l.EndsAt); ok {
			return
		}
	}
	if s.Ack != nil && s.Ack.Type != nil {
		if _, ok := Follow(s.Ack.Type, l.EndsAt); ok {
			return
		}
	}
	r.lost(n.Get("ends_at").Span, l.EndsAt, "the events, the ack or the calls of "+s.Wire)
}

// subscriptionNeeds checks that what is handed to a needed call is there on both sides.
func (r *resolver) subscriptionNeeds(s *ir.Subscription) {
	if s.Needs == nil || s.Needs.Call == nil {
		return
	}
	for _, name := range s.Needs.With {
		own := s.Params != nil && fieldNamed(s.Params.Fields, name) != nil || s.Route != nil && fieldNamed(s.Route.Fields, name) != nil
		theirs := s.Needs.Call.Request != nil && fieldNamed(s.Needs.Call.Request.Fields, name) != nil
		if !own || !theirs {
			r.c.Errorf("REQUEST_FIELD", s.Needs.Span, "needs hands over %q, which must be a field of %s and of the request of %s",
				name, s.Wire, s.Needs.Call.Wire)
		}
	}
}
