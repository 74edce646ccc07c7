package example

import (
	"slices"

	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/ir"
)

// Check tries every example of a venue. The findings have the rules EXAMPLE_FAILS, EXAMPLE_SECRET and TIME_UNIT, stand
// at the frame, and name the member.
func Check(v *ir.Venue) diag.List {
	c := &checker{v: v}
	for _, d := range v.Domains {
		for _, ev := range d.Events {
			c.each(ev.Examples, "event "+ev.Go, c.eventSend(ev), c.eventRecv(ev))
		}
		for _, x := range d.RPCs {
			c.each(x.Examples, "rpc "+x.Wire, c.rpcSend(x), c.rpcRecv(x))
		}
		for _, s := range d.Subscriptions {
			c.each(s.Examples, "subscription "+s.Wire, c.subscriptionSend(s), c.subscriptionRecv(s))
		}
	}
	return c.found.List()
}

type checker struct {
	v     *ir.Venue
	found diag.Collector
}

// try checks one frame with a decoder that may be told to be lenient.
type try func(d *decoder, raw string)

func (c *checker) each(xs []*ir.Example, what string, send, recv try) {
	for _, x := range xs {
		for _, s := range x.Steps {
			d := &decoder{abridged: x.Kind == "abridged"}
			if s.Send {
				send(d, s.Frame)
			} else {
				recv(d, s.Frame)
			}
			report(&c.found, s.Span, "example "+x.Name+" of "+what, d.found)
		}
	}
}

// received checks each frame of a received text with fn.
func (c *checker) received(d *decoder, raw string, fn func(f *frame)) {
	fs := frames(c.v, raw)
	if len(fs) == 0 {
		d.fail("", "no class of frames takes it")
	}
	for i := range fs {
		fn(&fs[i])
	}
}

// eventRecv takes a text that fits the events of one connection, where the event can come; the first connection says
// why it fits none.
func (c *checker) eventRecv(ev *ir.Event) try {
	return func(d *decoder, raw string) {
		var first []problem
		for i, conn := range ev.Connections {
			t := &decoder{abridged: d.abridged}
			c.eventOn(t, ev, conn, raw)
			if !t.failed() {
				d.found = append(d.found, t.found...)
				return
			}
			if i == 0 {
				first = t.found
			}
		}
		d.found = append(d.found, first...)
	}
}

func (c *checker) eventOn(d *decoder, ev *ir.Event, conn *ir.Connection, raw string) {
	matched := false
	c.received(d, raw, func(f *frame) {
		got := c.event(f, []*ir.Connection{conn})
		if got == nil {
			d.fail("", "no event takes this frame")
			return
		}
		matched = matched || got == ev
		c.decodeEvent(d, got, f)
	})
	if !matched && !d.failed() {
		d.fail("", "the frame is another event")
	}
}

// event finds the event of a frame on any of the connections: the one whose match is the closest.
func (c *checker) event(f *frame, conns []*ir.Connection) *ir.Event {
	var best *ir.Event
	closest := -1
	for _, d := range c.v.Domains {
		for _, ev := range d.Events {
			if ev.Class != f.class || !shared(ev.Connections, conns) {
				continue
			}
			if m, ok := firstHolding(ev.On, f, nil); ok && closeness(m) > closest {
				best, closest = ev, closeness(m)
			}
		}
	}
	return best
}

func shared(a, b []*ir.Connection) bool {
	return slices.ContainsFunc(a, func(x *ir.Connection) bool { return slices.Contains(b, x) })
}

func (c *checker) decodeEvent(d *decoder, ev *ir.Event, f *frame) {
	b := body{payload: ev.Payload, envelope: ev.Envelope, at: ev.At, atSet: ev.AtSet, on: ev.On}
	if m, ok := firstHolding(ev.On, f, nil); ok {
		b.holes = found(m, f, nil)
	}
	d.frame(f, b)
}

func (c *checker) rpcRecv(x *ir.RPC) try {
	return func(d *decoder, raw string) {
		c.received(d, raw, func(f *frame) {
			switch ev := c.event(f, x.Connections); {
			case c.isCallAck(x, f):
				c.ack(d, c.v.Wire.AckCall, f)
			case c.isReply(x, f):
				c.reply(d, x, f)
			case ev != nil:
				c.decodeEvent(d, ev, f)
			default:
				d.fail("", "the frame is neither ack nor reply nor event")
			}
		})
	}
}

