package stream

import (
	"fmt"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
)

// staleCheck is how often silent handles are looked for.
const staleCheck = time.Second

// staleItem is an item of a handle that got nothing for longer than it allows.
type staleItem struct {
	key   string
	heard time.Time
	limit time.Duration
}

func (t *topicCore) staleItems(now time.Time) []staleItem {
	t.mu.Lock()
	defer t.mu.Unlock()
	var items []staleItem
	for _, s := range t.subs {
		heard := s.heard()
		if s.conf.stale <= 0 || !s.live.Load() || now.Sub(heard) <= s.conf.stale {
			continue
		}
		for _, k := range s.keys {
			items = append(items, staleItem{k.item, heard, s.conf.stale})
		}
	}
	return items
}

// heard is when the handle got its last event, or was opened.
func (s *subCore) heard() time.Time {
	if last := s.lastEvent(); last.After(s.opened) {
		return last
	}
	return s.opened
}

func (l *Link) watchStale() { l.staling.Store(true) }

// keepFresh is the goroutine that asks again for what has gone silent, and gives the session up if that is no help.
func (s *session) keepFresh() {
	t := time.NewTicker(staleCheck)
	defer t.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case now := <-t.C:
			if s.l.staling.Load() {
				s.checkStale(now)
			}
		}
	}
}

func (s *session) checkStale(now time.Time) {
	s.l.eachSink(func(sink Sink) {
		t, ok := sink.(itemSink)
		if !ok || t.feed() == nil {
			return // nothing to ask for
		}
		for _, it := range t.staleItems(now) {
			if s.l.reg.nudge(t.feed(), it, now) {
				s.end(fmt.Errorf("%w: %s %s", ErrStale, t.feed().Name, it.key))
				return
			}
		}
	})
}

// nudge asks for a silent item again; it tells whether that was done before and did not help.
func (r *registry) nudge(feed *protocol.Feed, it staleItem, now time.Time) (hopeless bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.items[itemKey{feed, it.key}]
	if w == nil || w.state != itemLive || now.Sub(w.since) <= it.limit {
		return false
	}
	if w.nudged.After(it.heard) {
		return true
	}
	r.l.set.logger.Warn("stream: subscription is silent, asking again", "feed", feed.Name, "key", it.key, "since", it.heard)
	w.nudged = now
	r.queueCancel([]*wanted{w})
	w.state = itemWanted
	return false
}
