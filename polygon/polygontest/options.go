package polygontest

import (
	"crypto/rand"
	"time"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// Option configures a [Server].
type Option func(*config)

type config struct {
	server      []streamtest.ServerOption
	key         string
	clusters    map[polygon.Cluster]bool // nil: all
	refused     map[string]bool          // prefixes
	connections int
	victim      Victim
	kickAfter   time.Duration
	authTimeout time.Duration
	tick        time.Duration
	buffer      int
}

// Victim says which of the connections one too many is evicted. The venue's documentation says the oldest; reports of 2026
// saw either.
type Victim int

// The victims.
const (
	Oldest Victim = iota
	Newest
)

func defaultConfig() config {
	return config{
		// Every server has a key of its own, so that tests that run at the same time do not share one.
		key:         "polygontest-" + rand.Text(),
		connections: 1,
		authTimeout: 10 * time.Second,
		buffer:      10_000,
	}
}

// WithServer passes options to the streamtest.Server, such as streamtest.OnLoopback and streamtest.WithTLS.
func WithServer(opts ...streamtest.ServerOption) Option {
	return func(c *config) { c.server = append(c.server, opts...) }
}

// WithKey sets the key that the server accepts; the default is a random one.
func WithKey(key string) Option { return func(c *config) { c.key = key } }

// WithPlan limits the plan of the key to some clusters; the others answer that the plan has no access.
func WithPlan(clusters ...polygon.Cluster) Option {
	return func(c *config) {
		c.clusters = make(map[polygon.Cluster]bool)
		for _, cluster := range clusters {
			c.clusters[cluster] = true
		}
	}
}

// WithoutChannels makes the server refuse feeds by their prefixes, such as "Q" and "NOI", on all clusters.
func WithoutChannels(prefixes ...string) Option {
	return func(c *config) {
		c.refused = make(map[string]bool)
		for _, p := range prefixes {
			c.refused[p] = true
		}
	}
}

// WithConnections sets how many connections the key has for each cluster; the default is 1, 0 is no limit.
func WithConnections(n int) Option { return func(c *config) { c.connections = n } }

// WithVictim says which connection goes when there are too many, and how long after the login of the newest one: until
// then all is well on both, as at the venue.
func WithVictim(v Victim, after time.Duration) Option {
	return func(c *config) { c.victim, c.kickAfter = v, after }
}

// WithAuthTimeout sets how long a connection may be silent before its key; the default is 10 s.
func WithAuthTimeout(d time.Duration) Option { return func(c *config) { c.authTimeout = d } }

// WithMarket makes the server send made-up events for all that is subscribed: bars at the end of their windows, all else
// once every d. Without it nothing comes but what is pushed.
func WithMarket(d time.Duration) Option { return func(c *config) { c.tick = d } }

// WithBuffer sets how many frames may wait for a client before it is a slow consumer, is told so and cut; the default is
// 10,000.
func WithBuffer(frames int) Option { return func(c *config) { c.buffer = frames } }
