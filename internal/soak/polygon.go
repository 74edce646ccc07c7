package main

import (
	"context"
	"fmt"

	json "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/polygon/polygontest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// kept is how many frames the log of a fake keeps.
const kept = 16

// waiting is how many frames may wait for a client before bursts wait too.
const waiting = 64

// trades are those of the stocks cluster; the fake numbers them.
type trades struct {
	fake *polygontest.Server
	each int // symbols of a client
}

func newTrades(each int) *trades {
	return &trades{each: each, fake: polygontest.New(
		polygontest.WithServer(streamtest.OnLoopback(), streamtest.WithFrameLog(kept)),
		polygontest.WithConnections(0),
		polygontest.WithBuffer(2*waiting),
	)}
}

func (v *trades) name() string               { return "polygon" }
func (v *trades) server() *streamtest.Server { return v.fake.Server }
func (v *trades) close()                     { v.fake.Close() }

func (v *trades) symbols(n int) []string {
	out := make([]string, v.each)
	for i := range out {
		out[i] = fmt.Sprintf("S%02dX%03d", n, i)
	}
	return out
}

func (v *trades) dial(ctx context.Context, n int, opts ...stream.Option) (*client, error) {
	c, err := polygon.DialStocks(ctx, v.fake.Key(), append(append(v.fake.Options(), polygon.WithConnections(polygonClients)), opts...)...)
	if err != nil {
		return nil, err
	}
	open := func(ctx context.Context, symbols []string, opts ...stream.Option) (*handle, error) {
		sub, err := c.SubscribeTrades(ctx, as[polygon.Symbol](symbols), opts...)
		return handleOf(sub, err, func(t *polygon.StockTrade) numbered {
			return numbered{string(t.Symbol), t.Sequence.Or(0)}
		})
	}
	return &client{link: c.Link, symbols: v.symbols(n), open: open}, nil
}

func (v *trades) read(frame []byte) (out []numbered) {
	var events []struct {
		Ev  string `json:"ev"`
		Sym string `json:"sym"`
		Q   int64  `json:"q"`
	}
	if json.Unmarshal(frame, &events) != nil {
		return nil
	}
	for _, e := range events {
		if e.Ev == "T" {
			out = append(out, numbered{e.Sym, e.Q})
		}
	}
	return out
}

func (v *trades) burst(ctx context.Context, events int) error {
	return v.fake.Burst(ctx, polygontest.Burst{Cluster: polygon.ClusterStocks, Events: events})
}

func (v *trades) made(symbol string) int64 {
	return v.fake.Sequence(polygon.ClusterStocks, "T", symbol)
}

// as converts symbols to those of a venue.
func as[S ~string](symbols []string) []S {
	out := make([]S, len(symbols))
	for i, s := range symbols {
		out[i] = S(s)
	}
	return out
}
