package stream_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/ibkr/ibkrtest"
	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/iqoption/iqoptiontest"
	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/krakentest"
	"github.com/venuewire/venuewire/kraken/krakenv1"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// broker is a fake that takes orders, and a client of it.
type broker struct {
	*streamtest.Server
	t      *testing.T
	conns  cutConns
	c      brokerClient
	more   []stream.Option // of the client
	seen   lockedBuffer    // what the client showed
	known  []string        // secrets that are in no frame
	onCall func(name string, fn func(*streamtest.Call))
}

type brokerClient interface {
	stream.Conn
	WaitReady(context.Context) error
	Status() stream.Status
	Close(context.Context) error
}

// options make each connection one that can be cut, and the waits between them short.
func (b *broker) options(opts []stream.Option) []stream.Option {
	return append(append(opts, b.more...), stream.WithRandom(func() float64 { return 0 }), stream.WithDialer(
		func(ctx context.Context, network, addr string) (net.Conn, error) {
			return b.conns.add(b.Dial(ctx, network, addr))
		}))
}

// brokers are the venues that take orders; start returns what closes the fake.
var brokers = map[string]struct {
	wire  *protocol.Protocol
	start func(b *broker) (c brokerClient, closeServer func(), err error)
}{
	"iqoption": {iqoption.Protocol(), func(b *broker) (brokerClient, func(), error) {
		s := iqoptiontest.New()
		b.Server, b.onCall = s.Server, s.OnCall
		c, err := iqoption.Dial(b.t.Context(), iqoption.StaticSSID(stream.NewSecret(s.NewSSID())), b.options(s.Options())...)
		return c, s.Close, err
	}},
	"ibkr": {ibkr.Protocol(), func(b *broker) (brokerClient, func(), error) {
		s := ibkrtest.New()
		b.Server, b.onCall, b.known = s.Server, s.OnCall, []string{s.SessionValue().Reveal()}
		c, err := ibkr.Dial(b.t.Context(), b.options(s.Options())...)
		return c, s.Close, err
	}},
	"kraken": {kraken.Protocol(), func(b *broker) (brokerClient, func(), error) {
		s := krakentest.New(krakentest.WithTick(0))
		b.Server, b.onCall = s.Server, s.OnCall
		c, err := kraken.DialPrivate(b.t.Context(), s.TokenSource(), b.options(s.Options())...)
		return c, s.Close, err
	}},
	"krakenv1": {krakenv1.Protocol(), func(b *broker) (brokerClient, func(), error) {
		s := krakentest.NewV1(krakentest.WithTick(0))
		b.Server, b.onCall = s.Server, s.OnCall
		c, err := krakenv1.DialPrivate(b.t.Context(), s.TokenSource(), b.options(s.Options())...)
		return c, s.Close, err
	}},
}

// cutOrdersOfVenues cuts the exchange of every order that the wires of the venues list.
func cutOrdersOfVenues(t *testing.T) {
	for name, v := range brokers {
		t.Run(name, func(t *testing.T) {
			orders := 0
			for _, rpc := range v.wire.RPCs {
				if rpc.Effect != protocol.Order {
					continue
				}
				orders++
				t.Run(rpc.Name+" "+rpc.Version, func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						b := &broker{t: t}
						c, closeServer, err := v.start(b)
						defer closeServer()
						require.NoError(t, err)
						b.c = c
						defer func() { require.NoError(t, c.Close(context.Background())) }()
						for _, cut := range orderCuts {
							b.cut(rpc, cut)
						}
					})
				})
			}
			require.NotZero(t, orders)
		})
	}
}

// orderCut is a place in the exchange of an order where the connection is lost.
type orderCut struct {
	name   string
	before func(b *broker)
	answer func(b *broker, call *streamtest.Call)
	behind orderPoint
}

// orderPoint is how far an order came.
type orderPoint int

const (
	unsent orderPoint = iota
	handed            // the socket has bytes of it
	written
	acknowledged
)

// outcome is how a call ends that was cut behind a point.
func (at orderPoint) outcome(rpc *protocol.RPC) error {
	switch {
	case at == unsent:
		return stream.ErrNotSent
	case at >= written && rpc.Reply == protocol.ReplyNone, at >= acknowledged && rpc.Reply == protocol.ReplyAck:
		return nil // nothing more was to come
	}
	return stream.ErrOutcomeUnknown
}

var orderCuts = []orderCut{
	{"before the write", func(b *broker) {
		b.Fault(streamtest.RefuseDials(streamtest.All))
		b.Fault(streamtest.Drop())
		synctest.Wait()
	}, nil, unsent},
	{"at the first byte", func(b *broker) { b.conns.last().cutAfter(exchange{cutOut: 0, cutIn: -1}) }, nil, handed},
	{"in the write", func(b *broker) { b.conns.last().cutAfter(exchange{cutOut: 20, cutIn: -1}) }, nil, handed},
	{"behind the write", nil, func(b *broker, call *streamtest.Call) { call.Session.Drop() }, written},
	{"behind the acknowledgement", nil, func(b *broker, call *streamtest.Call) {
		call.Accept()
		time.Sleep(time.Millisecond) // it is on the way
		call.Session.Drop()
	}, acknowledged},
	{"in the reply", nil, func(b *broker, call *streamtest.Call) {
		call.Accept()
		call.Session.PushRaw([]byte{0x81, 100, '{', '"'})
		time.Sleep(time.Millisecond)
		call.Session.Drop()
	}, acknowledged},
}

func (b *broker) cut(rpc *protocol.RPC, cut orderCut) {
	time.Sleep(1100 * time.Millisecond) // nothing else is due now, which would be cut in place of the order
	before, epoch := b.copies(rpc), b.c.Status().Epoch
	if cut.answer != nil {
		b.onCall(rpc.Name, func(call *streamtest.Call) { cut.answer(b, call) })
	}
	if cut.before != nil {
		cut.before(b)
	}
	start := time.Now()
	_, err := b.c.Call(b.t.Context(), rpc, []byte(`{}`))
	want := cut.behind.outcome(rpc)
	require.ErrorIs(b.t, err, want, cut.name)
	require.Equal(b.t, want == stream.ErrNotSent, errors.Is(err, stream.ErrNotSent), "%s: %v", cut.name, err)
	require.Less(b.t, time.Since(start), time.Second)
	b.Fault(streamtest.Heal())
	for b.c.Status().Epoch == epoch || b.c.WaitReady(b.t.Context()) != nil {
		time.Sleep(100 * time.Millisecond)
	}
	time.Sleep(5 * time.Second)
	copies := b.copies(rpc) - before
	require.LessOrEqual(b.t, copies, 1, cut.name)
	require.Equal(b.t, cut.behind >= written, copies == 1, cut.name)
}

// copies counts the frames of an order that the venue has read.
func (b *broker) copies(rpc *protocol.RPC) (n int) {
	for _, f := range b.Frames() {
		if f.Sent {
			continue
		}
		if got, ok := b.Protocol().ParseClient(f.Data); ok && got.Kind == protocol.FrameCall && got.Name == rpc.Name {
			n++
		}
	}
	return n
}
