package stream

// HotTopic is a [Topic] that finds the handles of a key with code for the type of its keys, and remembers what it found.
type HotTopic[K comparable] struct{ Topic[K] }

// Init prepares a topic as [Topic.Init] does. The hash tells most keys apart, faster than a map does.
func (t *HotTopic[K]) Init(conn Conn, r Routing[K], hash func(k K) uint) {
	t.core.index = func(routes *routes) any { return indexOf(routes, hash) }
	t.Topic.Init(conn, r)
}

// Deliver hands an event to the handles of its key, as [Topic.Deliver] does.
func (t *HotTopic[K]) Deliver(k K, v any, m *Meta) {
	t.core.deliverTo(find(t.core.routes.Load().index.(*index[K]), k), v, m)
}

// index finds the target of a typed key.
type index[K comparable] struct {
	exact map[K]*entry[K]
	hash  func(k K) uint
	known []*entry[K] // by hash, a power of two of them; the reading goroutine's own
	wild  *target
}

// entry is a typed key with its target beside it: what an event of the key needs is found in two lines of memory.
type entry[K comparable] struct {
	key K
	to  target
}

// indexOf makes the index of new routes.
func indexOf[K comparable](r *routes, hash func(k K) uint) *index[K] {
	x := &index[K]{exact: make(map[K]*entry[K], len(r.exact)), hash: hash, wild: &r.wild}
	for _, to := range r.exact {
		e := &entry[K]{*to.value.(*K), *to}
		if len(to.subs) == 1 {
			e.to.one[0] = to.subs[0]
			e.to.subs = e.to.one[:]
		}
		x.exact[e.key] = e
	}
	x.known = make([]*entry[K], knownSize(len(r.exact)))
	return x
}

// maxKnown bounds the memory for known routes.
const maxKnown = 4096

// knownSize is the room for known routes, four for each key; few keys need none.
func knownSize(keys int) int {
	if keys < 8 {
		return 0
	}
	size := 32
	for size < 4*keys && size < maxKnown {
		size *= 2
	}
	return size
}

// find is who gets the events of a key. It is for the reading goroutine, which remembers what it found.
func find[K comparable](x *index[K], k K) *target {
	at := uint(0)
	if len(x.known) > 0 {
		at = x.hash(k) & uint(len(x.known)-1)
		if e := x.known[at]; e != nil && e.key == k {
			return &e.to
		}
	}
	return x.recall(k, at)
}

// recall looks for a key beside its own place, where another key has pushed it, and finds it anew if it is not there.
//
//go:noinline // see fanout
func (x *index[K]) recall(k K, at uint) *target {
	if len(x.known) > 0 {
		if e := x.known[at^1]; e != nil && e.key == k {
			return &e.to
		}
	}
	e := x.exact[k]
	if e == nil {
		return x.wild
	}
	if len(x.known) > 0 {
		x.known[at], x.known[at^1] = e, x.known[at]
	}
	return &e.to
}
