package stream_test

import (
	"context"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

// cutOrders cuts the exchange of an order at every byte, on a wire whose calls are acknowledged before they are answered,
// and at every point of it for each order of each venue. Whatever happens, nothing is ever sent twice.
func cutOrders(t *testing.T) {
	t.Run("not ready", func(t *testing.T) { bubble(t, ordersDoNotWait) })
	t.Run("socket stalled", func(t *testing.T) { bubble(t, ordersDoNotQueue) })
	t.Run("each order of each venue", cutOrdersOfVenues)
	t.Run("names its cause", func(t *testing.T) { bubble(t, cutNamesItsCause) })
	t.Run("each byte to the venue", func(t *testing.T) { bubble(t, cutOnTheWay) })
	t.Run("each byte from the venue", func(t *testing.T) { bubble(t, cutOnTheWayBack) })
}

func cutNamesItsCause(t *testing.T, v *venue) {
	v.handle = func(p *peer, _ request) bool { return p.NetConn().Close() == nil }
	c := v.client(stream.LinkConfig{})
	_, err := c.Call(t.Context(), rpcOrder, nil)
	require.ErrorIs(t, err, stream.ErrOutcomeUnknown)
	var closed *stream.CloseError
	require.ErrorAs(t, err, &closed)
	require.Equal(t, 1006, closed.Code)
	require.NoError(t, c.Close(t.Context()))
}

func cutOnTheWay(t *testing.T, v *venue) {
	d := newOrderDesk(t, v)
	whole := d.order(never)
	require.NoError(t, whole.err)
	for n := range whole.out {
		got := d.order(exchange{cutOut: n, cutIn: -1})
		require.ErrorIs(t, got.err, stream.ErrOutcomeUnknown, "%d bytes were on the wire", n)
		require.Zero(t, got.read, "the venue cannot read it")
	}
	require.NoError(t, d.c.Close(t.Context()))
}

func cutOnTheWayBack(t *testing.T, v *venue) {
	d := newOrderDesk(t, v)
	whole := d.order(never)
	require.NoError(t, whole.err)
	for n := range whole.in + 1 {
		got := d.order(exchange{cutOut: -1, cutIn: n})
		require.Equal(t, 1, got.read)
		if n == whole.in {
			require.NoError(t, got.err, "the answer is whole")
		} else {
			require.ErrorIs(t, got.err, stream.ErrOutcomeUnknown, "cut behind %d bytes of the answer", n)
		}
	}
	require.NoError(t, d.c.Close(t.Context()))
}

func ordersDoNotWait(t *testing.T, v *venue) {
	ctx := t.Context()
	c := v.client(stream.LinkConfig{})
	v.set(func(v *venue) {
		v.onDial = func(context.Context, int) (net.Conn, error) {
			time.Sleep(5 * time.Second)
			return nil, nil
		}
	})
	_ = v.peer().NetConn().Close()
	synctest.Wait()

	start := time.Now()
	_, err := c.Call(ctx, rpcOrder, []byte(`{}`))
	require.ErrorIs(t, err, stream.ErrNotSent)
	require.NotErrorIs(t, err, stream.ErrOutcomeUnknown)
	require.Zero(t, time.Since(start), "an order does not wait for a connection")
	var call *stream.CallError
	require.ErrorAs(t, err, &call)
	require.Equal(t, "order", call.Method)
	require.False(t, call.Sent)

	_, err = c.Call(ctx, rpcGet, []byte(`{}`))
	require.NoError(t, err, "a read waits")
	require.GreaterOrEqual(t, time.Since(start), 5*time.Second)
	_, err = c.Call(ctx, rpcOrder, []byte(`{}`))
	require.NoError(t, err)
	require.Len(t, v.requests("order"), 1)
	require.NoError(t, c.Close(ctx))
}

// ordersDoNotQueue: the order fails at once, and is not among what the socket takes when it moves again.
func ordersDoNotQueue(t *testing.T, v *venue) {
	c, conn := v.stallClient(stream.LinkConfig{})
	conn().stallWrites.Store(true)
	go func() { _, _ = c.Call(t.Context(), rpcSet, nil) }()
	synctest.Wait()
	start := time.Now()
	_, err := c.Call(t.Context(), rpcOrder, nil)
	require.ErrorIs(t, err, stream.ErrNotSent)
	require.NotErrorIs(t, err, stream.ErrOutcomeUnknown)
	require.LessOrEqual(t, time.Since(start), stream.OrderHandoff)
	conn().stallWrites.Store(false)
	require.NoError(t, waitEpoch(t.Context(), c, 2))
	time.Sleep(time.Hour)
	require.Empty(t, v.requests("order"))
	require.NoError(t, c.Close(t.Context()))
}

// exchange says where an order is cut: behind so many bytes to the venue, or from it; a negative number is never.
type exchange struct{ cutOut, cutIn int }

var never = exchange{-1, -1}

// exchanged is how an order ended.
type exchanged struct {
	err     error
	out, in int // bytes to and from the venue
	read    int // by the venue, whole
}

// orderDesk sends orders whose connections can be cut.
type orderDesk struct {
	t     *testing.T
	v     *venue
	c     *client
	conns cutConns
}

// newOrderDesk has a venue that acknowledges orders before it answers them.
func newOrderDesk(t *testing.T, v *venue) *orderDesk {
	gated := testWire()
	gated.Gate = &protocol.Ack{
		On: []protocol.Match{{Conds: []protocol.Cond{{Path: protocol.Path{"gate"}, Values: []protocol.Value{{JSON: "true"}}}}}},
		Ok: isSuccess("true"), Refused: isSuccess("false"),
	}
	gated.Errors.Ok = nil
	gated.IDs.Max = 9 // all frames are of one length
	v.handle = func(p *peer, req request) bool {
		p.send(`{"method":"order","id":%d,"gate":true,"success":true}`, req.ID)
		p.send(`{"method":"order","id":%d,"success":true,"result":7}`, req.ID)
		return true
	}
	d := &orderDesk{t: t, v: v}
	d.c = v.client(stream.LinkConfig{Protocol: gated}, stream.WithDialer(func(ctx context.Context, network, addr string) (net.Conn, error) {
		return d.conns.add(v.dial(ctx, network, addr))
	}))
	return d
}

// order makes an order whose connection is cut, then waits for a minute of other sessions.
func (d *orderDesk) order(x exchange) (got exchanged) {
	before, epoch, conn := len(d.v.requests("order")), d.c.Status().Epoch, d.conns.last()
	conn.cutAfter(x)
	reply, err := d.c.Call(d.t.Context(), rpcOrder, []byte(`{"qty":1}`))
	got.err = err
	got.out, got.in = conn.passed()
	if err == nil {
		require.Contains(d.t, string(reply.Frames[0]), `"result":7`)
	} else {
		require.NotErrorIs(d.t, err, stream.ErrNotSent)
		var call *stream.CallError
		require.ErrorAs(d.t, err, &call)
		require.True(d.t, call.Sent)
	}
	if x != never {
		require.NoError(d.t, waitEpoch(d.t.Context(), d.c, epoch+1))
		time.Sleep(time.Minute + time.Second) // not when a ping is due, which would be cut in place of the order
	}
	got.read = len(d.v.requests("order")) - before
	require.LessOrEqual(d.t, got.read, 1)
	return got
}

// cutConns are the connections of a client, which can be cut behind any byte.
type cutConns struct {
	mu  sync.Mutex
	all []*cutConn
}

func (l *cutConns) add(c net.Conn, err error) (net.Conn, error) {
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, &cutConn{Conn: c})
	return l.all[len(l.all)-1], nil
}

