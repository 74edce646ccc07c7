package stream

import (
	"context"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Sub is a handle on a subscription. Its methods may be called from any goroutine. Events come in wire order.
type Sub[K comparable, T any] struct {
	topic  *Topic[K, T]
	params string
	direct func(*T, Meta)
	conf   queueConfig
	queue  *queue[K, T]
	live   atomic.Bool // was confirmed once, so that losing the session loses events

	// of direct handles
	events  atomic.Uint64
	last    atomic.Int64
	gapOpen atomic.Bool
	gapMu   sync.Mutex
	gap     Gap

	opened time.Time
	ops    chan struct{}   // held while keys change
	alive  context.Context // ends with the handle
	stop   context.CancelCauseFunc
	once   sync.Once
	keys   []K // guarded by topic.mu
}

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

func newSub[K comparable, T any](t *Topic[K, T], params string, direct func(*T, Meta), conf queueConfig, by conflation[T]) *Sub[K, T] {
	s := &Sub[K, T]{
		topic:  t,
		params: params,
		direct: direct,
		conf:   conf,
		queue:  newQueue[K, T](conf, by, t.r.Clone, t.host.closes()),
		opened: time.Now(),
		ops:    make(chan struct{}, 1),
	}
	s.alive, s.stop = context.WithCancelCause(context.Background())
	return s
}

// Next returns the next event; it waits for one. It fails with ctx's error, with ErrClosed after a regular close,
// or with what ended the handle; what was queued comes first.
func (s *Sub[K, T]) Next(ctx context.Context) (Event[T], error) { return s.queue.next(ctx) }

// Events yields events until ctx ends (the last pair holds its error), the handle is closed (no error) or it
// fails (the last pair holds the cause). Leaving the loop keeps the subscription.
func (s *Sub[K, T]) Events(ctx context.Context) iter.Seq2[Event[T], error] {
	return func(yield func(Event[T], error) bool) {
		for {
			ev, err := s.Next(ctx)
			if err != nil {
				if err != ErrClosed {
					yield(Event[T]{}, err)
				}
				return
			}
			if !yield(ev, nil) {
				return
			}
		}
	}
}

// Keys returns the keys of the handle.
func (s *Sub[K, T]) Keys() []K {
	s.topic.mu.Lock()
	defer s.topic.mu.Unlock()
	return slices.Clone(s.keys)
}

// Stats returns the counters of the handle.
func (s *Sub[K, T]) Stats() SubStats {
	st := SubStats{Keys: len(s.Keys()), LastEvent: s.lastEvent()}
	q := s.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	st.Queued = q.ring.len()
	st.Events, st.Dropped, st.Conflated, st.Gaps = q.stats.events, q.stats.dropped, q.stats.conflated, q.stats.gaps
	if s.direct != nil {
		st.Events = s.events.Load()
	}
	return st
}

func (s *Sub[K, T]) lastEvent() time.Time {
	if s.direct != nil {
		if ns := s.last.Load(); ns != 0 {
			return time.Unix(0, ns)
		}
		return time.Time{}
	}
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	return s.queue.stats.last
}

// Err returns what ended the handle: nil while it lives and after a regular close.
func (s *Sub[K, T]) Err() error {
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	if s.queue.err == ErrClosed {
		return nil
	}
	return s.queue.err
}

// Close gives the keys back and ends the handle; its queue can still be drained. It returns when the venue
// confirmed the cancels, or with ctx's error, and may be called more than once.
func (s *Sub[K, T]) Close(ctx context.Context) error {
	s.finish(nil)
	return s.release(ctx)
}

// finish ends the handle; nil is a regular close.
func (s *Sub[K, T]) finish(err error) {
	s.once.Do(func() {
		if err == nil {
			err = ErrClosed
		}
		s.stop(err)
		s.queue.end(err)
		s.topic.detach(s)
	})
}

// deliver runs on the reading goroutine.
func (s *Sub[K, T]) deliver(k K, v *T, m Meta) {
	if s.direct != nil {
		s.callDirect(v, m)
		return
	}
	res := s.queue.push(k, v, m)
	if res.dropped > 0 || res.failed {
		s.overflowed(res)
	}
}

func (s *Sub[K, T]) callDirect(v *T, m Meta) {
	s.events.Store(s.events.Load() + 1) // there is one reader
	s.last.Store(m.Received.UnixNano())
	if s.gapOpen.Load() {
		m.gap = s.takeGap()
	}
	if fn := s.topic.host.recoverFunc(); fn != nil {
		defer recoverWith(fn)
	}
	s.direct(v, m)
}

// overflowed reports what a full queue did, and lets a failed handle go.
func (s *Sub[K, T]) overflowed(res pushed) {
	t := s.topic
	if res.dropped > 0 {
		t.host.noteDrop(t.r.Name, res.dropped)
	}
	if res.gap != nil {
		t.host.noteGap(t.r.Name, *res.gap)
	}
	if res.failed {
		s.finish(ErrSlowConsumer)
		t.host.background(func(ctx context.Context) { _ = s.release(ctx) })
	}
}

func (s *Sub[K, T]) lost(reason GapReason, n uint64) {
	if reason == GapReconnect && !s.live.Load() {
		return
	}
	s.queue.lost(reason, n)
	if s.direct != nil {
		s.gapMu.Lock()
		s.gap.merge(reason, n)
		s.gapOpen.Store(true)
		s.gapMu.Unlock()
	}
	s.topic.host.noteGap(s.topic.r.Name, Gap{reason, n})
}

func (s *Sub[K, T]) takeGap() *Gap {
	s.gapMu.Lock()
	defer s.gapMu.Unlock()
	s.gapOpen.Store(false)
	gap := s.gap
	s.gap = Gap{}
	return &gap
}
