package polygon

import (
	"context"
	"fmt"
	"slices"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

// wildcardItem is how a subscription of all symbols is spelled.
const wildcardItem = `{"symbol":"*"}`

// wildcardGuard refuses [All] for feeds that have no wildcard. Sent all the same it could only disappoint: nothing would
// be routed to a symbol of that name.
type wildcardGuard struct{ stream.Conn }

// Unwrap returns the Conn below.
func (g wildcardGuard) Unwrap() stream.Conn { return g.Conn }

// Subscribe implements stream.Conn.
func (g wildcardGuard) Subscribe(ctx context.Context, feed *protocol.Feed, items []stream.Item) error {
	all := func(it stream.Item) bool { return it.Key == wildcardItem }
	if feed.Wildcard == "" && slices.ContainsFunc(items, all) {
		return fmt.Errorf("polygon: feed %s has no wildcard here: name the symbols", feed.Name)
	}
	return g.Conn.Subscribe(ctx, feed, items)
}
