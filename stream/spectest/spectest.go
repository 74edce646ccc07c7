// Package spectest is what generated tests call: it proves that the examples of a venue's specs fit the code that was
// generated from them, and gives fuzz targets their loop.
package spectest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/wire"
	"github.com/venuewire/venuewire/wire/wiretest"
)

// Case is one example of a spec.
type Case struct {
	Entry string // wire name, or the Go name of an event
	Name  string
	Kind  string // captured documented reconstructed abridged
	RPC   *protocol.RPC
	Feed  *protocol.Feed
	Reply Reply // decodes a reply of RPC; nil when nothing is decoded
	Event bool  // received frames are events
	Steps []Step
}

// Step is one frame of an example, sent or received.
type Step struct{ Send, Recv string }

// Reply decodes a reply frame and returns a code.
type Reply func(d *wire.Decoder, frame []byte) int

// ReplyOf makes a Reply of a generated reader.
func ReplyOf[T any](read func(v *T, d *wire.Decoder, frame []byte) int) Reply {
	return func(d *wire.Decoder, frame []byte) int { return read(new(T), d, frame) }
}

// ResultOf makes a Reply of the type of a result.
func ResultOf[T any](rpc *protocol.RPC) Reply {
	return func(d *wire.Decoder, frame []byte) int { return rpc.DecodeResult(d, frame, valueOf(new(T))) }
}

// valueOf makes a value of what a generated type is: one that reads itself or one that lists its members.
func valueOf(v any) wire.Value {
	if self, ok := v.(wire.Value); ok {
		return self
	}
	return wire.ValueOf(v.(wire.Object))
}

// Conn is a transport that does nothing, for code that only needs one to be there.
type Conn struct{}

// Call returns an empty reply.
func (Conn) Call(context.Context, *protocol.RPC, []byte) (stream.Reply, error) {
	return stream.Reply{}, nil
}

// Subscribe confirms everything.
func (Conn) Subscribe(context.Context, *protocol.Feed, []stream.Item) error { return nil }

// Unsubscribe confirms everything.
func (Conn) Unsubscribe(context.Context, *protocol.Feed, []stream.Item) error { return nil }

// Run checks every step of every case: sent frames are what the templates write, received ones are recognised and
// decode with no undeclared member and, unless the example is abridged, none missing.
func Run(t *testing.T, p *protocol.Protocol, inbound func(*wire.Drift) stream.Inbound, cases []Case) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.Entry+"/"+c.Name, func(t *testing.T) {
			for n, s := range c.Steps {
				if s.Send != "" {
					c.sent(t, p, s.Send)
					continue
				}
				c.received(t, p, inbound, n, s.Recv)
			}
		})
	}
}

func (c *Case) sent(t *testing.T, p *protocol.Protocol, frame string) {
	t.Helper()
	got, ok := p.ParseClient([]byte(frame))
	require.Truef(t, ok, "no template writes %s", frame)
	if c.RPC != nil {
		require.Equal(t, c.RPC.Name, got.Name, "the frame is another call's")
	}
	if c.Feed != nil {
		require.Equal(t, c.Feed.Name, got.Name, "the frame is another feed's")
	}
}

func (c *Case) received(t *testing.T, p *protocol.Protocol, inbound func(*wire.Drift) stream.Inbound, n int, frame string) {
	t.Helper()
	drift := new(wire.Drift)
	switch {
	case c.Event:
		in := inbound(drift)
		in.Frame([]byte(frame), stream.Meta{}, func(elem []byte, err error) {
			if errors.Is(err, stream.ErrDelivered) {
				return
			}
			require.NoErrorf(t, err, "step %d", n)
			require.Failf(t, "not recognised", "step %d: no event takes %s", n, elem)
		})
	case c.RPC != nil:
		c.reply(t, p, drift, []byte(frame))
	case c.Feed != nil:
		c.acks(t, p, []byte(frame))
	}
	c.noDrift(t, drift, n)
}

// acks checks the elements of a frame that answers a subscribe: one at least confirms or refuses.
func (c *Case) acks(t *testing.T, p *protocol.Protocol, frame []byte) {
	t.Helper()
	decided := false
	judge := func(elem []byte) bool {
		outcome, _ := p.AckOutcome(&c.Feed.Ack, elem)
		decided = decided || outcome != protocol.Undecided
		return true
	}
	if class, _ := p.Classify(frame); class != nil && class.Form == protocol.Array {
		require.NoError(t, p.Elements(class, frame, judge))
	} else {
		judge(frame)
	}
	require.True(t, decided, "neither confirms nor refuses")
}

func (c *Case) reply(t *testing.T, p *protocol.Protocol, drift *wire.Drift, frame []byte) {
	t.Helper()
	class, _ := p.Classify(frame)
	if class != nil && class.Form == protocol.Array {
		err := p.Elements(class, frame, func(elem []byte) bool {
			c.reply(t, p, drift, elem)
			return true
		})
		require.NoError(t, err)
		return
	}
	if p.Gate != nil && p.IsGate(c.RPC, class, frame) {
		outcome, _ := p.GateOutcome(frame)
		require.NotEqual(t, protocol.Undecided, outcome, "neither accepts nor refuses the call")
		return
	}
	outcome, _ := p.ReplyOutcome(c.RPC, frame)
	require.NotEqual(t, protocol.Undecided, outcome, "neither a result nor a refusal")
	if outcome == protocol.Refused || c.Reply == nil {
		return
	}
	d := wire.Decoder{Drift: drift}
	if code := c.Reply(&d, frame); code < 0 {
		require.NoError(t, d.Err(c.Entry))
		require.Fail(t, wire.CodeText(code))
	}
}

// noDrift fails on anything that the specs do not say.
func (c *Case) noDrift(t *testing.T, drift *wire.Drift, n int) {
	t.Helper()
	for _, row := range drift.Snapshot() {
		if row.Kind == wire.DriftUnknownEnum || row.Kind == wire.DriftMissing && c.Kind == "abridged" {
			continue
		}
		require.Failf(t, "drift", "step %d: %v %s %s", n, row.Kind, row.Type, row.Name)
	}
}

// Sample is a type and values of it from the specs' examples.
type Sample struct {
	Codec wiretest.Codec
	Texts []string
}

// Exercise puts every sample through what decoders must stand.
func Exercise(t *testing.T, samples []Sample) {
	for _, s := range samples {
		t.Run(s.Codec.Name, func(t *testing.T) {
			t.Parallel()
			wiretest.Exercise(t, s.Codec, s.Texts...)
		})
	}
}

// String names a case in messages.
func (c *Case) String() string { return fmt.Sprintf("%s/%s", c.Entry, c.Name) }
