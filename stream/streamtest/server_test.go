package streamtest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/streamtest"
)

const (
	candles   = `{"name":"sendMessage","request_id":"7","msg":{"name":"get-candles","version":"2.0","body":{"id":1}}}`
	subscribe = `{"name":"subscribeMessage","request_id":"8","msg":{"name":"candle","version":"1.0","params":{"routingFilters":{"active_id":76}}}}`
	cancel    = `{"name":"unsubscribeMessage","request_id":"8","msg":{"name":"candle","version":"1.0","params":{"routingFilters":{"active_id":76}}}}`
	good      = `{"name":"result","request_id":"%","msg":{"success":true}}`
)

func ackOf(id string) string { return strings.Replace(good, "%", id, 1) }

// bubble runs a test against a server in memory, in fake time. A goroutine that outlives the server fails it.
func bubble(t *testing.T, p *protocol.Protocol, fn func(t *testing.T, s *streamtest.Server), opts ...streamtest.ServerOption) {
	synctest.Test(t, func(t *testing.T) {
		s := streamtest.NewServer(p, opts...)
		defer s.Close()
		fn(t, s)
	})
}

func TestCallsAreAcknowledgedAndAnswered(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		s.Reply("get-candles", `{"candles":[]}`, protocol.KV{Name: "status", Value: []byte("2000")})
		s.Refuse("buy", "4117", "moved")
		c := dial(t, s)
		c.send(candles)
		require.Equal(t, ackOf("7"), c.read())
		require.Equal(t, `{"name":"candles","request_id":"7","status":2000,"msg":{"candles":[]}}`, c.read())
		c.send(`{"name":"sendMessage","request_id":"9","msg":{"name":"buy","version":"1.0"}}`)
		require.Equal(t, ackOf("9"), c.read())
		require.Equal(t, `{"name":"option","request_id":"9","status":4117,"msg":{"message":"moved"}}`, c.read())
		c.send(`{"name":"note","request_id":"10"}`)

		call, err := s.WaitCall(t.Context(), "get-candles", 1)
		require.NoError(t, err)
		require.Equal(t, `{"id":1}`, string(call.Request))
		require.Equal(t, "2.0", call.Version)
		_, err = s.WaitCall(t.Context(), "note", 1)
		require.NoError(t, err)
		require.Len(t, s.Calls(), 3)
		require.Empty(t, s.Problems())
		require.NoError(t, c.ws.Close())
	})
}

func TestHandlersAnswerInTheirOwnTime(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		kept := make(chan *streamtest.Call, 2)
		s.OnCall("get-candles", func(c *streamtest.Call) { kept <- c })
		s.OnCall("", func(c *streamtest.Call) { c.RefuseAck("closed") })
		c := dial(t, s)
		c.send(candles)
		c.send(strings.Replace(candles, `"7"`, `"77"`, 1))
		first, second := <-kept, <-kept
		second.Reply(`2`)
		first.Accept()
		first.Reply(`1`)
		require.Equal(t, `{"name":"candles","request_id":"77","msg":2}`, c.read())
		require.Equal(t, ackOf("7"), c.read())
		require.Equal(t, `{"name":"candles","request_id":"7","msg":1}`, c.read())
		c.send(`{"name":"sendMessage","request_id":"9","msg":{"name":"buy","version":"1.0"}}`)
		require.Equal(t, `{"name":"result","request_id":"9","msg":{"reason":"closed","success":false}}`, c.read())
	})
}

func TestSubscriptions(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		c := dial(t, s)
		c.send(subscribe)
		require.Equal(t, ackOf("8"), c.read())
		require.NoError(t, s.WaitSubscribed(t.Context(), "candle", 1))
		require.Equal(t, []string{`{"active_id":76}`}, s.Sessions()[0].Subscribed("candle"))
		s.Push(`{"name":"candle","msg":{}}`)
		require.Equal(t, `{"name":"candle","msg":{}}`, c.read())
		c.send(cancel)
		require.Equal(t, ackOf("8"), c.read())
		require.NoError(t, s.WaitUnsubscribed(t.Context(), "candle"))
		require.ErrorIs(t, s.WaitSubscribed(ctxFor(t, time.Minute), "candle", 1), context.DeadlineExceeded)
	})
}