func (l *cutConns) last() *cutConn {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all[len(l.all)-1]
}

// cutConn passes a number of bytes in each direction and is closed then.
type cutConn struct {
	net.Conn
	mu      sync.Mutex
	armed   bool
	left    exchange
	out, in int
}

func (c *cutConn) cutAfter(x exchange) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.armed, c.left = true, x
}

func (c *cutConn) passed() (out, in int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.out, c.in
}

// pass takes up to n bytes off what is left; it tells how many may go, and whether the connection ends with them.
func (c *cutConn) pass(n int, left, count *int) (may int, over bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.armed {
		return n, false
	}
	if *left >= 0 {
		n = min(n, *left)
		*left -= n
	}
	*count += n
	return n, *left == 0
}

func (c *cutConn) Write(b []byte) (int, error) {
	n, over := c.pass(len(b), &c.left.cutOut, &c.out)
	m, err := c.Conn.Write(b[:n])
	if over {
		_ = c.Conn.Close()
		if err == nil && m < len(b) {
			err = net.ErrClosed
		}
	}
	return m, err
}

func (c *cutConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	may, over := c.pass(n, &c.left.cutIn, &c.in)
	if over {
		_ = c.Conn.Close()
	}
	if may < n || may == 0 && err == nil {
		return may, net.ErrClosed
	}
	return may, err
}
