package iqoption

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/venuewire/venuewire/stream"
)

const (
	// overdueAfter is how long after the expiry a close may take before we ask for it.
	overdueAfter = 5 * time.Second
	// lookAgain is the time between two questions about a close that is overdue, lookSeldom about any other.
	lookAgain  = 5 * time.Second
	lookSeldom = time.Minute
	// lookWithin bounds one question.
	lookWithin = 15 * time.Second
	// lookPause keeps questions apart that fail at once.
	lookPause = time.Second
	// releaseWithin bounds how long the venue may take to confirm that a closed position is no longer followed.
	releaseWithin = time.Second
)

// errLook wakes a reader that waits for a push: the position is to be asked for.
var errLook = errors.New("iqoption: look")

// Follow is one position on its way to its close. It is fed by pushes; after a reconnect, a gap in the pushes, or when
// the close is overdue, the venue is asked, so that a close that nobody pushed is found too. It does nothing between
// calls of its methods. The subscription is given back when the close was returned; close a Follow that is not waited
// for to the end.
type Follow struct {
	c      *Client
	ref    PositionRef
	option *Option
	turn   chan struct{} // one reader at a time; guards what follows

	sub    *stream.Sub[PositionChangesKey, Position]
	epoch  uint64    // of the session that sub was confirmed in
	check  time.Time // when to ask without cause
	look   bool      // ask before waiting
	last   Position
	seen   bool // last is set
	closed bool // last is closed
}

// Option is the venue's answer to the order; nil after [Client.FollowOption].
func (f *Follow) Option() *Option { return f.option }

// Updates yields each newer state of the position, the close being the last, or ends with an error: ctx's,
// stream.ErrClosed when the client or the follow was closed. Updates and Wait take from the same stream; use one of them
// at a time.
func (f *Follow) Updates(ctx context.Context) iter.Seq2[Position, error] {
	return func(yield func(Position, error) bool) {
		for {
			p, over, err := f.next(ctx)
			if over || !yield(p, err) || err != nil || p.Status == PositionStatusClosed {
				return
			}
		}
	}
}

// Wait returns the closed position, at once if it was seen before. It fails with ctx's error, or with stream.ErrClosed
// when the client or the follow was closed; a lost connection is waited for.
func (f *Follow) Wait(ctx context.Context) (Position, error) {
	for {
		p, over, err := f.next(ctx)
		if err != nil || over || p.Status == PositionStatusClosed {
			return p, err
		}
	}
}

// Close gives the subscription back. It returns when the venue confirmed, or with ctx's error.
func (f *Follow) Close(ctx context.Context) error {
	select {
	case f.turn <- struct{}{}:
		defer func() { <-f.turn }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return f.sub.Close(ctx)
}

// next returns the next newer state; over says that the position had been seen closed before.
func (f *Follow) next(ctx context.Context) (p Position, over bool, err error) {
	select {
	case f.turn <- struct{}{}:
		defer func() { <-f.turn }()
	case <-ctx.Done():
		return p, false, context.Cause(ctx)
	}
	for !f.closed {
		if f.look {
			found, err := f.ask(ctx)
			if err != nil {
				return p, false, err
			}
			if found != nil && f.takes(found, false) {
				return f.result(ctx), false, nil
			}
		}
		ev, err := f.event(ctx)
		if err != nil {
			return p, false, err
		}
		if ev != nil && f.takes(&ev.Data, true) {
			return f.result(ctx), false, nil
		}
	}
	return f.last, true, nil
}

// result returns the last state and gives the subscription back once that is the close.
func (f *Follow) result(ctx context.Context) Position {
	if f.closed {
		ctx, cancel := context.WithTimeout(ctx, releaseWithin)
		defer cancel()
		_ = f.sub.Close(ctx)
	}
	return f.last
}

// takes keeps a state of this position if it is newer. A close is newer than anything, whatever its version: records of
// the history may have none. Of two open states without version a pushed one is newer, one that was asked for is not.
func (f *Follow) takes(p *Position, pushed bool) bool {
	if !f.is(p) {
		return false
	}
	f.closed = p.Status == PositionStatusClosed
	newer := p.Version > f.last.Version || pushed && !p.Has(PositionFieldVersion)
	if f.seen && !f.closed && !newer {
		return false
	}
	f.last, f.seen, f.ref.ExternalID = *p, true, p.ExternalID
	return true
}

// is tells whether p is the position.
func (f *Follow) is(p *Position) bool {
	if p.Has(PositionFieldInstrumentType) && p.InstrumentType != f.ref.InstrumentType {
		return false
	}
	if f.ref.ExternalID != 0 {
		return p.ExternalID == f.ref.ExternalID
	}
	return f.ref.OrderID != 0 && slices.Contains(p.orders(), f.ref.OrderID)
}

// event waits for a push; nil when the position is to be asked for instead.
func (f *Follow) event(ctx context.Context) (*stream.Event[Position], error) {
	wait, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	timer := time.AfterFunc(time.Until(f.check), func() { cancel(errLook) })
	defer timer.Stop()
	var watch sync.WaitGroup
	watch.Go(func() {
		for st := range f.c.Watch(wait) {
			if st.State == stream.Ready && st.Epoch != f.epoch {
				cancel(errLook)
			}
		}
	})
	ev, err := f.sub.Next(wait)
	cancel(nil)
	watch.Wait()
	switch {
	case err == nil:
		f.look = ev.Gap != nil
		return &ev, nil
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case errors.Is(context.Cause(wait), errLook), errors.Is(err, stream.ErrSlowConsumer):
		f.look = true
		return nil, nil
	}
	return nil, err
}

// subscribe gets a handle that the venue has confirmed in this session. The one before is drained first by whoever
// reads, or not needed: what comes now is asked for.
func (f *Follow) subscribe(ctx context.Context) error {
	epoch := f.c.Status().Epoch
	sub, err := f.c.SubscribePositionChanges(ctx, []PositionChangesKey{f.ref.key()})
	if err != nil {
		return err
	}
	if old := f.sub; old != nil {
		_ = old.Close(ctx)
	}
	f.sub, f.epoch = sub, epoch
	return nil
}
