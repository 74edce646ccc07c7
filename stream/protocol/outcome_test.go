package protocol_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	. "github.com/venuewire/venuewire/stream/protocol"
)

func TestReplyOutcome(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		venue, rpc, frame string
		want              Outcome
		code, message     string
		known, item       string
	}{
		{"iqoption", "get-candles", `{"name":"candles","status":2000,"msg":{}}`, Accepted, "", "", "", ""},
		{"iqoption", "get-candles", `{"name":"candles","status":0}`, Accepted, "", "", "", ""},
		{"iqoption", "get-candles", `{"name":"candles","msg":{}}`, Accepted, "", "", "", ""},
		{"iqoption", "binary-options.open-option", `{"name":"option","status":4117,"msg":{"message":"The option has not been purchased because of the profit rate change."}}`,
			Refused, "4117", "The option has not been purchased because of the profit rate change.", "ProfitRateChanged", ""},
		{"iqoption", "get-candles", `{"name":"x","status":4777,"msg":{"from":["a"]}}`, Refused, "4777", "", "", ""},
		{"iqoption", "get-candles", `{"name":"trading-params","status":-6}`, Undecided, "", "", "", ""},
		{"iqoption", "get-candles", `{"name":"x","status":"4117"}`, Undecided, "", "", "", ""},
		{"iqoption", "get-candles", `{"name":"x","status":4117`, Undecided, "", "", "", ""},
		{"iqoption", "authenticate", `{"name":"authenticated","msg":true}`, Accepted, "", "", "", ""},
		{"iqoption", "authenticate", `{"name":"authenticated","msg":false}`, Refused, "", "", "", ""},
		{"iqoption", "authenticate", `{"name":"authenticated","msg":"?"}`, Undecided, "", "", "", ""},
		{"iqoption", "get-leaderboard", `{"name":"l","status":2000,"msg":{"error":"gone"}}`, Refused, "2000", "gone", "", ""},
		{"kraken", "add_order", `{"method":"add_order","req_id":1,"result":{"order_id":"A"},"success":true}`, Accepted, "", "", "", ""},
		{"kraken", "add_order", `{"error":"EOrder:Insufficient funds","method":"add_order","success":false}`, Refused, "", "EOrder:Insufficient funds", "InsufficientFunds", ""},
		{"kraken", "add_order", `{"error":"EService:Throttled: 12","method":"add_order","success":false}`, Refused, "", "EService:Throttled: 12", "Throttled", ""},
		{"kraken", "add_order", `{"error":"EService:Busy","method":"add_order","success":false}`, Refused, "", "EService:Busy", "ServiceUnavailable", ""},
		{"kraken", "add_order", `{"error":"EGeneral:Invalid arguments:no","method":"add_order","success":false}`, Refused, "", "EGeneral:Invalid arguments:no", "InvalidArguments", ""},
		{"kraken", "add_order", `{"error":"E","method":"add_order"}`, Undecided, "", "", "", ""},
		{"kraken", "cancel_order", `{"error":"x","method":"cancel_order","success":false,"result":{"order_id":"O1"}}`, Refused, "", "x", "", "O1"},
		{"kraken", "ping", `{"method":"pong","req_id":101,"time_in":"x"}`, Accepted, "", "", "", ""},
		{"polygon", "auth", `{"ev":"status","status":"auth_failed"}`, Refused, "auth_failed", "", "AuthFailed", ""},
		{"polygon", "auth", `{"ev":"status","status":"connected"}`, Undecided, "", "", "", ""},
		{"polygon", "auth", `{"ev":"status","status":"success","message":"authenticated"}`, Accepted, "", "", "", ""},
		{"ibkr", "shs", `{"topic":"shs+exercise"}`, Accepted, "", "", "", ""},
		{"ibkr", "tic", `{"topic":"tic","error":"no session"}`, Refused, "", "no session", "NoSession", ""},
		{"ibkr", "tic", `{"topic":"tic","error":{"why":1}}`, Refused, "", `{"why":1}`, "", ""},
		{"krakenv1", "addOrder", `{"errorMessage":"EOrder:Order minimum not met","event":"addOrderStatus","status":"error"}`, Refused, "", "EOrder:Order minimum not met", "", ""},
		{"krakenv1", "ping", `{"event":"pong","reqid":42}`, Accepted, "", "", "", ""},
		{"krakenv1", "ping", `{"event":"error","errorMessage":"Exceeded msg rate","reqid":42}`, Refused, "", "Exceeded msg rate", "MessageRate", ""},
	} {
		p := drafts()[tt.venue]
		got, refusal := p.ReplyOutcome(rpcOf(t, p, tt.rpc), []byte(tt.frame))
		require.Equal(t, tt.want, got, tt.frame)
		if got != Refused {
			require.Nil(t, refusal)
			continue
		}
		require.Equal(t, []string{tt.code, tt.message, tt.item}, []string{refusal.Code, refusal.Message, refusal.Item}, tt.frame)
		if tt.known == "" {
			require.Nil(t, refusal.Known, tt.frame)
			continue
		}
		require.Equal(t, tt.known, refusal.Known.Name, tt.frame)
	}
}