func TestEveryItemOfABatchIsAcknowledged(t *testing.T) {
	bubble(t, batches(t), func(t *testing.T, s *streamtest.Server) {
		s.OnConnect(func(c *streamtest.Session) { c.Push(`[{"ev":"status","status":"connected"}]`) })
		s.OnSubscribe("A", func(c *streamtest.Call) {
			for i, item := range c.Items() {
				if i == 1 {
					c.RefuseItem(item, "", "not authorized")
					continue
				}
				c.AckItem(item)
			}
		})
		c := dial(t, s)
		require.Contains(t, c.read(), "connected")
		c.send(`{"action":"subscribe","params":"T.AAPL,T.BRK.B,A.X,A.Y"}`)
		for _, want := range []string{"subscribed to: T.AAPL", "subscribed to: T.BRK.B", "subscribed to: A.X", "not authorized"} {
			require.Contains(t, c.read(), want)
		}
		require.NoError(t, s.WaitSubscribed(t.Context(), "T", 2))
		require.NoError(t, s.WaitSubscribed(t.Context(), "A", 1))
		c.send(`{"action":"unsubscribe","params":"T.AAPL"}`)
		require.Contains(t, c.read(), "unsubscribed to: T.AAPL")
		require.Equal(t, []string{`{"symbol":"BRK.B"}`}, s.Sessions()[0].Subscribed("T"))
		require.Empty(t, s.Problems())
	})
}

func TestVenuesShapeTheirFrames(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		s.SetAcker(func(c *streamtest.Call, item []byte, refusal error) []byte {
			if refusal != nil {
				return []byte("refused " + refusal.Error())
			}
			return append([]byte("acked "), item...)
		})
		s.SetReplier(func(c *streamtest.Call, payload []byte, refusal *streamtest.Refusal) []byte {
			if refusal != nil {
				return []byte("no " + refusal.Code)
			}
			return payload
		})
		s.Reply("get-candles", `[1]`)
		s.Refuse("buy", "4000", "x")
		c := dial(t, s)
		c.send(subscribe)
		require.Equal(t, `acked {"active_id":76}`, c.read())
		c.send(candles)
		require.Equal(t, ackOf("7"), c.read())
		require.Equal(t, `[1]`, c.read())
		c.send(strings.Replace(candles, "get-candles", "buy", 1))
		require.Equal(t, ackOf("7"), c.read())
		require.Equal(t, `no 4000`, c.read())
		s.OnSubscribe("candle", func(c *streamtest.Call) { c.Refuse("", "full") })
		c.send(subscribe)
		require.Equal(t, `refused full`, c.read())
	})
}

func TestProblemsAreNamed(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		c := dial(t, s)
		c.send(`{"name":"hello","ssid":"` + streamtest.CanarySSID + `"}`)
		c.send(strings.Replace(candles, "get-candles", "nobody", 1))
		c.send(strings.Replace(subscribe, "candle", "nobody", 1))
		c.send(candles)
		require.Contains(t, c.read(), "result")
		got := strings.Join(s.Problems(), "\n")
		require.Contains(t, got, `frame fits no template: {"name":"hello","ssid":"REDACTED"}`)
		require.Contains(t, got, "nobody knows the call nobody")
		require.Contains(t, got, "nobody knows the feed nobody")
		require.Contains(t, got, "no reply is registered for the call get-candles")
	})
}

func TestSecretsStayOutOfTheLog(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		s.Reply("login", `{"ok":true}`)
		c := dial(t, s)
		c.send(`{"name":"login","request_id":"1","msg":{"user":"u","password":"` + streamtest.CanaryPassword + `"}}`)
		require.Contains(t, c.read(), "welcome")
		call, err := s.WaitCall(t.Context(), "login", 1)
		require.NoError(t, err)
		require.Equal(t, `{"user":"u","password":"REDACTED"}`, string(call.Request))
		require.NotContains(t, call.Frame, streamtest.CanaryPassword)
		frames := s.Frames()
		require.Contains(t, string(frames[0].Data), streamtest.CanaryPassword, "raw frames are raw")
		require.False(t, frames[0].Sent)
		require.True(t, frames[1].Sent)
	})
}

