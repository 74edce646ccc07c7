package stream

import (
	"slices"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
)

// ackWithin is how long a venue has to confirm when its spec does not say.
const ackWithin = 10 * time.Second

// ackGroup is one frame that waits for its acknowledgements: one, or one for each item.
type ackGroup struct {
	s       *session
	feed    *protocol.Feed
	ack     *protocol.Ack
	mode    protocol.AckMode
	id      string
	cancel  *cancel // nil: it is a subscribe
	timer   *time.Timer
	waiting []*wanted
	// refusal named no item; it is charged to what is not confirmed at the deadline.
	refusal *protocol.Refusal
}

func newAckGroup(s *session, feed *protocol.Feed, ack *protocol.Ack, items []*wanted) *ackGroup {
	g := &ackGroup{s: s, feed: feed, ack: ack, mode: ack.Mode, waiting: slices.Clone(items)}
	if g.mode == protocol.AckReply && s.l.cfg.Protocol.IDs.Kind == protocol.NoIDs {
		g.mode = protocol.AckNone // nothing could tell the reply
	}
	return g
}

func (g *ackGroup) stop() {
	if g.timer != nil {
		g.timer.Stop()
	}
}

// lost does nothing: the registry ends the groups of a session itself.
func (g *ackGroup) lost(error) {}

// await starts the deadline of a group.
func (r *registry) await(g *ackGroup) {
	r.mu.Lock()
	defer r.mu.Unlock()
	within := g.ack.Within
	if within <= 0 {
		within = ackWithin
	}
	r.groups = append(r.groups, g)
	g.timer = time.AfterFunc(within, func() { r.expire(g) })
}

// expire fails what is not confirmed.
func (r *registry) expire(g *ackGroup) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Contains(r.groups, g) {
		return
	}
	err := ErrAckTimeout
	if g.refusal != nil {
		err = g.s.l.venueError(g.feed.Name, g.refusal)
	}
	r.settle(g, slices.Clone(g.waiting), err, nil, nil)
}

// take looks at a frame with the id of the request.
func (g *ackGroup) take(b []byte, h *protocol.Header) (done bool) {
	r := g.s.l.reg
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Contains(r.groups, g) {
		return true
	}
	named, _ := protocol.AckItem(g.ack, "", h.Class, b)
	r.apply(g, named, true, b, h)
	return len(g.waiting) == 0
}

// ackFrame shows a frame without an id to the requests that are acknowledged by such; it tells whether one of them
// took note. A refusal that names no item may be for any of them, so all keep it.
func (r *registry) ackFrame(s *session, b []byte, h *protocol.Header) (known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, g := range slices.Clone(r.groups) {
		if g.mode != protocol.AckFrame || g.s != s {
			continue
		}
		named, ok := protocol.AckItem(g.ack, g.feed.Name, h.Class, b)
		if !ok {
			continue
		}
		switch r.apply(g, named, false, b, h) {
		case ackTaken:
			return true
		case ackKept:
			known = true
		}
	}
	return known
}

// ackUse is what a request makes of a frame.
type ackUse uint8

const (
	ackForeign ackUse = iota // it is not for this request
	ackTaken
	ackKept // a refusal, for whatever stays unconfirmed
)

// apply settles the items of a group that a frame confirms or refuses. byID tells that the frame belongs to the
// request for certain, so that a refusal that names no item refuses all of it.
func (r *registry) apply(g *ackGroup, named protocol.Captured, byID bool, b []byte, h *protocol.Header) ackUse {
	outcome, refusal := g.s.l.cfg.Protocol.AckOutcome(g.ack, b)
	items := g.named(named)
	switch outcome {
	case protocol.Accepted:
		if len(items) == 0 {
			return ackForeign
		}
		r.settle(g, items, nil, b, h)
		return ackTaken
	case protocol.Refused:
		if len(named) == 0 && !byID {
			g.refusal = refusal
			return ackKept
		}
		if len(items) == 0 {
			return ackForeign
		}
		r.settle(g, items, g.s.l.venueError(g.feed.Name, refusal), b, h)
		return ackTaken
	}
	return ackForeign
}

// named are the waiting items that a frame speaks of; all of them when it names none.
func (g *ackGroup) named(named protocol.Captured) []*wanted {
	_, one := named.Get(g.ack.Per) // the items of a request differ in the batched field alone
	var out []*wanted
	for _, w := range g.waiting {
		if !named.Fits([]byte(w.key)) {
			continue
		}
		if out = append(out, w); one {
			break // thousands may wait, and the answers come in their order
		}
	}
	return out
}

// settle ends the wait for some items of a group.
func (r *registry) settle(g *ackGroup, items []*wanted, err error, b []byte, h *protocol.Header) {
	g.waiting = slices.DeleteFunc(g.waiting, func(w *wanted) bool { return slices.Contains(items, w) })
	if g.cancel == nil {
		for _, w := range items {
			if err != nil {
				r.refuse(w, err)
			} else {
				r.confirm(w, b, h)
			}
		}
	}
	if len(g.waiting) > 0 {
		return
	}
	g.stop()
	g.s.pending.remove(g.id, g)
	r.groups = slices.DeleteFunc(r.groups, func(have *ackGroup) bool { return have == g })
	g.cancel.part(err)
}

