package stream_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/wire"
)

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

func acksByFrame(t *testing.T) {
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

func acksByFirstEventAndNone(t *testing.T) {
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

func cancelThatIsNotConfirmed(t *testing.T) {
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
func unconfirmedReplayStartsClean(t *testing.T) {
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
