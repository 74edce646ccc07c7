package polygon

import (
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

var testInbounds = map[string]func(*wire.Drift) stream.Inbound{
	"stocks": testStocksInbound, "options": testOptionsInbound, "forex": testForexInbound,
	"crypto": testCryptoInbound, "indices": testIndicesInbound, "futures": testFuturesInbound,
}

// shapes are the types of all events by cluster and ev: one ev has several shapes.
var shapes = map[string]func() any{
	"stocks T": func() any { return new(StockTrade) }, "stocks Q": func() any { return new(StockQuote) },
	"stocks A": func() any { return new(StockAggregate) }, "stocks AM": func() any { return new(StockAggregate) },
	"stocks LULD": func() any { return new(StockLULD) }, "stocks NOI": func() any { return new(StockImbalance) },
	"stocks FMV": func() any { return new(FairMarketValue) }, "stocks LV": func() any { return new(LaunchpadValue) },
	"options T": func() any { return new(OptionTrade) }, "options Q": func() any { return new(OptionQuote) },
	"options A": func() any { return new(Aggregate) }, "options AM": func() any { return new(Aggregate) },
	"options FMV": func() any { return new(FairMarketValue) }, "options LV": func() any { return new(LaunchpadValue) },
	"forex C": func() any { return new(ForexQuote) }, "forex CA": func() any { return new(ForexAggregate) },
	"forex CAS": func() any { return new(ForexAggregate) }, "forex AM": func() any { return new(Aggregate) },
	"forex FMV": func() any { return new(FairMarketValue) }, "forex LV": func() any { return new(LaunchpadValue) },
	"crypto XT": func() any { return new(CryptoTrade) }, "crypto XQ": func() any { return new(CryptoQuote) },
	"crypto XL2": func() any { return new(CryptoBook) }, "crypto XA": func() any { return new(CryptoAggregate) },
	"crypto XAS": func() any { return new(CryptoAggregate) }, "crypto AM": func() any { return new(Aggregate) },
	"crypto FMV": func() any { return new(FairMarketValue) }, "crypto LV": func() any { return new(LaunchpadValue) },
	"indices V": func() any { return new(IndexValue) }, "indices A": func() any { return new(IndexAggregate) },
	"indices AM": func() any { return new(IndexAggregate) },
	"futures T":  func() any { return new(FuturesTrade) }, "futures Q": func() any { return new(FuturesQuote) },
	"futures A": func() any { return new(FuturesAggregate) }, "futures AM": func() any { return new(FuturesAggregate) },
}

// lossy are members that a decoded value does not write back token for token, and why.
var lossy = map[string]string{
	"forex C x":     "digits or text, written as digits",
	"crypto XT i":   "digits or text, written as text",
	"stocks LULD t": "the unit is told by the digits, written in nanoseconds",
	"stocks FMV t":  "the unit is told by the digits, written in nanoseconds",
	"forex FMV t":   "the unit is told by the digits, written in nanoseconds",
	"stocks LV t":   "the unit is told by the digits, written in nanoseconds",
	"forex LV t":    "the unit is told by the digits, written in nanoseconds",
}

func TestInboundSamples(t *testing.T) {
	spectest.EachRecorded(t, "in", func(t *testing.T, r *spectest.Recorded) {
		s, drift := sample{r}, new(wire.Drift)
		testInbounds[s.Cluster](drift).Frame(s.Frame, stream.Meta{}, func(_ []byte, err error) {
			require.ErrorIs(t, err, stream.ErrDelivered, "no event takes it (%s)", s.Source)
		})
		for _, row := range drift.Snapshot() {
			require.NotEqualf(t, wire.DriftUnknownMember, row.Kind, "%s.%s is not declared (%s)", row.Type, row.Name, s.Source)
		}
		for _, elem := range s.elements(t) {
			s.survives(t, elem)
		}
	})
}

// elements are the objects of a frame; documentation prints them bare.
func (s sample) elements(t *testing.T) []json.RawMessage {
	if s.Frame[0] == '{' {
		return []json.RawMessage{s.Frame}
	}
	var out []json.RawMessage
	require.NoError(t, json.Unmarshal(s.Frame, &out))
	return out
}

// survives decodes an element and compares what is written then.
func (s sample) survives(t *testing.T, elem []byte) {
	var key struct {
		Ev string `json:"ev"`
	}
	require.NoError(t, json.Unmarshal(elem, &key))
	name, v := "status", any(new(Status))
	if key.Ev != "status" {
		name = s.Cluster + " " + key.Ev
		require.Contains(t, shapes, name)
		v = shapes[name]()
	}
	for _, loss := range wiretest.Losses(string(elem), spectest.Again(t, v, elem)) {
		path, _, _ := strings.Cut(loss, ":")
		if path == "ev" { // told by the dispatch, not held by the struct
			continue
		}
		if why := lossy[name+" "+path]; why != "" {
			t.Logf("not written back: %s (%s)", loss, why)
			continue
		}
		t.Errorf("lost: %s (%s)", loss, s.Source)
	}
}

func TestOutboundSamples(t *testing.T) {
	spectest.EachRecorded(t, "out", func(t *testing.T, s *spectest.Recorded) {
		call, ok := wireProtocol.ParseClient(s.Frame)
		require.True(t, ok, "fits no template (%s)", s.Source)
		if call.Kind == protocol.FrameCall {
			require.Equal(t, &rpcAuthenticate, call.RPC)
			return
		}
		require.NotNil(t, call.Feed, "%s is not in the specs (%s)", call.Name, s.Source)
		for _, item := range call.Items() {
			symbol := protocol.Fields(item)[0].Value
			require.Equal(t, strings.TrimSpace(symbol), symbol)
		}
	})
}

// TestEveryPairIsInTheSpecs holds the catalogue of clusters and prefixes: those of the official file, and futures,
// which it lacks.
func TestEveryPairIsInTheSpecs(t *testing.T) {
	want := map[string]string{
		"stocks": "T Q A AM LULD NOI FMV LV", "options": "T Q A AM FMV LV", "forex": "C CA CAS FMV AM LV",
		"crypto": "XT XQ XL2 XA XAS FMV AM LV", "indices": "V A AM", "futures": "T Q A AM",
	}
	have := map[string][]*protocol.Feed{
		"stocks": stocksFeeds, "options": optionsFeeds, "forex": forexFeeds,
		"crypto": cryptoFeeds, "indices": indicesFeeds, "futures": futuresFeeds,
	}
	for cluster, prefixes := range want {
		var got []string
		for _, f := range have[cluster] {
			got = append(got, f.Name)
			require.Contains(t, shapes, cluster+" "+f.Name)
		}
		require.ElementsMatch(t, strings.Fields(prefixes), got, cluster)
	}
}

// TestHostConstants holds the constants against the hosts of the specs that are known to answer.
func TestHostConstants(t *testing.T) {
	names := map[string]bool{}
	for _, name := range []string{
		HostRealTime, HostDelayed, HostNasdaq, HostPolyFeed, HostPolyFeedPlus, HostStarter, HostBusiness, HostDelayedBusiness, HostLaunchpad,
	} {
		names[name] = true
	}
	verified := 0
	for _, h := range endpointStocks.Hosts {
		require.True(t, h.Unverified || names[h.Name], h.Name)
		if !h.Unverified {
			verified++
		}
		delete(names, h.Name)
	}
	require.Empty(t, names)
	require.Len(t, endpointStocks.Hosts, 18)
	require.Equal(t, 8, verified)
	require.Equal(t, HostRealTime, endpointStocks.Hosts[0].Name, "the default")
}
