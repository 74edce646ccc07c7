package stream

import "reflect"

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
	index any // of exact, by keys
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

// boxedIndex is an index by keys of any type.
func boxedIndex(r *routes) any {
	index := make(map[any]*target, len(r.exact))
	for _, to := range r.exact {
		index[reflect.ValueOf(to.value).Elem().Interface()] = to
	}
	return index
}

// boxed is who gets the events of a key, by what boxedIndex made; nil where the index is another.
func (r *routes) boxed(k any) *target {
	index, ok := r.index.(map[any]*target)
	if !ok {
		return nil
	}
	if to := index[k]; to != nil {
		return to
	}
	return &r.wild
}
