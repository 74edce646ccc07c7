package stream_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/wire"
)

func key(symbol string) string { return fmt.Sprintf(`{"symbol":%q}`, symbol) }

func TestPartialFailure(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		ctx := t.Context()
		v.refuse["BAD"], v.mute["LOST"] = "E1", true
		c := v.client(stream.LinkConfig{})
		start := time.Now()
		sub, err := c.ticker.Subscribe(ctx, []string{"A", "BAD", "LOST"}, "")
		require.Equal(t, stream.AckWithin, time.Since(start))
		var partial *stream.SubscribeError
		require.ErrorAs(t, err, &partial)
		require.Len(t, partial.Items, 2)
		require.ErrorIs(t, partial.Items[key("BAD")], errUnknownSymbol)
		require.ErrorIs(t, partial.Items[key("LOST")], stream.ErrAckTimeout)
		require.ErrorIs(t, err, stream.ErrAckTimeout)
		require.Equal(t, []string{"A"}, sub.Keys())
		v.peer().tick("A", 1)
		ev, err := sub.Next(ctx)
		require.NoError(t, err)
		require.Equal(t, 1, ev.Data.N)
		synctest.Wait()
		require.Equal(t, []string{`{"channel":"ticker","symbol":["LOST"]}`}, v.requests("unsubscribe"), "what the venue may have, it is told")
		require.Len(t, c.Stats().Subscriptions, 1)

		sub, err = c.ticker.Subscribe(ctx, []string{"BAD"}, "")
		require.ErrorIs(t, err, errUnknownSymbol)
		require.Nil(t, sub)
		require.NoError(t, c.Close(ctx))
	})
}

func TestSubscribeGivesUpWithItsContext(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		v.mute["A"] = true
		c := v.client(stream.LinkConfig{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := c.ticker.Subscribe(ctx, []string{"A"}, "")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		synctest.Wait()
		require.Len(t, v.requests("unsubscribe"), 1)
		require.Empty(t, c.Stats().Subscriptions)
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestSharedItems(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		ctx := t.Context()
		c := v.client(stream.LinkConfig{})
		one, err := c.ticker.Subscribe(ctx, []string{"A"}, `{"fields":["bid"]}`)
		require.NoError(t, err)
		two, err := c.ticker.Subscribe(ctx, []string{"A"}, `{"fields":["bid"]}`)
		require.NoError(t, err)
		require.Len(t, v.requests("subscribe"), 1)
		three, err := c.ticker.Subscribe(ctx, []string{"A"}, `{"fields":["ask","bid"]}`)
		require.NoError(t, err)
		require.Equal(t, `{"channel":"ticker","symbol":["A"],"fields":["bid","ask"]}`, v.requests("subscribe")[1])
		require.Equal(t, 3, c.Stats().Subscriptions[0].Uses)
		require.Equal(t, "live", c.Stats().Subscriptions[0].State)

		require.NoError(t, one.Close(ctx))
		require.NoError(t, three.Close(ctx))
		require.Empty(t, v.requests("unsubscribe"))
		require.NoError(t, two.Close(ctx))
		require.Len(t, v.requests("unsubscribe"), 1)
		require.NoError(t, two.Close(ctx), "again")
		require.Len(t, v.requests("unsubscribe"), 1)
		require.NoError(t, c.Close(ctx))
	})
}

func TestSubscribeOutlivesASession(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		v.handle = func(p *peer, req request) bool { return p.n == 1 && p.NetConn().Close() == nil }
		c := v.client(stream.LinkConfig{})
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		require.EqualValues(t, 2, c.Status().Epoch)
		v.peer().tick("A", 1)
		ev, err := sub.Next(t.Context())
		require.NoError(t, err)
		require.Nil(t, ev.Gap, "nothing was lost before it was live")
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestItemThatIsRefusedLater(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		ctx := t.Context()
		c := v.client(stream.LinkConfig{})
		both, err := c.ticker.Subscribe(ctx, []string{"A", "B", "C"}, "")
		require.NoError(t, err)
		alone, err := c.ticker.Subscribe(ctx, []string{"B"}, "")
		require.NoError(t, err)
		v.set(func(v *venue) { v.refuse["B"], v.refuse["C"] = "E1", "E2" })
		_ = v.peer().NetConn().Close()
		require.NoError(t, waitEpoch(ctx, c, 2))
		synctest.Wait()
		require.Equal(t, []string{"A", "C"}, both.Keys(), "B is gone for good, C is busy")
		_, err = alone.Next(ctx)
		require.ErrorIs(t, err, stream.ErrUnsubscribed)
		require.ErrorIs(t, err, errUnknownSymbol)
		require.Equal(t, "failed", c.Stats().Subscriptions[1].State)
		require.ErrorIs(t, c.Stats().Subscriptions[1].Err, errBusy)

		v.set(func(v *venue) { delete(v.refuse, "C") })
		time.Sleep(time.Minute)
		v.peer().tick("C", 1)
		ev, err := both.Next(ctx)
		require.NoError(t, err)
		require.Equal(t, "C", ev.Data.Symbol)
		require.NoError(t, c.Close(ctx))
	})
}

