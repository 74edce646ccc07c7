package streamtest_test

import (
	"context"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

func literal(name, json string) protocol.Member {
	return protocol.Member{Name: name, Value: &protocol.Node{JSON: json}}
}

func hole(name, h string) protocol.Member {
	return protocol.Member{Name: name, Value: &protocol.Node{Hole: h}}
}

func object(name string, members ...protocol.Member) protocol.Member {
	return protocol.Member{Name: name, Value: &protocol.Node{Members: members}}
}

func frame(members ...protocol.Member) []protocol.Template {
	return []protocol.Template{{Root: &protocol.Node{Members: members}}}
}

func equal(json string, path ...string) []protocol.Match {
	return []protocol.Match{{Conds: []protocol.Cond{{Path: path, Values: []protocol.Value{{JSON: json}}}}}}
}

// envelope is a wire with ids and an acknowledgement before each reply.
func envelope() *protocol.Protocol {
	ack := protocol.Ack{
		On: equal(`"result"`, "name"), Ok: equal("true", "msg", "success"), Refused: equal("false", "msg", "success"),
		Error: protocol.Path{"msg", "reason"},
	}
	msg := func(body protocol.Member) protocol.Member {
		return object("msg", hole("name", protocol.HoleName), hole("version", protocol.HoleVersion), body)
	}
	id := hole("request_id", protocol.HoleID)
	filters := msg(object("params", hole("routingFilters", protocol.HoleRoute)))
	return &protocol.Protocol{
		Venue:       "envelope",
		IDs:         protocol.IDs{Kind: protocol.TextIDs},
		Classes:     []protocol.Class{{Name: "message", ID: "request_id", Key: []string{"name"}, Payload: "msg"}},
		Call:        frame(literal("name", `"sendMessage"`), id, msg(hole("body", protocol.HoleRequest))),
		Subscribe:   frame(literal("name", `"subscribeMessage"`), id, filters),
		Unsubscribe: frame(literal("name", `"unsubscribeMessage"`), hole("request_id", protocol.HoleSubID), filters),
		Gate:        &ack,
		Errors: protocol.Errors{
			Ok:      append(equal("2000", "status"), protocol.Match{Lacks: []protocol.Path{{"status"}}}),
			Refused: []protocol.Match{{Conds: []protocol.Cond{{Path: protocol.Path{"status"}, Values: []protocol.Value{{Min: 4000, Max: 5999, Range: true}}}}}},
			Code:    protocol.Path{"status"}, Text: protocol.Path{"msg", "message"},
		},
		RPCs: []*protocol.RPC{
			{Name: "get-candles", Version: "2.0", Effect: protocol.Read, ReplyName: "candles"},
			{Name: "buy", Version: "1.0", ReplyName: "option"},
			{Name: "login", Send: frame(literal("name", `"login"`), id, hole("msg", protocol.HoleRequest)), NoGate: true,
				Effect: protocol.Write, ReplyName: "welcome", Sensitive: []string{"password", "ssid"}},
			{Name: "note", Send: frame(literal("name", `"note"`), id), Effect: protocol.Write, Reply: protocol.ReplyNone, NoGate: true},
		},
		Feeds: []*protocol.Feed{{Name: "candle", Version: "1.0", Ack: ack, CancelAck: ack, Route: []string{"active_id"}}},
	}
}

// batches is a wire without ids, whose acknowledgements are words in a batch.
func batches(t testing.TB) *protocol.Protocol {
	text := func(s string) *protocol.TextTemplate {
		out := new(protocol.TextTemplate)
		p, err := wire.ParsePattern(s, func(name string) (int, string, bool) {
			out.Holes = append(out.Holes, name)
			return len(out.Holes) - 1, "", true
		})
		require.NoError(t, err)
		out.Pattern = p
		return out
	}
	ack := func(words string) protocol.Ack {
		m := equal(`"success"`, "status")[0]
		m.Conds = append(m.Conds,
			protocol.Cond{Path: protocol.Path{"ev"}, Values: []protocol.Value{{JSON: `"status"`}}},
			protocol.Cond{Path: protocol.Path{"message"}, Values: []protocol.Value{{Text: text(words)}}})
		return protocol.Ack{Mode: protocol.AckFrame, On: []protocol.Match{m}, Refused: equal(`"error"`, "status"), Error: protocol.Path{"message"}, Per: "symbol"}
	}
	params := protocol.Member{Name: "params", Value: &protocol.Node{Text: text("<name>.{symbol}")}}
	feed := func(name string) *protocol.Feed {
		return &protocol.Feed{Name: name, Ack: ack("subscribed to: <name>.{symbol}"), CancelAck: ack("unsubscribed to: <name>.{symbol}"),
			Batch: &protocol.Batch{Field: "symbol", Sep: ","}, Route: []string{"symbol"}}
	}
	return &protocol.Protocol{
		Venue:       "batches",
		Classes:     []protocol.Class{{Name: "batch", Form: protocol.Array, Of: "event"}, {Name: "event", Key: []string{"ev"}}},
		Subscribe:   frame(literal("action", `"subscribe"`), params),
		Unsubscribe: frame(literal("action", `"unsubscribe"`), params),
		Feeds:       []*protocol.Feed{feed("T"), feed("A")},
	}
}

// peer is a client with nothing but WebSocket.
type peer struct {
	t  testing.TB
	ws *websocket.Conn
}

func dial(t testing.TB, s *streamtest.Server) *peer {
	ws, res, err := dialer(s).DialContext(t.Context(), s.URL()+"/any/path", nil)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return &peer{t, ws}
}

func dialer(s *streamtest.Server) *websocket.Dialer {
	return &websocket.Dialer{NetDialContext: s.Dial, TLSClientConfig: s.TLSConfig()}
}

func (p *peer) send(frame string) {
	p.t.Helper()
	require.NoError(p.t, p.ws.WriteMessage(websocket.TextMessage, []byte(frame)))
}

func (p *peer) read() string {
	p.t.Helper()
	_, b, err := p.ws.ReadMessage()
	require.NoError(p.t, err)
	return string(b)
}

func (p *peer) fails() error {
	p.t.Helper()
	_, _, err := p.ws.ReadMessage()
	require.Error(p.t, err)
	return err
}

// silent wants nothing to come within a time.
func (p *peer) silent(d time.Duration) {
	p.t.Helper()
	require.NoError(p.t, p.ws.SetReadDeadline(time.Now().Add(d)))
	require.ErrorContains(p.t, p.fails(), "timeout")
}

func ctxFor(t testing.TB, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}
