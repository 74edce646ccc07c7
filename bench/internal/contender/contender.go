package contender

import (
	"context"

	"github.com/venuewire/venuewire/bench/internal/feed"
	"github.com/venuewire/venuewire/bench/internal/polygon"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/spectest"
)

// Reader decodes a frame and hands its events to the sink that it was made with. The frame is borrowed.
type Reader func(frame []byte) error

// Names of the contenders, as they stand in the names of benchmarks.
const (
	NameOurs          = "ours"
	NameOursNewIDs    = "ours-new-ids"
	NameGoccyBorrowed = "goccy-peek-borrowed"
	NameGoccy         = "goccy-peek"
	NameStd           = "encoding-json"
	NameVendor        = "client-go"
)

// Readers lists the contenders, ours first.
var Readers = []struct {
	Name string
	New  func(*feed.Sink) (Reader, error)
}{
	{NameOurs, Ours},
	{NameOursNewIDs, OursNewIDs},
	{NameGoccyBorrowed, GoccyBorrowed},
	{NameGoccy, Goccy},
	{NameStd, Std},
	{NameVendor, Vendor},
}

// Ours is the generated code with direct handlers for all symbols.
func Ours(sink *feed.Sink) (Reader, error) {
	symbols := make([]polygon.Symbol, 0, len(feed.Symbols()))
	for _, s := range feed.Symbols() {
		symbols = append(symbols, polygon.Symbol(s))
	}
	in, err := polygon.NewInbound(context.Background(), spectest.Conn{}, symbols, polygon.Handlers{
		Trade: func(v *polygon.StockTrade, _ stream.Meta) {
			sink.Trade(string(v.Symbol), v.Price, v.Size, v.Time.UnixMilli(), v.Sequence.Or(0))
		},
		Quote: func(v *polygon.StockQuote, _ stream.Meta) {
			sink.Quote(string(v.Symbol), v.Bid, v.Ask, v.Time.UnixMilli(), v.Sequence)
		},
		Minute: func(v *polygon.StockAggregate, _ stream.Meta) {
			sink.Bar(string(v.Symbol), v.Open, v.Close, v.Start.UnixMilli())
		},
	})
	if err != nil {
		return nil, err
	}
	var failed error
	rest := func(_ []byte, err error) { failed = err }
	return func(frame []byte) error {
		in.Frame(frame, stream.Meta{}, rest)
		return failed
	}, nil
}