func TestBatches(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		var symbols []string
		for i := range 250 {
			symbols = append(symbols, fmt.Sprintf("S%03d", i))
		}
		c := v.client(stream.LinkConfig{})
		sub, err := c.ticker.Subscribe(t.Context(), symbols, "")
		require.NoError(t, err)
		require.Len(t, v.requests("subscribe"), 3, "100 a frame")
		require.NoError(t, sub.Close(t.Context()))
		require.Len(t, v.requests("unsubscribe"), 3)

		small := testWire()
		small.Limits = []protocol.Limit{{Name: "frame", Unit: "bytes", N: 400}}
		tight := v.client(stream.LinkConfig{Protocol: small})
		before := len(v.log())
		_, err = tight.ticker.Subscribe(t.Context(), symbols[:100], "")
		require.NoError(t, err)
		for _, r := range v.log()[before:] {
			require.LessOrEqual(t, len(r.raw), 400)
		}
		require.Greater(t, len(v.log())-before, 1)
	})
}

func TestSameMustAgree(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		feed := *feedTicker
		feed.Same = []string{"depth"}
		wireSame := testWire()
		wireSame.Feeds = []*protocol.Feed{&feed}
		c := v.client(stream.LinkConfig{Protocol: wireSame})
		items := func(depth string) []stream.Item { return []stream.Item{{Key: key("A"), Params: depth}} }
		require.NoError(t, c.Subscribe(t.Context(), &feed, items(`{"depth":10}`)))
		require.NoError(t, c.Subscribe(t.Context(), &feed, items(`{"depth":10}`)))
		require.ErrorIs(t, c.Subscribe(t.Context(), &feed, items(`{"depth":25}`)), stream.ErrConflict)

		inKey := []stream.Item{{Key: `{"symbol":"B","depth":10}`}}
		require.NoError(t, c.Subscribe(t.Context(), &feed, inKey))
		err := c.Subscribe(t.Context(), &feed, []stream.Item{{Key: `{"symbol":"B","depth":25}`}})
		require.ErrorIs(t, err, stream.ErrConflict)
		require.NoError(t, c.Unsubscribe(t.Context(), &feed, inKey))
		require.NoError(t, c.Subscribe(t.Context(), &feed, []stream.Item{{Key: `{"symbol":"B","depth":25}`}}))
		require.NoError(t, c.Close(t.Context()))
	})
}

