package polygontest_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/polygon/polygontest"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// conn is a client that knows nothing of this library.
type conn struct {
	*websocket.Conn
	t *testing.T
}

func connect(t *testing.T, s *polygontest.Server, path string) *conn {
	t.Helper()
	d := websocket.Dialer{NetDialContext: s.Dial, TLSClientConfig: s.TLSConfig()}
	ws, _, err := d.DialContext(t.Context(), s.URL()+path, nil)
	require.NoError(t, err)
	t.Cleanup(func() { _ = ws.Close() })
	c := &conn{ws, t}
	require.Equal(t, `[{"ev":"status","status":"connected","message":"Connected Successfully"}]`, c.read())
	return c
}

// login connects and sends the right key.
func login(t *testing.T, s *polygontest.Server, path string) *conn {
	t.Helper()
	c := connect(t, s, path)
	c.send(`{"action":"auth","params":"` + s.Key().Reveal() + `"}`)
	require.Equal(t, `[{"ev":"status","status":"auth_success","message":"authenticated"}]`, c.read())
	return c
}

func (c *conn) send(frame string) {
	require.NoError(c.t, c.WriteMessage(websocket.TextMessage, []byte(frame)))
}

func (c *conn) read() string {
	c.t.Helper()
	_, b, err := c.ReadMessage()
	require.NoError(c.t, err)
	return string(b)
}

// fails reads until the connection ends.
func (c *conn) fails() error {
	for {
		if _, _, err := c.ReadMessage(); err != nil {
			return err
		}
	}
}

func bubble(t *testing.T, test func(t *testing.T, s *polygontest.Server), opts ...polygontest.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := polygontest.New(opts...)
		defer s.Close()
		test(t, s)
	})
}

func ack(verb, channel string) string {
	return `[{"ev":"status","status":"success","message":"` + verb + ` to: ` + channel + `"}]`
}

func TestSubscriptions(t *testing.T) {
	bubble(t, func(t *testing.T, s *polygontest.Server) {
		c := login(t, s, "/stocks")
		c.send(`{"action":"subscribe","params":"T.AAPL, T.BRK.B"}`)
		require.Equal(t, ack("subscribed", "T.AAPL"), c.read())
		require.Equal(t, ack("subscribed", "T.BRK.B"), c.read())
		c.send(`{"action":"subscribe","params":"T.AAPL,Q.*,AM.MSFT"}`)
		require.ElementsMatch(t, []string{ack("subscribed", "Q.*"), ack("subscribed", "AM.MSFT")}, []string{c.read(), c.read()},
			"what is held gets no second confirmation")
		c.send(`{"action":"subscribe","params":"ZZ.AAPL"}`)
		c.send(`{"action":"unsubscribe","params":"T.AAPL"}`)
		require.Equal(t, ack("unsubscribed", "T.AAPL"), c.read(), "an unknown channel gets nothing")

		require.Equal(t, 1, s.Send(polygon.ClusterStocks,
			`{"ev":"T","sym":"AAPL"}`, `{"ev":"T","sym":"BRK.B"}`, `{"ev":"Q","sym":"X"}`, `{"ev":"AM","sym":"X"}`))
		require.Equal(t, `[{"ev":"T","sym":"BRK.B"},{"ev":"Q","sym":"X"}]`, c.read())
		require.Zero(t, s.Send(polygon.ClusterStocks, `{"ev":"T","sym":"AAPL"}`))
		require.Zero(t, s.Send(polygon.ClusterOptions, `{"ev":"T","sym":"BRK.B"}`))
		require.Empty(t, s.Problems())
	})
}

func TestRefusals(t *testing.T) {
	bubble(t, func(t *testing.T, s *polygontest.Server) {
		c := connect(t, s, "/stocks")
		c.send(`{"action":"subscribe","params":"T.AAPL"}`)
		require.Equal(t, `[{"ev":"status","status":"auth_required"}]`, c.read())
		c.send(`{"action":"auth","params":"wrong"}`)
		require.Equal(t, `[{"ev":"status","status":"auth_failed","message":"authentication failed"}]`, c.read())
		require.True(t, websocket.IsUnexpectedCloseError(c.fails()), "cut without a close frame")

		c = connect(t, s, "/options")
		c.send(`{"action":"auth","params":"` + s.Key().Reveal() + `"}`)
		require.Contains(t, c.read(), `"auth_failed","message":"Your plan doesn't include websocket access.`)

		c = login(t, s, "/stocks")
		c.send(`{"action":"subscribe","params":"NOI.*,T.*"}`)
		require.ElementsMatch(t, []string{`[{"ev":"status","status":"error","message":"not authorized"}]`, ack("subscribed", "T.*")},
			[]string{c.read(), c.read()})
		s.RefuseLogins(1)
		c = connect(t, s, "/stocks")
		c.send(`{"action":"auth","params":"` + s.Key().Reveal() + `"}`)
		require.Contains(t, c.read(), "auth_failed")
	}, polygontest.WithoutChannels("NOI"), polygontest.WithPlan(polygon.ClusterStocks), polygontest.WithKey("a key"))
}

