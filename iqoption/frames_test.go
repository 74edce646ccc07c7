package iqoption

import (
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

func (s sample) rpc() *protocol.RPC {
	var found *protocol.RPC
	for _, rpc := range wireProtocol.RPCs {
		if rpc.Name == s.Entry && (s.Version == "" && found == nil || rpc.Version == s.Version) {
			found = rpc
		}
	}
	return found
}

// replyShapes decode replies as the generated methods do, by wire name and version, and encode what they read.
var replyShapes = map[string]spectest.Encoder{
	"authenticate":                                   spectest.EncoderOf(readAuthenticateReply),
	"binary-options.open-option 2.0":                 spectest.EncoderOfResult[Option](&rpcOpenOption),
	"binary-options.open-option 1.0":                 spectest.EncoderOfResult[Option](&rpcOpenOptionV1),
	"internal-billing.get-balances":                  spectest.EncoderOf(readGetBalancesReply),
	"get-balances":                                   spectest.EncoderOf(readGetBalancesBareReply),
	"portfolio.get-positions 4.0":                    spectest.EncoderOfResult[GetPositionsReply](&rpcGetPositions),
	"portfolio.get-positions 3.0":                    spectest.EncoderOfResult[GetPositionsV3Reply](&rpcGetPositionsV3),
	"portfolio.get-history-positions 1.0":            spectest.EncoderOfResult[GetHistoryPositionsReply](&rpcGetHistoryPositions),
	"get-traders-mood":                               spectest.EncoderOfResult[TradersMood](&rpcGetTradersMood),
	"get-initialization-data 4.0":                    spectest.EncoderOfResult[InitData](&rpcGetInitializationData),
	"core.get-profile":                               spectest.EncoderOfResult[ProfileEnvelope](&rpcGetProfile),
	"get-candles":                                    spectest.EncoderOfResult[GetCandlesReply](&rpcGetCandles),
	"get-instruments 4.0":                            spectest.EncoderOfResult[OldInstruments](&rpcGetInstruments),
	"digital-option-instruments.get-instruments 3.0": spectest.EncoderOfResult[GetDigitalInstrumentsReply](&rpcGetDigitalInstruments),
	"sell-options 2.0":                               soldOptions,
	"portfolio.subscribe-positions":                  spectest.EncoderOfResult[PositionsLease](&rpcLeasePositionStates),
	"get-first-candles":                              spectest.EncoderOfResult[GetFirstCandlesReply](&rpcGetFirstCandles),
	"get-active 5.0":                                 spectest.EncoderOfResult[Active](&rpcGetActiveV5),
	"marginal-portfolio.get-marginal-balance":        spectest.EncoderOfResult[MarginBalance](&rpcGetMarginBalance),
	"marginal-portfolio.subscribe-balance-changed":   spectest.EncoderOfResult[EnableMarginBalancesReply](&rpcEnableMarginBalances),
}

// detailShapes are the types of what comes with refusals, by sentinel.
var detailShapes = map[*protocol.ErrorCode]func() any{
	ErrBadRequest:        func() any { return new(SchemaError) },
	ErrRefused:           func() any { return new(Message) },
	ErrProfitRateChanged: func() any { return new(CommissionMismatch) },
	ErrServiceFailure:    func() any { return new(Message) },
}

// bareShapes are the types of pushes whose payload is no object of theirs but their value.
var bareShapes = map[string]func() any{
	"TimeSync":     func() any { return new(TimeSync) },
	"Heartbeat":    func() any { return new(Heartbeat) },
	"Front":        func() any { return new(Front) },
	"ListInfoData": func() any { return new(ListInfoData) },
	"TradersPulse": func() any { return new(TradersPulse) },
}

// eventShapes are the types of the other pushes.
var eventShapes = map[string]func() any{
	"BalanceChanged":     func() any { return new(BalanceChanged) },
	"BuyComplete":        func() any { return new(BuyOutcome) },
	"DigitalClientPrice": func() any { return new(ClientPrice) },
	"ExchangeRate":       func() any { return new(ExchangeRate) },
	"LiveCandle":         func() any { return new(LiveCandle) },
	"NewChartData":       func() any { return new(NewChartData) },
	"PositionChanged":    func() any { return new(Position) },
	"PositionsState":     func() any { return new(PositionsState) },
	"SocketOptionClosed": func() any { return new(SoldOption) },
	"TradersMoodChanged": func() any { return new(TradersMood) },
}

// soldOptions encodes as generated code does, since a map type has no encoding of its own.
func soldOptions(d *wire.Decoder, frame []byte) (string, int) {
	var v wire.Map[int64, SoldOptionResult]
	code := readSellOptionsBareV2Reply(&v, d, frame)
	key := func(k *int64, dst []byte) []byte { return wire.AppendInt64(dst, *k) }
	return string(wire.AppendEntries(nil, v, key, (*SoldOptionResult).AppendJSON)), code
}

// lossy are members that a decoded value does not write back as they came, and why.
var lossy = map[string]string{
	"core.get-profile result.functions":             "an empty object may come as a list",
	"portfolio.subscribe-positions subscription_id": "a number or text, read as text",
}

func TestInboundSamples(t *testing.T) {
	spectest.EachRecorded(t, "in", func(t *testing.T, r *spectest.Recorded) {
		s, drift := sample{r}, new(wire.Drift)
		if s.Entry[0] >= 'A' && s.Entry[0] <= 'Z' {
			s.push(t, drift)
		} else {
			s.reply(t, drift)
		}
		for _, row := range drift.Snapshot() {
			require.NotEqualf(t, wire.DriftUnknownMember, row.Kind, "%s.%s is not declared (%s)", row.Type, row.Name, s.Source)
		}
	})
}

// push goes through the dispatch of the client.
func (s sample) push(t *testing.T, drift *wire.Drift) {
	testInbound(drift).Frame(s.Frame, stream.Meta{}, func(_ []byte, err error) {
		if err == stream.ErrDelivered {
			return // an event that may answer a call as well
		}
		require.NoError(t, err)
		require.Fail(t, "no event takes it")
	})
	var frame struct{ Msg json.RawMessage }
	require.NoError(t, json.Unmarshal(s.Frame, &frame))
	if bare := bareShapes[s.Entry]; bare != nil {
		s.survives(t, bare(), slices.Concat([]byte(`{"value":`), frame.Msg, []byte(`}`)))
		return
	}
	shape := eventShapes[s.Entry]
	require.NotNil(t, shape, "no shape in this test")
	s.survives(t, shape(), frame.Msg)
}

// reply goes to the call that the line names.
func (s sample) reply(t *testing.T, drift *wire.Drift) {
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

func (s sample) refusal(t *testing.T, r *protocol.Refusal) {
	if r.Known == nil {
		require.Equal(t, "authenticate", s.Entry, "an undocumented code")
		return
	}
	if r.Known == ErrValidation {
		detail, ok := ValidationDetail(&stream.VenueError{Known: r.Known, Detail: r.Detail})
		require.True(t, ok)
		require.NotEmpty(t, detail)
		return
	}
	shape := detailShapes[r.Known]
	require.NotNil(t, shape, "no shape in this test for %s", r.Known.Name)
	s.survives(t, shape(), r.Detail)
}

// survives decodes a payload and compares what is written then.
func (s sample) survives(t *testing.T, v any, payload []byte) {
	s.noLosses(t, string(payload), spectest.Again(t, v, payload))
}

func (s sample) noLosses(t *testing.T, payload, encoded string) {
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
	spectest.EachRecorded(t, "out", func(t *testing.T, s *spectest.Recorded) {
		call, ok := wireProtocol.ParseClient(s.Frame)
		require.True(t, ok, "fits no template")
		require.Equal(t, s.Entry, call.Name)
		require.True(t, call.RPC != nil || call.Feed != nil, "not in the specs")
		if s.Version != "" {
			require.Equal(t, s.Version, call.Version)
		}
	})
}
