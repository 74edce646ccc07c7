package stream

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
)

// topicCore is a topic apart from the type of its keys, which are known here by their spelling.
type topicCore struct {
	name  string
	wire  *protocol.Feed // nil: unsolicited
	queue protocol.Delivery
	conn  Conn
	host  host
	clock *lifeClock
	watch bool // acknowledgement or learned values come from events
	stray atomic.Uint64
	every atomic.Pointer[[]*subCore]

	// of topics with keys
	match  func(key, event any) bool // nil: equality tells what belongs to a key
	index  func(*routes) any
	routes atomic.Pointer[routes]

	mu     sync.Mutex
	subs   []*subCore
	ended  bool
	endErr error
}

func (t *topicCore) init(conn Conn) {
	t.conn, t.host = conn, noHost{}
	if h, ok := findIn[host](conn); ok {
		t.host = h
	}
	t.clock = t.host.clockFor(t.name)
	t.watch = t.wire != nil && (t.wire.Ack.Mode == protocol.AckFirstEvent || len(t.wire.Learn) > 0)
	t.rebuild()
	if reg, ok := findIn[Registrar](conn); ok {
		reg.Register(t)
	}
}

// rebuild publishes the handles as they are now; the lock is held.
func (t *topicCore) rebuild() {
	subs := slices.Clone(t.subs)
	t.every.Store(&subs)
	if t.index == nil {
		return
	}
	r := makeRoutes(subs)
	r.index = t.index(r)
	t.routes.Store(r)
}

func (t *topicCore) delivery() protocol.Delivery {
	if t.queue == (protocol.Delivery{}) && t.wire != nil {
		return t.wire.Delivery
	}
	return t.queue
}

func (t *topicCore) attach(s *subCore) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return errBoth(ErrClosed, t.endErr)
	}
	t.subs = append(t.subs, s)
	if t.wire == nil {
		t.rebuild() // others have no key yet
	}
	return nil
}

// detach takes an ended handle off the routes; its keys stay until they are given back.
func (t *topicCore) detach(s *subCore) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.subs = slices.DeleteFunc(slices.Clone(t.subs), func(have *subCore) bool { return have == s })
	t.rebuild()
}

// Lost gives every handle a gap. It may be called from any goroutine.
func (t *topicCore) Lost(reason GapReason, n uint64) {
	for _, s := range *t.every.Load() {
		s.lost(reason, n)
	}
}

// End ends every handle; later Subscribe calls fail. A nil error is a regular close.
func (t *topicCore) End(err error) {
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
	// unwantedCount counts the events that no handle took.
	unwantedCount() (name string, n uint64)
}

func (t *topicCore) feed() *protocol.Feed { return t.wire }

func (t *topicCore) lostItem(key string, reason GapReason) {
	for _, s := range t.holders(key) {
		s.lost(reason, 0)
	}
}

// holders are the handles that have a key.
func (t *topicCore) holders(key string) []*subCore {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(t.subs), func(s *subCore) bool { return !s.set[key] })
}

// endItem takes a key from every handle; a handle that has none left ends with err, the others get a gap.
func (t *topicCore) endItem(key string, err error) {
	t.mu.Lock()
	var over, left []*subCore
	for _, s := range t.subs {
		if !s.set[key] {
			continue
		}
		if s.removeKeys(key); len(s.keys) == 0 {
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

// deliver hands an event to every handle.
func (t *topicCore) deliver(v any, m *Meta) {
	t.seen(m)
	subs := *t.every.Load()
	if len(subs) == 0 {
		t.unwanted()
	}
	for _, s := range subs {
		s.hand("", v, m)
	}
}

// deliverTo hands an event to the handles of its key.
func (t *topicCore) deliverTo(to *target, v any, m *Meta) {
	t.seen(m)
	if len(to.subs) == 0 {
		t.unwanted()
		return
	}
	for _, s := range to.subs {
		s.hand(to.item, v, m)
	}
	t.answered(to.item, m)
}

// deliverBoxed hands an event to the handles of its key; it is false where the routes know no boxed keys. It is kept out of
// line so that the key need not outlive it.
//
//go:noinline
func (t *topicCore) deliverBoxed(k, v any, m *Meta) bool {
	to := t.routes.Load().boxed(k)
	if to != nil {
		t.deliverTo(to, v, m)
	}
	return to != nil
}

// deliverItem hands an event to the handles of a key by its spelling.
func (t *topicCore) deliverItem(item string, v any, m *Meta) {
	t.deliverTo(t.routes.Load().of(item), v, m)
}

// deliverMatch hands an event to every handle of which one key matches it.
func (t *topicCore) deliverMatch(v any, m *Meta) {
	t.seen(m)
	r, wanted := t.routes.Load(), false
	for i := range r.loose {
		item, ok := r.loose[i].match(t.match, v)
		if !ok {
			continue
		}
		wanted = true
		r.loose[i].sub.hand(item, v, m)
		t.answered(item, m)
	}
	if !wanted {
		t.unwanted()
	}
}

// deliverAll hands an event to every handle of a topic with keys.
func (t *topicCore) deliverAll(v any, m *Meta) {
	t.deliver(v, m)
	if !t.watch {
		return
	}
	for item := range t.routes.Load().exact {
		t.answered(item, m)
	}
}

// lostKey gives the handles of one key a gap.
func (t *topicCore) lostKey(item string, reason GapReason, n uint64) {
	for _, s := range t.routes.Load().of(item).subs {
		s.lost(reason, n)
	}
}

// answered tells the transport of an event whose coming confirms a subscription or holds what its cancel needs.
func (t *topicCore) answered(key string, m *Meta) {
	if t.watch {
		t.host.eventSeen(t.wire, key, *m)
	}
}

func (t *topicCore) seen(m *Meta) {
	if t.clock != nil {
		t.clock.wind(m.Received)
	}
}

func (t *topicCore) unwantedCount() (string, uint64) { return t.name, t.stray.Load() }

// unwanted counts an event that no handle took; the first one is reported.
func (t *topicCore) unwanted() {
	if t.stray.Add(1) == 1 {
		t.host.noteUnwanted(t.name)
	}
}
