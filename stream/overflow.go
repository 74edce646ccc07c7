package stream

import (
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
)

// Overflow says what a full queue does.
type Overflow = protocol.Overflow

// The overflow policies.
const (
	DropOldest = protocol.DropOldest // the oldest event goes; a gap rides on the one behind it
	DropNewest = protocol.DropNewest // the new event goes; a gap rides on the next one that finds room
	Conflate   = protocol.Conflate   // a new event replaces the queued one of the same key, or adds to it; see WithConflate
	Block      = protocol.Block      // the reader waits for room, see WithBlock, then the handle ends
	Fail       = protocol.Fail       // the handle ends with ErrSlowConsumer
)

const (
	defaultBuffer = 1024
	defaultBlock  = 5 * time.Second
)

// queueConfig is the target of the options that shape a handle.
type queueConfig struct {
	overflow Overflow
	buffer   int
	block    time.Duration
	raw      bool
	stale    time.Duration
	set      bool // overflow and buffer were chosen by an option
}

// conflation is the target of WithConflate.
type conflation struct {
	event any // a pointer of the type of the handle's events
	make  func() conflater
}

// WithQueue sets the bound of a subscription's queue, in events, and what it does when it is full. Given to a
// client it holds for all its subscriptions. The queue starts small and grows to its bound; n below 1 is 1.
func WithQueue(n int, overflow Overflow) Option {
	return named("WithQueue", func(c *queueConfig) { c.buffer, c.overflow, c.set = max(n, 1), overflow, true })
}

// WithBlock makes a full queue hold up the reader, and with it every other subscription of the client, for at
// most wait; then the handle ends with ErrSlowConsumer.
func WithBlock(wait time.Duration) Option {
	return named("WithBlock", func(c *queueConfig) { c.overflow, c.block, c.set = Block, wait, true })
}

// WithConflate keeps only the newest event of each key in the queue, in the place of the one it replaces; the
// event counts how many it replaced. Without it [Conflate] uses the subscription's own key. Events that hold only what
// changed are added up instead: no member that came is lost, and the newest value of each is kept. A gap ends both: what
// was queued before a loss stays what it was.
func WithConflate[T any, C comparable](key func(*T) C) Option {
	return Option{"WithConflate", func(config any) bool {
		switch c := config.(type) {
		case *conflation:
			_, fits := c.event.(*T)
			if fits {
				c.make = func() conflater { return &conflateBy[T, C]{key, make(map[C]uint64)} }
			}
			return fits
		case *queueConfig:
			// Set here too, but only the line above says that the type fits.
			c.overflow, c.set = Conflate, true
		}
		return false
	}}
}

// WithRaw gives each event of a subscription a copy of its bytes.
func WithRaw() Option {
	return named("WithRaw", func(c *queueConfig) { c.raw = true })
}

// WithStaleAfter renews a subscription that got no event for d, and drops the session if that did not help. Given
// to a client it holds for all its subscriptions.
func WithStaleAfter(d time.Duration) Option {
	return named("WithStaleAfter", func(c *queueConfig) { c.stale = d })
}

// configFor merges, weakest first, the spec's default, the client's options and the handle's.
func configFor(d protocol.Delivery, client *queueConfig, opts []Option, by *conflation) (queueConfig, error) {
	c := queueConfig{overflow: d.Overflow, buffer: d.Buffer, block: defaultBlock}
	if client != nil {
		c.raw, c.stale = client.raw, client.stale
		if client.set {
			c.overflow = client.overflow
		}
		if client.buffer > 0 {
			c.buffer = client.buffer
		}
		if client.block > 0 {
			c.block = client.block
		}
	}
	if c.buffer <= 0 {
		c.buffer = defaultBuffer
	}
	err := Configure(opts, &c, by)
	return c, err
}

// conflater remembers where the queued event of a key is; v points to an event.
type conflater interface {
	find(v any) (at uint64, ok bool)
	put(v any, at uint64)
	forget(v any, at uint64)
	clear()
}

type conflateBy[T any, C comparable] struct {
	key func(*T) C
	at  map[C]uint64
}

func (c *conflateBy[T, C]) find(v any) (uint64, bool) {
	at, ok := c.at[c.key(v.(*T))]
	return at, ok
}

func (c *conflateBy[T, C]) put(v any, at uint64) { c.at[c.key(v.(*T))] = at }

func (c *conflateBy[T, C]) forget(v any, at uint64) {
	if k := c.key(v.(*T)); c.at[k] == at {
		delete(c.at, k)
	}
}

func (c *conflateBy[T, C]) clear() { clear(c.at) }
