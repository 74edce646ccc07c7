package ibkr

import (
	"bytes"
	"slices"
	"strings"
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

// shape is where the payload of an event stands and what it decodes into.
type shape struct {
	at string // member; "" is the frame
	v  func() any
}

var shapes = map[string]shape{
	"ProfitAndLoss":   {"args", func() any { return new(bare[ProfitAndLoss, *ProfitAndLoss]) }},
	"SystemHello":     {"", func() any { return new(SystemHello) }},
	"SystemHeartbeat": {"", func() any { return new(SystemHeartbeat) }},
	"tic":             {"", func() any { return new(TicEcho) }},
	"AuthStatus":      {"args", func() any { return new(AuthStatus) }},
	"AccountInfo":     {"args", func() any { return new(AccountInfo) }},
	"Bulletins":       {"", func() any { return new(Bulletins) }},
	"Notifications":   {"", func() any { return new(Notifications) }},
	"Message":         {"", func() any { return new(Message) }},
	"CancelResult":    {"", func() any { return new(CancelResult) }},
	"MarketData":      {"", func() any { return new(Tick) }},
	"Bars":            {"", func() any { return new(Bars) }},
	"BarTicks":        {"", func() any { return new(BarTicks) }},
	"Ladder":          {"", func() any { return new(Ladder) }},
	"OrderUpdates":    {"", func() any { return new(OrderUpdates) }},
	"Executions":      {"", func() any { return new(Executions) }},
	"AccountSummary":  {"", func() any { return new(AccountSummary) }},
	"Ledger":          {"", func() any { return new(Ledger) }},
	"ExerciseContent": {"", func() any { return new(ExerciseContent) }},
	"ExercisePrompt":  {"", func() any { return new(ExercisePrompt) }},
}

// bare is the payload of an event that has no object of its own.
type bare[T any, P interface {
	*T
	json.Marshaler
	json.Unmarshaler
}] struct{ v T }

func (b *bare[T, P]) UnmarshalJSON(payload []byte) error {
	return P(&b.v).UnmarshalJSON(slices.Concat([]byte(`{"value":`), payload, []byte(`}`)))
}

func (b *bare[T, P]) MarshalJSON() ([]byte, error) {
	text, err := P(&b.v).MarshalJSON()
	return bytes.TrimSuffix(bytes.TrimPrefix(text, []byte(`{"value":`)), []byte(`}`)), err
}

// lossy are members that a decoded value does not write back as they came, by their name, and why.
var lossy = map[string]string{
	"topic":   "tells the frame, and is no part of the payload",
	"conidex": "is written under its newer name, conidEx",
	"args":    "a single notice is written as a list of one",

	"price":             "a number or text, written as a number; in a ladder as text",
	"commission":        "a number or text, written as a number",
	"position":          "a number or text, written as a number",
	"conid":             "a number or text, written as a number",
	"underlying_conid":  "a number or text, written as a number",
	"supportsTaxOpt":    "1 and 0, written as true and false",
	"supports_tax_opt":  "1 and 0, written as true and false",
	"isEventTrading":    "1 and 0, written as true and false",
	"is_event_trading":  "1 and 0, written as true and false",
	"liquidation_trade": "1 and 0, written as true and false",
	"underlying_price":  "read with its currency sign, written as a number",
}

func TestInboundSamples(t *testing.T) {
	spectest.EachRecorded(t, "in", func(t *testing.T, r *spectest.Recorded) {
		s, drift := sample{r}, new(wire.Drift)
		s.decode(t, drift)
		for _, row := range drift.Snapshot() {
			require.NotEqualf(t, wire.DriftUnknownMember, row.Kind, "%s.%s is not declared (%s)", row.Type, row.Name, s.Source)
			require.NotEqualf(t, wire.DriftUnknownEnum, row.Kind, "%s %s is not declared (%s)", row.Type, row.Name, s.Source)
		}
		s.survives(t)
	})
}

// decode goes through the dispatch of the client, and where no event takes the frame, to the call it answers.
func (s sample) decode(t *testing.T, drift *wire.Drift) {
	t.Helper()
	frame := s.Bytes(t)
	testInbound(drift).Frame(frame, stream.Meta{}, func(elem []byte, err error) {
		if err == stream.ErrDelivered {
			return
		}
		require.NoError(t, err)
		rpc := s.rpc()
		require.NotNil(t, rpc, "neither an event nor a reply")
		h, err := wireProtocol.Header(elem)
		require.NoError(t, err)
		_, ok := protocol.Hold(rpc.On, h.Class, elem)
		require.True(t, ok, "does not answer its call")
		outcome, _ := wireProtocol.ReplyOutcome(rpc, elem)
		require.Equal(t, protocol.Accepted, outcome)
	})
}

func (s sample) rpc() *protocol.RPC {
	for _, rpc := range wireProtocol.RPCs {
		if rpc.Name == s.Entry {
			return rpc
		}
	}
	return nil
}

// survives decodes the payload and compares what is written then.
func (s sample) survives(t *testing.T) {
	t.Helper()
	sh, ok := shapes[s.Entry]
	if !ok {
		require.NotNil(t, s.rpc(), "no shape in this test")
		return
	}
	payload := []byte(s.Frame)
	if sh.at != "" {
		var frame map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(s.Frame, &frame))
		payload = frame[sh.at]
	}
	for _, loss := range wiretest.Losses(string(payload), spectest.Again(t, sh.v(), payload)) {
		path, _, _ := strings.Cut(loss, ":")
		if why := lossy[path[strings.LastIndex(path, ".")+1:]]; why != "" {
			continue
		}
		t.Errorf("lost: %s", loss)
	}
}

func TestOutboundSamples(t *testing.T) {
	spectest.EachRecorded(t, "out", func(t *testing.T, s *spectest.Recorded) {
		call, ok := wireProtocol.ParseClient(s.Bytes(t))
		if guessed(s.Entry) {
			require.False(t, ok, "a row without a method has no template")
			return
		}
		require.True(t, ok, "fits no template")
		require.Equal(t, s.Entry, call.Name)
		require.True(t, call.RPC != nil || call.Feed != nil, "not in the specs")
	})
}

// guessed tells whether no more is known of an entry than its name.
func guessed(entry string) bool {
	return slices.ContainsFunc(Catalogue(), func(r protocol.Row) bool { return r.Name == entry && r.Confidence == "guessed" })
}
