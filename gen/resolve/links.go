package resolve

import (
	"slices"

	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/spec"
)

// must marks a field whose absence is a field error: something hangs on it. What may be absent stays so.
func must(at Reached) {
	if at.Field != nil && !at.Field.Optional && (at.Owner == nil || at.Owner.Partial == ir.PartialNone) {
		at.Field.Must = true
	}
}

// lost reports a path that leads nowhere.
func (r *resolver) lost(span diag.Span, p ir.Path, where string) {
	r.c.Errorf("PATH_UNRESOLVED", span, "path %q names no field of %s", p, where).
		WithHint("a path is `a.b`, `a[].b` for the elements of a list, `value` for a payload that is no object, `<key>` for the key of a map")
}

// eventPath follows a path in an event, marks what it reaches and reports what it does not.
func (r *resolver) eventPath(ev *ir.Event, p ir.Path, span diag.Span) (Reached, bool) {
	if len(p) == 0 {
		return Reached{}, false
	}
	at, ok := FollowEvent(ev, p)
	if !ok {
		r.lost(span, p, "event "+ev.Go)
		return Reached{}, false
	}
	must(at)
	return at, true
}

// linkEvent reads what hangs on the members of an event.
func (r *resolver) linkEvent(ev *ir.Event, n *spec.Node) {
	r.mergeOf(ev, n.Get("merge"))
	if s := n.Get("sequence"); s != nil {
		ev.Sequence = &ir.Sequence{At: path(s.Get("at")), First: integer(s.Get("first")), Step: 1, Span: s.Span}
		if s.Has("step") {
			ev.Sequence.Step = integer(s.Get("step"))
		}
		r.eventPath(ev, ev.Sequence.At, spanOf(s.Get("at"), s))
	}
	if c := n.Get("checksum"); c != nil {
		ev.Checksum = &ir.Checksum{At: path(c.Get("at")), Covers: paths(c.Get("covers")), Verifier: c.Get("verifier").Text(), Span: c.Span}
		r.eventPath(ev, ev.Checksum.At, spanOf(c.Get("at"), c))
		for i, it := range list(c.Get("covers")) {
			r.eventPath(ev, ev.Checksum.Covers[i], it.Span)
		}
	}
	for i, it := range list(n.Get("delivery").Get("by")) {
		r.eventPath(ev, ev.Delivery.By[i], it.Span)
	}
}

func spanOf(n, def *spec.Node) diag.Span {
	if n != nil {
		return n.Span
	}
	return def.Span
}

// mergeOf resolves how partial updates add up; `by` and `version` are paths within a row.
func (r *resolver) mergeOf(ev *ir.Event, n *spec.Node) {
	if n == nil {
		return
	}
	m := &ir.Merge{Rows: path(n.Get("rows")), Version: path(n.Get("version")), Span: n.Span}
	ev.Merge = m
	by := n.Get("by")
	switch {
	case by != nil && by.Kind == spec.List && len(by.Items) == 0:
		m.One = true
	case by.Text() == "<key>":
		m.ByKey = true
	default:
		m.By = path(by)
	}
	var rows *ir.Type
	if len(m.Rows) > 0 {
		at, ok := r.eventPath(ev, m.Rows, spanOf(n.Get("rows"), n))
		if !ok {
			return
		}
		rows = at.Type
	}
	r.rowPath(ev, rows, ParsePath(by.Text()), by)
	r.rowPath(ev, rows, m.Version, n.Get("version"))
}

// rowPath follows a path within a row of a merged event, or within the event when it has no rows.
func (r *resolver) rowPath(ev *ir.Event, rows *ir.Type, p ir.Path, n *spec.Node) {
	switch {
	case len(p) == 0:
	case rows == nil:
		r.eventPath(ev, p, n.Span)
	default:
		at, ok := Follow(rows, p)
		if !ok {
			r.lost(n.Span, p, "the rows of event "+ev.Go)
			return
		}
		must(at)
	}
}

// linkRPC follows the paths of a reply.
func (r *resolver) linkRPC(x *ir.RPC, n *spec.Node) {
	r.lifetimeCall(x.Lifetime, n.Get("lifetime"))
	p := x.Response
	resp := n.Get("response")
	if p == nil || resp == nil {
		return
	}
	frame := Frame(p.Class, p.Type, p.Envelope, p.At, p.AtSet)
	for i, it := range list(resp.Get("item")) {
		if p.ItemNone {
			break
		}
		must(r.framePath(frame, p.Item[i], it.Span, "the reply of "+x.Wire))
	}
	if len(p.Error) > 0 {
		r.framePath(frame, p.Error, resp.Get("error").Span, "the reply of "+x.Wire)
	}
	r.matchPaths(frame, slices.Concat(p.Ok, p.Refused), "the reply of "+x.Wire)
	if l := x.Lifetime; l != nil && len(l.EndsAt) > 0 {
		if _, ok := replyPath(x, l.EndsAt); !ok {
			r.lost(n.Get("lifetime").Get("ends_at").Span, l.EndsAt, "the reply of "+x.Wire)
		}
	}
	for _, name := range list(resp.Get("per")) {
		if x.Request == nil || fieldNamed(x.Request.Fields, name.Value) == nil {
			r.c.Errorf("REQUEST_FIELD", name.Span, "per names %q, which is no field of the request", name.Value)
		}
	}
}

