package streamtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

// Conn is a stream.Conn without a socket: it answers calls from registered payloads, remembers what is subscribed,
// and hands frames to the inbound side of generated code. Frames may be pushed from one goroutine at a time.
type Conn struct {
	wire *protocol.Protocol

	mu      sync.Mutex
	inbound stream.Inbound
	replies map[string]connReply
	calls   []ConnCall
	items   map[string][]stream.Item
	rest    []Rest
	sinks   []stream.Sink
	seq     uint64
}

// ConnCall is one call that a [Conn] has taken.
type ConnCall struct {
	Name, Version string
	Body          []byte // JSON; nil none
}

// Rest is what the inbound side handed back.
type Rest struct {
	Elem []byte
	Err  error
}

// connReply is how a call of a [Conn] ends.
type connReply func(ctx context.Context, rpc *protocol.RPC, body []byte) (stream.Reply, error)

var (
	_ stream.Conn      = (*Conn)(nil)
	_ stream.Registrar = (*Conn)(nil)
)

// NewConn makes a fake connection of a wire. [Conn.Attach] gives it the inbound side.
func NewConn(p *protocol.Protocol) *Conn {
	return &Conn{wire: p, replies: make(map[string]connReply), items: make(map[string][]stream.Item)}
}

// Attach sets who gets pushed frames.
func (c *Conn) Attach(in stream.Inbound) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inbound = in
}

// OnCall answers calls of a name.
func (c *Conn) OnCall(name string, fn func(ctx context.Context, rpc *protocol.RPC, body []byte) (stream.Reply, error)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.replies[name] = fn
}

// Reply answers calls of a name with a payload, in a frame as the protocol has it. The frame has no id.
func (c *Conn) Reply(name, payload string, extra ...protocol.KV) {
	c.OnCall(name, func(_ context.Context, rpc *protocol.RPC, _ []byte) (stream.Reply, error) {
		frame, err := c.replyFrame(rpc, payload, extra)
		return stream.Reply{Frames: [][]byte{frame}}, err
	})
}

// replyFrame is the whole frame that a client would have received; of a batch only the element.
func (c *Conn) replyFrame(rpc *protocol.RPC, payload string, extra []protocol.KV) (elem []byte, err error) {
	var body []byte
	if payload != "" {
		body = []byte(payload)
	}
	frame, err := c.wire.AppendReply(nil, rpc, "", body, extra...)
	if err != nil {
		return nil, err
	}
	class, _ := c.wire.Classify(frame)
	err = c.wire.Elements(class, frame, func(e []byte) bool { elem = e; return false })
	return elem, err
}

// ReplyFrames answers calls of a name with whole frames.
func (c *Conn) ReplyFrames(name string, frames ...string) {
	c.OnCall(name, func(context.Context, *protocol.RPC, []byte) (stream.Reply, error) {
		var r stream.Reply
		for _, f := range frames {
			r.Frames = append(r.Frames, []byte(f))
		}
		return r, nil
	})
}

// Fail makes calls of a name fail.
func (c *Conn) Fail(name string, err error) {
	c.OnCall(name, func(context.Context, *protocol.RPC, []byte) (stream.Reply, error) { return stream.Reply{}, err })
}

// Call implements stream.Conn. A call without a registered answer fails, unless it has no reply.
func (c *Conn) Call(ctx context.Context, rpc *protocol.RPC, body []byte) (stream.Reply, error) {
	if err := ctx.Err(); err != nil {
		return stream.Reply{}, err
	}
	c.mu.Lock()
	c.calls = append(c.calls, ConnCall{rpc.Name, rpc.Version, slices.Clone(body)})
	reply := c.replies[rpc.Name]
	c.mu.Unlock()
	switch {
	case reply != nil:
		return reply(ctx, rpc, body)
	case rpc.Reply == protocol.ReplyNone:
		return stream.Reply{}, nil
	}
	return stream.Reply{}, fmt.Errorf("streamtest: no reply is registered for the call %s", rpc.Name)
}

// Subscribe implements stream.Conn; every item is confirmed at once.
func (c *Conn) Subscribe(ctx context.Context, feed *protocol.Feed, items []stream.Item) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.items[feed.Name] = append(c.items[feed.Name], items...)
	return nil
}

// Unsubscribe implements stream.Conn. Items are counted: each takes one away.
func (c *Conn) Unsubscribe(_ context.Context, feed *protocol.Feed, items []stream.Item) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	have := c.items[feed.Name]
	for _, item := range items {
		if i := slices.IndexFunc(have, func(h stream.Item) bool { return h.Key == item.Key }); i >= 0 {
			have = slices.Delete(have, i, i+1)
		}
	}
	c.items[feed.Name] = have
	return nil
}

// Register implements stream.Registrar.
func (c *Conn) Register(s stream.Sink) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sinks = append(c.sinks, s)
}

// Push hands a frame to the inbound side and returns the first error that came back with an element.
func (c *Conn) Push(frame string) error {
	c.mu.Lock()
	in := c.inbound
	c.seq++
	m := stream.Meta{Received: time.Now(), Epoch: 1, Seq: c.seq}
	c.mu.Unlock()
	if in == nil {
		return fmt.Errorf("streamtest: nothing is attached")
	}
	var first error
	in.Frame([]byte(frame), m, func(elem []byte, err error) {
		if errors.Is(err, stream.ErrDelivered) {
			return
		}
		if first == nil {
			first = err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.rest = append(c.rest, Rest{slices.Clone(elem), err})
	})
	return first
}

// Calls lists the calls so far.
func (c *Conn) Calls() []ConnCall {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.calls)
}

// Items lists what is subscribed of a feed; an item that is wanted twice is there twice.
func (c *Conn) Items(feed string) []stream.Item {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.items[feed])
}

// Rest lists what the inbound side did not take for events.
func (c *Conn) Rest() []Rest {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.rest)
}

// Lost tells all topics that events may be lost, as a reconnect does.
func (c *Conn) Lost(reason stream.GapReason, n uint64) {
	for _, s := range c.registered() {
		s.Lost(reason, n)
	}
}

// End ends all handles; nil is a regular close.
func (c *Conn) End(err error) {
	for _, s := range c.registered() {
		s.End(err)
	}
}

func (c *Conn) registered() []stream.Sink {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.sinks)
}
