package resolve

import (
	"slices"

	"github.com/venuewire/venuewire/gen/ir"
)

// mark notes on every type whether the client decodes it, encodes it, or reaches it from a hot event.
func (r *resolver) mark() {
	w := r.v.Wire
	for _, c := range w.Classes {
		inboundFields(c.Envelope)
	}
	for _, a := range []*ir.Ack{w.AckCall, w.AckSubscribe, w.AckUnsubscribe} {
		inboundAck(a)
	}
	for _, c := range slices.Concat(r.v.Errors.Codes, r.v.Errors.Texts) {
		inbound(c.Detail, ir.Cold)
	}
	for _, d := range r.v.Domains {
		markDomain(d)
	}
}

func markDomain(d *ir.Domain) {
	for _, ev := range d.Events {
		inbound(ev.Type, ev.Hot)
		inbound(ev.Payload, ev.Hot)
	}
	for _, x := range d.RPCs {
		if x.Go == "" {
			continue
		}
		outbound(x.Request)
		if x.Response != nil {
			inbound(x.Response.Type, ir.Cold)
			inbound(x.Response.Result, ir.Cold)
		}
	}
	for _, s := range d.Subscriptions {
		if s.Go == "" {
			continue
		}
		outbound(s.Route)
		outbound(s.Params)
		inboundAck(s.Ack)
		inboundAck(s.CancelAck)
	}
}

func inboundAck(a *ir.Ack) {
	if a != nil {
		inbound(a.Type, ir.Cold)
	}
}

func inboundFields(fs []*ir.Field) {
	for _, f := range fs {
		inbound(f.Type, ir.Cold)
	}
}

func inbound(t *ir.Type, hot ir.Hot) {
	if t == nil || t.Inbound && t.Hot >= hot {
		return
	}
	t.Inbound, t.Hot = true, max(t.Hot, hot)
	for _, c := range children(t) {
		inbound(c, hot)
	}
}

func outbound(t *ir.Type) {
	if t == nil || t.Outbound {
		return
	}
	t.Outbound = true
	for _, c := range children(t) {
		outbound(c)
	}
}

// children lists the types that a value of t holds.
func children(t *ir.Type) []*ir.Type {
	out := []*ir.Type{t.Elem, t.Key}
	for _, f := range t.Fields {
		out = append(out, f.Type)
	}
	for _, v := range t.Variants {
		out = append(out, v.Type)
	}
	return out
}
