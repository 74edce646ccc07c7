package stream

import (
	"bytes"
	"slices"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/wire"
)

// take looks at a frame for this call: first the gate, then data.
func (c *call) take(b []byte, h *protocol.Header) (done bool) {
	p := c.s.l.cfg.Protocol
	if p.IsGate(c.rpc, h.Class, b) {
		if c.gated {
			return false // said twice; it is no reply
		}
		c.gated = true
		return c.passGate(p, b)
	}
	c.frames = append(c.frames, bytes.Clone(b))
	if len(c.frames) < c.want && !c.refusesAll(p, b) {
		return false
	}
	c.finish(callResult{frames: c.frames})
	return true
}

// repeats tells whether a frame says again what became of an item: it must not stand for another one. Frames that name
// no item are only counted, since several items may get the same one.
func (c *call) repeats(b []byte, h *protocol.Header) bool {
	if len(c.frames) == 0 {
		return false
	}
	_, named := protocol.ReplyItem(c.rpc, h.Class, b)
	return named && slices.ContainsFunc(c.frames, func(have []byte) bool { return bytes.Equal(have, b) })
}

// passGate ends the call when the gate refuses it, or when the gate is all the call waits for.
func (c *call) passGate(p *protocol.Protocol, b []byte) (done bool) {
	outcome, refusal := p.GateOutcome(b)
	switch {
	case outcome == protocol.Refused:
		c.finish(callResult{frames: [][]byte{bytes.Clone(b)}, err: c.s.l.venueError(c.rpc.Name, refusal)})
	case c.rpc.Reply == protocol.ReplyAck:
		c.finish(callResult{frames: [][]byte{bytes.Clone(b)}})
	default:
		return false
	}
	return true
}

// refusesAll tells a refusal of the whole call from that of one of its items.
func (c *call) refusesAll(p *protocol.Protocol, b []byte) bool {
	outcome, refusal := p.ReplyOutcome(c.rpc, b)
	return outcome == protocol.Refused && refusal.Item == "" && len(c.rpc.Item) > 0
}

func (c *call) lost(err error) { c.finish(callResult{err: err, lost: true}) }

func (c *call) finished() bool { return c.over }

// finish runs under the table's lock.
func (c *call) finish(r callResult) {
	if c.over {
		return
	}
	c.over = true
	c.result <- r // nobody reads it of an abandoned call
}

// late reports a reply that nobody waited for any more; that of an order or write is never dropped in silence. It
// runs on the reading goroutine, without the table's lock.
func (c *call) late() {
	l := c.s.l
	if c.rpc.Effect == protocol.Read {
		return
	}
	r := <-c.result
	for _, frame := range r.frames {
		err := r.err
		if err == nil {
			err = l.judgeReply(c.rpc, c.gateEnds(), frame)
		}
		l.set.logger.Warn("stream: late reply", "method", c.rpc.Name, "request", c.id, "after", time.Since(c.started), "err", err)
		if l.set.late != nil {
			l.set.late(LateReply{
				Method: c.rpc.Name, Version: c.rpc.Version, RequestID: c.id, Effect: c.rpc.Effect,
				Frame: frame, Err: err, After: time.Since(c.started),
			})
		}
	}
}

// judgeReply is nil for an accepted reply. What is neither accepted nor refused leaves the outcome of all but
// reads unknown.
func (l *Link) judgeReply(rpc *protocol.RPC, gate bool, frame []byte) error {
	p := l.cfg.Protocol
	outcome, refusal := protocol.Undecided, (*protocol.Refusal)(nil)
	if gate {
		outcome, refusal = p.GateOutcome(frame)
	} else {
		outcome, refusal = p.ReplyOutcome(rpc, frame)
	}
	switch outcome {
	case protocol.Accepted:
		if !gate {
			l.checkName(rpc, frame)
		}
		return nil
	case protocol.Refused:
		return l.venueError(rpc.Name, refusal)
	}
	err := &ProtocolError{Venue: p.Venue, Method: rpc.Name, Reason: "neither accepted nor refused"}
	if rpc.Effect == protocol.Read {
		return err
	}
	return errBoth(ErrOutcomeUnknown, err)
}

// driftReplyName counts replies whose name is not the one that the spec gives.
const driftReplyName wire.DriftKind = "reply-name"

// checkName counts a reply of an unexpected name; the id has said whose it is.
func (l *Link) checkName(rpc *protocol.RPC, frame []byte) {
	if rpc.ReplyName == "" {
		return
	}
	h, err := l.cfg.Protocol.Header(frame)
	if err == nil && len(h.Class.Key) > 0 && h.Key(0) != rpc.ReplyName {
		l.drift.Add(driftReplyName, rpc.Name, h.Key(0))
	}
}

func (l *Link) venueError(method string, r *protocol.Refusal) *VenueError {
	e := &VenueError{Venue: l.cfg.Protocol.Venue, Method: method}
	if r != nil {
		e.Code, e.Message, e.Detail, e.Item, e.Known = r.Code, r.Message, r.Detail, r.Item, r.Known
	}
	return e
}
