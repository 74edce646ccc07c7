package stream_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

// stallConn is a client's connection whose peer stops taking or giving bytes.
type stallConn struct {
	net.Conn
	stallWrites, stallReads atomic.Bool
	closed                  chan struct{}
	writeDeadline           atomic.Int64
	readDeadline            atomic.Int64
}

func newStallConn(c net.Conn) *stallConn { return &stallConn{Conn: c, closed: make(chan struct{})} }

func (c *stallConn) Write(b []byte) (int, error) {
	if c.stallWrites.Load() {
		return 0, c.wait(&c.writeDeadline)
	}
	return c.Conn.Write(b)
}

func (c *stallConn) Read(b []byte) (int, error) {
	if c.stallReads.Load() {
		return 0, c.wait(&c.readDeadline)
	}
	return c.Conn.Read(b)
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

func TestWriteStall(t *testing.T) {
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

func TestPingFloodWithAWriteStall(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c, conn := v.stallClient(stream.LinkConfig{})
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		p := v.peer()
		conn().stallWrites.Store(true)
		for i := range 1000 {
			require.NoError(t, p.WriteControl(websocket.PingMessage, []byte(fmt.Sprint(i)), time.Now().Add(time.Second)))
		}
		p.tick("A", 1)
		_, err = sub.Next(t.Context())
		require.NoError(t, err, "the reader does not wait for the writer")
		time.Sleep(5 * time.Second)
		require.EqualValues(t, 1, c.Status().Epoch)

		conn().stallWrites.Store(false)
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestPongsAreCoalesced(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{})
		var pongs []string
		p := v.peer()
		p.SetPongHandler(func(payload string) error {
			pongs = append(pongs, payload)
			return nil
		})
		require.NoError(t, p.WriteControl(websocket.PingMessage, []byte("a"), time.Now().Add(time.Second)))
		synctest.Wait()
		require.NoError(t, p.WriteControl(websocket.PingMessage, []byte("b"), time.Now().Add(time.Second)))
		synctest.Wait()
		require.Equal(t, []string{"a", "b"}, pongs)
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestHalfOpenConnection(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		w := testWire()
		w.Liveness = protocol.Liveness{Ping: true, Every: 20 * time.Second, Deadline: 10 * time.Second}
		c, conn := v.stallClient(stream.LinkConfig{Protocol: w})
		time.Sleep(10 * time.Minute)
		require.EqualValues(t, 1, c.Status().Epoch, "pongs keep a quiet market alive")
		start := time.Now()
		conn().stallReads.Store(true)
		for st := range c.Watch(t.Context()) {
			if st.State == stream.Waiting {
				require.ErrorIs(t, st.Err, stream.ErrSilent)
				break
			}
		}
		require.Less(t, time.Since(start), 55*time.Second, "one read may have been under way")
		require.NoError(t, waitEpoch(t.Context(), c, 2))
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestVenueClock(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		w := testWire()
		w.Liveness = protocol.Liveness{Events: []string{"Heartbeat"}, Deadline: 30 * time.Second}
		c := v.client(stream.LinkConfig{Protocol: w})
		for range 10 {
			time.Sleep(20 * time.Second)
			v.peer().send(`{"channel":"heartbeat"}`)
		}
		require.EqualValues(t, 1, c.Status().Epoch)
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		start := time.Now()
		for c.Status().Epoch == 1 && time.Since(start) < 2*time.Minute {
			v.peer().tick("A", 1) // other events do not wind it
			time.Sleep(time.Second)
		}
		require.InDelta(t, 30, time.Since(start).Seconds(), 2)
		require.Equal(t, stream.GapReconnect, lastGap(t, v, sub))
		require.NoError(t, c.Close(t.Context()))
	})
}

func lastGap(t *testing.T, v *venue, sub *stream.Sub[string, tick]) (reason stream.GapReason) {
	time.Sleep(time.Second)
	v.peer().tick("A", -1)
	for ev, err := range sub.Events(t.Context()) {
		require.NoError(t, err)
		if ev.Gap != nil {
			reason = ev.Gap.Reason
		}
		if ev.Data.N < 0 {
			break
		}
	}
	return reason
}

func TestPingCall(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		w := testWire()
		w.Liveness = protocol.Liveness{Events: []string{"Heartbeat"}, PingRPC: rpcPing, Every: 20 * time.Second, Deadline: 10 * time.Second}
		c := v.client(stream.LinkConfig{Protocol: w})
		time.Sleep(5*time.Minute + time.Second)
		require.EqualValues(t, 1, c.Status().Epoch, "its replies prove life")
		require.Len(t, v.requests("ping"), 15)
		v.set(func(v *venue) {
			v.handle = func(p *peer, _ request) bool { return p.n == 1 }
		})
		require.NoError(t, waitEpoch(t.Context(), c, 2))
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestReadLimit(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{}, stream.WithReadLimit(1000))
		big := `{"channel":"ticker","symbol":"` + strings.Repeat("A", 2000) + `"}`
		v.peer().send("%s", big)
		for st := range c.Watch(t.Context()) {
			if st.State == stream.Waiting {
				require.ErrorIs(t, st.Err, stream.ErrFrameTooBig)
				require.Equal(t, 250*time.Millisecond, time.Until(st.Until), "once is an accident")
				break
			}
		}
		require.NoError(t, waitEpoch(t.Context(), c, 2))
		v.peer().send("%s", big)
		for st := range c.Watch(t.Context()) {
			if st.State == stream.Waiting {
				require.GreaterOrEqual(t, time.Until(st.Until), time.Minute, "twice is a habit")
				break
			}
		}
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestBadFrames(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		var hook unknownHook
		c := v.client(stream.LinkConfig{}, stream.WithHooks(&hook))
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		p := v.peer()
		for _, frame := range []string{"", " ", "\x00", "{", "[1,2", `{"channel":5}`, "7", `{"channel":"news","password":"hush"}`, `{"method":"x","id":99}`} {
			p.send("%s", frame)
		}
		for i := range 100 {
			p.send(`{"channel":"news-%d"}`, i)
		}
		p.tick("A", 1)
		ev, err := sub.Next(t.Context())
		require.NoError(t, err, "the stream goes on")
		require.Equal(t, 1, ev.Data.N)
		st := c.Stats()
		require.EqualValues(t, 7, st.DecodeErrors)
		require.EqualValues(t, 1, st.StrayReplies)
		require.EqualValues(t, 1, st.Unknown["push news"])
		require.Len(t, c.Unknown(), 64)
		require.Equal(t, "push news-99", c.Unknown()[63].Kind)
		require.Len(t, hook.kinds, 101)
		require.Equal(t, 7, hook.bad)
		require.NotContains(t, hook.text, "hush")
		require.NoError(t, c.Close(t.Context()))
	})
}

type unknownHook struct {
	kinds []string
	bad   int
	text  string
}

func (h *unknownHook) OnUnknown(kind string, f stream.Frame) {
	h.kinds = append(h.kinds, kind)
	h.text += string(f.Bytes())
}

func (h *unknownHook) OnDecodeError(error, stream.Frame) { h.bad++ }

func TestTruncatedFrameIsNotDelivered(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{})
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		whole := `{"channel":"ticker","symbol":"A","n":7}`
		_, err = v.peer().NetConn().Write(append([]byte{0x81, byte(len(whole) + 5)}, whole...))
		require.NoError(t, err)
		_ = v.peer().NetConn().Close()
		require.NoError(t, waitEpoch(t.Context(), c, 2))
		v.peer().tick("A", 8)
		ev, err := sub.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, 8, ev.Data.N)
		require.Zero(t, c.Stats().DecodeErrors)
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestIllegalFramesEndTheSession(t *testing.T) {
	frames := map[string][]byte{
		"reserved bits":      {0xC1, 2, '{', '}'},
		"bad opcode":         {0x83, 0},
		"masked":             {0x81, 0x82, 1, 2, 3, 4, 'a', 'b'},
		"long control":       {0x89, 126, 0, 200},
		"fragmented ping":    {0x09, 0},
		"stray continuation": {0x80, 1, 'x'},
		"interleaved":        {0x01, 1, 'x', 0x81, 1, 'y'},
		"length 2^62":        {0x81, 127, 0x40, 0, 0, 0, 0, 0, 0, 0},
		"top bit":            {0x81, 127, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
		"close payload":      {0x88, 1, 3},
		"close code 1006":    {0x88, 2, 0x03, 0xEE},
	}
	for name, raw := range frames {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, v *venue) {
				c := v.client(stream.LinkConfig{})
				p := v.peer()
				go func() { _, _ = p.NetConn().Write(raw) }()
				require.NoError(t, waitEpoch(t.Context(), c, 2))
				require.NoError(t, c.Close(t.Context()))
			})
		})
	}
}

func TestReaderTakesAFrameInPieces(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{})
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		w, err := v.peer().NextWriter(websocket.TextMessage)
		require.NoError(t, err)
		pad := strings.Repeat(" ", 100_000)
		for _, piece := range []string{`{"channel":`, `"ticker",`, pad, `"symbol":"A",`, `"n":5}`} {
			_, err = io.WriteString(w, piece)
			require.NoError(t, err)
		}
		require.NoError(t, w.Close())
		ev, err := sub.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, 5, ev.Data.N)
		require.NoError(t, c.Close(t.Context()))
	})
}
