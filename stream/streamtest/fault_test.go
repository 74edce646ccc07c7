package streamtest_test

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream/streamtest"
)

func TestRefusedDials(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		s.Fault(streamtest.RefuseDials(2))
		for range 2 {
			_, _, err := dialer(s).DialContext(t.Context(), s.URL(), nil)
			require.ErrorIs(t, err, syscall.ECONNREFUSED)
		}
		dial(t, s)
		s.Fault(streamtest.RefuseDials(streamtest.All))
		for range 3 {
			_, err := s.Dial(t.Context(), "tcp", "x:1")
			require.ErrorIs(t, err, syscall.ECONNREFUSED)
		}
		s.Fault(streamtest.Heal())
		dial(t, s)
	})
}

func TestRefusedDialsByAddress(t *testing.T) {
	t.Parallel()
	s := streamtest.NewServer(envelope(), streamtest.OnLoopback())
	defer s.Close()
	s.Fault(streamtest.RefuseDials(1))
	_, _, err := new(websocket.Dialer).DialContext(t.Context(), s.URL(), nil)
	require.Error(t, err)
	ws, _, err := new(websocket.Dialer).DialContext(t.Context(), s.URL(), nil)
	require.NoError(t, err)
	require.NoError(t, ws.Close())
}

func TestRefusedUpgrades(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		s.Fault(streamtest.RefuseUpgrades(http.StatusTooManyRequests, 1))
		_, res, err := dialer(s).DialContext(t.Context(), s.URL(), nil)
		require.ErrorIs(t, err, websocket.ErrBadHandshake)
		require.Equal(t, http.StatusTooManyRequests, res.StatusCode)
		dial(t, s)
	})
}

func TestDropAndClose(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		c := dial(t, s)
		require.NoError(t, s.WaitSessions(t.Context(), 1))
		s.Fault(streamtest.Drop())
		require.True(t, websocket.IsCloseError(c.fails(), websocket.CloseAbnormalClosure))
		require.NoError(t, s.WaitSessions(t.Context(), 0))

		c = dial(t, s)
		require.NoError(t, s.WaitSessions(t.Context(), 1))
		session := s.Sessions()[0]
		require.Equal(t, 2, session.ID())
		s.Push("last words")
		s.Fault(streamtest.CloseWith(websocket.ClosePolicyViolation, "max_connections"))
		require.Equal(t, "last words", c.read())
		var closed *websocket.CloseError
		require.True(t, errors.As(c.fails(), &closed))
		require.Equal(t, websocket.ClosePolicyViolation, closed.Code)
		require.Equal(t, "max_connections", closed.Text)
		require.NoError(t, session.WaitEnd(t.Context()))

		c = dial(t, s)
		require.NoError(t, s.WaitSessions(t.Context(), 1))
		s.Fault(streamtest.CloseWith(websocket.CloseNoStatusReceived, ""))
		require.True(t, websocket.IsCloseError(c.fails(), websocket.CloseNoStatusReceived))
	})
}

func TestStalledReadsBlockTheClientWhenTheBuffersAreFull(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		s.Reply("get-candles", `[]`)
		c := dial(t, s)
		require.NoError(t, s.WaitSessions(t.Context(), 1))
		s.Fault(streamtest.StallReads())
		c.send(candles)
		s.Push("still writing")
		require.Equal(t, "still writing", c.read())
		require.Empty(t, s.Calls())
		require.NoError(t, c.ws.SetWriteDeadline(time.Now().Add(10*time.Second)))
		start, err := time.Now(), error(nil)
		for err == nil {
			err = c.ws.WriteMessage(websocket.TextMessage, make([]byte, 8<<10))
		}
		require.ErrorContains(t, err, "timeout")
		require.Equal(t, 10*time.Second, time.Since(start))
		s.Fault(streamtest.Heal())
		require.Equal(t, ackOf("7"), c.read())
	})
}

func TestStalledWrites(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		c := dial(t, s)
		require.NoError(t, s.WaitSessions(t.Context(), 1))
		s.Fault(streamtest.StallWrites())
		c.send(candles)
		_, err := s.WaitCall(t.Context(), "get-candles", 1)
		require.NoError(t, err)
		synctest.Wait()
		s.Push("late")
		time.AfterFunc(time.Minute, func() { s.Fault(streamtest.Heal()) })
		start := time.Now()
		require.Equal(t, ackOf("7"), c.read())
		require.Equal(t, time.Minute, time.Since(start))
	})
}

func TestMute(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		c := dial(t, s)
		require.NoError(t, s.WaitSessions(t.Context(), 1))
		pongs := 0
		c.ws.SetPongHandler(func(string) error { pongs++; return nil })
		s.Fault(streamtest.Mute())
		c.send(candles)
		s.Push("nobody hears it")
		require.NoError(t, c.ws.WriteControl(websocket.PingMessage, nil, time.Time{}))
		_, err := s.WaitCall(t.Context(), "get-candles", 1)
		require.NoError(t, err)
		synctest.Wait()
		s.Fault(streamtest.Heal())
		require.NoError(t, c.ws.WriteControl(websocket.PingMessage, nil, time.Time{}))
		c.silent(time.Minute)
		require.Equal(t, 1, pongs)
	})
}

