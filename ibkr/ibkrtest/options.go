package ibkrtest

import (
	"time"

	"github.com/venuewire/venuewire/stream/streamtest"
)

// Option configures a [Server].
type Option func(*config)

type config struct {
	server    []streamtest.ServerOption
	account   string
	tick      time.Duration
	heartbeat time.Duration
	expiry    time.Duration
	reset     time.Duration
	hosted    bool
	binary    bool
	plain     bool
}

// DefaultAccount is the account of the login unless [WithAccount] names another.
const DefaultAccount = "DU1234567"

func defaultConfig() config {
	return config{account: DefaultAccount, tick: 500 * time.Millisecond, heartbeat: 10 * time.Second, expiry: 10 * time.Minute}
}

// WithServer passes options on to the streamtest.Server: streamtest.OnLoopback, streamtest.OnAddress.
func WithServer(opts ...streamtest.ServerOption) Option {
	return func(c *config) { c.server = append(c.server, opts...) }
}

// WithoutTLS serves http and ws, as a gateway with listenSsl off does.
func WithoutTLS() Option { return func(c *config) { c.plain = true } }

// WithAccount names the account of the login; those of paper trading begin with DU.
func WithAccount(id string) Option { return func(c *config) { c.account = id } }

// WithTick is the time between two ticks of market data; 500 ms is the default and what the venue does.
func WithTick(d time.Duration) Option { return func(c *config) { c.tick = d } }

// WithExpiry is how long market data comes after a subscribe before it ends in silence; 10 minutes is the default, 0
// is for ever.
func WithExpiry(d time.Duration) Option { return func(c *config) { c.expiry = d } }

// WithNightlyReset takes the brokerage session away every midnight of UTC, for some time.
func WithNightlyReset(length time.Duration) Option { return func(c *config) { c.reset = length } }

// WithSessionRequired refuses sockets without session value, as the hosted service does; a gateway adds it by itself.
func WithSessionRequired() Option { return func(c *config) { c.hosted = true } }

// WithBinaryFrames sends binary frames in place of text frames: clients have seen either.
func WithBinaryFrames() Option { return func(c *config) { c.binary = true } }
