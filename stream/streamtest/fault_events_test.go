package streamtest_test

import (
	"net/http"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream/streamtest"
)

func TestDelayedEvents(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		quick(s)
		c := dial(t, s)
		require.NoError(t, s.WaitSessions(t.Context(), 1))
		s.Fault(streamtest.DelayEvents(3 * time.Second))
		start := time.Now()
		s.Push("a")
		time.Sleep(time.Second)
		s.Push("b")
		ask(c, 1)
		require.Equal(t, "1", c.read(), "a reply overtakes")
		require.Equal(t, time.Second, time.Since(start))
		require.Equal(t, "a", c.read())
		require.Equal(t, 3*time.Second, time.Since(start))
		s.Push("c")
		require.Equal(t, "b", c.read())
		require.Equal(t, 4*time.Second, time.Since(start))
		s.Push("d")
		s.Fault(streamtest.Heal())
		s.Push("e")
		require.Equal(t, []string{"c", "d", "e"}, []string{c.read(), c.read(), c.read()}, "late ones come first")
		require.Equal(t, 4*time.Second, time.Since(start))
		s.Fault(streamtest.DelayEvents(10 * time.Second))
		s.Push("f")
		require.Equal(t, "f", c.read())
		require.Equal(t, 14*time.Second, time.Since(start), "timers of before the heal release nothing")
	})
}

// A delay that gets shorter does not let events overtake each other: they are on one connection.
func TestDelaysKeepTheOrder(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		c := dial(t, s)
		require.NoError(t, s.WaitSessions(t.Context(), 1))
		start := time.Now()
		s.Fault(streamtest.DelayEvents(time.Minute))
		s.Push("a")
		s.Fault(streamtest.DelayEvents(time.Second))
		s.Push("b")
		require.Equal(t, []string{"a", "b"}, []string{c.read(), c.read()})
		require.Equal(t, time.Second, time.Since(start))
	})
}

func TestReorderedAndRepeatedEvents(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		quick(s)
		c := dial(t, s)
		require.NoError(t, s.WaitSessions(t.Context(), 1))
		s.Fault(streamtest.ReorderEvents(3))
		for _, e := range []string{"a", "b", "c", "d"} {
			s.Push(e)
		}
		require.Equal(t, []string{"c", "b", "a"}, []string{c.read(), c.read(), c.read()})
		ask(c, 1)
		require.Equal(t, "1", c.read(), "replies are another lane")
		s.Fault(streamtest.Heal())
		require.Equal(t, "d", c.read())

		s.Fault(streamtest.DuplicateEvents(1))
		s.Push("e")
		s.Push("f")
		s.Sessions()[0].PushBinary([]byte("g"))
		require.Equal(t, []string{"e", "e", "f", "g"}, []string{c.read(), c.read(), c.read(), c.read()})
	})
}

func TestReset(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		c := dial(t, s)
		require.NoError(t, s.WaitSessions(t.Context(), 1))
		session := s.Sessions()[0]
		s.Push("nobody reads it")
		synctest.Wait()
		s.Fault(streamtest.Reset())
		require.ErrorIs(t, c.fails(), syscall.ECONNRESET)
		require.ErrorIs(t, c.ws.WriteMessage(websocket.TextMessage, []byte("x")), syscall.ECONNRESET)
		require.NoError(t, session.WaitEnd(t.Context()))
		require.Equal(t, "reset", streamtest.Reset().String())
	})
}

func TestResetOnLoopback(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]streamtest.ServerOption{
		"tcp": {streamtest.OnLoopback()},
		"tls": {streamtest.OnLoopback(), streamtest.WithTLS()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := streamtest.NewServer(envelope(), opts...)
			defer s.Close()
			c := dial(t, s)
			require.NoError(t, s.WaitSessions(t.Context(), 1))
			s.Fault(streamtest.Reset())
			require.ErrorIs(t, c.fails(), syscall.ECONNRESET)
		})
	}
}

func TestSlowLoris(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		require.Equal(t, "slow loris", streamtest.SlowLoris(time.Second).String())
		c := dial(t, s)
		require.NoError(t, s.WaitSessions(t.Context(), 1))
		s.Fault(streamtest.SlowLoris(time.Second))
		start := time.Now()
		s.Push("12345678")
		require.Equal(t, "12345678", c.read())
		require.Equal(t, (2+8)*time.Second, time.Since(start), "two bytes of header and the payload")

		d := dialer(s)
		d.HandshakeTimeout = 45 * time.Second
		start = time.Now()
		_, _, err := d.DialContext(t.Context(), s.URL(), nil)
		require.Error(t, err, "the answer has more than 45 bytes")
		require.Equal(t, 45*time.Second, time.Since(start))

		time.AfterFunc(5*time.Second, func() { s.Fault(streamtest.Heal()) })
		start = time.Now()
		_, res, err := dialer(s).DialContext(t.Context(), s.URL(), nil)
		require.NoError(t, err)
		require.Equal(t, http.StatusSwitchingProtocols, res.StatusCode)
		require.Equal(t, 5*time.Second, time.Since(start), "what is left comes at once")
	})
}

func TestSlowLorisOnLoopback(t *testing.T) {
	t.Parallel()
	s := streamtest.NewServer(envelope(), streamtest.OnLoopback())
	defer s.Close()
	c := dial(t, s)
	require.NoError(t, s.WaitSessions(t.Context(), 1))
	s.Fault(streamtest.SlowLoris(time.Millisecond))
	start := time.Now()
	s.Push("123456")
	require.Equal(t, "123456", c.read())
	require.GreaterOrEqual(t, time.Since(start), 8*time.Millisecond)
}

func TestStall(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		quick(s)
		c := dial(t, s)
		require.NoError(t, s.WaitSessions(t.Context(), 1))
		s.Fault(streamtest.Stall())
		s.Push("late")
		ask(c, 1)
		synctest.Wait()
		require.Empty(t, s.Calls())
		time.AfterFunc(time.Hour, func() { s.Fault(streamtest.Heal()) })
		start := time.Now()
		require.Equal(t, []string{"late", "1"}, []string{c.read(), c.read()})
		require.Equal(t, time.Hour, time.Since(start))
	})
}

// What a fault holds back is no reason for a server not to close.
func TestCloseEndsFaults(t *testing.T) {
	for name, f := range map[string]streamtest.Fault{
		"stall": streamtest.Stall(), "slow loris": streamtest.SlowLoris(time.Hour), "delay": streamtest.DelayEvents(time.Hour),
		"reorder": streamtest.ReorderEvents(5), "mute": streamtest.Mute(),
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
				dial(t, s)
				require.NoError(t, s.WaitSessions(t.Context(), 1))
				s.Fault(f)
				s.Push("x")
				synctest.Wait()
				start := time.Now()
				s.Close()
				require.Zero(t, time.Since(start))
			})
		})
	}
}

// Nothing waits for a client that is gone: who sends as fast as clients read would wait for ever.
func TestQueueOfAnEndedSession(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		dial(t, s)
		require.NoError(t, s.WaitSessions(t.Context(), 1))
		session := s.Sessions()[0]
		s.Fault(streamtest.StallWrites())
		for range 3 {
			session.Push("x")
		}
		synctest.Wait()
		require.Equal(t, 2, session.Queued(), "one is being written")
		session.Drop()
		require.NoError(t, session.WaitEnd(t.Context()))
		require.Zero(t, session.Queued())
	})
}