// A wire without ids, on which status frames name what they confirm.
func namedAcks() *protocol.Protocol {
	status := func(value string, conds ...protocol.Cond) []protocol.Match {
		all := append([]protocol.Cond{{Path: protocol.Path{"status"}, Values: []protocol.Value{{JSON: value}}}}, conds...)
		return []protocol.Match{{Conds: all}}
	}
	text := &protocol.TextTemplate{Pattern: wire.Pattern{Parts: []wire.Part{{Lit: "subscribed to: "}, {Hole: 0}, {Lit: "."}, {Hole: 1}}}, Holes: []string{protocol.HoleName, "symbol"}}
	feed := &protocol.Feed{
		Name:  "ticker",
		Batch: &protocol.Batch{Field: "symbol", Array: true},
		Ack: protocol.Ack{
			Mode: protocol.AckFrame, Per: "symbol", Within: 5 * time.Second,
			On:      status(`"success"`, protocol.Cond{Path: protocol.Path{"message"}, Values: []protocol.Value{{Text: text}}}),
			Refused: status(`"error"`),
			Error:   protocol.Path{"message"},
		},
	}
	login := &protocol.RPC{Name: "login", Effect: protocol.Read, On: status(`["ok"]`)}
	login.On[0].Conds[0].Values = []protocol.Value{{JSON: `"auth_success"`}, {JSON: `"auth_failed"`}}
	p := testWire()
	p.IDs = protocol.IDs{}
	p.Classes = []protocol.Class{{Name: "any", Key: []string{"method"}}}
	p.Errors = protocol.Errors{Refused: append(status(`"auth_failed"`), status(`"error"`)...), Code: protocol.Path{"status"}, Text: protocol.Path{"message"}}
	p.Feeds, p.RPCs = []*protocol.Feed{feed}, []*protocol.RPC{login}
	return p
}

func TestAcksByFrame(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		p := namedAcks()
		v.handle = func(p *peer, req request) bool {
			var params struct{ Symbol []string }
			_ = json.Unmarshal(req.Params, &params)
			switch req.Method {
			case "login":
				p.send(`{"method":"status","status":"auth_success"}`)
			case "subscribe":
				for _, s := range params.Symbol {
					if strings.HasPrefix(s, "X") {
						p.send(`{"method":"status","status":"error","message":"not authorized"}`)
						continue
					}
					p.send(`{"method":"status","status":"success","message":"subscribed to: ticker.%s"}`, s)
				}
			}
			return true
		}
		c := v.client(stream.LinkConfig{Protocol: p, Login: func(ctx context.Context, conn stream.Conn) error {
			reply, err := conn.Call(ctx, p.RPCs[0], nil)
			require.Contains(t, string(reply.Frames[0]), "auth_success")
			return err
		}})
		start := time.Now()
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A", "X1", "B.C"}, "")
		require.Equal(t, 5*time.Second, time.Since(start), "an error that names nothing waits for the deadline")
		var partial *stream.SubscribeError
		require.ErrorAs(t, err, &partial)
		require.Len(t, partial.Items, 1)
		var refused *stream.VenueError
		require.ErrorAs(t, partial.Items[key("X1")], &refused)
		require.Equal(t, "not authorized", refused.Message)
		require.Equal(t, []string{"A", "B.C"}, sub.Keys())
		require.NoError(t, sub.Close(t.Context()), "cancels are not confirmed on this wire")
		require.Empty(t, c.Stats().Unknown)
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestAcksByFirstEventAndNone(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		ctx := t.Context()
		v.handle = func(p *peer, req request) bool {
			if req.Method == "subscribe" && strings.Contains(req.raw, `"A"`) {
				p.tick("A", 1)
			}
			return true
		}
		w := testWire()
		w.Feeds = []*protocol.Feed{{Name: "ticker", Ack: protocol.Ack{Mode: protocol.AckFirstEvent}, CancelAck: protocol.Ack{Mode: protocol.AckNone}}}
		c := v.client(stream.LinkConfig{Protocol: w})
		sub, err := c.ticker.Subscribe(ctx, []string{"A"}, "")
		require.NoError(t, err)
		ev, err := sub.Next(ctx)
		require.NoError(t, err)
		require.Equal(t, 1, ev.Data.N, "the event that confirms is delivered")
		_, err = c.ticker.Subscribe(ctx, []string{"B"}, "")
		require.ErrorIs(t, err, stream.ErrAckTimeout)
		require.NoError(t, sub.Close(ctx))
		require.NoError(t, c.Close(ctx))

		w = testWire()
		w.Feeds = []*protocol.Feed{{Name: "ticker", Ack: protocol.Ack{Mode: protocol.AckNone}, CancelAck: protocol.Ack{Mode: protocol.AckNone}}}
		c = v.client(stream.LinkConfig{Protocol: w})
		_, err = c.ticker.Subscribe(ctx, []string{"B"}, "")
		require.NoError(t, err)
		require.Equal(t, "assumed", c.Stats().Subscriptions[0].State)
		require.NoError(t, c.Close(ctx))
	})
}

