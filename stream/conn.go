package stream

import (
	"context"
	"errors"

	"github.com/venuewire/venuewire/stream/protocol"
)

// Conn is all that generated code asks of a transport. Middleware, recorders and fakes implement it too.
type Conn interface {
	// Call sends one call and returns its reply frames: whole frames that the caller owns. There is one, or one
	// for each item with RPC.Per; none with protocol.ReplyNone; the gate's frame with protocol.ReplyAck.
	Call(ctx context.Context, rpc *protocol.RPC, body []byte) (Reply, error)
	// Subscribe returns when every item is confirmed, or with a *SubscribeError that names those that are not;
	// the others are then live. Items are counted: one that is wanted twice is on the wire once.
	Subscribe(ctx context.Context, feed *protocol.Feed, items []Item) error
	// Unsubscribe gives items back; the last one to go is cancelled at the venue.
	Unsubscribe(ctx context.Context, feed *protocol.Feed, items []Item) error
}

// Reply is what a call got.
type Reply struct {
	Frames [][]byte
}

// Item is one subscribed thing as the wire spells it. Both members are JSON objects, or empty for none: Key holds
// the route fields, which identify it, and Params what two subscribers of one key may differ in.
type Item struct {
	Key, Params string
}

// Inbound is all that a transport asks of generated code.
type Inbound interface {
	// Frame delivers the events it knows and hands every other element (reply, acknowledgement, status, unknown;
	// err nil) and every bad one (err set) to rest. It runs on the reading goroutine; b is borrowed.
	Frame(b []byte, m Meta, rest func(elem []byte, err error))
}

// ErrDelivered is the mark that generated code hands to rest with an element that it has delivered as an event and that
// may answer a request as well: it is neither unknown nor bad.
var ErrDelivered = errors.New("stream: the element was delivered as an event")

// Registrar is a Conn that tells topics what happens to the session.
type Registrar interface {
	Register(Sink)
}

// Sink is told what happens to the session. Its methods may be called from any goroutine.
type Sink interface {
	// Lost reports that every handle may have missed n events; 0 is an unknown number.
	Lost(reason GapReason, n uint64)
	// End ends every handle. A nil error is a regular close.
	End(err error)
}
