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
	// What was lost since counts before the event that shows the state after it.
	s.gap.merge(q.pending.Reason, q.pending.Count)
	q.pending = Gap{}
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

func (q *queue) forget(s *slot) {
	switch {
	case q.byValue != nil:
		q.byValue.forget(s.data)
	case q.byKey != nil:
		delete(q.byKey, s.key)
	}
}
