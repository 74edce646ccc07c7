package ibkr

import (
	"bufio"
	"bytes"
	"os"
	"slices"
	"strconv"
	"strings"
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
	Skip   string `json:"skip_reason"`
	line   int
}

func samples(t testing.TB) (out []sample) {
	t.Helper()
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

// bytes is the frame as it goes over the wire: frames that are no JSON object stand as a string.
func (s *sample) bytes(t testing.TB) []byte {
	t.Helper()
	if wire.Kind(s.Frame, 0) != '"' {
		return s.Frame
	}
	var text string
	require.NoError(t, json.Unmarshal(s.Frame, &text))
	return []byte(text)
}

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
	for _, s := range samples(t) {
		if s.Dir != "in" || s.Skip != "" {
			continue
		}
		t.Run(strconv.Itoa(s.line)+" "+s.Entry, func(t *testing.T) {
			drift := new(wire.Drift)
			s.decode(t, drift)
			for _, row := range drift.Snapshot() {
				require.NotEqualf(t, wire.DriftUnknownMember, row.Kind, "%s.%s is not declared (%s)", row.Type, row.Name, s.Source)
				require.NotEqualf(t, wire.DriftUnknownEnum, row.Kind, "%s %s is not declared (%s)", row.Type, row.Name, s.Source)
			}
			s.survives(t)
		})
	}
}

// decode goes through the dispatch of the client, and where no event takes the frame, to the call it answers.
func (s *sample) decode(t *testing.T, drift *wire.Drift) {
	t.Helper()
	frame := s.bytes(t)
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

func (s *sample) rpc() *protocol.RPC {
	for _, rpc := range wireProtocol.RPCs {
		if rpc.Name == s.Entry {
			return rpc
		}
	}
	return nil
}

// survives decodes the payload and compares what is written then.
func (s *sample) survives(t *testing.T) {
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
	v := sh.v()
	require.NoError(t, json.Unmarshal(payload, v))
	encoded, err := json.Marshal(v)
	require.NoError(t, err)
	for _, loss := range wiretest.Losses(string(payload), string(encoded)) {
		path, _, _ := strings.Cut(loss, ":")
		if why := lossy[path[strings.LastIndex(path, ".")+1:]]; why != "" {
			continue
		}
		t.Errorf("lost: %s", loss)
	}
}

func TestOutboundSamples(t *testing.T) {
	for _, s := range samples(t) {
		if s.Dir != "out" || s.Skip != "" {
			continue
		}
		t.Run(strconv.Itoa(s.line)+" "+s.Entry, func(t *testing.T) {
			call, ok := wireProtocol.ParseClient(s.bytes(t))
			if guessed(s.Entry) {
				require.False(t, ok, "a row without a method has no template")
				return
			}
			require.True(t, ok, "fits no template")
			require.Equal(t, s.Entry, call.Name)
			require.True(t, call.RPC != nil || call.Feed != nil, "not in the specs")
		})
	}
}

// guessed tells whether no more is known of an entry than its name.
func guessed(entry string) bool {
	return slices.ContainsFunc(Catalogue(), func(r protocol.Row) bool { return r.Name == entry && r.Confidence == "guessed" })
}
