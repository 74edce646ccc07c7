package protocol_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	. "github.com/venuewire/venuewire/stream/protocol"
)

func TestAppendReplyFrame(t *testing.T) {
	t.Parallel()
	kv := func(name, v string) KV { return KV{name, []byte(v)} }
	for _, tt := range []struct {
		venue, class, key, id, payload string
		extra                          []KV
		want                           string
	}{
		{"iqoption", "message", "candles", "7", `{"a":1}`, []KV{kv("status", "2000")}, `{"name":"candles","request_id":"7","status":2000,"msg":{"a":1}}`},
		{"kraken", "reply", "pong", "7", ``, []KV{kv("success", "true")}, `{"method":"pong","req_id":7,"success":true}`},
		{"kraken", "push", "book", "", `{"data":[]}`, []KV{kv("type", `"update"`)}, `{"channel":"book","type":"update","data":[]}`},
		{"polygon", "batch", "status", "", `{"status":"connected"}`, nil, `[{"ev":"status","status":"connected"}]`},
		{"ibkr", "topic", "tic", "", `{"alive":true}`, nil, `{"topic":"tic","alive":true}`},
		{"ibkr", "plain", "ech+hb", "", ``, nil, `ech+hb`},
		{"krakenv1", "public", "ticker", "", `{"a":[]}`, []KV{kv("pair", `"X/Y"`), kv("channelID", "3")}, `[3,{"a":[]},"ticker","X/Y"]`},
		{"krakenv1", "private", "ownTrades", "", `[]`, nil, `[[],"ownTrades"]`},
		{"krakenv1", "private", "ownTrades", "", `[]`, []KV{kv("tail", `{"sequence":1}`)}, `[[],"ownTrades",{"sequence":1}]`},
		{"krakenv1", "nowhere", "x", "", ``, nil, ``},
	} {
		var payload []byte
		if tt.payload != "" {
			payload = []byte(tt.payload)
		}
		got := drafts()[tt.venue].AppendReplyFrame(nil, tt.class, tt.key, tt.id, payload, tt.extra...)
		require.Equal(t, tt.want, string(got))
	}
}

// Frames that the fake derives from the descriptors mean to the client what they should.
func TestDerivedFrames(t *testing.T) {
	t.Parallel()
	for venue, p := range drafts() {
		for _, r := range p.RPCs {
			if r.Reply != ReplyData {
				continue
			}
			payload := []byte(`{}`)
			if r.Name == "authenticate" {
				payload = nil
			}
			frame, err := p.AppendReply(nil, r, "3", payload)
			require.NoError(t, err, "%s %s", venue, r.Name)
			elem := first(t, p, frame)
			got, _ := p.ReplyOutcome(r, elem)
			require.Equal(t, Accepted, got, "%s", frame)
			h, err := p.Header(elem)
			require.NoError(t, err)
			if len(r.On) > 0 {
				require.True(t, Answers(r, h.Class, elem), "%s", frame)
			} else {
				require.Equal(t, "3", h.ID)
			}
			if h.Class.Form == Text {
				continue
			}
			frame, err = p.AppendRefusal(nil, r, "3", "", "sorry")
			require.NoError(t, err, "%s %s", venue, r.Name)
			got, refusal := p.ReplyOutcome(r, first(t, p, frame))
			require.Equal(t, Refused, got, "%s", frame)
			require.Equal(t, "sorry", refusal.Message, "%s", frame)
		}
		for _, f := range p.Feeds {
			item := []byte(`{"symbol":"BRK.B","pair":"X/Y","serverId":"99"}`)
			for _, a := range []*Ack{&f.Ack, &f.CancelAck} {
				frame, err := p.AppendAck(nil, a, f.Name, "3", item)
				if a.Mode == AckFirstEvent || a.Mode == AckNone {
					require.ErrorIs(t, err, ErrNotDerivable)
					continue
				}
				require.NoError(t, err, "%s %s", venue, f.Name)
				elem := first(t, p, frame)
				got, _ := p.AckOutcome(a, elem)
				require.Equal(t, Accepted, got, "%s", frame)
				h, err := p.Header(elem)
				require.NoError(t, err)
				names, mine := AckItem(a, f.Name, h.Class, elem)
				require.True(t, mine, "%s", frame)
				require.True(t, names.Fits(item), "%s", frame)
				require.Equal(t, a.Per != "", len(names) > 0 && a.Per != "", "%s", frame)
			}
		}
	}
}

func first(t *testing.T, p *Protocol, frame []byte) (elem []byte) {
	c, ok := p.Classify(frame)
	require.True(t, ok, "%s", frame)
	require.NoError(t, p.Elements(c, frame, func(e []byte) bool { elem = e; return false }))
	return elem
}

func TestDerivedRefusals(t *testing.T) {
	t.Parallel()
	iq := rpcEnvelope()
	frame, err := iq.AppendRefusal(nil, rpcOf(t, iq, "get-candles"), "3", "4117", "moved")
	require.NoError(t, err)
	require.Equal(t, `{"name":"candles","request_id":"3","status":4117,"msg":{"message":"moved"}}`, string(frame))
	_, refusal := iq.ReplyOutcome(rpcOf(t, iq, "get-candles"), frame)
	require.Equal(t, "ProfitRateChanged", refusal.Known.Name)

	k := methodChannel()
	f := feedOf(t, k, "book")
	frame, err = k.AppendAckRefusal(nil, &f.Ack, "book", "3", []byte(`{"symbol":"X/Y","depth":10}`), "", "Currency pair not supported X/Y")
	require.NoError(t, err)
	got, refusal := k.AckOutcome(&f.Ack, frame)
	require.Equal(t, Refused, got)
	require.Equal(t, "X/Y", refusal.Item)
	require.Equal(t, "PairNotSupported", refusal.Known.Name)

	x := eventArray()
	f = feedOf(t, x, "T")
	frame, err = x.AppendAckRefusal(nil, &f.Ack, "T", "", []byte(`{"symbol":"A"}`), "", "not authorized")
	require.NoError(t, err)
	require.Equal(t, `[{"ev":"status","status":"error","message":"not authorized"}]`, string(frame))

	lists := &RPC{Name: "buy", Ok: any1(when(eq("msg.done", "true"))), Refused: any1(when(eq("msg.done", "false"))), ErrorText: path("msg.why[].text")}
	frame, err = iq.AppendRefusal(nil, lists, "3", "", "sorry")
	require.NoError(t, err)
	require.Equal(t, `{"request_id":"3","msg":{"why":[{"text":"sorry"}],"done":false}}`, string(frame))
	_, refusal = iq.ReplyOutcome(lists, frame)
	require.Equal(t, "sorry", refusal.Message)

	v1 := tupleChannel()
	_, err = v1.AppendReply(nil, &RPC{Name: "x", ReplyClass: "nowhere"}, "", nil)
	require.ErrorIs(t, err, ErrNotDerivable)
}
