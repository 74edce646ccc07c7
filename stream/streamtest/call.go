package streamtest

import (
	"slices"
	"time"

	"github.com/gorilla/websocket"

	"github.com/venuewire/venuewire/stream/protocol"
)

// Call is one request of a client, with the means to answer it: a call, a subscribe or a cancel. It may be kept and
// answered later, from any goroutine.
type Call struct {
	protocol.ClientFrame
	Session *Session
	// Raw is the frame as it came, secrets included.
	Raw []byte
}

// handle reads a client's frame and answers it.
func (c *Session) handle(raw []byte) {
	s := c.server
	s.log.received(c.id, raw)
	frame, ok := s.wire.ParseClient(raw)
	if !ok {
		s.log.problem("frame fits no template: %s", s.wire.Redact(nil, raw))
		return
	}
	also := frame.Also
	frame.Also = nil
	for _, f := range append([]protocol.ClientFrame{frame}, also...) {
		call := &Call{f, c, raw}
		s.log.call(call.logged())
		if fn := s.script.handler(f.Kind, f.Name); fn != nil {
			fn(call)
			continue
		}
		call.answer()
	}
}

// logged is the call as it may be shown.
func (c *Call) logged() LoggedCall {
	wire := c.Session.server.wire
	clean := wire.Redact(nil, c.Raw)
	f, ok := wire.ParseClient(clean)
	for _, other := range f.Also {
		if other.Kind == c.Kind && other.Name == c.Name {
			f = other
		}
	}
	if !ok {
		f = protocol.ClientFrame{}
	}
	// What the frame is was read before anything was hidden: a member that holds the name may be hidden too.
	f.Also, f.Kind, f.RPC, f.Feed, f.ID, f.Name, f.Version = nil, c.Kind, c.RPC, c.Feed, c.ID, c.Name, c.Version
	return LoggedCall{time.Now(), c.Session.id, f, string(clean)}
}

// answer is what happens without a handler.
func (c *Call) answer() {
	if c.Kind != protocol.FrameCall {
		c.Ack()
		return
	}
	script := &c.Session.server.script
	p, ok := script.payload(c.Name)
	switch {
	case c.RPC == nil && !ok:
		c.Session.server.log.problem("nobody knows the call %s", c.Name)
	case p.no != nil:
		c.Accept()
		c.Refuse(p.no.Code, p.no.Message)
	case ok || c.RPC.Reply != protocol.ReplyData:
		c.Accept()
		c.Reply(string(p.json), p.extra...)
	default:
		c.Session.server.log.problem("no reply is registered for the call %s", c.Name)
		c.Accept()
		c.Refuse("", "no reply is registered for "+c.Name)
	}
}

// rpc is the descriptor; unknown calls are answered as if they had the plainest one.
func (c *Call) rpc() *protocol.RPC {
	if c.RPC != nil {
		return c.RPC
	}
	return &protocol.RPC{Name: c.Name, Version: c.Version, ReplyName: c.Name}
}

// Accept sends the acknowledgement that comes before the reply of a call, where the wire has one.
func (c *Call) Accept() {
	gate := c.Session.server.wire.Gate
	if gate == nil || c.rpc().NoGate {
		return
	}
	c.SendReply(c.build(c.Session.server.wire.AppendAck(nil, gate, c.Name, c.ID, nil)))
}

// RefuseAck refuses a call by that acknowledgement.
func (c *Call) RefuseAck(message string) {
	gate := c.Session.server.wire.Gate
	if gate == nil {
		c.Refuse("", message)
		return
	}
	c.SendReply(c.build(c.Session.server.wire.AppendAckRefusal(nil, gate, c.Name, c.ID, nil, "", message)))
}

// Reply sends a reply with a payload, as JSON; "" is none. Calls without replies get none.
func (c *Call) Reply(payload string, extra ...protocol.KV) {
	if c.rpc().Reply != protocol.ReplyData {
		return
	}
	var body []byte
	if payload != "" {
		body = []byte(payload)
	}
	if frame := c.Session.server.script.reply(c, body, nil); frame != nil {
		c.SendReply(frame)
		return
	}
	c.SendReply(c.build(c.Session.server.wire.AppendReply(nil, c.rpc(), c.ID, body, extra...)))
}

