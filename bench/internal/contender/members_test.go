package contender

import (
	"encoding/json"
	"testing"

	goccy "github.com/goccy/go-json"
	"github.com/polygon-io/client-go/websocket/models"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/bench/internal/feed"
	"github.com/venuewire/venuewire/bench/internal/polygon"
)

func eventsOf(frame []byte) (out []json.RawMessage) {
	if json.Unmarshal(frame, &out) != nil {
		return nil
	}
	return out
}

// What handlers look at is a part; here every member of every event is the same for all contenders.
func TestMembersAgree(t *testing.T) {
	for _, frame := range feed.Frames(10) {
		events := eventsOf(frame)
		require.Len(t, events, 10)
		for _, e := range events {
			var kind struct{ Ev string }
			require.NoError(t, json.Unmarshal(e, &kind))
			switch kind.Ev {
			case "T":
				same(t, e, plainOfTrade, plainOfVendorTrade)
			case "Q":
				same(t, e, plainOfQuote, plainOfVendorQuote)
			case "AM":
				same(t, e, plainOfBar, plainOfVendorBar)
			default:
				require.FailNow(t, "kind", kind.Ev)
			}
		}
	}
}

// same decodes e as encoding/json, goccy/go-json, the generated code and the vendor's models do.
func same[P, O, V any](t *testing.T, e []byte, ours func(*O) P, vendors func(*V) P) {
	var want, peeked, borrowed P
	var own O
	var vendor V
	require.NoError(t, json.Unmarshal(e, &want))
	require.NoError(t, goccy.Unmarshal(e, &peeked))
	require.NoError(t, goccy.UnmarshalWithOption(e, &borrowed, goccy.DecodeNoCopyString()))
	require.NoError(t, json.Unmarshal(e, &own)) // by its own UnmarshalJSON
	require.NoError(t, json.Unmarshal(e, &vendor))
	require.Equal(t, want, peeked)
	require.Equal(t, want, borrowed)
	require.Equal(t, want, ours(&own))
	require.Equal(t, want, vendors(&vendor))
}

func plainOfTrade(v *polygon.StockTrade) plainTrade {
	return plainTrade{
		Symbol: string(v.Symbol), Exchange: int64(v.Exchange), ID: string(v.ID.Or("")), Tape: v.Tape.Or(0), Price: v.Price,
		Size: v.Size, Conditions: wide(v.Conditions.Or(nil)), Time: v.Time.UnixMilli(), Sequence: v.Sequence.Or(0),
	}
}

func plainOfVendorTrade(v *models.EquityTrade) plainTrade {
	return plainTrade{
		Symbol: v.Symbol, Exchange: int64(v.Exchange), ID: v.ID, Tape: int64(v.Tape), Price: v.Price,
		Size: float64(v.Size), Conditions: wide(v.Conditions), Time: v.Timestamp, Sequence: v.SequenceNumber,
	}
}

func plainOfQuote(v *polygon.StockQuote) plainQuote {
	return plainQuote{
		Symbol: string(v.Symbol), BidExchange: int64(v.BidExchange), Bid: v.Bid, BidSize: v.BidSize,
		AskExchange: int64(v.AskExchange), Ask: v.Ask, AskSize: v.AskSize, Condition: int64(v.Condition.Or(0)),
		Indicators: v.Indicators.Or(nil), Time: v.Time.UnixMilli(), Sequence: v.Sequence, Tape: v.Tape,
	}
}

func plainOfVendorQuote(v *models.EquityQuote) plainQuote {
	return plainQuote{
		Symbol: v.Symbol, BidExchange: int64(v.BidExchangeID), Bid: v.BidPrice, BidSize: float64(v.BidSize),
		AskExchange: int64(v.AskExchangeID), Ask: v.AskPrice, AskSize: float64(v.AskSize), Condition: int64(v.Condition),
		Indicators: wide(v.Indicators), Time: v.Timestamp, Sequence: v.SequenceNumber, Tape: int64(v.Tape),
	}
}

func plainOfBar(v *polygon.StockAggregate) plainBar {
	return plainBar{
		Symbol: string(v.Symbol), Volume: v.Volume, DayVolume: v.DayVolume, OfficialOpen: v.OfficialOpen.Or(0), VWAP: v.VWAP,
		Open: v.Open, Close: v.Close, High: v.High, Low: v.Low, DayVWAP: v.DayVWAP, AverageTradeSize: v.AverageTradeSize,
		Start: v.Start.UnixMilli(), End: v.End.UnixMilli(),
	}
}

func plainOfVendorBar(v *models.EquityAgg) plainBar {
	return plainBar{
		Symbol: v.Symbol, Volume: v.Volume, DayVolume: v.AccumulatedVolume, OfficialOpen: v.OfficialOpenPrice, VWAP: v.VWAP,
		Open: v.Open, Close: v.Close, High: v.High, Low: v.Low, DayVWAP: v.AggregateVWAP, AverageTradeSize: v.AverageSize,
		Start: v.StartTimestamp, End: v.EndTimestamp,
	}
}

// wide turns numbers into int64.
func wide[T ~int32 | ~int64](in []T) []int64 {
	if in == nil {
		return nil
	}
	out := make([]int64, len(in))
	for i, n := range in {
		out[i] = int64(n)
	}
	return out
}
