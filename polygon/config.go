package polygon

import (
	"fmt"

	"github.com/venuewire/venuewire/stream"
)

// config is the target of the options of this package.
type config struct {
	connections int
	exchange    Exchange
	upper       bool
	handlers    Handlers
}

// WithConnections says how many connections the account has for each cluster. The default is 1: a second client of this
// process with the same key and cluster is then refused with [ErrKeyInUse]. Hosts do not count, delayed and real-time
// ones share the quota.
func WithConnections(n int) stream.Option {
	return stream.OptionFor(func(c *config) { c.connections = n })
}

// WithExchange narrows a futures client to one exchange. Other clusters refuse it.
func WithExchange(e Exchange) stream.Option {
	return stream.OptionFor(func(c *config) { c.exchange = e })
}

// WithUpperCase makes the Symbols method of the client write names in upper case. The venue's own test tickers are mixed,
// so it is no default.
func WithUpperCase() stream.Option {
	return stream.OptionFor(func(c *config) { c.upper = true })
}

// WithHandlers calls functions for messages, errors and the end of the client, in the style of callback clients.
func WithHandlers(h Handlers) stream.Option {
	return stream.OptionFor(func(c *config) { c.handlers = h })
}

// ownOptions applies the options of this package; those of package stream are left to the link.
func ownOptions(opts []stream.Option) config {
	cfg := config{connections: 1}
	for _, o := range opts {
		_ = stream.Configure([]stream.Option{o}, &cfg) // what does not fit is the link's, which refuses the rest
	}
	return cfg
}

func (c *config) check(cluster Cluster) error {
	if c.connections < 1 {
		return fmt.Errorf("polygon: WithConnections(%d): a client needs one", c.connections)
	}
	if c.exchange != "" && cluster != ClusterFutures {
		return fmt.Errorf("polygon: WithExchange(%q) is for futures, not %s", string(c.exchange), cluster)
	}
	return nil
}
