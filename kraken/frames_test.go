package kraken

import (
	"regexp"
	"testing"

	json "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/spectest"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
	"github.com/venuewire/venuewire/wire/wiretest"
)

// sample is a frame that was recorded.
type sample struct{ *spectest.Recorded }

// replyShapes decode replies as the generated methods do, and encode what they read.
var replyShapes = map[string]spectest.Encoder{
	"add_order":               spectest.EncoderOfResult[OrderAck](&rpcAddOrder),
	"amend_order":             spectest.EncoderOfResult[AmendOrderReply](&rpcAmendOrder),
	"edit_order":              spectest.EncoderOfResult[EditOrderReply](&rpcEditOrder),
	"cancel_order":            spectest.EncoderOf(readCancelOrderReply),
	"cancel_all":              spectest.EncoderOfResult[CancelAllReply](&rpcCancelAll),
	"cancel_all_orders_after": spectest.EncoderOfResult[CancelAllOrdersAfterReply](&rpcCancelAllOrdersAfter),
	"batch_add":               spectest.EncoderOf(readBatchAddReply),
	"batch_cancel":            batchCancelled,
}

// eventShapes are the types of the pushes.
var eventShapes = map[string]func() any{
	"Status":           func() any { return new(Status) },
	"Heartbeat":        func() any { return new(Heartbeat) },
	"TickerUpdate":     func() any { return new(TickerUpdate) },
	"BookUpdate":       func() any { return new(BookUpdate) },
	"TradeUpdate":      func() any { return new(TradeUpdate) },
	"OHLCUpdate":       func() any { return new(OHLCUpdate) },
	"InstrumentUpdate": func() any { return new(InstrumentUpdate) },
	"Level3Update":     func() any { return new(Level3Update) },
	"ExecutionUpdate":  func() any { return new(ExecutionUpdate) },
	"BalanceSnapshot":  func() any { return new(BalanceSnapshot) },
	"BalanceUpdate":    func() any { return new(BalanceUpdate) },
}

// batchCancelled must find a count, wherever it stands.
func batchCancelled(d *wire.Decoder, frame []byte) (string, int) {
	var v BatchCancelReply
	code := readBatchCancelReply(&v, d, frame)
	if v.Cancelled() == 0 {
		return "no count", wire.ErrSyntax
	}
	return string(streamtest.JSON(v)), code
}

func TestInboundSamples(t *testing.T) {
	spectest.EachRecorded(t, "in", func(t *testing.T, r *spectest.Recorded) {
		s, drift := sample{r}, new(wire.Drift)
		if eventShapes[s.Entry] != nil {
			s.push(t, drift)
		} else {
			s.reply(t, drift)
		}
		require.Empty(t, drift.Snapshot(), s.Source)
	})
}

// push goes through the dispatch of the clients; one of them must take it and none may stumble.
func (s sample) push(t *testing.T, drift *wire.Drift) {
	taken := 0
	for _, inbound := range []func(*wire.Drift) stream.Inbound{testPublicInbound, testPrivateInbound, testLevel3Inbound} {
		rest := 0
		inbound(drift).Frame(s.Frame, stream.Meta{}, func(_ []byte, err error) {
			require.NoError(t, err)
			rest++
		})
		taken += 1 - rest
	}
	require.Positive(t, taken, "no event takes it")

	v := eventShapes[s.Entry]()
	payload := []byte(s.Frame)
	var frame struct{ Data json.RawMessage }
	require.NoError(t, json.Unmarshal(s.Frame, &frame))
	if s.Entry == "InstrumentUpdate" {
		payload = frame.Data
	}
	encoded := spectest.Again(t, v, payload)
	if s.Entry == "InstrumentUpdate" || s.Entry == "Heartbeat" {
		s.noLosses(t, string(payload), encoded, "channel")
		return
	}
	var back struct{ Data json.RawMessage }
	require.NoError(t, json.Unmarshal([]byte(encoded), &back))
	s.noLosses(t, unquotePrices.ReplaceAllString(string(frame.Data), "$1$2"), string(back.Data))
}

// unquotePrices takes back what two guides did to the messages that they print: their decoder made text of numbers.
var unquotePrices = regexp.MustCompile(`("(?:price|qty|limit_price|order_qty)":)"([0-9.]+)"`)

// reply goes to the call that the line names.
func (s sample) reply(t *testing.T, drift *wire.Drift) {
	var frame struct{ Result json.RawMessage }
	require.NoError(t, json.Unmarshal(s.Frame, &frame))
	var outcome protocol.Outcome
	var refusal *protocol.Refusal
	rpc := rpcNamed(s.Entry)
	switch s.Entry {
	case "subscribe":
		outcome, refusal = wireProtocol.AckOutcome(&feedBook.Ack, s.Frame)
	case "unsubscribe":
		outcome, refusal = wireProtocol.AckOutcome(&feedBook.CancelAck, s.Frame)
	default:
		require.NotNil(t, rpc, "no such call")
		outcome, refusal = wireProtocol.ReplyOutcome(rpc, s.Frame)
	}
	switch {
	case outcome == protocol.Refused:
		require.NotNil(t, refusal.Known, "an undocumented refusal: %s", refusal.Message)
	case outcome != protocol.Accepted:
		require.Fail(t, "undecided")
	case s.Entry == "subscribe", s.Entry == "unsubscribe":
		var ack SubscribeAck
		require.NoError(t, json.Unmarshal(frame.Result, &ack))
		s.noLosses(t, string(frame.Result), string(streamtest.JSON(ack)))
	case s.Entry == "ping":
	default:
		d := wire.Decoder{Drift: drift}
		encoded, code := replyShapes[s.Entry](&d, s.Frame)
		require.GreaterOrEqual(t, code, 0, encoded)
		if frame.Result != nil {
			s.noLosses(t, string(frame.Result), encoded)
		}
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

// noLosses compares numbers digit by digit.
func (s sample) noLosses(t *testing.T, payload, encoded string, beside ...string) {
	opts := []wiretest.Option{wiretest.Tolerate(beside...), wiretest.Exact("", "[]")}
	for _, loss := range wiretest.Losses(payload, encoded, opts...) {
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
