package stream

// routes is the read side of a topic. It is never changed: each change of the handles makes a new one.
type routes[K comparable] struct {
	exact map[K]*target
	hash  func(K) uint
	known []knownRoute[K] // by hash, a power of two of them; the reading goroutine's own
	wild  target          // want every key
	loose []looseRoute[K]
}

// routeTable hides the type of the keys from atomic.Pointer, which would be compiled for each.
type routeTable struct{ routes any }

func (t *Topic[K]) routes() *routes[K] { return t.table.Load().routes.(*routes[K]) }

// target is who gets the events of one key.
type target struct {
	item string
	subs []*subCore // includes those that want every key
}

// looseRoute is a handle with its keys, for events that are matched one by one.
type looseRoute[K comparable] struct {
	sub   *subCore
	keys  []K
	items []string
	wild  bool
}

// knownRoute is what the map said last for a key with some hash.
type knownRoute[K comparable] struct {
	key K
	to  *target
}

// of is who gets the events of a key.
func (r *routes[K]) of(k K) *target {
	if to := r.exact[k]; to != nil {
		return to
	}
	return &r.wild
}

// next is of for the reading goroutine, which remembers what it found.
func (r *routes[K]) next(k K) *target {
	if len(r.known) == 0 {
		return r.of(k)
	}
	at := &r.known[r.hash(k)&uint(len(r.known)-1)]
	if at.to == nil || at.key != k {
		at.key, at.to = k, r.of(k)
	}
	return at.to
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
	r.hash, r.known = hash, make([]knownRoute[K], size)
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
	r := &routes[K]{exact: make(map[K]*target)}
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
		to = &target{item: item, subs: append([]*subCore(nil), r.wild.subs...)}
		r.exact[k] = to
	}
	if !wild {
		to.subs = append(to.subs, s)
	}
}