func TestRefusalOwnsItsDetail(t *testing.T) {
	t.Parallel()
	p := rpcEnvelope()
	frame := []byte(`{"name":"option","status":4117,"msg":{"result":1}}`)
	_, refusal := p.ReplyOutcome(rpcOf(t, p, "get-candles"), frame)
	clear(frame)
	require.Equal(t, `{"result":1}`, string(refusal.Detail))
}

func TestGate(t *testing.T) {
	t.Parallel()
	p := rpcEnvelope()
	c := p.Class("message")
	ack := []byte(`{"name":"result","request_id":"1","msg":{"success":true}}`)
	require.True(t, p.IsGate(rpcOf(t, p, "get-candles"), c, ack))
	require.False(t, p.IsGate(rpcOf(t, p, "authenticate"), c, ack))
	require.False(t, p.IsGate(rpcOf(t, p, "get-candles"), c, []byte(`{"name":"candles"}`)))
	require.False(t, methodChannel().IsGate(new(RPC), nil, ack))

	got, _ := p.GateOutcome(ack)
	require.Equal(t, Accepted, got)
	got, refusal := p.GateOutcome([]byte(`{"name":"result","msg":{"success":false,"reason":"no"}}`))
	require.Equal(t, Refused, got)
	require.Equal(t, "no", refusal.Message)
	got, _ = p.GateOutcome([]byte(`{"name":"result","msg":{}}`))
	require.Equal(t, Undecided, got)
	got, _ = methodChannel().GateOutcome(ack)
	require.Equal(t, Undecided, got)
}

