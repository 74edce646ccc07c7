package stream

// routes is the read side of a topic. It is never changed: each change of the handles makes a new one.
type routes[K comparable] struct {
	exact map[K]*target[K]
	hash  func(K) uint
	known []*target[K] // by hash, a power of two of them; the reading goroutine's own
	wild  target[K]    // want every key
	loose []looseRoute[K]
}

// routeTable hides the type of the keys from atomic.Pointer, which would be compiled for each.
type routeTable struct{ routes any }

func (t *Topic[K]) routes() *routes[K] { return t.table.Load().routes.(*routes[K]) }

// target is who gets the events of one key.
type target[K comparable] struct {
	key  K
	item string
	subs []*subCore  // includes those that want every key
	one  [1]*subCore // memory of subs while there is one, so that it is beside the rest
}

func newTarget[K comparable](k K, item string) *target[K] {
	to := &target[K]{key: k, item: item}
	to.subs = to.one[:0]
	return to
}

// looseRoute is a handle with its keys, for events that are matched one by one.
type looseRoute[K comparable] struct {
	sub   *subCore
	keys  []K
	items []string
	wild  bool
}

// of is who gets the events of a key.
func (r *routes[K]) of(k K) *target[K] {
	if to := r.exact[k]; to != nil {
		return to
	}
	return &r.wild
}

// next is of for the reading goroutine, which remembers what it found.
func (r *routes[K]) next(k K) *target[K] {
	if len(r.known) == 0 {
		return r.of(k)
	}
	at := r.hash(k) & uint(len(r.known)-1)
	if to := r.known[at]; to != nil && to.key == k {
		return to
	}
	return r.recall(k, at)
}

// recall looks for a key beside its own place, where another key has pushed it, and finds it anew if it is not there.
func (r *routes[K]) recall(k K, at uint) *target[K] {
	to := r.known[at^1]
	if to != nil && to.key == k {
		return to
	}
	if to = r.of(k); to != &r.wild {
		r.known[at], r.known[at^1] = to, r.known[at]
	}
	return to
}

// maxKnown bounds the memory for known routes.
const maxKnown = 4096

// remember makes room for known routes, four for each key.
func (r *routes[K]) remember(hash func(K) uint) {
	if hash == nil || len(r.exact) < 8 {
		return
	}
	size := 32
	for size < 4*len(r.exact) && size < maxKnown {
		size *= 2
	}
	r.hash, r.known = hash, make([]*target[K], size)
}

// publish makes the routes of the handles as they are now, and forgets the keys that nobody has; the topic's lock is
// held.
func (t *Topic[K]) publish() {
	r := makeRoutes(t.core.subs, t.keys, t.r.All)
	r.remember(t.r.Hash)
	for item, k := range t.keys {
		if to, ok := r.exact[k]; !ok || to.item != item {
			delete(t.keys, item)
		}
	}
	t.table.Store(&routeTable{r})
}

func makeRoutes[K comparable](subs []*subCore, keys map[string]K, all func(*K) bool) *routes[K] {
	r := &routes[K]{exact: make(map[K]*target[K])}
	for _, s := range subs {
		route := looseRoute[K]{sub: s, items: s.keys}
		for _, item := range s.keys {
			k := keys[item]
			route.keys = append(route.keys, k)
			route.wild = route.wild || all != nil && all(&k)
		}
		r.loose = append(r.loose, route)
		if route.wild {
			r.wild.subs = append(r.wild.subs, s)
		}
	}
	for _, route := range r.loose {
		for i, k := range route.keys {
			r.add(k, route.items[i], route.sub, route.wild)
		}
	}
	return r
}

func (r *routes[K]) add(k K, item string, s *subCore, wild bool) {
	to := r.exact[k]
	if to == nil {
		to = newTarget(k, item)
		to.subs = append(to.subs, r.wild.subs...)
		r.exact[k] = to
	}
	if !wild {
		to.subs = append(to.subs, s)
	}
}