func TestStaleSubscription(t *testing.T) {
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
}

func TestMergedParams(t *testing.T) {
	feed := &protocol.Feed{Union: []string{"fields"}, Same: []string{"depth"}}
	tests := []struct {
		params []string
		want   string
		err    error
	}{
		{[]string{""}, "", nil},
		{[]string{`{"fields":["a"]}`, `{"fields":["b","a"]}`}, `{"fields":["a","b"]}`, nil},
		{[]string{`{"fields":"a"}`, `{"fields":["b"]}`}, `{"fields":["a","b"]}`, nil},
		{[]string{"", `{"fields":["b"],"depth":1}`}, "", stream.ErrConflict},
		{[]string{`{"depth":1}`, `{"depth":1,"snapshot":true}`}, `{"depth":1,"snapshot":true}`, nil},
		{[]string{`{"snapshot":false}`, `{"snapshot":true}`}, `{"snapshot":false}`, nil},
		{[]string{`{"depth":1}`, `{"depth":2}`}, "", stream.ErrConflict},
	}
	for _, tt := range tests {
		got, err := stream.MergeParams(feed, tt.params...)
		require.ErrorIs(t, err, tt.err, "%v", tt.params)
		if err == nil {
			require.Equal(t, tt.want, got, "%v", tt.params)
		}
	}
	_, err := stream.MergeParams(feed, `[1]`)
	require.Error(t, err)
}

// A cancel that repeats the id of its subscribe is answered with that id.
func TestCancelRepeatsTheID(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		w := testWire()
		w.Feeds = []*protocol.Feed{{Name: "ticker"}}
		w.Unsubscribe = []protocol.Template{{Root: object(
			protocol.Member{Name: "method", Value: literal("unsubscribe")},
			protocol.Member{Name: "params", Value: hole(protocol.HoleRoute)},
			protocol.Member{Name: "id", Value: hole(protocol.HoleSubID)},
		)}}
		v.handle = func(p *peer, req request) bool {
			p.send(`{"method":%q,"id":%d,"success":true}`, req.Method, req.ID)
			return true
		}
		c := v.client(stream.LinkConfig{Protocol: w})
		start := time.Now()
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A", "B"}, "")
		require.NoError(t, err)
		require.NoError(t, sub.Close(t.Context()))
		require.Zero(t, time.Since(start))
		ids := map[string][]int{}
		for _, r := range v.log() {
			ids[r.Method] = append(ids[r.Method], r.ID)
		}
		require.Equal(t, map[string][]int{"subscribe": {1, 2}, "unsubscribe": {1, 2}}, ids)
		require.Zero(t, c.Stats().StrayReplies)
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestCancelThatIsNotConfirmed(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		v.handle = func(_ *peer, req request) bool { return req.Method == "unsubscribe" }
		c := v.client(stream.LinkConfig{})
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		start := time.Now()
		require.ErrorIs(t, sub.Close(t.Context()), stream.ErrAckTimeout)
		require.Equal(t, stream.AckWithin, time.Since(start))
		require.NoError(t, c.Close(t.Context()))
	})
}

// An item that a new session does not confirm may be live all the same: it is cancelled before it is asked for again.
func TestUnconfirmedReplayStartsClean(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{})
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		v.set(func(v *venue) { v.mute["A"] = true })
		_ = v.peer().NetConn().Close()
		require.NoError(t, waitEpoch(t.Context(), c, 2))
		time.Sleep(stream.AckWithin - time.Millisecond)
		v.set(func(v *venue) { delete(v.mute, "A") })
		time.Sleep(time.Minute)
		var methods []string
		for _, r := range v.log() {
			methods = append(methods, r.Method)
		}
		require.Equal(t, []string{"subscribe", "subscribe", "unsubscribe", "subscribe"}, methods)
		require.Equal(t, "live", c.Stats().Subscriptions[0].State)
		require.NoError(t, sub.Err())
		require.NoError(t, c.Close(t.Context()))
	})
}
