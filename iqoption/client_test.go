package iqoption

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/streamtest"
)

func kv(name, value string) protocol.KV { return protocol.KV{Name: name, Value: []byte(value)} }

func TestSessionLogsInAndWaitsForTheAcknowledgement(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		var asked *streamtest.Call
		r.OnCall("setOptions", func(c *streamtest.Call) { asked = c })
		done := make(chan *Client, 1)
		go func() { done <- r.dial() }()
		synctest.Wait()
		require.Empty(t, done, "setOptions is not acknowledged yet")
		require.JSONEq(t, `{"sendResults":true}`, string(asked.Request))
		asked.Accept()
		c := <-done
		require.Equal(t, stream.Ready, c.Status().State)
		require.Equal(t, "client-session", c.ClientSessionID().Reveal())
		require.Equal(t, "/echo/websocket", r.Sessions()[0].Request().URL.Path)
		calls := r.Calls()
		require.Equal(t, []string{"authenticate", "setOptions"}, []string{calls[0].Name, calls[1].Name})
		require.JSONEq(t, `{"ssid":"`+streamtest.CanarySSID+`","protocol":3,"session_id":"","client_session_id":""}`, r.sent("authenticate")[0])
		require.NotContains(t, calls[0].Frame, streamtest.CanarySSID)
	})
}

func TestRefusedSetOptionsFailsTheDial(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		r.OnCall("setOptions", func(c *streamtest.Call) { c.RefuseAck("no") })
		_, err := Dial(t.Context(), StaticSSID(stream.NewSecret(streamtest.CanarySSID)), r.options()...)
		var refused *stream.VenueError
		require.ErrorAs(t, err, &refused)
		require.NotErrorIs(t, err, stream.ErrAuth)
	})
}

func TestSourceIsAskedForEverySession(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		asked := 0
		src := SourceFunc(func(context.Context) (stream.Secret, error) {
			asked++
			return stream.NewSecret(streamtest.CanarySSID), nil
		})
		c, err := Dial(t.Context(), src, r.options()...)
		require.NoError(t, err)
		defer func() { require.NoError(t, c.Close(context.Background())) }()
		require.Equal(t, 1, asked)
		r.Fault(streamtest.Drop())
		_, err = r.WaitCall(t.Context(), "setOptions", 2)
		require.NoError(t, err)
		require.NoError(t, c.WaitReady(t.Context()))
		require.Equal(t, 2, asked)
	})
}

func TestSourceErrors(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		cause := errors.New("vault sealed")
		_, err := Dial(t.Context(), SourceFunc(func(context.Context) (stream.Secret, error) { return stream.Secret{}, cause }), r.options()...)
		require.ErrorIs(t, err, cause)
		_, err = Dial(t.Context(), StaticSSID(stream.Secret{}), r.options()...)
		require.ErrorIs(t, err, stream.ErrAuth)
		require.Zero(t, r.authentications())
		_, err = New(nil)
		require.Error(t, err)
	})
}

func TestFailedDialLeavesNothingAndCanBeRepeated(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		c, err := New(StaticSSID(stream.NewSecret(streamtest.CanarySSID)), r.options()...)
		require.NoError(t, err)
		r.Fault(streamtest.RefuseDials(1))
		require.Error(t, c.Dial(t.Context()))
		require.NoError(t, c.Dial(t.Context()))
		require.Error(t, c.Dial(t.Context()), "dialled already")
		require.NoError(t, c.Close(t.Context()))
		require.ErrorIs(t, c.Dial(t.Context()), stream.ErrClosed)
	})
}

func TestHeartbeatIsAnsweredOnceOnTheSessionThatAsked(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		c := r.dial(stream.WithReadOnly())
		r.Push(`{"name":"heartbeat","msg":1534749247713}`)
		_, err := r.WaitCall(t.Context(), "heartbeat", 1)
		require.NoError(t, err)
		require.Regexp(t, `^{"userTime":"\d+","heartbeatTime":"1534749247713"}$`, r.sent("heartbeat")[0])

		c.onHeartbeat(t.Context(), stream.Event[Heartbeat]{Meta: stream.Meta{Epoch: 99}})
		synctest.Wait()
		require.Len(t, r.CallsOf("heartbeat"), 1, "a heartbeat of another session")
	})
}

func TestServerTimeAndLiveness(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		c := r.dial()
		r.Push(`{"name":"timeSync","msg":1770899115227}`)
		synctest.Wait()
		now, ok := c.ServerTime()
		require.True(t, ok)
		require.Equal(t, time.UnixMilli(1770899115227).UTC(), now.UTC().Round(time.Millisecond))
		time.Sleep(500 * time.Millisecond)
		later, _ := c.ServerTime()
		require.Equal(t, 500*time.Millisecond, later.Sub(now).Round(time.Millisecond))
	})
}

