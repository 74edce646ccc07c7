package stream

import (
	"slices"
	"time"
)

// sessionReady makes everything be asked for again.
func (r *registry) sessionReady(s *session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.session = s
	wake(r.kick)
}

// sessionOver forgets what a session knew. Who waits for an item goes on waiting: the next session asks for it.
func (r *registry) sessionOver(s *session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.session = nil
	for _, g := range r.groups {
		g.stop()
		g.cancel.part(nil) // the venue forgets it with the session
	}
	for _, c := range r.cancels {
		c.finish(nil)
	}
	r.groups, r.cancels = nil, nil
	for _, w := range r.items {
		w.stopTimers()
		w.state, w.onWire, w.grown, w.assumed = itemWanted, false, false, false
		w.subID, w.learned, w.life = "", nil, lifespan{}
		w.nudged = time.Time{}
	}
}

// end fails everybody who waits.
func (r *registry) end(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = err
	for _, w := range r.items {
		w.stopTimers()
		for _, u := range w.uses {
			u.resolve(err)
		}
	}
	clear(r.items)
	clear(r.kinds)
}

func (r *registry) stats() []SubscriptionStats {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []SubscriptionStats
	for _, w := range r.inOrder(func(*wanted) bool { return true }) {
		out = append(out, SubscriptionStats{w.feed.Name, w.key, w.stateName(), len(w.uses), w.since, w.err})
	}
	return out
}

func (w *wanted) stateName() string {
	switch w.state {
	case itemSent:
		return "sent"
	case itemFailed:
		return "failed"
	case itemLive:
		if w.assumed {
			return "assumed"
		}
		return "live"
	}
	return "wanted"
}

// inOrder lists items in the order in which they were first wanted; the lock is held.
func (r *registry) inOrder(pick func(*wanted) bool) []*wanted {
	var out []*wanted
	for _, w := range r.items {
		if pick(w) {
			out = append(out, w)
		}
	}
	slices.SortFunc(out, func(a, b *wanted) int { return int(a.order) - int(b.order) })
	return out
}
