package stream

// routes is the read side of a topic. It is never changed: each change of the handles makes a new one.
type routes[K comparable, T any] struct {
	exact map[K][]*Sub[K, T] // includes those of wild
	wild  []*Sub[K, T]       // want every key
	loose []looseRoute[K, T]
	every []*Sub[K, T]
}

// looseRoute is a handle with its keys, for events that are matched one by one.
type looseRoute[K comparable, T any] struct {
	sub  *Sub[K, T]
	keys []K
	wild bool
}

func newRoutes[K comparable, T any](subs []*Sub[K, T], all func(*K) bool) *routes[K, T] {
	r := &routes[K, T]{exact: make(map[K][]*Sub[K, T]), every: subs}
	for _, s := range subs {
		route := looseRoute[K, T]{s, s.keys, s.takesAll(all)}
		r.loose = append(r.loose, route)
		if route.wild {
			r.wild = append(r.wild, s)
		}
	}
	for _, route := range r.loose {
		for _, k := range route.keys {
			if r.exact[k] == nil {
				r.exact[k] = append(r.exact[k], r.wild...)
			}
			if !route.wild {
				r.exact[k] = append(r.exact[k], route.sub)
			}
		}
	}
	return r
}

func (r *routes[K, T]) of(k K) []*Sub[K, T] {
	if subs, ok := r.exact[k]; ok {
		return subs
	}
	return r.wild
}

// rebuild publishes the handles as they are now; the topic's lock is held.
func (t *Topic[K, T]) rebuild() {
	subs := append([]*Sub[K, T](nil), t.subs...)
	t.routes.Store(newRoutes(subs, t.r.All))
}

// Deliver hands an event to the handles of its key. Generated dispatch calls it on the reading goroutine; v and
// what it refers to are borrowed.
func (t *Topic[K, T]) Deliver(k K, v *T, m Meta) {
	t.seen(m)
	subs := t.routes.Load().of(k)
	if len(subs) == 0 {
		t.unwanted()
		return
	}
	for _, s := range subs {
		s.deliver(k, v, m)
	}
	if t.watch {
		t.host.eventSeen(t.r.Feed, t.r.Item(k), m)
	}
}

// DeliverMatch hands an event to every handle of which one key matches it by Routing.Match.
func (t *Topic[K, T]) DeliverMatch(v *T, m Meta) {
	t.seen(m)
	r, wanted := t.routes.Load(), false
	for i := range r.loose {
		route := &r.loose[i]
		k, ok := t.match(route, v)
		if !ok {
			continue
		}
		wanted = true
		route.sub.deliver(k, v, m)
		if t.watch {
			t.host.eventSeen(t.r.Feed, t.r.Item(k), m)
		}
	}
	if !wanted {
		t.unwanted()
	}
}

func (t *Topic[K, T]) match(route *looseRoute[K, T], v *T) (k K, ok bool) {
	for i := range route.keys {
		if t.r.Match == nil || t.r.Match(&route.keys[i], v) {
			return route.keys[i], true
		}
	}
	return k, route.wild
}

// DeliverAll hands an event to every handle.
func (t *Topic[K, T]) DeliverAll(v *T, m Meta) {
	t.seen(m)
	r := t.routes.Load()
	if len(r.loose) == 0 {
		t.unwanted()
		return
	}
	for i := range r.loose {
		var k K
		if keys := r.loose[i].keys; len(keys) == 1 {
			k = keys[0]
		}
		r.loose[i].sub.deliver(k, v, m)
	}
	if t.watch {
		t.seenByAll(r, m)
	}
}

func (t *Topic[K, T]) seenByAll(r *routes[K, T], m Meta) {
	for k := range r.exact {
		t.host.eventSeen(t.r.Feed, t.r.Item(k), m)
	}
}

func (t *Topic[K, T]) seen(m Meta) {
	if t.clock != nil {
		t.clock.wind(m.Received)
	}
}

// unwanted counts an event that no handle took; the first one is reported.
func (t *Topic[K, T]) unwanted() {
	if t.stray.Add(1) == 1 {
		t.host.noteUnwanted(t.r.Name)
	}
}
