package streamtest

import (
	"slices"
	"time"
)

// lane tells the two kinds of frames that faults can tell apart.
type lane int

const (
	events  lane = iota // what the server sends unasked
	replies             // replies and acknowledgements
	lanes
)

// mangling is what the faults do to the frames of one lane.
type mangling struct {
	delay     time.Duration
	reorder   int
	duplicate int // negative: all
}

// waiting are the frames of one lane that a session holds back.
type waiting struct {
	held    []outgoing // to be reordered
	delayed []*batch   // their timers run
}

// batch are frames that are delayed together.
type batch struct{ frames []outgoing }

// send passes a frame through the faults of the server.
func (c *Session) send(kind int, data []byte, l lane) {
	f := c.server.faults
	if f.get(func(f *faults) bool { return f.mute }) || f.take(func(f *faults) *int { return &f.drop }) {
		return
	}
	out := []outgoing{{kind, data}}
	if f.take(func(f *faults) *int { return &f.mangle[l].duplicate }) {
		out = append(out, out[0])
	}
	var m mangling
	f.get(func(f *faults) bool { m = f.mangle[l]; return true })
	if m.reorder > 1 {
		out = c.hold(out, l, m.reorder)
	}
	if m.delay > 0 && len(out) > 0 {
		c.enqueueLater(out, l, m.delay)
		return
	}
	c.enqueue(out...)
}

// enqueueLater keeps the order of a lane: what is older than the frames whose time has come goes with them.
func (c *Session) enqueueLater(out []outgoing, l lane, delay time.Duration) {
	mine := &batch{out}
	c.mu.Lock()
	defer c.mu.Unlock()
	w := &c.waiting[l]
	w.delayed = append(w.delayed, mine)
	time.AfterFunc(delay, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if n := slices.Index(w.delayed, mine) + 1; n > 0 {
			c.queueBatches(w.delayed[:n])
			w.delayed = w.delayed[n:]
		}
	})
}

// hold keeps frames of a lane back until there are n; it returns what may go now.
func (c *Session) hold(out []outgoing, l lane, n int) []outgoing {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := &c.waiting[l]
	w.held = append(w.held, out...)
	if len(w.held) < n {
		return nil
	}
	out, w.held = w.held, nil
	slices.Reverse(out)
	return out
}

// release sends what was held back or delayed.
func (c *Session) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for l := range c.waiting {
		w := &c.waiting[l]
		c.queueBatches(w.delayed)
		slices.Reverse(w.held)
		c.queueFrames(w.held)
		*w = waiting{}
	}
}

// queueBatches is called with the lock held.
func (c *Session) queueBatches(list []*batch) {
	for _, b := range list {
		c.queueFrames(b.frames)
	}
}
