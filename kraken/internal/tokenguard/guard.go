// Package tokenguard ends sessions whose token the venue does not take any more. Kraken refuses the request and leaves
// the socket open; a new session gets a new token.
package tokenguard

import (
	"fmt"
	"sync/atomic"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/wire"
)

// pong answers what needs no token, and so says nothing of it.
const pong = "pong"

// Guard is an Inbound around another that looks at the answers to requests. A call whose token is refused gets its
// refusal, which says that nothing was done. A subscribe is asked for once more by the next session: the first refusal
// is kept from it.
type Guard struct {
	in    Inbound
	wire  *protocol.Protocol
	acks  string // key of the answers to subscribes
	fault func(error)

	rest  func([]byte, error)
	take  func([]byte, error)
	epoch uint64 // of the session being read
	last  uint64 // epoch of the last refusal
	runs  atomic.Uint64
}

// Inbound is what generated code offers.
type Inbound interface {
	stream.Inbound
	UseDrift(*wire.Drift)
}

// New guards an inbound; fault ends the session, as stream.Link.Fault does. acks is the key of the frames that answer
// subscribes.
func New(in Inbound, p *protocol.Protocol, acks string, fault func(error)) *Guard {
	g := &Guard{in: in, wire: p, acks: acks, fault: fault}
	g.take = g.element
	return g
}

// UseDrift implements what a Link looks for.
func (g *Guard) UseDrift(d *wire.Drift) { g.in.UseDrift(d) }

// Frame implements stream.Inbound.
func (g *Guard) Frame(b []byte, m stream.Meta, rest func(elem []byte, err error)) {
	g.epoch, g.rest = m.Epoch, rest
	g.in.Frame(b, m, g.take)
}

// element looks at what is no event.
func (g *Guard) element(b []byte, err error) {
	refused, subscribe := g.refusal(b, err)
	if refused == nil {
		g.rest(b, err)
		return
	}
	if g.last != g.epoch {
		g.last = g.epoch
		g.runs.Add(1)
	}
	if !subscribe || g.runs.Load() > 1 {
		g.rest(b, err)
	}
	g.fault(fmt.Errorf("the token is not taken any more: %w", refused))
}

// refusal is nil unless b answers a request by refusing its token.
func (g *Guard) refusal(b []byte, err error) (refused *stream.VenueError, subscribe bool) {
	if err != nil {
		return nil, false
	}
	h, err := g.wire.Header(b)
	if err != nil || h.ID == "" {
		return nil, false
	}
	r := g.wire.RefusalOf(h.Class, b)
	if r == nil && h.Key(0) != pong {
		g.runs.Store(0)
	}
	if r == nil || r.Known == nil || r.Known.Retry != protocol.RetryRelogin {
		return nil, false
	}
	refused = &stream.VenueError{Venue: g.wire.Venue, Method: h.Key(0), Code: r.Code, Message: r.Message, Known: r.Known}
	return refused, h.Key(0) == g.acks
}
