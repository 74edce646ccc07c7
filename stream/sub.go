package stream

import (
	"context"
	"iter"
	"time"
)

// Stream is a handle on events of one type: a subscription without keys, or what a venue pushes unasked. Its methods
// may be called from any goroutine. Events come in wire order.
type Stream[T any] struct{ handle }

// handle has the methods of a Stream that know no type. They are kept out of line: the compiler makes each of them anew
// for every type of events, as a mere jump to this one or with all that is inlined into it.
type handle struct{ core *subCore }

// SubStats are the counters of a handle.
type SubStats struct {
	Keys   int
	Events uint64 // taken into the queue, or handed to the direct handler
	Queued int
	// Dropped counts events that its policy threw away, Conflated those that a newer one replaced.
	Dropped, Conflated uint64
	// Gaps counts the gaps that were opened.
	Gaps uint64
	// LastEvent is when the last event was read; zero before the first.
	LastEvent time.Time
}

// Next returns the next event; it waits for one. It fails with ctx's error, with ErrClosed after a regular close,
// or with what ended the handle; what was queued comes first.
//
//go:noinline // see handle
func (s *Stream[T]) Next(ctx context.Context) (ev Event[T], err error) {
	err = receive(ctx, s.core.queue, &ev)
	return ev, err
}

// receive moves the next event into ev, which is zero.
func receive[T any](ctx context.Context, q *queue, ev *Event[T]) error {
	queued, err := q.next(ctx, eventHead{&ev.Meta, &ev.Gap, &ev.Conflated, &ev.Raw})
	if err != nil {
		return err
	}
	data := queued.(*T)
	ev.Data, *data = *data, ev.Data // the receiver owns it, and what it refers to
	q.release()
	return nil
}

// Events yields events until ctx ends (the last pair holds its error), the handle is closed (no error) or it
// fails (the last pair holds the cause). Leaving the loop keeps the subscription.
//
//go:noinline // see handle
func (s *Stream[T]) Events(ctx context.Context) iter.Seq2[Event[T], error] {
	return func(yield func(Event[T], error) bool) {
		for {
			var ev Event[T]
			err := receive(ctx, s.core.queue, &ev)
			if err == ErrClosed {
				return
			}
			if !yield(ev, err) || err != nil {
				return
			}
		}
	}
}

// Handle calls fn for every event, in order, on a goroutine of its own. It ends with ctx, with the handle or with
// the client. fn may block, call the client and close it, then best with the context it was given.
//
//go:noinline // see handle
func (s *Stream[T]) Handle(ctx context.Context, fn func(context.Context, Event[T])) {
	s.core.handle(ctx, func(ctx context.Context) error {
		var ev Event[T]
		err := receive(ctx, s.core.queue, &ev)
		if err == nil {
			fn(ctx, ev)
		}
		return err
	})
}

// Stats returns the counters of the handle.
//
//go:noinline // see handle
func (s *handle) Stats() SubStats { return s.core.counters() }

// Err returns what ended the handle: nil while it lives and after a regular close.
//
//go:noinline // see handle
func (s *handle) Err() error { return s.core.err() }

// Close gives the keys back and ends the handle; its queue can still be drained. It returns when the venue
// confirmed the cancels, or with ctx's error, and may be called more than once.
//
//go:noinline // see handle
func (s *handle) Close(ctx context.Context) error {
	s.core.finish(nil)
	return s.core.release(ctx)
}

// Sub is a Stream whose events are told apart by keys, which can be added and removed.
type Sub[K comparable, T any] struct {
	Stream[T]
	topic *Topic[K]
}

// Add subscribes more keys; those that the handle has already are left alone. It returns when the venue confirmed
// them, or with a *SubscribeError that names those that are not added.
func (s *Sub[K, T]) Add(ctx context.Context, keys ...K) error {
	return s.core.add(ctx, s.topic.spell(keys))
}

// Remove gives keys back; those that the handle does not have are ignored. It returns when the venue confirmed.
func (s *Sub[K, T]) Remove(ctx context.Context, keys ...K) error {
	return s.core.remove(ctx, s.topic.spell(keys))
}

// Keys returns the keys of the handle.
func (s *Sub[K, T]) Keys() []K {
	have := s.core.have()
	keys := make([]K, len(have))
	for i := range have {
		keys[i] = *have[i].value.(*K)
	}
	return keys
}
