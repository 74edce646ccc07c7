// Package contender holds the ways to read the same frames that are compared.
package contender

import "github.com/venuewire/venuewire/bench/internal/feed"

// The generated types without their methods, so that JSON packages decode them by themselves. Times stay the numbers of
// the wire, optional members are plain ones that cannot tell absent from zero, and members that the frames never have
// are left out: all of that is less work than the generated code does. Types are those of the generated code otherwise.
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
	if v := &p.trade; p.wanted[v.Symbol] {
		p.sink.Trade(v.Symbol, v.Price, v.Size, v.Time, v.Sequence)
	}
}

func (p *plainEvents) onQuote() {
	if v := &p.quote; p.wanted[v.Symbol] {
		p.sink.Quote(v.Symbol, v.Bid, v.Ask, v.Time, v.Sequence)
	}
}

func (p *plainEvents) onBar() {
	if v := &p.bar; p.wanted[v.Symbol] {
		p.sink.Bar(v.Symbol, v.Open, v.Close, v.Start)
	}
}
