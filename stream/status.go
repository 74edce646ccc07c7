package stream

import (
	"context"
	"iter"
	"sync"
	"time"
)

// State is where a link is in its life.
type State uint8

// The states.
const (
	Idle       State = iota // not dialled yet
	Connecting              // dialling and upgrading
	LoggingIn               // the socket is open, the login runs
	Ready                   // calls and subscriptions go through
	Waiting                 // the session was lost; dials again at Status.Until
	Closing                 // Close runs
	Closed                  // for good
)

var stateNames = [...]string{"idle", "connecting", "logging-in", "ready", "waiting", "closing", "closed"}

// String returns the name of the state.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "unknown"
}

// Status is a snapshot of a link.
type Status struct {
	State State
	// Epoch is the number of the last session, from 1; 0 before the first one.
	Epoch uint64
	// Since is when State was entered.
	Since time.Time
	// Attempt counts the dials since the link was last stable.
	Attempt int
	// Until is when the next dial is due, in Waiting.
	Until time.Time
	// Err is why the last session or dial ended; nil while all is well.
	Err error
}

// stateBox holds the latest status. Watchers see every state that is still current when they look; what they
// cannot miss is the latest one.
type stateBox struct {
	mu      sync.Mutex
	status  Status
	changed chan struct{}
}

func newStateBox() *stateBox {
	return &stateBox{status: Status{Since: time.Now()}, changed: make(chan struct{})}
}

func (b *stateBox) get() (Status, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.status, b.changed
}

// update changes the status and wakes the watchers. Closed is final.
func (b *stateBox) update(change func(*Status)) (now Status, entered bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	was := b.status.State
	if was == Closed {
		return b.status, false
	}
	change(&b.status)
	if b.status.State != was {
		b.status.Since = time.Now()
	}
	close(b.changed)
	b.changed = make(chan struct{})
	return b.status, b.status.State != was
}

// watch yields the current status and then each later one, skipping those that were replaced meanwhile. It ends
// after Closed or with ctx.
func (b *stateBox) watch(ctx context.Context) iter.Seq[Status] {
	return func(yield func(Status) bool) {
		for ctx.Err() == nil {
			st, changed := b.get()
			if !yield(st) || st.State == Closed {
				return
			}
			select {
			case <-changed:
			case <-ctx.Done():
			}
		}
	}
}

// wait blocks until ok holds; it returns ctx's error or the terminal one.
func (b *stateBox) wait(ctx context.Context, ok func(Status) bool) (Status, error) {
	for {
		st, changed := b.get()
		if ok(st) {
			return st, nil
		}
		if st.State == Closed {
			return st, errBoth(ErrClosed, st.Err)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return st, context.Cause(ctx)
		}
	}
}
