package kraken

import (
	"bufio"
	"bytes"
	"os"
	"regexp"
	"strconv"
	"testing"

	json "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/wire"
	"github.com/venuewire/venuewire/wire/wiretest"
)

// sample is a line of testdata/frames.jsonl.
type sample struct {
	Dir    string
	Frame  json.RawMessage
	Entry  string
	Source string
	Replay string
	Skip   string `json:"skip_reason"`
	line   int
}

func samples(t testing.TB) (out []sample) {
	data, err := os.ReadFile("testdata/frames.jsonl")
	require.NoError(t, err)
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		s := sample{line: len(out) + 1}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &s))
		out = append(out, s)
	}
	require.NoError(t, lines.Err())
	require.NotEmpty(t, out)
	return out
}

// replyShapes decode replies as the generated methods do, and encode what they read.
var replyShapes = map[string]func(d *wire.Decoder, frame []byte) (string, int){
	"add_order":               shape(readAddOrderReply),
	"amend_order":             shape(readAmendOrderReply),
	"edit_order":              shape(readEditOrderReply),
	"cancel_order":            shape(readCancelOrderReply),
	"cancel_all":              shape(readCancelAllReply),
	"cancel_all_orders_after": shape(readCancelAllOrdersAfterReply),
	"batch_add":               shape(readBatchAddReply),
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

func shape[T any](read func(*T, *wire.Decoder, []byte) int) func(*wire.Decoder, []byte) (string, int) {
	return func(d *wire.Decoder, frame []byte) (string, int) {
		var v T
		code := read(&v, d, frame)
		text, err := json.Marshal(v)
		if err != nil {
			return err.Error(), wire.ErrSyntax
		}
		return string(text), code
	}
}

// batchCancelled must find a count, wherever it stands.
func batchCancelled(d *wire.Decoder, frame []byte) (string, int) {
	var v BatchCancelReply
	code := readBatchCancelReply(&v, d, frame)
	if v.Cancelled() == 0 {
		return "no count", wire.ErrSyntax
	}
	return string(v.AppendJSON(nil)), code
}

func TestInboundSamples(t *testing.T) {
	for _, s := range samples(t) {
		if s.Dir != "in" || s.Skip != "" {
			continue
		}
		t.Run(strconv.Itoa(s.line)+" "+s.Entry, func(t *testing.T) {
			drift := new(wire.Drift)
			if eventShapes[s.Entry] != nil {
				s.push(t, drift)
			} else {
				s.reply(t, drift)
			}
			require.Empty(t, drift.Snapshot(), s.Source)
		})
	}
}

// push goes through the dispatch of the clients; one of them must take it and none may stumble.
func (s *sample) push(t *testing.T, drift *wire.Drift) {
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
	require.NoError(t, json.Unmarshal(payload, v))
	encoded, err := json.Marshal(v)
	require.NoError(t, err)
	if s.Entry == "InstrumentUpdate" || s.Entry == "Heartbeat" {
		s.noLosses(t, string(payload), string(encoded), "channel")
		return
	}
	var back struct{ Data json.RawMessage }
	require.NoError(t, json.Unmarshal(encoded, &back))
	s.noLosses(t, unquotePrices.ReplaceAllString(string(frame.Data), "$1$2"), string(back.Data))
}

// unquotePrices takes back what two guides did to the messages that they print: their decoder made text of numbers.
var unquotePrices = regexp.MustCompile(`("(?:price|qty|limit_price|order_qty)":)"([0-9.]+)"`)

// reply goes to the call that the line names.
func (s *sample) reply(t *testing.T, drift *wire.Drift) {
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
		s.noLosses(t, string(frame.Result), string(ack.AppendJSON(nil)))
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
func (s *sample) noLosses(t *testing.T, payload, encoded string, beside ...string) {
	opts := []wiretest.Option{wiretest.Tolerate(beside...), wiretest.Exact("", "[]")}
	for _, loss := range wiretest.Losses(payload, encoded, opts...) {
		t.Errorf("lost: %s (%s)", loss, s.Source)
	}
}

func TestOutboundSamples(t *testing.T) {
	for _, s := range samples(t) {
		if s.Dir != "out" || s.Skip != "" {
			continue
		}
		t.Run(strconv.Itoa(s.line)+" "+s.Entry, func(t *testing.T) {
			call, ok := wireProtocol.ParseClient(s.Frame)
			require.True(t, ok, "fits no template")
			require.Equal(t, s.Entry, call.Name)
			require.True(t, call.RPC != nil || call.Feed != nil, "not in the specs")
		})
	}
}
