package stream

// routes is the read side of a topic. It is never changed: each change of the handles makes a new one.
type routes[K comparable] struct {
	exact map[K]target
	wild  target // want every key
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

func (r *routes[K]) of(k K) target {
	if to, ok := r.exact[k]; ok {
		return to
	}
	return r.wild
}

// publish makes the routes of the handles as they are now, and forgets the keys that nobody has; the topic's lock is
// held.
func (t *Topic[K]) publish() {
	r := makeRoutes(t.core.subs, t.keys, t.r.All)
	for item, k := range t.keys {
		if to, ok := r.exact[k]; !ok || to.item != item {
			delete(t.keys, item)
		}
	}
	t.table.Store(&routeTable{r})
}

func makeRoutes[K comparable](subs []*subCore, keys map[string]K, all func(*K) bool) *routes[K] {
	r := &routes[K]{exact: make(map[K]target)}
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
	to, ok := r.exact[k]
	if !ok {
		to = target{item: item, subs: append([]*subCore(nil), r.wild.subs...)}
	}
	if !wild {
		to.subs = append(to.subs, s)
	}
	r.exact[k] = to
}
