package ibkr

import (
	"sync"

	"github.com/venuewire/venuewire/stream"
)

// ticks holds the merged view of each contract that is subscribed.
type ticks struct {
	mu sync.Mutex
	of map[Target]*view
}

// view is what is known of one contract.
type view struct {
	uses int // handles
	tick Tick
	meta stream.Meta
}

// renewed are the gaps behind which the venue sends a full frame, so that older values may be wrong.
const renewed = stream.GapReconnect | stream.GapExpiry

// hold keeps the views of contracts until they are let go.
func (t *ticks) hold(targets []Target) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of == nil {
		t.of = make(map[Target]*view)
	}
	for _, target := range targets {
		if t.of[target] == nil {
			t.of[target] = new(view)
		}
		t.of[target].uses++
	}
}

// letGo forgets views that no handle holds any more: what is subscribed later must not start with old values.
func (t *ticks) letGo(targets []Target) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, target := range targets {
		if w := t.of[target]; w != nil {
			if w.uses--; w.uses <= 0 {
				delete(t.of, target)
			}
		}
	}
}

// see merges a tick, on the reading goroutine. Several handles of one contract show each tick once each.
func (t *ticks) see(v *MarketData, m stream.Meta) {
	t.mu.Lock()
	defer t.mu.Unlock()
	w := t.of[v.Target]
	if w == nil || m.Seq <= w.meta.Seq {
		return
	}
	if m.Epoch != w.meta.Epoch || m.Gap() != nil && m.Gap().Reason&renewed != 0 {
		w.tick = Tick{}
	}
	w.tick.Merge(&v.Value)
	w.meta = stream.Meta{Received: m.Received, Epoch: m.Epoch, Seq: m.Seq}
}

// last is a copy of the view.
func (t *ticks) last(target Target) (tick Tick, m stream.Meta, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	w := t.of[target]
	if w == nil || w.meta.Seq == 0 {
		return tick, m, false
	}
	tick.Merge(&w.tick)
	return tick, w.meta, true
}
