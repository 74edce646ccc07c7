package stream

// replace puts an event in the place of the queued one with the same key; false if there is none.
func (q *queue[K, T]) replace(k K, v *T, m Meta) bool {
	if q.conf.overflow != Conflate {
		return false
	}
	place, ok := q.find(k, v)
	if !ok {
		return false
	}
	s := q.ring.at(place)
	q.fill(s, v, m)
	s.conflated++
	// What was lost since counts before the event that shows the state after it.
	s.gap.merge(q.pending.Reason, q.pending.Count)
	q.pending = Gap{}
	q.stats.events++
	q.stats.conflated++
	q.stats.last = m.Received
	return true
}

func (q *queue[K, T]) find(k K, v *T) (uint64, bool) {
	if q.byValue != nil {
		return q.byValue.find(v)
	}
	place, ok := q.byKey[k]
	return place, ok
}

func (q *queue[K, T]) remember(s *slot[K, T], place uint64) {
	if q.byValue != nil {
		q.byValue.put(&s.data, place)
		return
	}
	q.byKey[s.key] = place
}

func (q *queue[K, T]) forget(s *slot[K, T]) {
	switch {
	case q.byValue != nil:
		q.byValue.forget(&s.data)
	case q.byKey != nil:
		delete(q.byKey, s.key)
	}
}
