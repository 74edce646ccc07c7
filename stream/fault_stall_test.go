package stream_test

import (
	"context"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
)

// stallConn is a client's connection whose peer stops taking or giving bytes. With hold it takes what is written when
// hold ends; bytes that were stalled never arrive.
type stallConn struct {
	net.Conn
	stallWrites, stallReads atomic.Bool
	hold                    atomic.Bool
	closed                  chan struct{}
	writeDeadline           atomic.Int64
	readDeadline            atomic.Int64
}

func newStallConn(c net.Conn) *stallConn { return &stallConn{Conn: c, closed: make(chan struct{})} }

func (c *stallConn) Write(b []byte) (int, error) {
	for c.hold.Load() {
		time.Sleep(10 * time.Millisecond)
	}
	if c.stallWrites.Load() {
		return 0, c.wait(&c.writeDeadline)
	}
	return c.Conn.Write(b)
}

func (c *stallConn) Read(b []byte) (int, error) {
	if c.stallReads.Load() {
		return 0, c.wait(&c.readDeadline)
	}
	n, err := c.Conn.Read(b)
	if c.stallReads.Load() { // it was under way
		return 0, c.wait(&c.readDeadline)
	}
	return n, err
}

// wait blocks until a deadline, which may move, has passed.
func (c *stallConn) wait(deadline *atomic.Int64) error {
	for {
		d := time.Second
		if at := deadline.Load(); at != 0 {
			d = time.Until(time.Unix(0, at))
		}
		if d <= 0 {
			return timeoutError{}
		}
		select {
		case <-time.After(min(d, 100*time.Millisecond)):
		case <-c.closed:
			return net.ErrClosed
		}
	}
}

func (c *stallConn) SetWriteDeadline(t time.Time) error {
	c.writeDeadline.Store(t.UnixNano())
	return c.Conn.SetWriteDeadline(t)
}

func (c *stallConn) SetReadDeadline(t time.Time) error {
	c.readDeadline.Store(t.UnixNano())
	return c.Conn.SetReadDeadline(t)
}

func (c *stallConn) Close() error {
	select {
	case <-c.closed:
	default:
		close(c.closed)
	}
	return c.Conn.Close()
}

type timeoutError struct{}

func (timeoutError) Error() string   { return "i/o timeout" }
func (timeoutError) Timeout() bool   { return true }
func (timeoutError) Temporary() bool { return true }

// stall makes a client whose connections can be stalled; conn is the newest one.
func (v *venue) stallClient(cfg stream.LinkConfig, opts ...stream.Option) (c *client, conn func() *stallConn) {
	var last atomic.Pointer[stallConn]
	opts = append(opts, stream.WithDialer(func(ctx context.Context, network, addr string) (net.Conn, error) {
		inner, err := v.dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		last.Store(newStallConn(inner))
		return last.Load(), nil
	}))
	return v.client(cfg, opts...), last.Load
}

func writeStall(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c, conn := v.stallClient(stream.LinkConfig{})
		conn().stallWrites.Store(true)
		start := time.Now()
		results := make(chan error, 3)
		for range 3 {
			go func() {
				_, err := c.Call(t.Context(), rpcSet, nil)
				results <- err
			}()
			synctest.Wait()
		}
		_, err := c.Call(t.Context(), rpcOrder, nil)
		require.ErrorIs(t, err, stream.ErrNotSent, "an order waits for no place in a queue")
		require.NotErrorIs(t, err, stream.ErrOutcomeUnknown)
		require.LessOrEqual(t, time.Since(start), stream.OrderHandoff)
		require.Equal(t, 3, c.Stats().PendingCalls, "the order is not one of them")

		var unknown, notSent int
		for range 3 {
			err := <-results
			switch {
			case strings.Contains(err.Error(), "outcome unknown"):
				require.ErrorIs(t, err, stream.ErrOutcomeUnknown)
				unknown++
			default:
				require.ErrorIs(t, err, stream.ErrNotSent)
				notSent++
			}
		}
		require.Equal(t, 1, unknown, "the one on the wire")
		require.Equal(t, 2, notSent, "those behind it")
		require.InDelta(t, stream.WriteTimeout.Seconds(), time.Since(start).Seconds(), 1)
		require.NoError(t, waitEpoch(t.Context(), c, 2))
		require.NoError(t, c.Close(t.Context()))
	})
}

// flood writes n pings, numbered, and gives up when nobody reads them any more.
func (p *peer) flood(n int) error {
	for i := range n {
		if err := p.WriteControl(websocket.PingMessage, []byte(strconv.Itoa(i)), time.Now().Add(time.Second)); err != nil {
			return err
		}
	}
	return nil
}

func pingFlood(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{})
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		var pongs []int
		p := v.peer()
		p.SetPongHandler(func(payload string) error {
			n, err := strconv.Atoi(payload)
			pongs = append(pongs, n)
			return err
		})
		const n = 20_000
		require.NoError(t, p.flood(n))
		p.tick("A", 1)
		ev, err := sub.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, 1, ev.Data.N)
		synctest.Wait()
		require.NotEmpty(t, pongs)
		require.LessOrEqual(t, len(pongs), n)
		require.IsIncreasing(t, pongs, "never an older one after a newer one")
		require.Equal(t, n-1, pongs[len(pongs)-1], "the newest is answered")
		require.NoError(t, c.Close(t.Context()))
	})
}

// While the writer is stuck in a write, pings pile up nowhere: one pong goes out when it is free.
func pongsOfAStall(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c, conn := v.stallClient(stream.LinkConfig{})
		var pongs []string
		p := v.peer()
		p.SetPongHandler(func(payload string) error {
			pongs = append(pongs, payload)
			return nil
		})
		conn().hold.Store(true)
		require.NoError(t, p.WriteControl(websocket.PingMessage, []byte("under way"), time.Now().Add(time.Second)))
		synctest.Wait()
		require.NoError(t, p.flood(1000))
		time.Sleep(time.Second)
		conn().hold.Store(false)
		time.Sleep(time.Second)
		synctest.Wait()
		require.Equal(t, []string{"under way", "999"}, pongs, "of the flood the newest alone")
		require.NoError(t, c.Close(t.Context()))
	})
}

func pingFloodWithAWriteStall(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c, conn := v.stallClient(stream.LinkConfig{})
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		p := v.peer()
		conn().stallWrites.Store(true)
		start := time.Now()
		require.NoError(t, p.flood(1000))
		p.tick("A", 1)
		_, err = sub.Next(t.Context())
		require.NoError(t, err, "the reader does not wait for the writer")
		time.Sleep(9 * time.Second)
		require.EqualValues(t, 1, c.Status().Epoch, "a second without a pong is no reason to end")
		require.Equal(t, stream.Ready, c.Status().State)
		for st := range c.Watch(t.Context()) {
			if st.State == stream.Waiting {
				require.ErrorContains(t, st.Err, "write")
				break
			}
		}
		require.InDelta(t, stream.WriteTimeout.Seconds(), time.Since(start).Seconds(), 1)
		require.NoError(t, waitEpoch(t.Context(), c, 2))
		require.NoError(t, c.Close(t.Context()))
	})
}