func TestBlitzExpiresOnTheVenuesClock(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		c := r.dial()
		r.Push(`{"name":"timeSync","msg":1770899400000}`)
		synctest.Wait()
		r.Reply("binary-options.open-option", optionReply(1))
		_, err := c.OpenOption(t.Context(), blitz())
		require.NoError(t, err)
		require.Contains(t, r.sent("binary-options.open-option")[0], `"expired":1770899460,`)
	})
}

func TestCandlesAreRoutedByTheirPayload(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		c := r.dial()
		minute, err := c.SubscribeCandles(t.Context(), []CandlesKey{{ActiveID: 76, Size: CandleSizeM1}})
		require.NoError(t, err)
		second, err := c.SubscribeCandles(t.Context(), []CandlesKey{{ActiveID: 76, Size: CandleSizeS1}})
		require.NoError(t, err)
		require.ElementsMatch(t, []string{`{"active_id":76,"size":60}`, `{"active_id":76,"size":1}`}, r.Sessions()[0].Subscribed("candle-generated"))
		candle := func(size, id string) string {
			return `{"name":"candle-generated","microserviceName":"quotes","msg":{"active_id":76,"size":` + size + `,"at":1770899119000000000,"from":1770899100,"to":1770899160,"id":` + id +
				`,"open":1.1,"close":1.2,"min":1.0,"max":1.3,"ask":1.21,"bid":1.19,"volume":0,"phase":"T"}}`
		}
		r.Push(candle("1", "11"))
		r.Push(candle("60", "12"))
		r.Push(candle("1", "13"))
		for _, want := range []struct {
			sub *stream.Sub[CandlesKey, LiveCandle]
			id  int64
		}{{second, 11}, {second, 13}, {minute, 12}} {
			ev, err := want.sub.Next(t.Context())
			require.NoError(t, err)
			require.Equal(t, want.id, ev.Data.ID)
		}
	})
}

func TestPositionsArriveByEitherName(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		c := r.dial()
		sub, err := c.SubscribePositionChanges(t.Context(), []PositionChangesKey{{UserID: testUser}})
		require.NoError(t, err)
		r.Push(`{"name":"portfolio.position-changed","msg":{"id":"a","external_id":5,"user_id":100000001,"status":"open"}}`)
		r.Push(`{"name":"position-changed","microserviceName":"portfolio","msg":{"id":"a","external_id":6,"user_id":100000001,"status":"open"}}`)
		r.Push(`{"name":"position-changed","microserviceName":"portfolio","msg":{"id":"a","external_id":7,"user_id":2,"status":"open"}}`)
		r.Push(`{"name":"position-changed","microserviceName":"portfolio","msg":{"id":"a","external_id":8,"user_id":100000001,"status":"open"}}`)
		for _, id := range []int64{5, 6, 8} {
			ev, err := sub.Next(t.Context())
			require.NoError(t, err)
			require.Equal(t, id, ev.Data.ExternalID)
		}
	})
}

func TestHosts(t *testing.T) {
	src := StaticSSID(stream.NewSecret("x"))
	url := func(opts ...stream.Option) (ws, http string) {
		var got string
		hook := connectHook(func(i stream.ConnectInfo) { got = i.URL })
		c, err := New(src, append(opts, stream.WithHooks(hook), stream.WithProxy(nil), stream.WithDialer(noNetwork))...)
		require.NoError(t, err)
		require.Error(t, c.Dial(t.Context()))
		return got, c.web.base
	}
	for name, tc := range map[string]struct {
		opts     []stream.Option
		ws, http string
	}{
		"default":       {nil, "wss://ws.iqoption.com/echo/websocket", "https://auth.iqoption.com/api"},
		"bare":          {[]stream.Option{stream.WithHost("iqoption-bare")}, "wss://iqoption.com/echo/websocket", "https://auth.iqoption.com/api"},
		"brand":         {[]stream.Option{WithBrand("exnova.com")}, "wss://ws.trade.exnova.com/echo/websocket", "https://api.trade.exnova.com"},
		"brand, bare":   {[]stream.Option{stream.WithHost("brand-bare"), stream.WithVar("domain", "trade.exnova.com"), WithAuthURL("https://a.example/api/")}, "wss://trade.exnova.com/echo/websocket", "https://a.example/api"},
		"host of users": {[]stream.Option{WithBrand("exnova.com"), stream.WithURL("wss://venue.test")}, "wss://venue.test/echo/websocket", "https://api.trade.exnova.com"},
	} {
		t.Run(name, func(t *testing.T) {
			ws, http := url(tc.opts...)
			require.Equal(t, tc.ws, ws)
			require.Equal(t, tc.http, http)
		})
	}
	for _, bad := range []stream.Option{
		WithBrand("https://exnova.com"), WithBrand("exnova.com/evil"), WithBrand("exnova"), WithBrand("a@b.com"), WithBrand("a..com"),
		WithAuthURL("ftp://x"), WithAuthURL("https://user:pw@x"), WithAuthURL("/v2"),
	} {
		_, err := New(src, bad)
		require.Error(t, err)
		require.Error(t, Logout(t.Context(), stream.NewSecret("x"), bad))
	}
}
