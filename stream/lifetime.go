package stream

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
)

// refreshPart is when a subscription is renewed if its spec does not say: at this part of its life.
const refreshPart = 0.8

// lifespan is when an item ends by itself and when it is renewed.
type lifespan struct {
	ends  time.Time // zero: unknown
	due   bool
	timer *time.Timer
}

func (l *lifespan) stop() {
	if l.timer != nil {
		l.timer.Stop()
	}
}

// startLife starts an item's life anew; b is the acknowledgement or the reply that says how long it is.
func (r *registry) startLife(w *wanted, b []byte, h *protocol.Header) {
	rule := w.feed.Lifetime
	if rule == nil {
		return
	}
	now := time.Now()
	if !w.life.ends.IsZero() && now.After(w.life.ends) {
		r.l.eachItemSink(w.feed, func(s itemSink) { s.lostItem(w.key, GapExpiry) })
	}
	length := rule.Ends
	if b != nil && h != nil && len(rule.EndsAt) > 0 {
		if v, ok := protocol.At(h.Class, b, rule.EndsAt); ok {
			length = lifeLeft(string(v), r.l.venueNow())
		}
	}
	w.life.stop()
	w.life = lifespan{}
	if length > 0 {
		w.life.ends = now.Add(length)
	}
	refresh := rule.Refresh
	if refresh <= 0 || length > 0 && refresh >= length {
		refresh = time.Duration(refreshPart * float64(length))
	}
	r.renewAfter(w, refresh)
}

// venueNow is what an end that the venue gives as a time is measured from; our wall clock may be wrong.
func (l *Link) venueNow() time.Time {
	if now, ok := l.ServerTime(); ok {
		return now
	}
	return time.Now()
}

func (r *registry) renewAfter(w *wanted, d time.Duration) {
	if d <= 0 {
		return
	}
	w.life.timer = time.AfterFunc(d, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		w.life.due = true
		wake(r.kick)
	})
}

// lifeLeft reads seconds left, a Unix time in seconds or milliseconds, or an RFC 3339 text; 0 for anything else.
func lifeLeft(v string, now time.Time) time.Duration {
	v = strings.Trim(v, `" `)
	if at, err := time.Parse(time.RFC3339, v); err == nil {
		return at.Sub(now)
	}
	n, err := strconv.ParseFloat(v, 64)
	switch {
	case err != nil || !(n > 0) || n > 1e14:
		return 0
	case n > 1e11:
		return time.UnixMilli(int64(n)).Sub(now)
	case n > 1e9:
		return time.Unix(int64(n), 0).Sub(now)
	case n > 1e8:
		return 0
	}
	return time.Duration(n * float64(time.Second))
}

// nextRenewal takes an item that is to be renewed.
func (r *registry) nextRenewal() *wanted {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range r.inOrder(func(w *wanted) bool { return w.life.due && w.state == itemLive }) {
		w.life.due = false
		return w
	}
	return nil
}

// renew takes the steps of a renewal.
func (s *session) renew(w *wanted) {
	r := s.l.reg
	steps := w.feed.Lifetime.By
	if len(steps) == 0 {
		steps = []protocol.Step{protocol.StepSend}
		if w.feed.Lifetime.Call != nil {
			steps = []protocol.Step{protocol.StepCall}
		}
	}
	for _, step := range steps {
		switch step {
		case protocol.StepCancel:
			s.sendCancel(newCancel([]*wanted{w}))
		case protocol.StepSend:
			r.askAgain(w)
			reqs := r.nextRequests()
			for i := range reqs {
				s.sendRequest(&reqs[i])
			}
		case protocol.StepCall:
			s.renewByCall(w)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.noteOne(w, ItemRenewed, nil)
}

// askAgain has a live item be asked for once more; its handles see nothing of it.
func (r *registry) askAgain(w *wanted) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.items[w.itemKey] == w {
		w.state = itemWanted
	}
}

// renewalBody holds the params that the call is made with; nil for a call without any.
func (r *registry) renewalBody(w *wanted) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	if w.feed.Needs == nil || len(w.feed.Needs.With) == 0 {
		return nil
	}
	return needsBody(w.fields, w.params, w.feed.Needs).bytes()
}

func (s *session) renewByCall(w *wanted) {
	r, rpc := s.l.reg, w.feed.Lifetime.Call
	ctx, cancel := context.WithTimeout(s.ctx, ackWithin)
	defer cancel()
	reply, err := s.call(ctx, rpc, r.renewalBody(w))
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.items[w.itemKey] != w || s.ctx.Err() != nil {
		return
	}
	if err != nil {
		s.l.set.logger.Warn("stream: renewal failed", "feed", w.feed.Name, "key", w.key, "err", err)
		r.renewAfter(w, max(w.retry.next(), backoffFirst))
		return
	}
	var frame []byte
	var h protocol.Header
	if len(reply.Frames) > 0 {
		frame = reply.Frames[0]
		h.Class, _ = s.l.cfg.Protocol.Classify(frame)
	}
	w.retry.reset()
	r.startLife(w, frame, &h)
}