func TestFrameLogOfALongRun(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		c := dial(t, s)
		for i := range 1000 {
			s.Push(fmt.Sprint(i))
			require.Equal(t, fmt.Sprint(i), c.read())
		}
		frames := s.Frames()
		require.Less(t, len(frames), 20)
		require.GreaterOrEqual(t, len(frames), 10)
		require.Equal(t, "999", string(frames[len(frames)-1].Data))
	}, streamtest.WithFrameLog(10))
}

func TestHTTPBesideTheSocket(t *testing.T) {
	for name, opts := range map[string][]streamtest.ServerOption{"plain": nil, "tls": {streamtest.WithTLS()}} {
		t.Run(name, func(t *testing.T) {
			bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
				s.HandleHTTP("POST /login", func(w http.ResponseWriter, r *http.Request) {
					_, _ = io.WriteString(w, r.FormValue("user"))
				})
				res, err := s.HTTPClient().Post(s.HTTPURL()+"/login?user=u", "text/plain", nil)
				require.NoError(t, err)
				defer res.Body.Close()
				body, err := io.ReadAll(res.Body)
				require.NoError(t, err)
				require.Equal(t, "u", string(body))

				s.OnUpgrade(func(r *http.Request) int {
					if r.Header.Get("Cookie") == "" {
						return http.StatusUnauthorized
					}
					return 0
				})
				_, res, err = dialer(s).DialContext(t.Context(), s.URL(), nil)
				require.ErrorIs(t, err, websocket.ErrBadHandshake)
				require.Equal(t, http.StatusUnauthorized, res.StatusCode)
				ws, res, err := dialer(s).DialContext(t.Context(), s.URL(), http.Header{"Cookie": {"a=b"}})
				require.NoError(t, err)
				require.Equal(t, http.StatusSwitchingProtocols, res.StatusCode)
				require.NoError(t, s.WaitSessions(t.Context(), 1))
				require.Equal(t, "a=b", s.Sessions()[0].Request().Header.Get("Cookie"))
				require.NoError(t, ws.Close())
			}, opts...)
		})
	}
}

func TestLoopback(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]streamtest.ServerOption{
		"plain": {streamtest.OnLoopback()}, "tls": {streamtest.OnLoopback(), streamtest.WithTLS()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := streamtest.NewServer(envelope(), opts...)
			defer s.Close()
			s.Reply("get-candles", `[]`)
			c := dial(t, s)
			c.send(candles)
			require.Equal(t, ackOf("7"), c.read())
			require.Contains(t, c.read(), "candles")
			s.Fault(streamtest.CloseWith(1012, "restart"))
			require.True(t, websocket.IsCloseError(c.fails(), 1012))
			require.NoError(t, s.WaitSessions(ctxFor(t, 10*time.Second), 0))
		})
	}
}

func TestCloseEndsEverything(t *testing.T) {
	for name, f := range map[string]streamtest.Fault{
		"healthy": {}, "stalled reads": streamtest.StallReads(), "stalled writes": streamtest.StallWrites(), "mute": streamtest.Mute(),
	} {
		t.Run(name, func(t *testing.T) {
			for _, opts := range [][]streamtest.ServerOption{nil, {streamtest.WithTLS()}} {
				bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
					c := dial(t, s)
					require.NoError(t, s.WaitSessions(t.Context(), 1))
					s.Fault(f)
					s.Push(`{"name":"x"}`)
					c.send(candles)
					synctest.Wait()
					s.Close()
					for {
						if _, _, err := c.ws.ReadMessage(); err != nil {
							break
						}
					}
					_, err := s.Dial(t.Context(), "tcp", "x")
					require.ErrorContains(t, err, "refused")
				}, opts...)
			}
		})
	}
}

// A client that is connected is a session at once: what is pushed to all reaches it, and so does what cuts all.
func TestConnectedClientsAreSessions(t *testing.T) {
	for range 200 {
		bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
			c := dial(t, s)
			require.Len(t, s.Sessions(), 1)
			s.Push("first")
			require.Equal(t, "first", c.read())
		})
	}
}