func TestAuthTimeout(t *testing.T) {
	bubble(t, func(t *testing.T, s *polygontest.Server) {
		began := time.Now()
		c := connect(t, s, "/stocks")
		require.Equal(t, `[{"ev":"status","status":"auth_timeout","message":"No authentication request received."}]`, c.read())
		require.Equal(t, 3*time.Second, time.Since(began))
		require.Error(t, c.fails())
	}, polygontest.WithAuthTimeout(3*time.Second))
}

func TestEviction(t *testing.T) {
	for name, victim := range map[string]polygontest.Victim{"oldest": polygontest.Oldest, "newest": polygontest.Newest} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *polygontest.Server) {
				conns := []*conn{login(t, s, "/stocks"), login(t, s, "/stocks")}
				other := login(t, s, "/crypto")
				gone, left := conns[0], conns[1]
				if victim == polygontest.Newest {
					gone, left = left, gone
				}
				gone.send(`{"action":"subscribe","params":"T.AAPL"}`)
				require.Equal(t, ack("subscribed", "T.AAPL"), gone.read(), "all is well at first")
				require.Contains(t, gone.read(), `"status":"max_connections","message":"Maximum number of websocket connections exceeded.`)
				require.True(t, websocket.IsCloseError(gone.fails(), websocket.ClosePolicyViolation))
				for _, c := range []*conn{left, other} {
					c.send(`{"action":"unsubscribe","params":"T.X"}`)
				}
				require.NoError(t, s.WaitSessions(t.Context(), 2))
			}, polygontest.WithVictim(victim, time.Second))
		})
	}
}

func TestCommands(t *testing.T) {
	for name, tt := range map[string]struct {
		do   func(*polygontest.Server)
		want string
	}{
		"kick":             {func(s *polygontest.Server) { s.Kick(polygon.ClusterStocks) }, "max_connections"},
		"force disconnect": {func(s *polygontest.Server) { s.ForceDisconnect(polygon.ClusterStocks) }, "force_disconnect"},
		"slow consumer":    {func(s *polygontest.Server) { s.SlowConsumer(polygon.ClusterStocks) }, "slow_consumer"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *polygontest.Server) {
				c := login(t, s, "/stocks")
				tt.do(s)
				require.Contains(t, c.read(), tt.want)
				require.Error(t, c.fails())
				require.NoError(t, s.WaitSessions(t.Context(), 0))
			})
		})
	}
}

// A client that does not read is told so behind what waits for it, and cut.
func TestSlowConsumer(t *testing.T) {
	bubble(t, func(t *testing.T, s *polygontest.Server) {
		c := login(t, s, "/stocks")
		c.send(`{"action":"subscribe","params":"T.*"}`)
		require.NoError(t, s.WaitSubscribed(t.Context(), "T", 1))
		for range 1000 {
			s.Send(polygon.ClusterStocks, `{"ev":"T","sym":"AAPL","x":4}`)
		}
		last := ""
		for {
			_, b, err := c.ReadMessage()
			if err != nil {
				break
			}
			last = string(b)
		}
		require.Contains(t, last, "slow_consumer")
		require.NoError(t, s.WaitSessions(within(t, time.Minute), 0))
	}, polygontest.WithBuffer(10))
}

func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// Any client can connect, over ws and wss.
func TestLoopback(t *testing.T) {
	for name, opts := range map[string][]streamtest.ServerOption{
		"ws": {streamtest.OnLoopback()}, "wss": {streamtest.OnLoopback(), streamtest.WithTLS()},
	} {
		t.Run(name, func(t *testing.T) {
			s := polygontest.New(polygontest.WithServer(opts...))
			defer s.Close()
			require.NoError(t, s.Err())
			c := login(t, s, "/futures/cme")
			c.send(`{"action":"subscribe","params":"A.*"}`)
			require.Equal(t, ack("subscribed", "A.*"), c.read())
			require.Equal(t, 1, s.Send(polygon.ClusterFutures, `{"ev":"A","sym":"ESZ5"}`))
			require.Equal(t, `[{"ev":"A","sym":"ESZ5"}]`, c.read())

			ours, err := polygon.DialCrypto(t.Context(), s.Key(), s.Options()...)
			require.NoError(t, err)
			require.NoError(t, ours.Close(t.Context()))
		})
	}
}
