package stream

import (
	"context"
	"errors"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/wire"
)

// ReadReply decodes a reply frame into v; a negative result is an error code that the decoder has recorded.
type ReadReply[T any] = func(v *T, d *wire.Decoder, frame []byte) int

// Do makes a call of which only the outcome matters.
func Do(ctx context.Context, conn Conn, rpc *protocol.RPC, body []byte) error {
	_, err := conn.Call(ctx, rpc, body)
	return err
}

// Raw makes a call and returns the whole reply frame, which the caller owns.
func Raw(ctx context.Context, conn Conn, rpc *protocol.RPC, body []byte) (wire.Raw, error) {
	reply, err := conn.Call(ctx, rpc, body)
	if err != nil || len(reply.Frames) == 0 {
		return nil, err
	}
	return reply.Frames[0], nil
}

// Invoke makes a call and decodes the result into v on the caller's goroutine. A reply that does not decode leaves the
// outcome of a write or an order unknown and says so.
//
//go:noinline // generated code has many calls of it
func Invoke(ctx context.Context, conn Conn, rpc *protocol.RPC, body []byte, v wire.Value) error {
	return invoke(ctx, conn, rpc, body, func(d *wire.Decoder, frame []byte) int { return rpc.DecodeResult(d, frame, v) })
}

// InvokeValue is Invoke for replies that need a reader of their own.
func InvokeValue[T any](ctx context.Context, conn Conn, rpc *protocol.RPC, body []byte, read ReadReply[T]) (v T, err error) {
	err = invoke(ctx, conn, rpc, body, func(d *wire.Decoder, frame []byte) int { return read(&v, d, frame) })
	if err != nil {
		var zero T
		return zero, err
	}
	return v, nil
}

// InvokeAll is Invoke for calls that get a reply for each item. Replies that came are returned along with an error.
func InvokeAll[T any](ctx context.Context, conn Conn, rpc *protocol.RPC, body []byte, read ReadReply[T]) ([]T, error) {
	reply, err := conn.Call(ctx, rpc, body)
	out := make([]T, 0, len(reply.Frames))
	for _, frame := range reply.Frames {
		var v T
		bad := decodeReply(conn, rpc, frame, func(d *wire.Decoder, frame []byte) int { return read(&v, d, frame) })
		if bad != nil {
			err = errors.Join(err, bad)
			continue
		}
		out = append(out, v)
	}
	return out, err
}

// invoke makes a call and decodes the first reply frame, if there is one.
func invoke(ctx context.Context, conn Conn, rpc *protocol.RPC, body []byte, read readFrame) error {
	reply, err := conn.Call(ctx, rpc, body)
	if err != nil || len(reply.Frames) == 0 {
		return err
	}
	return decodeReply(conn, rpc, reply.Frames[0], read)
}

type readFrame func(d *wire.Decoder, frame []byte) int

func decodeReply(conn Conn, rpc *protocol.RPC, frame []byte, read readFrame) error {
	d := wire.Decoder{Drift: driftOf(conn)}
	if code := read(&d, frame); code >= 0 {
		return nil
	}
	return undecodable(rpc, d.Err(rpc.Name))
}

// undecodable says what a reply that does not decode means: what was asked may have been done.
func undecodable(rpc *protocol.RPC, cause error) error {
	if rpc.Effect == protocol.Read {
		return &CallError{Method: rpc.Name, Version: rpc.Version, Sent: true, Err: &ProtocolError{Method: rpc.Name, Reason: cause.Error()}}
	}
	return &CallError{Method: rpc.Name, Version: rpc.Version, Sent: true, Err: errBoth(ErrOutcomeUnknown, cause)}
}

// Unsent is the error of a call whose request is known to be wrong: nothing was sent.
func Unsent(rpc *protocol.RPC, cause error) error {
	return &CallError{Method: rpc.Name, Version: rpc.Version, Err: errBoth(ErrNotSent, cause)}
}

// Detail decodes what a venue says with a refusal that matches code; it reports false for other errors and for
// details of another shape.
func Detail(err error, code *protocol.ErrorCode, read func(d *wire.Decoder, b []byte, at int) int) bool {
	var refused *VenueError
	if !errors.Is(err, code) || !errors.As(err, &refused) || len(refused.Detail) == 0 {
		return false
	}
	var d wire.Decoder
	return read(&d, refused.Detail, 0) >= 0
}

func driftOf(conn Conn) *wire.Drift {
	if c, ok := findIn[interface{ Drift() *wire.Drift }](conn); ok {
		return c.Drift()
	}
	return nil
}

// ServerTime tells the transport the venue's clock.
func ServerTime(conn Conn, t time.Time) {
	if c, ok := findIn[interface{ SetServerTime(time.Time) }](conn); ok {
		c.SetServerTime(t)
	}
}

// AlsoAnswer marks an event that was delivered as one that may answer a request too; an error stays.
func AlsoAnswer(err error) error {
	if err != nil {
		return err
	}
	return ErrDelivered
}
