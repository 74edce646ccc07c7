package stream_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

func muteData(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{})
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "", stream.WithStaleAfter(time.Minute))
		require.NoError(t, err)
		_, err = c.ticker.Subscribe(t.Context(), []string{"Q"}, "")
		require.NoError(t, err)
		for range 5 {
			time.Sleep(50 * time.Second)
			v.peer().tick("A", 1)
		}
		require.Len(t, v.requests("subscribe"), 2)
		time.Sleep(62 * time.Second)
		require.Equal(t, `{"channel":"ticker","symbol":["A"]}`, v.requests("unsubscribe")[0])
		require.Equal(t, `{"channel":"ticker","symbol":["A"]}`, v.requests("subscribe")[2])
		require.EqualValues(t, 1, c.Status().Epoch)
		time.Sleep(62 * time.Second)
		synctest.Wait()
		require.EqualValues(t, 2, c.Status().Epoch, "asking again did not help")
		require.WithinDuration(t, time.Now(), sub.Stats().LastEvent, 130*time.Second)
		require.NoError(t, c.Close(t.Context()))
	})
	t.Run("without the option", func(t *testing.T) {
		bubble(t, func(t *testing.T, v *venue) {
			c := v.client(stream.LinkConfig{})
			sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
			require.NoError(t, err)
			v.peer().tick("A", 1)
			synctest.Wait()
			last := time.Now()
			time.Sleep(10 * time.Hour)
			require.EqualValues(t, 1, c.Status().Epoch)
			require.Len(t, v.requests("subscribe"), 1)
			require.Equal(t, last, sub.Stats().LastEvent)
		})
	})
}

func feedExpires(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		ctx := t.Context()
		feed := &protocol.Feed{
			Name:  "ticker",
			Ack:   protocol.Ack{Mode: protocol.AckReply},
			Needs: &protocol.Needs{RPC: rpcGet, With: []string{"account"}},
			Learn: []protocol.Learn{{Name: "server_id", At: protocol.Path{"result", "server_id"}}},
			Cancel: []protocol.Template{{Root: object(
				protocol.Member{Name: "method", Value: literal("unsubscribe")},
				protocol.Member{Name: "params", Value: object(protocol.Member{Name: "server_id", Value: hole("server_id")})},
				protocol.Member{Name: "id", Value: hole(protocol.HoleID)},
			)}},
			Lifetime: &protocol.Lifetime{Ends: 10 * time.Minute, By: []protocol.Step{protocol.StepCancel, protocol.StepSend}},
		}
		n := 0
		v.handle = func(p *peer, req request) bool {
			switch req.Method {
			case "subscribe":
				n++
				p.send(`{"method":"subscribe","id":%d,"success":true,"result":{"server_id":"s%d"}}`, req.ID, n)
				return true
			case "unsubscribe":
				p.send(`{"method":"unsubscribe","id":%d,"success":true}`, req.ID)
				return true
			}
			return false
		}
		w := testWire()
		w.Feeds = []*protocol.Feed{feed}
		c := v.client(stream.LinkConfig{Protocol: w})
		sub, err := c.ticker.Subscribe(ctx, []string{"A"}, `{"account":"U1"}`)
		require.NoError(t, err)
		require.Equal(t, []string{`{"account":"U1"}`}, v.requests("get"))

		time.Sleep(7 * time.Minute)
		require.Len(t, v.requests("subscribe"), 1)
		time.Sleep(time.Hour - 7*time.Minute)
		require.Len(t, v.requests("subscribe"), 1+7, "every 8 of 10 minutes")
		require.Equal(t, `{"server_id":"s1"}`, v.requests("unsubscribe")[0])
		require.Equal(t, `{"server_id":"s7"}`, v.requests("unsubscribe")[6])
		require.Len(t, v.requests("get"), 1, "once a session")
		v.peer().tick("A", 1)
		ev, err := sub.Next(ctx)
		require.NoError(t, err)
		require.Nil(t, ev.Gap, "the consumer sees no seam")

		_ = v.peer().NetConn().Close()
		require.NoError(t, waitEpoch(ctx, c, 2))
		synctest.Wait()
		require.Len(t, v.requests("get"), 2)
		require.NoError(t, sub.Close(ctx))
		require.Equal(t, `{"server_id":"s9"}`, v.requests("unsubscribe")[7])
		require.NoError(t, c.Close(ctx))
	})
}

func lateRenewal(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		feed := &protocol.Feed{Name: "ticker", Lifetime: &protocol.Lifetime{Ends: 10 * time.Minute}}
		var slow atomic.Bool
		v.handle = func(p *peer, req request) bool {
			if req.Method != "subscribe" {
				return false
			}
			if slow.Load() {
				time.Sleep(9 * time.Second)
			}
			p.send(`{"method":"subscribe","id":%d,"success":%v}`, req.ID, !slow.Load())
			return true
		}
		w := testWire()
		w.Feeds = []*protocol.Feed{feed}
		c := v.client(stream.LinkConfig{Protocol: w})
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		slow.Store(true)
		time.Sleep(11 * time.Minute)
		require.NotEqual(t, "live", c.Stats().Subscriptions[0].State)
		slow.Store(false)
		time.Sleep(time.Minute)
		require.Equal(t, "live", c.Stats().Subscriptions[0].State)
		v.peer().tick("A", 1)
		ev, err := sub.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, &stream.Gap{Reason: stream.GapExpiry}, ev.Gap)
		require.NoError(t, c.Close(t.Context()))
	})
}

func renewalByCall(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		feed := &protocol.Feed{Name: "ticker", Lifetime: &protocol.Lifetime{
			EndsAt: protocol.Path{"result", "ttl"}, Call: rpcPing, By: []protocol.Step{protocol.StepCall},
		}}
		v.handle = func(p *peer, req request) bool {
			p.send(`{"method":%q,"id":%d,"success":true,"result":{"ttl":100}}`, req.Method, req.ID)
			return true
		}
		w := testWire()
		w.Feeds = []*protocol.Feed{feed}
		c := v.client(stream.LinkConfig{Protocol: w})
		_, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		time.Sleep(10 * time.Minute)
		require.Len(t, v.requests("ping"), 7, "every 80 s")
		require.Len(t, v.requests("subscribe"), 1)
		require.NoError(t, c.Close(t.Context()))
	})
}
