package iqoptiontest

import (
	"time"

	"github.com/venuewire/venuewire/stream/streamtest"
)

// Option configures a [Server].
type Option func(*config)

type config struct {
	server    []streamtest.ServerOption
	accounts  []Account
	assets    []Asset
	seed      uint64
	tick      time.Duration
	days      int
	heartbeat time.Duration
	ssidIn    SSIDPlace
}

func defaultConfig() config {
	return config{
		accounts: []Account{DefaultAccount()}, assets: DefaultAssets(), seed: 1, tick: 500 * time.Millisecond, days: 7,
	}
}

// WithServer passes options on to the streamtest.Server: streamtest.OnLoopback, streamtest.WithTLS.
func WithServer(opts ...streamtest.ServerOption) Option {
	return func(c *config) { c.server = append(c.server, opts...) }
}

// WithAccounts replaces the default account.
func WithAccounts(accounts ...Account) Option {
	return func(c *config) { c.accounts = accounts }
}

// WithAssets replaces the assets.
func WithAssets(assets ...Asset) Option {
	return func(c *config) { c.assets = assets }
}

// WithSeed chooses other prices. Servers with the same seed have the same price at the same time.
func WithSeed(seed uint64) Option {
	return func(c *config) { c.seed = seed }
}

// WithTick sets the time between two prices, half a second by default. It is lowered to a divisor of a second in whole
// milliseconds.
func WithTick(d time.Duration) Option {
	ms := min(max(d.Milliseconds(), 1), 1000)
	for 1000%ms != 0 {
		ms--
	}
	return func(c *config) { c.tick = time.Duration(ms) * time.Millisecond }
}

// WithHistory sets how many days before the start of the server its history begins, 7 by default.
func WithHistory(days int) Option {
	return func(c *config) { c.days = max(days, 0) }
}

// WithHeartbeat makes the server ask for life signs, which not every front of the venue does. The default is never.
func WithHeartbeat(every time.Duration) Option {
	return func(c *config) { c.heartbeat = every }
}

// SSIDPlace is where the HTTP login puts the session id.
type SSIDPlace uint8

// Places that backends of the venue are known to use.
const (
	SSIDInBody   SSIDPlace = iota // member ssid of the body, and cookie: what the venue does
	SSIDInData                    // member data.ssid of the body, no cookie
	SSIDInCookie                  // cookie alone
)

// WithSSIDIn sets where the HTTP login puts the session id.
func WithSSIDIn(p SSIDPlace) Option {
	return func(c *config) { c.ssidIn = p }
}
