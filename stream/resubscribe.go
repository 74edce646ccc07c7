package stream

import "github.com/venuewire/venuewire/stream/protocol"

// Resubscribe says that what came for some keys of the handle cannot be trusted: every handle of them gets a gap, and
// the venue is asked for them anew, by a cancel and a subscribe, so that what it sends first comes once more. It does
// not wait and may be called from anywhere. Keys that are being asked for already are not asked for twice, those that
// the venue refused a moment ago are asked for at once; over a Conn that is no [Link] there is the gap alone. Venues
// whose data can be verified use it for books and the like.
func (s *Sub[K, T]) Resubscribe(reason GapReason, keys ...K) {
	s.core.resubscribe(reason, s.topic.spell(keys))
}

func (s *subCore) resubscribe(reason GapReason, keys []key) {
	t := s.topic
	for i := range keys {
		t.lostKey(keys[i].item, reason, 0)
	}
	if l, ok := findIn[*Link](t.conn); ok {
		l.reg.askAnew(t.wire, items(keys))
	}
}

// askAnew has items be cancelled and asked for again. One that was refused may be live all the same: venues refuse what
// is subscribed already.
func (r *registry) askAnew(feed *protocol.Feed, keys []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var again []*wanted
	for _, key := range keys {
		if w := r.items[itemKey{feed, key}]; w != nil && (w.state == itemLive || w.state == itemFailed) {
			w.state = itemWanted
			again = append(again, w)
		}
	}
	r.queueCancel(again)
}
