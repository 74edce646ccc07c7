package krakenv1

import (
	"regexp"
	"slices"
	"testing"

	json "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/spectest"
	"github.com/venuewire/venuewire/wire"
	"github.com/venuewire/venuewire/wire/wiretest"
)

// sample is a frame that was recorded.
type sample struct{ *spectest.Recorded }

// replyShapes decode replies as the generated methods do, and encode what they read.
var replyShapes = map[string]spectest.Encoder{
	"addOrder":             spectest.EncoderOfResult[AddOrderReply](&rpcAddOrder),
	"amendOrder":           spectest.EncoderOfResult[AmendOrderReply](&rpcAmendOrder),
	"editOrder":            spectest.EncoderOfResult[EditOrderReply](&rpcEditOrder),
	"cancelAll":            spectest.EncoderOfResult[CancelAllReply](&rpcCancelAll),
	"cancelAllOrdersAfter": spectest.EncoderOfResult[CancelAllOrdersAfterReply](&rpcCancelAllOrdersAfter),
}

// objectShapes are the types of the objects that no request asked for.
var objectShapes = map[string]func() any{
	"SystemStatus":       func() any { return new(SystemStatus) },
	"Heartbeat":          func() any { return new(Heartbeat) },
	"SubscriptionStatus": func() any { return new(SubscriptionState) },
	"ErrorEvent":         func() any { return new(ErrorEvent) },
}

// arrayShapes are the types of what arrays hold. Those whose payload is no object have it as their value.
var arrayShapes = map[string]struct {
	of    func() any
	value bool
}{
	"Ticker":       {func() any { return new(Ticker) }, false},
	"Trades":       {func() any { return new(Trades) }, true},
	"Spread":       {func() any { return new(Spread) }, true},
	"OHLC":         {func() any { return new(OHLC) }, true},
	"BookSnapshot": {func() any { return new(BookSnapshot) }, false},
	"BookUpdate":   {func() any { return new(BookUpdate) }, false},
	"OwnTrades":    {func() any { return new(OwnTrades) }, true},
	"OpenOrders":   {func() any { return new(OpenOrders) }, true},
}

// beside are the members of objects that are no fields of the payload.
var beside = []string{"event", "status", "reqid", "errorMessage"}

func TestInboundSamples(t *testing.T) {
	spectest.EachRecorded(t, "in", func(t *testing.T, r *spectest.Recorded) {
		s, drift := sample{r}, new(wire.Drift)
		switch {
		case s.Frame[0] == '[':
			s.taken(t, drift)
			s.array(t)
		case s.isAnswer():
			s.reply(t, drift)
		default:
			s.taken(t, drift)
			s.survives(t, objectShapes[s.Entry](), s.Frame)
		}
		require.Empty(t, drift.Snapshot(), s.Source)
	})
}

// isAnswer tells whether an object answers a request: events have no id.
func (s sample) isAnswer() bool {
	var frame struct {
		ReqID json.RawMessage `json:"reqid"`
	}
	return objectShapes[s.Entry] == nil || json.Unmarshal(s.Frame, &frame) == nil && frame.ReqID != nil
}

// taken goes through the dispatch of the clients; one of them must take it and none may stumble.
func (s sample) taken(t *testing.T, drift *wire.Drift) {
	taken := 0
	for _, inbound := range []func(*wire.Drift) stream.Inbound{testPublicInbound, testPrivateInbound} {
		rest := 0
		inbound(drift).Frame(s.Frame, stream.Meta{}, func(_ []byte, err error) {
			if err == stream.ErrDelivered {
				return // an event that may answer a request as well
			}
			require.NoError(t, err)
			rest++
		})
		taken += 1 - rest
	}
	require.Positive(t, taken, "no event takes it")
}

// array compares the payloads of a positional frame; where there are two they fill one value.
func (s sample) array(t *testing.T) {
	var elements []json.RawMessage
	require.NoError(t, json.Unmarshal(s.Frame, &elements))
	shape, payloads := arrayShapes[s.Entry], elements[:1]
	if elements[0][0] != '[' {
		payloads = elements[1 : len(elements)-2]
	}
	for _, payload := range payloads {
		if shape.value {
			payload = slices.Concat([]byte(`{"value":`), payload, []byte(`}`))
		}
		s.survives(t, shape.of(), payload)
	}
}

// reply goes to the call that the line names.
func (s sample) reply(t *testing.T, drift *wire.Drift) {
	var outcome protocol.Outcome
	var refusal *protocol.Refusal
	rpc := rpcNamed(s.Entry)
	if s.Entry == "SubscriptionStatus" {
		outcome, refusal = wireProtocol.AckOutcome(&feedBook.Ack, s.Frame)
	} else {
		if s.Entry == "ErrorEvent" {
			rpc = &rpcPing // any call may be answered by it
		}
		require.NotNil(t, rpc, "no such call")
		outcome, refusal = wireProtocol.ReplyOutcome(rpc, s.Frame)
	}
	switch {
	case outcome == protocol.Refused:
		require.NotNil(t, refusal.Known, "an undocumented refusal: %s", refusal.Message)
	case outcome != protocol.Accepted:
		require.Fail(t, "undecided")
	case s.Entry == "SubscriptionStatus":
		s.survives(t, new(SubscriptionState), s.Frame)
	case replyShapes[s.Entry] != nil:
		d := wire.Decoder{Drift: drift}
		encoded, code := replyShapes[s.Entry](&d, s.Frame)
		require.GreaterOrEqual(t, code, 0, encoded)
		s.noLosses(t, string(s.Frame), encoded, beside...)
	default:
		require.Contains(t, []string{"ping", "cancelOrder"}, s.Entry, "a reply without payload")
	}
}

func rpcNamed(name string) *protocol.RPC {
	for _, rpc := range wireProtocol.RPCs {
		if rpc.Name == name {
			return rpc
		}
	}
	return nil
}

// survives decodes a payload and compares what is written then.
func (s sample) survives(t *testing.T, v any, payload []byte) {
	encoded := spectest.Again(t, v, payload)
	tolerated := beside
	if s.Frame[0] == '[' {
		tolerated = nil
	} else if s.Entry == "SystemStatus" || s.Entry == "SubscriptionStatus" {
		tolerated = []string{"event", "reqid"}
	}
	s.noLosses(t, string(payload), encoded, tolerated...)
}

// timeZeros are the trailing zeros of Unix times, which are not written back: a time is no decimal.
var timeZeros = regexp.MustCompile(`"(1\d{9}\.\d*?[1-9])0+"`)

// noLosses compares numbers digit by digit.
func (s sample) noLosses(t *testing.T, payload, encoded string, beside ...string) {
	payload = timeZeros.ReplaceAllString(payload, `"$1"`)
	for _, loss := range wiretest.Losses(payload, encoded, wiretest.Tolerate(beside...), wiretest.Exact("", "[]")) {
		t.Errorf("lost: %s (%s)", loss, s.Source)
	}
}

func TestOutboundSamples(t *testing.T) {
	spectest.EachRecorded(t, "out", func(t *testing.T, s *spectest.Recorded) {
		call, ok := wireProtocol.ParseClient(s.Frame)
		require.True(t, ok, "fits no template")
		require.Equal(t, s.Entry, call.Name)
		require.True(t, call.RPC != nil || call.Feed != nil, "not in the specs")
	})
}