func (c *checker) isCallAck(x *ir.RPC, f *frame) bool {
	a := c.v.Wire.AckCall
	return a != nil && !x.NoAck && a.Class == f.class && holdsAny(a.On, f, builtinsOf(&x.Entry))
}

// isReply reports whether a frame is the reply: it carries an id, it is one that needs none, or it has its name.
func (c *checker) isReply(x *ir.RPC, f *frame) bool {
	p := x.Response
	if p == nil || p.Class != f.class {
		return false
	}
	return f.id() != nil || holdsAny(p.On, f, builtinsOf(&x.Entry)) || p.Name != "" && nameOf(f) == p.Name
}

func nameOf(f *frame) string {
	if len(f.class.Key) == 0 {
		return ""
	}
	if v := f.obj.Get(f.class.Key[0]); v != nil {
		return v.Text
	}
	return ""
}

func builtinsOf(e *ir.Entry) map[string]string {
	return map[string]string{"name": e.Wire, "version": e.SentVersion()}
}

// outcome is what an answer says of what was asked.
type outcome int

const (
	undecided outcome = iota
	accepted
	refused
)

// outcomeOf reads an answer: any refusal refuses, all that is said of acceptance must hold.
func (c *checker) outcomeOf(f *frame, ok, refusal []*ir.Match) outcome {
	e := c.v.Errors
	if holdsAny(refusal, f, nil) || holdsAny(e.Refused, f, nil) {
		return refused
	}
	if len(ok) > 0 && !holdsAny(ok, f, nil) || len(e.Ok) > 0 && !holdsAny(e.Ok, f, nil) {
		return undecided
	}
	return accepted
}

func (c *checker) reply(d *decoder, x *ir.RPC, f *frame) {
	p := x.Response
	if name := nameOf(f); p.Name != "" && name != "" && name != p.Name {
		d.fail("", "the reply is called %q, not %q", name, p.Name)
	}
	switch c.outcomeOf(f, p.Ok, p.Refused) {
	case refused:
		c.detail(d, f)
	case accepted:
		d.frame(f, body{payload: p.Type, envelope: p.Envelope, at: p.At, atSet: p.AtSet, optional: p.Optional, on: p.On})
	default:
		d.fail("", "nothing says whether the reply accepts or refuses")
	}
}

// detail checks what a refusal with a known code tells besides.
func (c *checker) detail(d *decoder, f *frame) {
	e := c.v.Errors
	codes, details := at(f.obj, e.Code), at(f.obj, e.Detail)
	if len(e.Code) == 0 || len(e.Detail) == 0 || len(codes) == 0 || len(details) == 0 {
		return
	}
	for _, k := range e.Codes {
		if k.Code == codes[0].Text && k.Detail != nil {
			d.value(k.Detail, elemCoding(k.Detail), details[0], e.Detail.String())
		}
	}
}

// ack checks an ack; that of a refusal has members which only its type knows if it has one.
func (c *checker) ack(d *decoder, a *ir.Ack, f *frame) {
	switch c.outcomeOf(f, a.Ok, a.Refused) {
	case accepted:
		if a.Type != nil {
			d.frame(f, body{payload: a.Type, on: a.On})
		}
	case undecided:
		d.fail("", "nothing says whether the ack accepts or refuses")
	}
}

func (c *checker) subscriptionRecv(s *ir.Subscription) try {
	return func(d *decoder, raw string) {
		c.received(d, raw, func(f *frame) {
			ev := c.event(f, s.Connections)
			switch a := c.ackOf(s, f); {
			case ev != nil && slices.Contains(s.Events, ev):
				c.decodeEvent(d, ev, f)
			case a != nil:
				c.ack(d, a, f)
			case ev != nil:
				c.decodeEvent(d, ev, f)
			default:
				d.fail("", "the frame is neither ack nor event")
			}
		})
	}
}

// ackOf finds the ack that a frame is, of the subscribe or of the cancel.
func (c *checker) ackOf(s *ir.Subscription, f *frame) *ir.Ack {
	for _, a := range []*ir.Ack{s.Ack, s.CancelAck} {
		if a == nil || a.Class != f.class {
			continue
		}
		b := builtinsOf(&s.Entry)
		if holdsAny(a.On, f, b) || holdsAny(a.Refused, f, b) && a.Mode == ir.AckFrame {
			return a
		}
		if a.Mode == ir.AckReply && (f.id() != nil || a.Name != "" && nameOf(f) == a.Name) {
			return a
		}
	}
	return nil
}
