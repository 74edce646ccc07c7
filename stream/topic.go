package stream

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
)

// Topic routes one kind of event to its handles by a typed key. Generated code holds one for each subscription
// and one for each unsolicited event.
type Topic[K comparable, T any] struct {
	conn   Conn
	host   host
	r      Routing[K, T]
	clock  *lifeClock
	watch  bool // acknowledgement or learned values come from events
	routes atomic.Pointer[routes[K, T]]
	stray  atomic.Uint64

	mu     sync.Mutex
	subs   []*Sub[K, T]
	keys   map[string]K // by Item.Key
	ended  bool
	endErr error
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
	if r.Item == nil {
		r.Item = func(K) string { return "" }
	}
	t.conn, t.r, t.host = conn, r, noHost{}
	if h, ok := findIn[host](conn); ok {
		t.host = h
	}
	t.clock = t.host.clockFor(r.Name)
	t.watch = r.Feed != nil && (r.Feed.Ack.Mode == protocol.AckFirstEvent || len(r.Feed.Learn) > 0)
	t.keys = make(map[string]K)
	t.routes.Store(newRoutes[K, T](nil, r.All))
	if reg, ok := findIn[Registrar](conn); ok {
		reg.Register(t)
	}
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
	conf, by, err := configFor[T](t.delivery(), t.host.queueDefaults(), opts)
	if err != nil {
		return nil, err
	}
	if conf.stale > 0 {
		t.host.watchStale()
	}
	s := newSub(t, params, direct, conf, by)
	if err := t.attach(s); err != nil {
		return nil, err
	}
	err = s.Add(ctx, keys...)
	if err == nil {
		return s, nil
	}
	var partial *SubscribeError
	if errors.As(err, &partial) && len(s.Keys()) > 0 {
		return s, err
	}
	s.finish(err)
	return nil, err
}

func (t *Topic[K, T]) delivery() protocol.Delivery {
	if t.r.Delivery == (protocol.Delivery{}) && t.r.Feed != nil {
		return t.r.Feed.Delivery
	}
	return t.r.Delivery
}

func (t *Topic[K, T]) attach(s *Sub[K, T]) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return errBoth(ErrClosed, t.endErr)
	}
	t.subs = append(t.subs, s)
	t.rebuild()
	return nil
}

// Wanted tells whether there is any handle.
func (t *Topic[K, T]) Wanted() bool { return len(t.routes.Load().every) > 0 }

// Lost gives every handle a gap. It may be called from any goroutine.
func (t *Topic[K, T]) Lost(reason GapReason, n uint64) {
	for _, s := range t.routes.Load().every {
		s.lost(reason, n)
	}
}

// LostKey gives the handles of one key a gap.
func (t *Topic[K, T]) LostKey(k K, reason GapReason, n uint64) {
	for _, s := range t.routes.Load().of(k) {
		s.lost(reason, n)
	}
}

// End ends every handle; later Subscribe calls fail. A nil error is a regular close.
func (t *Topic[K, T]) End(err error) {
	t.mu.Lock()
	t.ended, t.endErr = true, err
	subs := t.subs
	t.subs = nil
	t.rebuild()
	t.mu.Unlock()
	for _, s := range subs {
		s.finish(err)
	}
}

// itemSink is a Sink that also takes what concerns one item.
type itemSink interface {
	feed() *protocol.Feed
	lostItem(key string, reason GapReason)
	endItem(key string, err error)
	staleItems(now time.Time) []staleItem
}

func (t *Topic[K, T]) feed() *protocol.Feed { return t.r.Feed }

func (t *Topic[K, T]) lostItem(key string, reason GapReason) {
	if k, ok := t.keyOf(key); ok {
		t.LostKey(k, reason, 0)
	}
}

func (t *Topic[K, T]) keyOf(item string) (K, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	k, ok := t.keys[item]
	return k, ok
}

// endItem takes a key from every handle; a handle that has none left ends with err, the others get a gap.
func (t *Topic[K, T]) endItem(item string, err error) {
	k, ok := t.keyOf(item)
	if !ok {
		return
	}
	t.mu.Lock()
	var over, left []*Sub[K, T]
	for _, s := range t.subs {
		if !s.has(k) {
			continue
		}
		if s.removeKey(k); len(s.keys) == 0 {
			over = append(over, s)
		} else {
			left = append(left, s)
		}
	}
	t.rebuild()
	t.mu.Unlock()
	for _, s := range over {
		s.finish(err)
	}
	for _, s := range left {
		s.lost(GapReconnect, 0)
	}
}