// matchPaths checks the members that matches of an answer test.
func (r *resolver) matchPaths(frame *ir.Type, ms []*ir.Match, where string) {
	for _, m := range ms {
		for _, c := range m.Conds {
			r.framePath(frame, c.Path, m.Span, where)
		}
	}
}

func (r *resolver) framePath(frame *ir.Type, p ir.Path, span diag.Span, where string) Reached {
	at, ok := Follow(frame, p)
	if !ok {
		r.lost(span, p, where)
	}
	return at
}

// replyPath follows a path from what a call returns.
func replyPath(x *ir.RPC, p ir.Path) (Reached, bool) {
	if x == nil || x.Response == nil {
		return Reached{}, false
	}
	if x.Response.Type != nil {
		if at, ok := Follow(x.Response.Type, p); ok {
			return at, true
		}
	}
	return Follow(Frame(x.Response.Class, x.Response.Type, x.Response.Envelope, x.Response.At, x.Response.AtSet), p)
}

// afterEntries resolves what venue.yaml says of entries.
func (r *resolver) afterEntries(n *spec.Node) {
	if l := n.Get("liveness"); l != nil {
		r.liveness(l)
	}
	if c := n.Get("clock"); c != nil {
		r.v.Clock = &ir.Clock{Event: r.eventRef(c.Get("event")), At: path(c.Get("at")), Span: c.Span}
		if r.v.Clock.Event != nil {
			r.eventPath(r.v.Clock.Event, r.v.Clock.At, spanOf(c.Get("at"), c))
		}
	}
	r.errorPaths(n.Get("errors"))
	r.ackPaths(r.v.Wire.AckCall, "the ack of a call")
	r.ackPaths(r.v.Wire.AckSubscribe, "the ack of a subscribe")
	r.ackPaths(r.v.Wire.AckUnsubscribe, "the ack of an unsubscribe")
}

func (r *resolver) liveness(n *spec.Node) {
	l := &ir.Liveness{
		Ping: n.Get("ping").Text(), Every: n.Get("every").Text(), Deadline: n.Get("deadline").Text(),
		Note: n.Get("note").Text(), Span: n.Span,
	}
	r.v.Liveness = l
	for _, it := range list(n.Get("events")) {
		if ev := r.eventRef(it); ev != nil {
			l.Events = append(l.Events, ev)
		}
	}
	if l.Ping != "" && l.Ping != "frame" {
		l.PingRPC = r.rpcRef(n.Get("ping"))
	}
}

// errorPaths checks the paths of the venue's errors against all frames that are declared.
func (r *resolver) errorPaths(n *spec.Node) {
	for _, key := range []string{"code", "text", "detail"} {
		it := n.Get(key)
		if p := path(it); len(p) > 0 && !r.someFrameHas(p) {
			r.lost(it.Span, p, "any frame")
		}
	}
	for _, m := range slices.Concat(r.v.Errors.Ok, r.v.Errors.Refused) {
		for _, c := range m.Conds {
			if !r.someFrameHas(c.Path) {
				r.lost(m.Span, c.Path, "any frame")
			}
		}
	}
}

// ackPaths checks the paths of an ack whose payload has a type.
func (r *resolver) ackPaths(a *ir.Ack, where string) {
	if a == nil || a.Type == nil || a.Class == nil {
		return
	}
	frame := Frame(a.Class, a.Type, nil, nil, false)
	r.matchPaths(frame, slices.Concat(a.On, a.Ok, a.Refused), where)
	if len(a.Error) > 0 {
		r.framePath(frame, a.Error, a.Span, where)
	}
	if len(a.Item) > 0 && !someHolds(frame, a.Item) { // one of them is enough: refusals differ
		r.lost(a.Span, a.Item[0], where)
	}
}

func someHolds(frame *ir.Type, ps []ir.Path) bool {
	return slices.ContainsFunc(ps, func(p ir.Path) bool { _, ok := Follow(frame, p); return ok })
}

func (r *resolver) someFrameHas(p ir.Path) bool {
	for _, c := range r.v.Wire.Classes {
		payload := (*ir.Type)(nil)
		if c.Payload != "" {
			payload = r.scalar("json")
		}
		if _, ok := Follow(Frame(c, payload, nil, nil, false), p); ok {
			return true
		}
	}
	for _, d := range r.v.Domains {
		for _, ev := range d.Events {
			if _, ok := Follow(Frame(ev.Class, ev.Payload, ev.Envelope, ev.At, ev.AtSet), p); ok {
				return true
			}
		}
		for _, x := range d.RPCs {
			if a := x.Response; a != nil {
				if _, ok := Follow(Frame(a.Class, a.Type, a.Envelope, a.At, a.AtSet), p); ok {
					return true
				}
			}
		}
	}
	return false
}
