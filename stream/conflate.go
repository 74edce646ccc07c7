package stream

// replace puts an event in the place of the queued one with the same key, or adds it to that one where events hold
// only what changed; false if there is none.
func (q *queue) replace(k string, v any, m *Meta) bool {
	if q.conf.overflow != Conflate {
		return false
	}
	place, ok := q.find(k, v)
	if !ok {
		return false
	}
	s := q.ring.at(place)
	if q.data.merge != nil {
		q.data.merge(s.data, q.data.put(nil, v)) // the older event may keep parts of the newer one
		q.describe(s, m)
	} else {
		q.fill(s, v, m)
	}
	s.conflated++
	q.stats.events++
	q.stats.conflated++
	q.stats.last = m.Received
	return true
}

func (q *queue) find(k string, v any) (uint64, bool) {
	if q.byValue != nil {
		return q.byValue.find(v)
	}
	place, ok := q.byKey[k]
	return place, ok
}

func (q *queue) remember(s *slot, place uint64) {
	if q.byValue != nil {
		q.byValue.put(s.data, place)
		return
	}
	q.byKey[s.key] = place
}

// forget takes a place out of the running for newer events, unless another has its key meanwhile.
func (q *queue) forget(s *slot, place uint64) {
	switch {
	case q.byValue != nil:
		q.byValue.forget(s.data, place)
	case q.byKey != nil:
		if at, ok := q.byKey[s.key]; ok && at == place {
			delete(q.byKey, s.key)
		}
	}
}

// wall ends conflation with what is queued: an event from behind a loss must not come before the event that tells of it,
// and none from before it after that.
func (q *queue) wall() {
	clear(q.byKey)
	if q.byValue != nil {
		q.byValue.clear()
	}
}