// confirm makes an item live; b is what confirmed it, nil for nothing.
func (r *registry) confirm(w *wanted, b []byte, h *protocol.Header) {
	if r.items[w.itemKey] != w {
		return // given up meanwhile
	}
	w.state, w.since, w.err = itemLive, time.Now(), nil
	w.retry.reset()
	event := ItemLive
	if b == nil {
		w.assumed, event = w.feed.Ack.Mode != protocol.AckFirstEvent, ItemAssumed
	}
	if b != nil && h != nil {
		w.learn(protocol.LearnFrom(w.feed, h.Class, b))
	}
	r.startLife(w, b, h)
	for _, u := range w.uses {
		if u.sent {
			u.resolve(nil)
		}
	}
	r.noteOne(w, event, nil)
	if w.grown {
		wake(r.kick)
	}
}

func (w *wanted) learn(values map[string][]byte) {
	for name, v := range values {
		if w.learned == nil {
			w.learned = make(map[string][]byte)
		}
		w.learned[name] = v
	}
}

// assume takes a group for confirmed because nothing will confirm it.
func (r *registry) assume(g *ackGroup) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range g.waiting {
		if w.state == itemSent {
			r.confirm(w, nil, nil)
		}
	}
}

// refuse fails an item that the venue does not have.
func (r *registry) refuse(w *wanted, err error) {
	if err != ErrAckTimeout {
		w.onWire = false // there is nothing to cancel
	}
	r.failItem(w, err)
}

func (r *registry) failItems(items []*wanted, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range items {
		w.onWire = false
		r.failItem(w, err)
	}
}

// failItem tells those who wait. Handles that had the item before keep it wanted: it is asked for again later,
// unless the venue will never give it.
func (r *registry) failItem(w *wanted, err error) {
	if r.items[w.itemKey] != w {
		return
	}
	w.state, w.err = itemFailed, err
	established := false
	for _, u := range w.uses {
		established = established || u.result == nil
		u.resolve(err)
	}
	r.noteOne(w, ItemFailed, err)
	if established {
		r.askLater(w, err)
	}
}

func (r *registry) askLater(w *wanted, err error) {
	v := r.l.judge(err)
	r.l.set.logger.Warn("stream: subscription failed", "feed", w.feed.Name, "key", w.key, "err", err)
	if v.class == protocol.ClosePermanent {
		r.forget(w)
		r.l.eachItemSink(w.feed, func(s itemSink) { s.endItem(w.key, errBoth(ErrUnsubscribed, err)) })
		return
	}
	if w.onWire {
		// It may be live all the same; asking twice would be refused.
		r.queueCancel([]*wanted{w})
	}
	w.timer = time.AfterFunc(max(w.retry.next(), v.wait), func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.items[w.itemKey] == w && w.state == itemFailed {
			w.state = itemWanted
			wake(r.kick)
		}
	})
}

// eventSeen serves feeds whose first event confirms, and those that learn from events.
func (l *Link) eventSeen(feed *protocol.Feed, key string, m Meta) {
	r := l.reg
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range r.seenItems(feed, key) {
		if len(feed.Learn) > len(w.learned) && m.raw != nil {
			c, _ := l.cfg.Protocol.Classify(elementOf(&m))
			w.learn(protocol.LearnFrom(feed, c, elementOf(&m)))
		}
		if w.state == itemSent && feed.Ack.Mode == protocol.AckFirstEvent {
			r.settleEvent(w)
		}
	}
}

// seenItems is the item of an event's key, or else the items that stand for every key.
func (r *registry) seenItems(feed *protocol.Feed, key string) []*wanted {
	if w := r.items[itemKey{feed, key}]; w != nil {
		return []*wanted{w}
	}
	if feed.Wildcard == "" || feed.Batch == nil {
		return nil
	}
	var out []*wanted
	for at, w := range r.items {
		value, _ := w.fields.get(feed.Batch.Field)
		if at.feed == feed && value == `"`+feed.Wildcard+`"` {
			out = append(out, w)
		}
	}
	return out
}

func (r *registry) settleEvent(w *wanted) {
	for _, g := range r.groups {
		if g.cancel == nil && slices.Contains(g.waiting, w) {
			r.settle(g, []*wanted{w}, nil, nil, nil)
			return
		}
	}
}

// noteSent records the id under which items were asked for.
func (r *registry) noteSent(items []*wanted, id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range items {
		w.subID = id
		r.noteOne(w, ItemSent, nil)
	}
}

func (r *registry) note(items []*wanted, event SubscriptionEvent, err error) {
	for _, w := range items {
		r.noteOne(w, event, err)
	}
}

func (r *registry) noteOne(w *wanted, event SubscriptionEvent, err error) {
	for _, h := range r.l.hooks.subscription {
		h.OnSubscription(SubscriptionInfo{w.feed.Name, w.key, event, err})
	}
}

func (l *Link) eachItemSink(feed *protocol.Feed, fn func(itemSink)) {
	l.eachSink(func(s Sink) {
		if t, ok := s.(itemSink); ok && t.feed() == feed {
			fn(t)
		}
	})
}
