package stream_test

import (
	"context"
	"net"
	"os"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
)

// overTCP runs a test against a venue on the loopback interface, in real time. It wants no goroutine of a session
// left behind.
func overTCP(t *testing.T, test func(t *testing.T, v *venue, dial func(context.Context, string, string) (net.Conn, error))) {
	v := newVenue(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			select {
			case v.conns <- c:
			case <-v.closed:
				_ = c.Close()
			}
		}
	}()
	test(t, v, func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", l.Addr().String())
	})
	v.stop()
	stacks := make([]byte, 1<<20)
	require.NotContains(t, string(stacks[:runtime.Stack(stacks, true)]), "stream.(*session)")
}

// The kernel's reset destroys what was on its way.
func resetInAFrame(t *testing.T) {
	overTCP(t, func(t *testing.T, v *venue, dial func(context.Context, string, string) (net.Conn, error)) {
		live := make(liveItems, 100)
		c := v.client(stream.LinkConfig{}, stream.WithDialer(dial), stream.WithHooks(live), stream.WithRandom(func() float64 { return 0 }))
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		<-live
		for cut := range 10 {
			peers := v.all()
			tcp := peers[len(peers)-1].NetConn().(*net.TCPConn)
			_, err := tcp.Write([]byte("\x81\x40{\"channel\":\"ticker\"")[:cut+3])
			require.NoError(t, err)
			require.NoError(t, tcp.SetLinger(0))
			require.NoError(t, tcp.Close())
			require.NoError(t, waitEpoch(t.Context(), c, uint64(cut)+2))
			require.Equal(t, key("A"), <-live)
		}
		peers := v.all()
		peers[len(peers)-1].tick("A", 8)
		ev, err := sub.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, 8, ev.Data.N)
		require.Equal(t, stream.GapReconnect, ev.Gap.Reason)
		require.Zero(t, c.Stats().DecodeErrors)
		require.NoError(t, c.Close(t.Context()))
	})
}

// liveItems yields a value for each item that goes live.
type liveItems chan string

func (l liveItems) OnSubscription(i stream.SubscriptionInfo) {
	if i.Event == stream.ItemLive {
		l <- i.Key
	}
}

// countedConn tells when it is closed.
type countedConn struct {
	net.Conn
	open   *atomic.Int32
	closed atomic.Bool
}

func (c *countedConn) Close() error {
	if !c.closed.Swap(true) {
		c.open.Add(-1)
	}
	return c.Conn.Close()
}

// counted makes a dialer count the connections that are open.
func counted(open *atomic.Int32, dial func(context.Context, string, string) (net.Conn, error)) stream.Option {
	return stream.WithDialer(func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		open.Add(1)
		return &countedConn{Conn: conn, open: open}, nil
	})
}

// Nine dials of ten find no descriptor, and what the tenth opens does not get through the upgrade.
func noDescriptors(t *testing.T) {
	overTCP(t, func(t *testing.T, v *venue, dial func(context.Context, string, string) (net.Conn, error)) {
		var open, most atomic.Int32
		n := 0
		rarely := func(ctx context.Context, network, addr string) (net.Conn, error) {
			most.Store(max(most.Load(), open.Load()))
			if n++; n%10 != 0 {
				return nil, &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("socket", syscall.EMFILE)}
			}
			conn, err := dial(ctx, network, addr)
			if n < 50 && err == nil {
				err = conn.(*net.TCPConn).CloseWrite() // the venue sees no request, and hangs up
			}
			return conn, err
		}
		c := v.idleClient(stream.LinkConfig{}, stream.WithRetryFirst(), counted(&open, rarely), stream.WithRandom(func() float64 { return 0 }))
		require.NoError(t, c.Dial(t.Context()))
		require.Equal(t, 50, n)
		require.Zero(t, most.Load(), "connections that were open at a dial")
		require.EqualValues(t, 1, open.Load())
		_, err := c.Call(t.Context(), rpcGet, nil)
		require.NoError(t, err)
		require.NoError(t, c.Close(t.Context()))
		require.Zero(t, open.Load())
	})
	t.Run("for an hour", func(t *testing.T) {
		bubble(t, func(t *testing.T, v *venue) {
			at := v.dialTimes(func(n int) error {
				if n%100 != 1 {
					return syscall.EMFILE
				}
				return nil
			})
			var open atomic.Int32
			c := v.idleClient(stream.LinkConfig{}, counted(&open, v.dial), stream.WithRandom(seeded(65).Float64))
			require.NoError(t, c.Dial(t.Context()))
			_ = v.peer().NetConn().Close()
			time.Sleep(time.Hour)
			require.LessOrEqual(t, inAnyMinute(at()), 60)
			require.LessOrEqual(t, open.Load(), int32(1))
			require.NoError(t, c.Close(t.Context()))
			require.Zero(t, open.Load())
		})
	})
}
