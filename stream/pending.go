package stream

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
)

const (
	maxPending = 1024
	// lateFor is how long a call that was given up and has no id can still take a reply; after that the reply is
	// taken for that of the next call.
	lateFor = time.Minute
)

// reply is what became of a frame with an id.
type reply uint8

const (
	replyTaken reply = iota
	replyLate        // its caller had given up
	replyStray       // nobody waits for it
)

// waiter is a request that waits for frames with its id.
type waiter interface {
	// take looks at a frame; done takes the waiter out of the table.
	take(b []byte, h *protocol.Header) (done bool)
	// lost says that no frame will come any more.
	lost(err error)
}

// pendingTable holds the requests of one session that wait for an answer.
type pendingTable struct {
	mu      sync.Mutex
	byID    map[string]waiter
	calls   []*call // in order; those that may be answered without an id, or have none
	gone    []*call // given up, oldest first
	closed  error
	changed chan struct{}
}

func newPendingTable() *pendingTable {
	return &pendingTable{byID: make(map[string]waiter), changed: make(chan struct{}, 1)}
}

// add registers a waiter, before its frame is written. fresh yields ids; an id in use is passed over.
func (t *pendingTable) add(w waiter, fresh func() string) (id string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed != nil {
		return "", errBoth(ErrNotSent, t.closed)
	}
	if len(t.byID)+len(t.calls) >= maxPending {
		t.forgetOldest()
		if len(t.byID)+len(t.calls) >= maxPending {
			return "", fmt.Errorf("%w: %d requests are pending", ErrNotSent, maxPending)
		}
	}
	if id = fresh(); id != "" {
		for range maxPending {
			if t.byID[id] == nil {
				break
			}
			id = fresh()
		}
		if t.byID[id] != nil {
			return "", fmt.Errorf("%w: every request id is in use", ErrNotSent)
		}
		t.byID[id] = w
	}
	if c, ok := w.(*call); ok {
		if c.id = id; id == "" || len(c.rpc.On) > 0 {
			t.calls = append(t.calls, c)
		}
	}
	return id, nil
}

// forgetOldest makes room at the cost of one call whose caller has given up.
func (t *pendingTable) forgetOldest() {
	if len(t.gone) > 0 {
		t.drop(t.gone[0])
	}
}

// drop removes a call; the lock is held.
func (t *pendingTable) drop(c *call) {
	if c.id != "" && t.byID[c.id] == waiter(c) {
		delete(t.byID, c.id)
	}
	isIt := func(have *call) bool { return have == c }
	t.calls = slices.DeleteFunc(t.calls, isIt)
	t.gone = slices.DeleteFunc(t.gone, isIt)
	wake(t.changed)
}

// remove takes a request out before its answer.
func (t *pendingTable) remove(id string, w waiter) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if c, ok := w.(*call); ok {
		t.drop(c)
	} else if id != "" && t.byID[id] == w {
		delete(t.byID, id)
		wake(t.changed)
	}
}

// abandon keeps a call whose caller gives up, so that a late reply can be told from a stray one.
func (t *pendingTable) abandon(c *call) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed != nil || c.finished() {
		return
	}
	c.abandoned, c.gaveUp = true, time.Now()
	t.gone = append(t.gone, c)
	wake(t.changed)
}

// take gives a frame to the waiter of its id.
func (t *pendingTable) take(id string, b []byte, h *protocol.Header) reply {
	t.mu.Lock()
	w := t.byID[id]
	if w == nil {
		t.mu.Unlock()
		return replyStray
	}
	c, isCall := w.(*call)
	if isCall {
		return t.takeCall(c, b, h)
	}
	t.mu.Unlock() // an acknowledgement takes the registry's lock
	if w.take(b, h) {
		t.remove(id, w)
	}
	return replyTaken
}

// takeCall lets the lock go before a late reply is reported.
func (t *pendingTable) takeCall(c *call, b []byte, h *protocol.Header) reply {
	if c.repeats(b, h) {
		t.mu.Unlock()
		return replyStray
	}
	late, done := c.abandoned, c.take(b, h)
	if done {
		t.drop(c)
	}
	t.mu.Unlock()
	switch {
	case !late:
		return replyTaken
	case done:
		c.late()
	}
	return replyLate
}

// takeUnnamed gives a frame without an id to the oldest call that it answers.
func (t *pendingTable) takeUnnamed(b []byte, h *protocol.Header) (taken, late bool) {
	t.mu.Lock()
	for _, c := range slices.Clone(t.calls) {
		if c.abandoned && time.Since(c.gaveUp) > lateFor {
			t.drop(c)
			continue
		}
		if protocol.Answers(c.rpc, h.Class, b) {
			return true, t.takeCall(c, b, h) == replyLate
		}
	}
	t.mu.Unlock()
	return false, false
}

// fail ends every request; later ones fail at once.
func (t *pendingTable) fail(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = err
	for _, w := range t.byID {
		w.lost(err)
	}
	for _, c := range t.calls {
		c.lost(err)
	}
	t.byID, t.calls, t.gone = map[string]waiter{}, nil, nil
	wake(t.changed)
}

// live counts the calls that somebody waits for.
func (t *pendingTable) live() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := 0
	for _, w := range t.byID {
		if c, ok := w.(*call); ok && !c.abandoned {
			n++
		}
	}
	for _, c := range t.calls {
		if c.id == "" && !c.abandoned {
			n++
		}
	}
	return n
}

// waitEmpty waits until nobody waits, or until one of the contexts ends.
func (t *pendingTable) waitEmpty(ctx, session context.Context) {
	for t.live() > 0 {
		select {
		case <-t.changed:
		case <-ctx.Done():
			return
		case <-session.Done():
			return
		}
	}
}