func TestAckOutcome(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		venue, feed, frame string
		want               Outcome
		item               Captured
		mine               bool
		message            string
	}{
		{"iqoption", "active", `{"name":"result","request_id":"1","msg":{"success":true}}`, Accepted, nil, true, ""},
		{"iqoption", "active", `{"name":"active","request_id":"1","msg":{"success":true}}`, Undecided, nil, false, ""},
		{"iqoption", "active", `{"name":"x","request_id":"1","status":4000,"msg":{"message":"bad"}}`, Refused, nil, false, "bad"},
		{"kraken", "book", `{"method":"subscribe","req_id":1,"result":{"channel":"book","symbol":"ALGO/USD"},"success":true}`, Accepted,
			Captured{{Name: "symbol", Value: "ALGO/USD"}}, true, ""},
		{"kraken", "book", `{"error":"Currency pair not supported WWW/USD","method":"subscribe","req_id":1,"success":false,"symbol":"WWW/USD"}`, Refused,
			Captured{{Name: "symbol", Value: "WWW/USD"}}, true, "Currency pair not supported WWW/USD"},
		{"kraken", "instrument", `{"method":"subscribe","result":{"channel":"instrument"},"success":true}`, Accepted, nil, true, ""},
		{"polygon", "T", `{"ev":"status","status":"success","message":"subscribed to: T.BRK.B"}`, Accepted, Captured{{Name: "symbol", Value: "BRK.B"}}, true, ""},
		{"polygon", "A", `{"ev":"status","status":"success","message":"subscribed to: T.BRK.B"}`, Accepted, nil, false, ""},
		{"polygon", "T", `{"ev":"status","status":"error","message":"not authorized"}`, Refused, nil, true, "not authorized"},
		{"polygon", "T", `{"ev":"status","status":"max_connections"}`, Undecided, nil, false, ""},
		{"polygon", "T", `{"ev":"T","sym":"A"}`, Undecided, nil, false, ""},
		{"ibkr", "smd", `{"topic":"smd+1"}`, Undecided, nil, true, ""},
		{"krakenv1", "book", `{"errorMessage":"Subscription depth not supported","event":"subscriptionStatus","pair":"XBT/USD","reqid":1,"status":"error"}`, Refused,
			Captured{{Name: "pair", Value: "XBT/USD"}}, true, "Subscription depth not supported"},
		{"krakenv1", "book", `{"channelID":13,"channelName":"book-42","event":"subscriptionStatus","pair":"XBT/EUR","reqid":1,"status":"subscribed"}`, Accepted,
			Captured{{Name: "pair", Value: "XBT/EUR"}}, true, ""},
	} {
		p := drafts()[tt.venue]
		f := feedOf(t, p, tt.feed)
		c, _ := p.Classify([]byte(tt.frame))
		got, refusal := p.AckOutcome(&f.Ack, []byte(tt.frame))
		require.Equal(t, tt.want, got, tt.frame)
		item, mine := AckItem(&f.Ack, f.Name, c, []byte(tt.frame))
		require.Equal(t, tt.mine, mine, tt.frame)
		require.Equal(t, len(tt.item), len(item), tt.frame)
		if len(tt.item) > 0 {
			require.Equal(t, tt.item, item)
		}
		if got == Refused {
			require.Equal(t, tt.message, refusal.Message)
			if len(tt.item) > 0 {
				require.Equal(t, tt.item[0].Value, refusal.Item)
			}
		}
	}
	p := textTopic()
	got, _ := p.AckOutcome(&feedOf(t, p, "smh").CancelAck, []byte(`{"message":"Unsubscribed 99"}`))
	require.Equal(t, Accepted, got)
	got, _ = p.AckOutcome(&feedOf(t, p, "smh").CancelAck, []byte(`{"error":"who knows"}`))
	require.Equal(t, Undecided, got, "an error without a name is nobody's")
	got, _ = p.AckOutcome(nil, []byte(`{}`))
	require.Equal(t, Undecided, got)
	require.Equal(t, []string{"undecided", "accepted", "refused"}, []string{Undecided.String(), Accepted.String(), Refused.String()})
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		venue, rpc, frame string
		want              bool
	}{
		{"iqoption", "authenticate", `{"name":"authenticated","msg":false}`, true},
		{"iqoption", "get-candles", `{"name":"candles","msg":{}}`, false},
		{"polygon", "auth", `{"ev":"status","status":"auth_timeout"}`, true},
		{"polygon", "auth", `{"ev":"status","status":"success","message":"subscribed to: T.A"}`, false},
		{"ibkr", "tic", `{"topic":"tic","alive":true}`, true},
		{"ibkr", "ech", `ech+hb`, true},
		{"ibkr", "shs", `{"topic":"shs+exercise","action":"content"}`, false},
	} {
		p := drafts()[tt.venue]
		c, ok := p.Classify([]byte(tt.frame))
		require.True(t, ok)
		require.Equal(t, tt.want, Answers(rpcOf(t, p, tt.rpc), c, []byte(tt.frame)), tt.frame)
	}
	p := methodChannel()
	item, ok := ReplyItem(rpcOf(t, p, "cancel_order"), p.Class("reply"), []byte(`{"result":{"cl_ord_id":"c"}}`))
	require.True(t, ok)
	require.Equal(t, "c", item)
	_, ok = ReplyItem(rpcOf(t, p, "ping"), nil, []byte(`{}`))
	require.False(t, ok)
}

func TestLearnFrom(t *testing.T) {
	t.Parallel()
	p := textTopic()
	f := feedOf(t, p, "smh")
	frame := []byte(`{"topic":"smh+1","serverId":"20"}`)
	got := LearnFrom(f, nil, frame)
	clear(frame)
	require.Equal(t, map[string][]byte{"serverId": []byte(`"20"`)}, got)
	require.Nil(t, LearnFrom(f, nil, []byte(`{}`)))
}

func TestRefusalOf(t *testing.T) {
	t.Parallel()
	p := eventArray()
	c := p.Class("event")
	require.Equal(t, "NotAuthorized", p.RefusalOf(c, []byte(`{"ev":"status","status":"error"}`)).Known.Name)
	require.Nil(t, p.RefusalOf(c, []byte(`{"ev":"status","status":"connected"}`)))
}

func TestOneErrorWithSeveralTexts(t *testing.T) {
	t.Parallel()
	p := tupleChannel()
	p.Errors.Codes = append(p.Errors.Codes, &ErrorCode{Name: "MessageRate", Text: tx("Slow down {who}")})
	require.Same(t, p.Known("", "Exceeded msg rate"), p.Known("", "Slow down you"))
	require.Nil(t, p.Known("", ""))
}
