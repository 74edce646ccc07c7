package polygon

import (
	"errors"
	"fmt"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/wire"
)

var errNoJSON = errors.New("polygon: the frame is no JSON")

// tap stands between the link and the decoder of a cluster: it hands out the bytes of events to those who want them, and
// acts on status events while the frame is being read. What the venue says last before it ends a connection counts for
// more than the end, which follows at once, often without a close frame.
type tap struct {
	c      *client
	events stream.Inbound               // nil: nothing is decoded
	rest   func(elem []byte, err error) // of the frame that is being read
	seen   func(elem []byte, err error)
	meta   stream.Meta // of the frame that is being read
	pass   func(elem []byte)
}

func newTap(c *client, events stream.Inbound) *tap {
	t := &tap{c: c, events: events}
	t.seen, t.pass = t.element, t.message
	return t
}

// UseDrift implements what a link asks of an Inbound.
func (t *tap) UseDrift(d *wire.Drift) {
	if in, ok := t.events.(interface{ UseDrift(*wire.Drift) }); ok {
		in.UseDrift(d)
	}
}

// Frame implements stream.Inbound.
func (t *tap) Frame(b []byte, m stream.Meta, rest func(elem []byte, err error)) {
	t.rest = rest
	if t.events == nil || t.c.tapped.Load() {
		t.meta = m
		if !eachElement(b, t.pass) && t.events == nil {
			rest(b, errNoJSON)
		}
	}
	if t.events != nil {
		t.events.Frame(b, m, t.seen)
	}
}

// message hands out the bytes of an element. Without a decoder, statuses are told from events here.
func (t *tap) message(elem []byte) {
	t.c.deliver(elem, &t.meta)
	if t.events == nil && isStatus(elem) {
		t.element(elem, stream.ErrDelivered)
	}
}

func isStatus(elem []byte) bool {
	if wire.Match(elem, 0, `{"ev":"`) >= 0 {
		return wire.Match(elem, 0, `{"ev":"status"`) >= 0
	}
	m := Message{elem} // the members have no order that anything promises
	return m.Ev() == "status"
}

// element passes on what is no event of a feed. Status events come marked as delivered.
func (t *tap) element(elem []byte, err error) {
	t.rest(elem, err)
	if errors.Is(err, stream.ErrDelivered) {
		t.c.onStatus(elem)
	}
}

// onStatus ends the session when the venue says that it is over.
func (c *client) onStatus(elem []byte) {
	class, ok := wireProtocol.Classify(elem)
	if !ok {
		return
	}
	r := wireProtocol.RefusalOf(class, elem)
	if r == nil || r.Known == nil || r.Known == ErrNotAuthorized {
		return
	}
	said := &stream.VenueError{Venue: wireProtocol.Venue, Code: r.Code, Message: r.Message, Known: r.Known}
	if r.Known == ErrMaxConnections {
		c.Fault(fmt.Errorf("polygon: too many connections with this key for %s, in this program or another: %w", c.cluster, said))
		return
	}
	c.Fault(loginError(fmt.Errorf("polygon: %w", said)))
}

// eachElement calls fn for every element of a frame: those of an array, or the object itself. It stops at what is no
// JSON and reports false.
func eachElement(b []byte, fn func(elem []byte)) bool {
	if wire.Kind(b, 0) != '[' {
		next := wire.Skip(b, 0)
		if next < 0 || wire.End(b, next) < 0 {
			return false
		}
		fn(b)
		return true
	}
	i, more := wire.EnterArray(b, 0)
	for more {
		at := wire.Space(b, i)
		next := wire.Skip(b, at)
		if next < 0 {
			return false
		}
		fn(b[at:next])
		i, more = wire.NextElement(b, next)
	}
	return i >= 0 && wire.End(b, i) >= 0
}
