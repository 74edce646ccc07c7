package stream

import (
	"context"
	"sync/atomic"

	"github.com/venuewire/venuewire/stream/protocol"
)

// Topic routes one kind of event to its handles by a typed key. Generated code holds one for each subscription that
// has keys. It knows events as pointers only, since what depends on their type is compiled anew for every event of
// every venue; [Subscribe] and [Direct] put the type back.
type Topic[K comparable] struct {
	core  topicCore
	r     Routing[K]
	keys  map[string]K // by item; guarded by core.mu
	table atomic.Pointer[routeTable]
}

// Routing says how a topic spells and matches its keys.
type Routing[K comparable] struct {
	// Name is the Go name of the feed, for logs and counters.
	Name string
	// Feed is what is sent.
	Feed *protocol.Feed
	// Item spells a key as the JSON object of its route fields.
	Item func(K) string
	// Match tells whether an event, given as pointer, belongs to a key where equality does not; nil: equality does.
	Match func(k *K, v any) bool
	// Hash tells most keys apart, faster than a map does; equal keys may differ in it. nil: a map alone finds them.
	Hash func(k K) uint
	// All tells whether a key stands for every key; nil: none does.
	All func(k *K) bool
}

// Init prepares a topic and registers it at conn, if conn is a Registrar. It is called once, before any other method.
func (t *Topic[K]) Init(conn Conn, r Routing[K]) {
	t.r, t.keys = r, make(map[string]K)
	t.core.name, t.core.wire = r.Name, r.Feed
	t.core.init(conn, t.publish)
}

// Deliver hands an event to the handles of its key. Generated dispatch calls it on the reading goroutine; v points to
// an event of the type that the topic's handles have, and what it refers to is borrowed.
func (t *Topic[K]) Deliver(k K, v any, m *Meta) {
	t.core.seen(m)
	to := t.routes().next(k)
	if len(to.subs) == 0 {
		t.core.unwanted()
		return
	}
	for _, s := range to.subs {
		s.hand(to.item, v, m)
	}
	t.core.answered(to.item, m)
}

// DeliverMatch hands an event to every handle of which one key matches it by Routing.Match.
func (t *Topic[K]) DeliverMatch(v any, m *Meta) {
	t.core.seen(m)
	r, wanted := t.routes(), false
	for i := range r.loose {
		route := &r.loose[i]
		item, ok := t.match(route, v)
		if !ok {
			continue
		}
		wanted = true
		route.sub.hand(item, v, m)
		t.core.answered(item, m)
	}
	if !wanted {
		t.core.unwanted()
	}
}

func (t *Topic[K]) match(route *looseRoute[K], v any) (item string, ok bool) {
	for i := range route.keys {
		if t.r.Match == nil || t.r.Match(&route.keys[i], v) {
			return route.items[i], true
		}
	}
	return "", route.wild
}

// DeliverAll hands an event to every handle.
func (t *Topic[K]) DeliverAll(v any, m *Meta) {
	t.core.deliver(v, m)
	if !t.core.watch {
		return
	}
	for _, to := range t.routes().exact {
		t.core.answered(to.item, m)
	}
}

// Lost gives every handle a gap. It may be called from any goroutine.
func (t *Topic[K]) Lost(reason GapReason, n uint64) { t.core.Lost(reason, n) }

// LostKey gives the handles of one key a gap. It may be called from any goroutine.
func (t *Topic[K]) LostKey(k K, reason GapReason, n uint64) {
	for _, s := range t.routes().of(k).subs {
		s.lost(reason, n)
	}
}

// add subscribes more keys for a handle.
func (t *Topic[K]) add(ctx context.Context, s *subCore, keys []K) error {
	return s.add(ctx, func() []string { return t.register(keys) })
}

// register spells keys as items and remembers which is which; core.mu is held until they are routed.
func (t *Topic[K]) register(keys []K) []string {
	items := t.spell(keys)
	for i, k := range keys {
		t.keys[items[i]] = k
	}
	return items
}

func (t *Topic[K]) spell(keys []K) []string {
	items := make([]string, len(keys))
	for i, k := range keys {
		items[i] = t.r.Item(k)
	}
	return items
}

// keysOf are the keys of a handle.
func (t *Topic[K]) keysOf(s *subCore) []K {
	t.core.mu.Lock()
	defer t.core.mu.Unlock()
	keys := make([]K, len(s.keys))
	for i, item := range s.keys {
		keys[i] = t.keys[item]
	}
	return keys
}

// Broadcast hands each event to every handle. Generated code holds one for each subscription without keys, and one
// for each event that comes without being asked for; [Listen] and [ListenDirect] make handles.
type Broadcast struct{ core topicCore }

// BroadcastConfig says what a broadcast is of.
type BroadcastConfig struct {
	// Name is the Go name of the feed or event, for logs and counters.
	Name string
	// Feed is what is sent; nil for an unsolicited event.
	Feed *protocol.Feed
	// Delivery is the queue of a handle that chose none; zero: the feed's.
	Delivery protocol.Delivery
}

// Init prepares a broadcast and registers it at conn, if conn is a Registrar. It is called once, before any other
// method.
func (t *Broadcast) Init(conn Conn, c BroadcastConfig) {
	t.core.name, t.core.wire, t.core.queue = c.Name, c.Feed, c.Delivery
	t.core.init(conn, func() {})
}

// Deliver hands an event to every handle. Generated dispatch calls it on the reading goroutine; v points to an event
// of the type that the handles have, and what it refers to is borrowed.
func (t *Broadcast) Deliver(v any, m *Meta) {
	t.core.deliver(v, m)
	t.core.answered("", m)
}

// Lost gives every handle a gap. It may be called from any goroutine.
func (t *Broadcast) Lost(reason GapReason, n uint64) { t.core.Lost(reason, n) }
