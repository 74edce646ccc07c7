package polygon

import (
	"bytes"
	"context"
	"errors"
	"sync/atomic"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/wire"
)

// Message is one element of a frame as the venue sent it: an event or a status.
type Message struct {
	Bytes []byte // a JSON object
}

// Ev is the kind of the message: "T", "XQ", "status"; "" if it has none.
func (m *Message) Ev() string {
	var d wire.Decoder
	ev, next := d.Text(m.Bytes, max(wire.Lookup(m.Bytes, 0, "ev"), 0))
	if next < 0 {
		return ""
	}
	return string(ev)
}

// String returns the bytes.
func (m Message) String() string { return string(m.Bytes) }

// messageBuffer is the queue of a handle that chose none, as the specs have it for events.
const messageBuffer = 8192

// copyMessage is what makes a queued message the receiver's own.
func copyMessage(src, dst *Message, _ *wire.Copies) { dst.Bytes = bytes.Clone(src.Bytes) }

// Messages hands out the bytes of every element that comes in, status events included, in the order of the wire. Nothing
// is sent: it shows what is subscribed by other means. The queue, its policy and gaps are those of every handle.
func (c *client) Messages(opts ...stream.Option) (*stream.Stream[Message], error) {
	c.tapped.Store(true)
	return stream.Listen(context.Background(), &c.messages, "", stream.Kind[Message]{Clone: copyMessage}, opts)
}

// DirectMessages is Messages without a queue: fn runs on the reading goroutine and borrows the bytes until it returns. It
// must not block and must not call the client.
func (c *client) DirectMessages(fn func(*Message, stream.Meta), opts ...stream.Option) (*stream.Stream[Message], error) {
	c.tapped.Store(true)
	return stream.ListenDirect(context.Background(), &c.messages, "", fn, opts)
}

func (c *client) deliver(elem []byte, m *stream.Meta) {
	c.message.Bytes = elem
	stream.SetElement(m, elem)
	c.messages.Deliver(&c.message, m)
}

// Handlers are the functions of a callback client, for [WithHandlers]. Each may be nil.
type Handlers struct {
	// Message is called for every element that comes in, status events included, on a goroutine of its own. It may
	// block: what comes faster than it works is queued, and the oldest is dropped when the queue is full.
	Message func(ctx context.Context, m Message)
	// Error is told of every session that was lost (the client dials again), every element that could not be decoded,
	// and every subscription that failed. It must not block and must not call the client.
	Error func(err error)
	// Close is called once, when the client has ended for good: with nil after Close, else with the reason. It must not
	// block and must not call the client.
	Close func(err error)
}

// listen starts the message handler, before the first frame comes.
func (c *client) listen() error {
	fn := c.cfg.handlers.Message
	if fn == nil {
		return nil
	}
	sub, err := c.Messages()
	if err != nil {
		return err
	}
	sub.Handle(context.Background(), func(ctx context.Context, ev stream.Event[Message]) { fn(ctx, ev.Data) })
	return nil
}

// handlerHooks turns what hooks are told into calls of handlers.
type handlerHooks struct {
	Handlers
	closing atomic.Bool // the user closes the client: the end of the session is no error
}

// OnDisconnect implements stream.HookDisconnect.
func (h *handlerHooks) OnDisconnect(_ uint64, err error) {
	if !h.closing.Load() && !errors.Is(err, stream.ErrClosed) {
		h.fail(err)
	}
}

// OnDecodeError implements stream.HookDecodeError.
func (h *handlerHooks) OnDecodeError(err error, _ stream.Frame) { h.fail(err) }

// OnSubscription implements stream.HookSubscription.
func (h *handlerHooks) OnSubscription(i stream.SubscriptionInfo) {
	if i.Event == stream.ItemFailed {
		h.fail(&stream.SubscribeError{Feed: i.Feed, Items: map[string]error{i.Key: i.Err}})
	}
}

// OnState implements stream.HookState.
func (h *handlerHooks) OnState(st stream.Status) {
	switch {
	case st.State == stream.Closing:
		h.closing.Store(true)
	case st.State == stream.Closed && h.Close != nil:
		h.Close(st.Err)
	}
}

func (h *handlerHooks) fail(err error) {
	if h.Error != nil {
		h.Error(err)
	}
}
