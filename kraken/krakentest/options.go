package krakentest

import (
	"time"

	"github.com/venuewire/venuewire/stream/streamtest"
)

// Market is a pair that the fake trades.
type Market struct {
	// Symbol is the name in API v2, such as BTC/USD, and Pair that in API v1, such as XBT/USD.
	Symbol, Pair string
	// Price is where the market begins, in units of its last digit; PriceDigits and QtyDigits are those behind the point.
	Price                  int64
	PriceDigits, QtyDigits int
	// MinQty is the least quantity of an order, in units of its last digit.
	MinQty int64
}

// DefaultMarkets are BTC/USD at 65000.0, ETH/USD at 3200.00, XRP/USD at 0.52340 and DOGE/USD at 0.1240000.
func DefaultMarkets() []Market {
	return []Market{
		{Symbol: "BTC/USD", Pair: "XBT/USD", Price: 650_000, PriceDigits: 1, QtyDigits: 8, MinQty: 5_000},
		{Symbol: "ETH/USD", Pair: "ETH/USD", Price: 320_000, PriceDigits: 2, QtyDigits: 8, MinQty: 200_000},
		{Symbol: "XRP/USD", Pair: "XRP/USD", Price: 52_340, PriceDigits: 5, QtyDigits: 8, MinQty: 10_00000000},
		{Symbol: "DOGE/USD", Pair: "XDG/USD", Price: 1_240_000, PriceDigits: 7, QtyDigits: 8, MinQty: 30_00000000},
	}
}

// Option configures a fake.
type Option func(*config)

type config struct {
	server   []streamtest.ServerOption
	markets  []Market
	balances map[string]int64 // in 10^-8
	seed     uint64
	tick     time.Duration
}

func newConfig(opts []Option) config {
	c := config{
		markets:  DefaultMarkets(),
		balances: map[string]int64{"USD": 100_000_00000000, "BTC": 2_00000000, "ETH": 10_00000000},
		seed:     1, tick: 100 * time.Millisecond,
	}
	for _, o := range opts {
		o(&c)
	}
	return c
}

// WithServer passes options on to the streamtest.Server: streamtest.OnLoopback, streamtest.WithTLS.
func WithServer(opts ...streamtest.ServerOption) Option {
	return func(c *config) { c.server = append(c.server, opts...) }
}

// WithMarkets replaces the markets.
func WithMarkets(markets ...Market) Option { return func(c *config) { c.markets = markets } }

// WithBalance sets what the account has of an asset, in units of 10^-8.
func WithBalance(asset string, amount int64) Option {
	return func(c *config) { c.balances[asset] = amount }
}

// WithSeed chooses other prices and quantities.
func WithSeed(seed uint64) Option { return func(c *config) { c.seed = seed } }

// WithTick sets the time between two changes of a market, 100 ms by default. With 0 a market changes on
// [Venue.Tick] alone.
func WithTick(d time.Duration) Option { return func(c *config) { c.tick = max(d, 0) } }
