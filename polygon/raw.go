package polygon

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/wire"
)

// Raw is a client of any cluster that decodes no event: the Messages and DirectMessages methods and the Message handler
// get the bytes of each one. Channels are named as on the wire, also those that this package does not know. Its methods
// may be called from any goroutine.
type Raw struct {
	*client

	mu    sync.Mutex
	feeds map[string]*protocol.Feed // by prefix
}

// DialRaw connects to a cluster; see [DialStocks].
func DialRaw(ctx context.Context, cluster Cluster, key stream.Secret, opts ...stream.Option) (*Raw, error) {
	core, err := dial(ctx, cluster, key, nil, func(stream.Conn) {}, opts)
	if err != nil {
		return nil, err
	}
	c := &Raw{client: core, feeds: make(map[string]*protocol.Feed)}
	m, err := cluster.market()
	for _, f := range m.feeds {
		c.feeds[f.Name] = f
	}
	return c, err
}

// Subscribe asks for channels such as "T.AAPL" and "Q.*", each sent as it is, and returns when the venue has confirmed all
// of them, or with *stream.SubscribeError for each prefix of which something is not confirmed; what is confirmed is live.
// A text may hold several channels, joined by commas. What is subscribed is asked for again after a reconnect.
func (c *Raw) Subscribe(ctx context.Context, channels ...string) error {
	return c.each(channels, func(feed *protocol.Feed, items []stream.Item) error { return c.Link.Subscribe(ctx, feed, items) })
}

// Unsubscribe gives channels back and returns when the venue has confirmed it. Channels are counted: one that was
// subscribed twice is given back by the second call.
func (c *Raw) Unsubscribe(ctx context.Context, channels ...string) error {
	return c.each(channels, func(feed *protocol.Feed, items []stream.Item) error { return c.Link.Unsubscribe(ctx, feed, items) })
}

// each calls fn for the channels of each prefix, at the same time, and waits for all.
func (c *Raw) each(channels []string, fn func(*protocol.Feed, []stream.Item) error) error {
	names, items, err := parseChannels(channels)
	if err != nil {
		return err
	}
	errs := make([]error, len(names))
	var all sync.WaitGroup
	for i, name := range names {
		all.Go(func() { errs[i] = fn(c.feed(name), items[name]) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// feed is the descriptor of a prefix. One that the specs lack is asked for and confirmed as all others are.
func (c *Raw) feed(prefix string) *protocol.Feed {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f := c.feeds[prefix]; f != nil {
		return f
	}
	m, _ := c.cluster.market() // it was dialled
	f := *m.feeds[0]
	f.Name = prefix
	c.feeds[prefix] = &f
	return &f
}

// parseChannels sorts channels by their prefixes. The first dot splits: tickers have dots too.
func parseChannels(channels []string) (prefixes []string, items map[string][]stream.Item, err error) {
	items = make(map[string][]stream.Item)
	for _, text := range channels {
		for _, channel := range strings.Split(text, ",") {
			prefix, symbol, ok := strings.Cut(strings.TrimSpace(channel), ".")
			if !ok || prefix == "" || symbol == "" {
				return nil, nil, fmt.Errorf("polygon: %q is no channel such as T.AAPL", channel)
			}
			if !slices.Contains(prefixes, prefix) {
				prefixes = append(prefixes, prefix)
			}
			key := string(append(wire.AppendString([]byte(`{"symbol":`), symbol), '}'))
			items[prefix] = append(items[prefix], stream.Item{Key: key})
		}
	}
	return prefixes, items, nil
}
