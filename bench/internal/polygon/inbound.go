package polygon

import (
	"context"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/wire"
)

// Handlers are direct handlers of the feeds of stocks that are measured. Events are borrowed until a handler returns.
type Handlers struct {
	Trade  func(*StockTrade, stream.Meta)
	Quote  func(*StockQuote, stream.Meta)
	Minute func(*StockAggregate, stream.Meta)
}

// NewInbound subscribes the handlers to symbols of the stocks cluster, over a connection that does nothing but confirm,
// and returns what decodes the frames of that cluster.
func NewInbound(ctx context.Context, conn stream.Conn, symbols []Symbol, h Handlers) (stream.Inbound, error) {
	m := new(stocksMethods)
	m.init(conn)
	if _, err := m.DirectTrades(ctx, symbols, h.Trade); err != nil {
		return nil, err
	}
	if _, err := m.DirectQuotes(ctx, symbols, h.Quote); err != nil {
		return nil, err
	}
	if _, err := m.DirectMinuteAggregates(ctx, symbols, h.Minute); err != nil {
		return nil, err
	}
	in := m.inbound()
	in.UseDrift(new(wire.Drift)) // as a connection does
	return in, nil
}
