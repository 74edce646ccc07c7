// Package contender holds the ways to read the same frames that are compared.
package contender

import (
	"time"

	"github.com/venuewire/venuewire/bench/internal/feed"
)

// The generated types without their methods, so that JSON packages decode them by themselves. Times are decoded as the
// numbers of the wire and turned into a time.Time afterwards, which costs less than a type with an UnmarshalJSON.
// Optional members are plain ones that cannot tell absent from zero, and members that the frames never have are left
// out: that is less work than the generated code does. Types are those of the generated code otherwise.
type (
	plainTrade struct {
		Symbol     string  `json:"sym"`
		Exchange   int64   `json:"x"`
		ID         string  `json:"i"`
		Tape       int64   `json:"z"`
		Price      float64 `json:"p"`
		Size       float64 `json:"s"`
		Conditions []int64 `json:"c"`
		Time       int64   `json:"t"`
		Sequence   int64   `json:"q"`

		at time.Time
	}
	plainQuote struct {
		Symbol      string  `json:"sym"`
		BidExchange int64   `json:"bx"`
		Bid         float64 `json:"bp"`
		BidSize     float64 `json:"bs"`
		AskExchange int64   `json:"ax"`
		Ask         float64 `json:"ap"`
		AskSize     float64 `json:"as"`
		Condition   int64   `json:"c"`
		Indicators  []int64 `json:"i"`
		Time        int64   `json:"t"`
		Sequence    int64   `json:"q"`
		Tape        int64   `json:"z"`

		at time.Time
	}
	plainBar struct {
		Symbol           string  `json:"sym"`
		Volume           float64 `json:"v"`
		DayVolume        float64 `json:"av"`
		OfficialOpen     float64 `json:"op"`
		VWAP             float64 `json:"vw"`
		Open             float64 `json:"o"`
		Close            float64 `json:"c"`
		High             float64 `json:"h"`
		Low              float64 `json:"l"`
		DayVWAP          float64 `json:"a"`
		AverageTradeSize float64 `json:"z"`
		Start            int64   `json:"s"`
		End              int64   `json:"e"`

		start, end time.Time
	}
)

// plainEvents are the structs that a decoder reuses, and the sink behind a map of the symbols that are wanted.
type plainEvents struct {
	sink   *feed.Sink
	wanted map[string]bool
	trade  plainTrade
	quote  plainQuote
	bar    plainBar
}

func newPlainEvents(symbols []string, sink *feed.Sink) plainEvents {
	wanted := make(map[string]bool, len(symbols))
	for _, s := range symbols {
		wanted[s] = true
	}
	return plainEvents{sink: sink, wanted: wanted}
}

func (p *plainEvents) onTrade() {
	v := &p.trade
	v.at = unixMs(v.Time)
	if p.wanted[v.Symbol] {
		p.sink.Trade(v.Symbol, v.Price, v.Size, v.at.UnixMilli(), v.Sequence)
	}
}

func (p *plainEvents) onQuote() {
	v := &p.quote
	v.at = unixMs(v.Time)
	if p.wanted[v.Symbol] {
		p.sink.Quote(v.Symbol, v.Bid, v.Ask, v.at.UnixMilli(), v.Sequence)
	}
}

func (p *plainEvents) onBar() {
	v := &p.bar
	v.start, v.end = unixMs(v.Start), unixMs(v.End)
	if p.wanted[v.Symbol] {
		p.sink.Bar(v.Symbol, v.Open, v.Close, v.start.UnixMilli())
	}
}

func unixMs(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