// Refuse sends a reply that refuses a call, or refuses all items of a subscribe or cancel.
func (c *Call) Refuse(code, message string, extra ...protocol.KV) {
	if c.Kind != protocol.FrameCall {
		for _, item := range c.perItem() {
			c.RefuseItem(item, code, message, extra...)
		}
		return
	}
	if frame := c.Session.server.script.reply(c, nil, &Refusal{code, message}); frame != nil {
		c.SendReply(frame)
		return
	}
	c.SendReply(c.build(c.Session.server.wire.AppendRefusal(nil, c.rpc(), c.ID, code, message, extra...)))
}

// ack is the descriptor of the acknowledgement; nil for feeds that nobody knows.
func (c *Call) ack() *protocol.Ack {
	switch {
	case c.Feed == nil:
		return nil
	case c.Kind == protocol.FrameUnsubscribe:
		return &c.Feed.CancelAck
	}
	return &c.Feed.Ack
}

// perItem lists what is acknowledged: every item by itself, or the request as a whole.
func (c *Call) perItem() [][]byte {
	items := c.Items()
	if a := c.ack(); a != nil && a.Per == "" && len(items) > 1 {
		return items[:1]
	}
	return items
}

// Ack takes note of all items of a subscribe or cancel and acknowledges them.
func (c *Call) Ack() {
	if c.Feed == nil {
		c.Session.server.log.problem("nobody knows the feed %s", c.Name)
		return
	}
	var frames [][]byte
	for _, item := range c.perItem() {
		frames = append(frames, c.ackFrame(item))
	}
	c.commit(c.Items(), frames)
}

// AckItem takes note of one item, a JSON object of route fields, and acknowledges it.
func (c *Call) AckItem(item []byte) { c.commit([][]byte{item}, [][]byte{c.ackFrame(item)}) }

// commit takes note of items and acknowledges them in one step: whoever sees one of the two sees the other.
func (c *Call) commit(items, frames [][]byte) {
	c.Session.commit.Lock()
	if c.Kind == protocol.FrameUnsubscribe {
		c.Session.unsubscribe(c.Name, items)
	} else {
		c.Session.subscribe(c.Name, items)
	}
	for _, frame := range frames {
		c.SendReply(frame)
	}
	c.Session.commit.Unlock()
	c.Session.server.log.changed()
}

// ackFrame is the acknowledgement of an item; nil for feeds that have none.
func (c *Call) ackFrame(item []byte) []byte {
	a := c.ack()
	if frame := c.Session.server.script.ack(c, item, nil); frame != nil {
		return frame
	}
	if a == nil || a.Mode == protocol.AckNone || a.Mode == protocol.AckFirstEvent {
		return nil
	}
	return c.build(c.Session.server.wire.AppendAck(nil, a, c.Name, c.ID, c.ackFields(item)))
}

// ackFields are the item's fields and what the cancel has learned: both may stand in an acknowledgement.
func (c *Call) ackFields(item []byte) []byte {
	if len(c.Learned) == 0 {
		return item
	}
	return protocol.Merge(item, c.Learned)
}

// RefuseItem refuses one item of a subscribe or cancel.
func (c *Call) RefuseItem(item []byte, code, message string, extra ...protocol.KV) {
	refusal := &Refusal{code, message}
	if frame := c.Session.server.script.ack(c, item, refusal); frame != nil {
		c.SendReply(frame)
		return
	}
	a := c.ack()
	if a == nil {
		return
	}
	c.SendReply(c.build(c.Session.server.wire.AppendAckRefusal(nil, a, c.Name, c.ID, item, code, message, extra...)))
}

// SendReply sends a frame that counts as a reply for the faults; an empty one is not sent.
func (c *Call) SendReply(frame []byte) {
	if len(frame) > 0 {
		c.Session.send(websocket.TextMessage, slices.Clone(frame), replies)
	}
}

// build reports what cannot be built.
func (c *Call) build(frame []byte, err error) []byte {
	if err == nil {
		return frame
	}
	c.Session.server.log.problem("%s %s: %v", c.Kind, c.Name, err)
	return nil
}
