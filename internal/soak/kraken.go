package main

import (
	"context"
	"fmt"
	"time"

	json "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/krakentest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// spot are the trades of Kraken's API v2. Their numbers are the soak's own: the fake's market stands still.
type spot struct {
	fake *krakentest.Server
	each int
	last map[string]int64
}

func newSpot(clients, each int) *spot {
	v := &spot{each: each, last: make(map[string]int64)}
	var markets []krakentest.Market
	for n := range clients {
		for _, s := range v.symbols(n) {
			markets = append(markets, krakentest.Market{Symbol: s, Pair: s, Price: 650_000, PriceDigits: 1, QtyDigits: 8, MinQty: 5_000})
		}
	}
	v.fake = krakentest.New(
		krakentest.WithServer(streamtest.OnLoopback(), streamtest.WithFrameLog(kept)),
		krakentest.WithMarkets(markets...),
		krakentest.WithTick(0),
	)
	return v
}

func (v *spot) name() string               { return "kraken" }
func (v *spot) server() *streamtest.Server { return v.fake.Server }
func (v *spot) close()                     { v.fake.Close() }

func (v *spot) symbols(n int) []string {
	out := make([]string, v.each)
	for i := range out {
		out[i] = fmt.Sprintf("S%02dX%03d/USD", n, i)
	}
	return out
}

func (v *spot) dial(ctx context.Context, n int, opts ...stream.Option) (*client, error) {
	c, err := kraken.DialPublic(ctx, append(v.fake.Options(), opts...)...)
	if err != nil {
		return nil, err
	}
	open := func(ctx context.Context, symbols []string, opts ...stream.Option) (*handle, error) {
		sub, err := c.SubscribeTrades(ctx, as[kraken.Symbol](symbols), kraken.TradesParams{Snapshot: wire.Some(false)}, opts...)
		return handleOf(sub, err, func(t *kraken.TradeUpdate) numbered {
			return numbered{string(t.Data[0].Symbol), t.Data[0].TradeID}
		})
	}
	return &client{link: c.Link, symbols: v.symbols(n), open: open}, nil
}

func (v *spot) read(frame []byte) (out []numbered) {
	var update struct {
		Channel string `json:"channel"`
		Data    []struct {
			Symbol  string `json:"symbol"`
			TradeID int64  `json:"trade_id"`
		} `json:"data"`
	}
	if json.Unmarshal(frame, &update) != nil || update.Channel != "trade" {
		return nil
	}
	for _, d := range update.Data {
		out = append(out, numbered{d.Symbol, d.TradeID})
	}
	return out
}

// burst is not for concurrent use.
func (v *spot) burst(ctx context.Context, events int) error {
	for _, session := range v.fake.Sessions() {
		held := session.Subscribed("trade")
		for i := 0; i < events && len(held) > 0; i++ {
			for session.Queued() >= waiting {
				if err := sleep(ctx, time.Millisecond); err != nil {
					return err
				}
			}
			var item struct{ Symbol string }
			if err := json.Unmarshal([]byte(held[i%len(held)]), &item); err != nil {
				return err
			}
			v.last[item.Symbol]++
			session.Push(fmt.Sprintf(`{"channel":"trade","type":"update","data":[{"symbol":%q,"side":"sell","price":65000.1,"qty":0.5,`+
				`"ord_type":"market","trade_id":%d,"timestamp":%q}]}`, item.Symbol, v.last[item.Symbol], time.Now().UTC().Format(time.RFC3339Nano)))
		}
	}
	return ctx.Err()
}

func (v *spot) made(symbol string) int64 { return v.last[symbol] }
