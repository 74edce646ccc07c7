package iqoption

import (
	"bufio"
	"bytes"
	"os"
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
	Dir     string
	Frame   json.RawMessage
	Entry   string
	Version string
	Source  string
	Skip    string `json:"skip_reason"`
	line    int
}

func samples(t *testing.T) (out []sample) {
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

func (s *sample) rpc() *protocol.RPC {
	var found *protocol.RPC
	for _, rpc := range wireProtocol.RPCs {
		if rpc.Name == s.Entry && (s.Version == "" && found == nil || rpc.Version == s.Version) {
			found = rpc
		}
	}
	return found
}

// replyShapes decode replies as the generated methods do, by wire name and version, and encode what they read.
var replyShapes = map[string]func(d *wire.Decoder, frame []byte) (string, int){
	"authenticate":                                   shape(readAuthenticateReply),
	"binary-options.open-option 2.0":                 shape(readOpenOptionReply),
	"binary-options.open-option 1.0":                 shape(readOpenOptionV1Reply),
	"internal-billing.get-balances":                  shape(readGetBalancesReply),
	"get-balances":                                   shape(readGetBalancesBareReply),
	"portfolio.get-positions 4.0":                    shape(readGetPositionsReply),
	"portfolio.get-positions 3.0":                    shape(readGetPositionsV3Reply),
	"portfolio.get-history-positions 1.0":            shape(readGetHistoryPositionsReply),
	"get-traders-mood":                               shape(readGetTradersMoodReply),
	"get-initialization-data 4.0":                    shape(readGetInitializationDataReply),
	"core.get-profile":                               shape(readGetProfileReply),
	"get-candles":                                    shape(readGetCandlesReply),
	"get-instruments 4.0":                            shape(readGetInstrumentsReply),
	"digital-option-instruments.get-instruments 3.0": shape(readGetDigitalInstrumentsReply),
	"sell-options 2.0":                               shape(readSellOptionsBareV2Reply),
	"portfolio.subscribe-positions":                  shape(readLeasePositionStatesReply),
	"get-first-candles":                              shape(readGetFirstCandlesReply),
	"get-active 5.0":                                 shape(readGetActiveV5Reply),
	"marginal-portfolio.get-marginal-balance":        shape(readGetMarginBalanceReply),
	"marginal-portfolio.subscribe-balance-changed":   shape(readEnableMarginBalancesReply),
}

// detailShapes are the types of what comes with refusals, by sentinel.
var detailShapes = map[*protocol.ErrorCode]func() any{
	ErrBadRequest:        func() any { return new(SchemaError) },
	ErrRefused:           func() any { return new(Message) },
	ErrProfitRateChanged: func() any { return new(CommissionMismatch) },
	ErrServiceFailure:    func() any { return new(Message) },
}

// eventShapes are the types of pushes; those whose payload is a bare value are nil.
var eventShapes = map[string]func() any{
	"TimeSync": nil, "Heartbeat": nil, "Front": nil,
	"BalanceChanged":     func() any { return new(BalanceChanged) },
	"BuyComplete":        func() any { return new(BuyOutcome) },
	"DigitalClientPrice": func() any { return new(ClientPrice) },
	"ExchangeRate":       func() any { return new(ExchangeRate) },
	"ListInfoData":       func() any { return new(ListInfoData) },
	"LiveCandle":         func() any { return new(LiveCandle) },
	"NewChartData":       func() any { return new(NewChartData) },
	"PositionChanged":    func() any { return new(Position) },
	"PositionsState":     func() any { return new(PositionsState) },
	"SocketOptionClosed": func() any { return new(SoldOption) },
	"TradersMoodChanged": func() any { return new(TradersMood) },
	"TradersPulse":       func() any { return new(TradersPulse) },
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

// undeclared are members that samples have and the specs do not declare, and why.
var undeclared = map[string]string{}

// lossy are members that a decoded value does not write back as they came, and why.
var lossy = map[string]string{}

func TestInboundSamples(t *testing.T) {
	for _, s := range samples(t) {
		if s.Dir != "in" || s.Skip != "" {
			continue
		}
		t.Run(strconv.Itoa(s.line)+" "+s.Entry, func(t *testing.T) {
			drift := new(wire.Drift)
			if s.Entry[0] >= 'A' && s.Entry[0] <= 'Z' {
				s.push(t, drift)
			} else {
				s.reply(t, drift)
			}
			for _, row := range drift.Snapshot() {
				if name := row.Type + "." + row.Name; row.Kind == wire.DriftUnknownMember {
					require.Containsf(t, undeclared, name, "undeclared member (%s)", s.Source)
					t.Logf("undeclared: %s (%s)", name, undeclared[name])
				}
			}
		})
	}
}

// push goes through the dispatch of the client.
func (s *sample) push(t *testing.T, drift *wire.Drift) {
	testInbound(drift).Frame(s.Frame, stream.Meta{}, func(_ []byte, err error) {
		require.NoError(t, err)
		require.Fail(t, "no event takes it")
	})
	make, ok := eventShapes[s.Entry]
	require.True(t, ok, "no shape in this test")
	if make == nil {
		return
	}
	var frame struct{ Msg json.RawMessage }
	require.NoError(t, json.Unmarshal(s.Frame, &frame))
	s.survives(t, make(), frame.Msg)
}

// reply goes to the call that the line names.
func (s *sample) reply(t *testing.T, drift *wire.Drift) {
	rpc := s.rpc()
	require.NotNil(t, rpc, "no such call")
	class, ok := wireProtocol.Classify(s.Frame)
	require.True(t, ok, "fits no class")
	if wireProtocol.IsGate(rpc, class, s.Frame) {
		outcome, _ := wireProtocol.GateOutcome(s.Frame)
		require.Equal(t, protocol.Accepted, outcome)
		return
	}
	outcome, refusal := wireProtocol.ReplyOutcome(rpc, s.Frame)
	require.NotEqual(t, protocol.Undecided, outcome)
	if outcome == protocol.Refused {
		s.refusal(t, refusal)
		return
	}
	key := s.Entry
	if s.Version != "" {
		key += " " + s.Version
	}
	read := replyShapes[key]
	require.NotNil(t, read, "no shape in this test")
	d := wire.Decoder{Drift: drift}
	encoded, code := read(&d, s.Frame)
	if code < 0 {
		require.NoError(t, d.Err(key))
	}
	var frame struct{ Msg json.RawMessage }
	require.NoError(t, json.Unmarshal(s.Frame, &frame))
	if wire.Kind(frame.Msg, 0) == '{' || wire.Kind(frame.Msg, 0) == '[' {
		s.noLosses(t, string(frame.Msg), encoded)
	}
}

func (s *sample) refusal(t *testing.T, r *protocol.Refusal) {
	if r.Known == nil {
		require.Equal(t, "authenticate", s.Entry, "an undocumented code")
		return
	}
	make := detailShapes[r.Known]
	if r.Known == ErrValidation {
		detail, ok := ValidationDetail(&stream.VenueError{Known: r.Known, Detail: r.Detail})
		require.True(t, ok)
		require.NotEmpty(t, detail)
		return
	}
	require.NotNil(t, make, "no shape in this test for %s", r.Known.Name)
	s.survives(t, make(), r.Detail)
}

// survives decodes a payload and compares what is written then.
func (s *sample) survives(t *testing.T, v any, payload []byte) {
	require.NoError(t, json.Unmarshal(payload, v))
	encoded, err := json.Marshal(v)
	require.NoError(t, err)
	s.noLosses(t, string(payload), string(encoded))
}

func (s *sample) noLosses(t *testing.T, payload, encoded string) {
	for _, loss := range wiretest.Losses(payload, encoded) {
		path, _, _ := strings.Cut(loss, ":")
		if why := lossy[s.Entry+" "+path]; why != "" {
			t.Logf("not written back: %s (%s)", loss, why)
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
			call, ok := wireProtocol.ParseClient(s.Frame)
			require.True(t, ok, "fits no template")
			require.Equal(t, s.Entry, call.Name)
			require.True(t, call.RPC != nil || call.Feed != nil, "not in the specs")
			if s.Version != "" {
				require.Equal(t, s.Version, call.Version)
			}
		})
	}
}
