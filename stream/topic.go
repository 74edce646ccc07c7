package stream

import (
	"context"
	"sync/atomic"

	"github.com/venuewire/venuewire/stream/protocol"
)

// Topic routes one kind of event to its handles by a typed key. Generated code holds one for each subscription
// and one for each unsolicited event.
type Topic[K comparable, T any] struct {
	core   topicCore
	r      Routing[K, T]
	keys   map[string]K // by item; guarded by core.mu
	routes atomic.Pointer[routes[K]]
}

// Routing says how a topic spells and matches its keys.
type Routing[K comparable, T any] struct {
	// Name is the Go name of the feed or event, for logs and counters.
	Name string
	// Feed is what is sent; nil for an unsolicited event.
	Feed *protocol.Feed
	// Item spells a key as the JSON object of its route fields; nil without a route.
	Item func(K) string
	// Clone copies an event deeply, for what enters a queue; nil for plain assignment.
	Clone func(dst, src *T)
	// Match tells whether an event belongs to a key where equality does not; nil: equality does.
	Match func(k *K, v *T) bool
	// All tells whether a key stands for every key; nil: none does.
	All func(k *K) bool
	// Delivery is the queue of a handle that chose none.
	Delivery protocol.Delivery
}

// Init prepares a topic and registers it at conn, if conn is a Registrar. It is called once, before any other method.
func (t *Topic[K, T]) Init(conn Conn, r Routing[K, T]) {
	if r.Clone == nil {
		r.Clone = func(dst, src *T) { *dst = *src }
	}
	t.r, t.keys = r, make(map[string]K)
	t.core.name, t.core.wire, t.core.queue = r.Name, r.Feed, r.Delivery
	t.core.init(conn, t.publish)
}

// Subscribe makes a handle with a queue and returns when the venue confirmed every key. With a *SubscribeError and
// a handle that is not nil, the handle is live for the keys that the error does not name.
func (t *Topic[K, T]) Subscribe(ctx context.Context, keys []K, params string, opts ...Option) (*Sub[K, T], error) {
	return t.open(ctx, keys, params, nil, opts)
}

// Direct is Subscribe for a handle without a queue: fn runs on the reading goroutine, borrows the event until it
// returns and must not call the client.
func (t *Topic[K, T]) Direct(ctx context.Context, keys []K, params string, fn func(*T, Meta), opts ...Option) (*Sub[K, T], error) {
	return t.open(ctx, keys, params, fn, opts)
}

// Listen makes a handle for an unsolicited event; nothing is sent.
func (t *Topic[K, T]) Listen(opts ...Option) (*Sub[K, T], error) {
	return t.open(context.Background(), nil, "", nil, opts)
}

func (t *Topic[K, T]) open(ctx context.Context, keys []K, params string, direct func(*T, Meta), opts []Option) (*Sub[K, T], error) {
	var by conflation[T]
	conf, err := configFor(t.core.delivery(), t.core.host.queueDefaults(), opts, &by)
	if err != nil {
		return nil, err
	}
	data := &events[T]{clone: t.r.Clone}
	s := &Sub[K, T]{topic: t, data: data, core: newSub(&t.core, params, conf, by.make, data)}
	if direct != nil {
		s.core.direct = direct
	}
	live, err := s.core.open(ctx, func() []string { return t.register(keys) })
	if !live {
		return nil, err
	}
	return s, err
}

// register spells keys as items and remembers which is which; the lock is held until they are routed.
func (t *Topic[K, T]) register(keys []K) []string {
	items := t.spell(keys)
	for i, k := range keys {
		t.keys[items[i]] = k
	}
	return items
}

func (t *Topic[K, T]) spell(keys []K) []string {
	items := make([]string, len(keys))
	if t.r.Item != nil {
		for i, k := range keys {
			items[i] = t.r.Item(k)
		}
	}
	return items
}

// Wanted tells whether there is any handle.
func (t *Topic[K, T]) Wanted() bool { return len(*t.core.every.Load()) > 0 }

// Lost gives every handle a gap. It may be called from any goroutine.
func (t *Topic[K, T]) Lost(reason GapReason, n uint64) { t.core.Lost(reason, n) }

// LostKey gives the handles of one key a gap.
func (t *Topic[K, T]) LostKey(k K, reason GapReason, n uint64) {
	for _, s := range t.routes.Load().of(k).subs {
		s.lost(reason, n)
	}
}

// Deliver hands an event to the handles of its key. Generated dispatch calls it on the reading goroutine; v and
// what it refers to are borrowed.
func (t *Topic[K, T]) Deliver(k K, v *T, m Meta) {
	t.core.seen(m)
	to := t.routes.Load().of(k)
	if len(to.subs) == 0 {
		t.core.unwanted()
		return
	}
	for _, s := range to.subs {
		hand(s, to.item, v, m)
	}
	t.core.answered(to.item, m)
}

// hand gives an event to one handle, on the reading goroutine.
func hand[T any](s *subCore, item string, v *T, m Meta) {
	fn, ok := s.direct.(func(*T, Meta))
	if !ok {
		s.enqueue(item, v, m)
		return
	}
	m.gap = s.noteDirect(m.Received)
	if s.recovered != nil {
		defer recoverWith(s.recovered)
	}
	fn(v, m)
}

// DeliverMatch hands an event to every handle of which one key matches it by Routing.Match.
func (t *Topic[K, T]) DeliverMatch(v *T, m Meta) {
	t.core.seen(m)
	r, wanted := t.routes.Load(), false
	for i := range r.loose {
		route := &r.loose[i]
		item, ok := t.match(route, v)
		if !ok {
			continue
		}
		wanted = true
		hand(route.sub, item, v, m)
		t.core.answered(item, m)
	}
	if !wanted {
		t.core.unwanted()
	}
}

func (t *Topic[K, T]) match(route *looseRoute[K], v *T) (item string, ok bool) {
	for i := range route.keys {
		if t.r.Match == nil || t.r.Match(&route.keys[i], v) {
			return route.items[i], true
		}
	}
	return "", route.wild
}

// DeliverAll hands an event to every handle.
func (t *Topic[K, T]) DeliverAll(v *T, m Meta) {
	t.core.seen(m)
	subs := *t.core.every.Load()
	if len(subs) == 0 {
		t.core.unwanted()
	}
	for _, s := range subs {
		hand(s, "", v, m)
	}
	if !t.core.watch {
		return
	}
	for _, to := range t.routes.Load().exact {
		t.core.answered(to.item, m)
	}
}

// End ends every handle; later Subscribe calls fail. A nil error is a regular close.
func (t *Topic[K, T]) End(err error) { t.core.End(err) }