// ask sends n calls, ids from 1.
func ask(c *peer, n int) {
	for i := 1; i <= n; i++ {
		c.send(strings.Replace(`{"name":"sendMessage","request_id":"%","msg":{"name":"buy","version":"1.0"}}`, "%", strconv.Itoa(i), 1))
	}
}

// quick answers calls with their id and nothing else.
func quick(s *streamtest.Server) {
	s.OnCall("buy", func(c *streamtest.Call) { c.SendReply([]byte(c.ID)) })
}

func TestDelayedReplies(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		quick(s)
		c := dial(t, s)
		s.Fault(streamtest.DelayReplies(3 * time.Second))
		start := time.Now()
		ask(c, 1)
		_, err := s.WaitCall(t.Context(), "buy", 1)
		require.NoError(t, err)
		s.Push("overtakes")
		require.Equal(t, "overtakes", c.read())
		require.Equal(t, "1", c.read())
		require.Equal(t, 3*time.Second, time.Since(start))
	})
}

func TestReorderedRepeatedAndLostReplies(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		quick(s)
		c := dial(t, s)
		s.Fault(streamtest.ReorderReplies(2))
		ask(c, 3)
		require.Equal(t, []string{"2", "1"}, []string{c.read(), c.read()})
		_, err := s.WaitCall(t.Context(), "buy", 3)
		require.NoError(t, err)
		synctest.Wait()
		s.Fault(streamtest.Heal())
		require.Equal(t, "3", c.read())

		s.Fault(streamtest.DuplicateReplies(1))
		ask(c, 2)
		require.Equal(t, []string{"1", "1", "2"}, []string{c.read(), c.read(), c.read()})

		s.Fault(streamtest.DropFrames(2))
		ask(c, 3)
		require.Equal(t, "3", c.read())
	})
}

func TestBrokenFrames(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		c := dial(t, s)
		require.NoError(t, s.WaitSessions(t.Context(), 1))
		s.Fault(streamtest.Garbage())
		_, ok := s.Protocol().Classify([]byte(c.read()))
		require.False(t, ok)

		s.PushBinary([]byte{1, 2})
		kind, b, err := c.ws.ReadMessage()
		require.NoError(t, err)
		require.Equal(t, websocket.BinaryMessage, kind)
		require.Equal(t, []byte{1, 2}, b)

		s.Fault(streamtest.Truncate())
		s.Push(strings.Repeat("x", 1000))
		require.True(t, websocket.IsCloseError(c.fails(), websocket.CloseAbnormalClosure))

		c = dial(t, s)
		require.NoError(t, s.WaitSessions(t.Context(), 1))
		s.PushRaw([]byte{0xff, 0})
		require.ErrorContains(t, c.fails(), "RSV")
	})
}

func TestByteWrites(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		s.Fault(streamtest.ByteWrites())
		c := dial(t, s)
		require.NoError(t, s.WaitSessions(t.Context(), 1))
		s.Push(strings.Repeat("x", 1000))
		require.Equal(t, strings.Repeat("x", 1000), c.read())
		require.Equal(t, "byte writes", streamtest.ByteWrites().String())
	})
}

func TestMemoryListener(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := streamtest.NewMemoryListener()
		require.Equal(t, "memory", l.Addr().Network())
		client, err := l.Dial(t.Context(), "tcp", "anywhere:1")
		require.NoError(t, err)
		server, err := l.Accept()
		require.NoError(t, err)

		n, err := client.Write([]byte("hello"))
		require.NoError(t, err)
		require.Equal(t, 5, n)
		b := make([]byte, 3)
		n, err = io.ReadFull(server, b)
		require.NoError(t, err)
		require.Equal(t, "hel", string(b[:n]))

		require.NoError(t, client.SetReadDeadline(time.Now().Add(time.Second)))
		start := time.Now()
		_, err = client.Read(b)
		require.ErrorContains(t, err, "timeout")
		require.Equal(t, time.Second, time.Since(start))
		require.NoError(t, client.SetDeadline(time.Time{}))

		require.NoError(t, client.Close())
		rest, err := io.ReadAll(server)
		require.NoError(t, err)
		require.Equal(t, "lo", string(rest))
		_, err = server.Write([]byte("x"))
		require.ErrorIs(t, err, io.ErrClosedPipe)

		waiting := make(chan error)
		go func() { _, err := l.Accept(); waiting <- err }()
		synctest.Wait()
		require.NoError(t, l.Close())
		require.Error(t, <-waiting)
		_, err = l.Dial(t.Context(), "tcp", "anywhere:1")
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
	})
}
