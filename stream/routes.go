package stream

// key is a key of a handle apart from its type.
type key struct {
	item  string // its spelling, by which the topic and the transport know it
	value any    // pointer to the key itself
	wild  bool   // stands for every key
}

// items are the spellings of keys.
func items(keys []key) []string {
	names := make([]string, len(keys))
	for i := range keys {
		names[i] = keys[i].item
	}
	return names
}

// routes is the read side of a topic. It is never changed: each change of the handles makes a new one.
type routes struct {
	exact map[string]*target // by item
	wild  target             // want every key
	loose []looseRoute
	index any // an index of exact by typed keys
}

// target is who gets the events of one key.
type target struct {
	key
	subs []*subCore  // includes those that want every key
	one  [1]*subCore // memory of subs while there is one, so that it is beside the rest
}

// looseRoute is a handle with its keys, for events that are matched one by one.
type looseRoute struct {
	sub  *subCore
	keys []key
	wild bool
}

// of is who gets the events of an item.
func (r *routes) of(item string) *target {
	if to := r.exact[item]; to != nil {
		return to
	}
	return &r.wild
}

func makeRoutes(subs []*subCore) *routes {
	r := &routes{exact: make(map[string]*target)}
	for _, s := range subs {
		route := looseRoute{sub: s, keys: s.keys}
		for i := range s.keys {
			route.wild = route.wild || s.keys[i].wild
		}
		r.loose = append(r.loose, route)
		if route.wild {
			r.wild.subs = append(r.wild.subs, s)
		}
	}
	for _, route := range r.loose {
		for _, k := range route.keys {
			r.add(k, route.sub, route.wild)
		}
	}
	return r
}

func (r *routes) add(k key, s *subCore, wild bool) {
	to := r.exact[k.item]
	if to == nil {
		to = &target{key: k, subs: append([]*subCore(nil), r.wild.subs...)}
		r.exact[k.item] = to
	}
	if !wild {
		to.subs = append(to.subs, s)
	}
}

// match finds out whether an event belongs to a key of the handle; fits nil takes every event.
func (l *looseRoute) match(fits func(key, event any) bool, event any) (item string, ok bool) {
	for i := range l.keys {
		if fits == nil || fits(l.keys[i].value, event) {
			return l.keys[i].item, true
		}
	}
	return "", l.wild
}

// index finds the target of a typed key.
type index[K comparable] struct {
	exact map[K]*entry[K]
	hash  func(K) uint
	known []*entry[K] // by hash, a power of two of them; the reading goroutine's own
	wild  *target
}

// entry is a typed key with its target beside it: what an event of the key needs is found in two lines of memory.
type entry[K comparable] struct {
	key K
	to  target
}

// indexOf makes the index of new routes.
func indexOf[K comparable](r *routes, hash func(K) uint) *index[K] {
	x := &index[K]{exact: make(map[K]*entry[K], len(r.exact)), hash: hash, wild: &r.wild}
	for _, to := range r.exact {
		e := &entry[K]{*to.value.(*K), *to}
		if len(to.subs) == 1 {
			e.to.one[0] = to.subs[0]
			e.to.subs = e.to.one[:]
		}
		x.exact[e.key] = e
	}
	if hash != nil {
		x.known = make([]*entry[K], knownSize(len(r.exact)))
	}
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
