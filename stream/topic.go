package stream

import "github.com/venuewire/venuewire/stream/protocol"

// Topic routes one kind of event to its handles by a typed key. Generated code holds one for each subscription that
// has keys. It knows events as pointers only, and hardly anything of its keys' type, since what depends on a type is
// compiled anew for every subscription of every venue; [Subscribe] and [Direct] put the types back. [HotTopic] is one for
// busy feeds.
type Topic[K comparable] struct {
	fanout
	r Routing[K]
}

// fanout has the methods of a Topic that know no type. They are kept out of line: the compiler makes each of them anew
// for every topic, as a mere jump to this one or with all that is inlined into it.
type fanout struct{ core topicCore }

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
	// All tells whether a key stands for every key; nil: none does.
	All func(k *K) bool
}

// Init prepares a topic and registers it at conn, if conn is a Registrar. It is called once, before any other method.
func (t *Topic[K]) Init(conn Conn, r Routing[K]) {
	t.r = r
	c := &t.core
	c.name, c.wire = r.Name, r.Feed
	if c.index == nil {
		c.index = boxedIndex
	}
	if r.Match != nil {
		c.match = func(key, event any) bool { return t.r.Match(key.(*K), event) }
	}
	c.init(conn)
}

// Deliver hands an event to the handles of its key. Generated dispatch calls it on the reading goroutine; v points to
// an event of the type that the topic's handles have, and what it refers to is borrowed.
func (t *Topic[K]) Deliver(k K, v any, m *Meta) {
	if !t.core.deliverBoxed(k, v, m) {
		t.core.deliverItem(t.r.Item(k), v, m) // the topic within a HotTopic
	}
}

// LostKey gives the handles of one key a gap. It may be called from any goroutine.
func (t *Topic[K]) LostKey(k K, reason GapReason, n uint64) { t.core.lostKey(t.r.Item(k), reason, n) }

// spell makes keys what handles know them as.
func (t *Topic[K]) spell(keys []K) []key {
	spelled := make([]key, len(keys))
	for i, k := range keys {
		spelled[i] = key{item: t.r.Item(k), value: &k, wild: t.r.All != nil && t.r.All(&k)}
	}
	return spelled
}

// DeliverMatch hands an event to every handle of which one key matches it by Routing.Match.
//
//go:noinline // see fanout
func (t *fanout) DeliverMatch(v any, m *Meta) { t.core.deliverMatch(v, m) }

// DeliverAll hands an event to every handle.
//
//go:noinline // see fanout
func (t *fanout) DeliverAll(v any, m *Meta) { t.core.deliverAll(v, m) }

// Lost gives every handle a gap. It may be called from any goroutine.
//
//go:noinline // see fanout
func (t *fanout) Lost(reason GapReason, n uint64) { t.core.Lost(reason, n) }

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
	t.core.init(conn)
}

// Deliver hands an event to every handle. Generated dispatch calls it on the reading goroutine; v points to an event
// of the type that the handles have, and what it refers to is borrowed.
func (t *Broadcast) Deliver(v any, m *Meta) {
	t.core.deliver(v, m)
	t.core.answered("", m)
}

// Lost gives every handle a gap. It may be called from any goroutine.
func (t *Broadcast) Lost(reason GapReason, n uint64) { t.core.Lost(reason, n) }
