package stream

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// subCore is a handle apart from the types of its keys and events.
type subCore struct {
	topic     *topicCore
	params    string
	direct    func(v any, m Meta) // of a handle without a queue, else nil
	recovered func(value any, stack []byte)
	conf      queueConfig
	queue     *queue
	live      atomic.Bool // was confirmed once, so that losing the session loses events

	// of direct handles
	events  atomic.Uint64
	last    atomic.Int64 // since opened, and 1; 0 is never
	noted   time.Time    // what last says; the reader's own
	gapOpen atomic.Bool
	gapMu   sync.Mutex
	gap     Gap

	opened time.Time
	ops    chan struct{}   // held while keys change
	alive  context.Context // ends with the handle
	stop   context.CancelCauseFunc
	once   sync.Once
	keys   []key // guarded by topic.mu, like set
	set    map[string]bool
}

func newSub(t *topicCore, params string, conf queueConfig, by func() conflater, ev *events) *subCore {
	s := &subCore{
		topic:     t,
		params:    params,
		direct:    ev.direct,
		recovered: t.host.recoverFunc(),
		conf:      conf,
		queue:     newQueue(conf, by, ev, t.host.closes()),
		opened:    time.Now(),
		ops:       make(chan struct{}, 1),
		set:       make(map[string]bool),
	}
	s.alive, s.stop = context.WithCancelCause(context.Background())
	return s
}

// open puts a new handle in place and subscribes its first keys; live tells whether it is of any use.
func (s *subCore) open(ctx context.Context, keys []key) (live bool, err error) {
	if s.conf.stale > 0 {
		s.topic.host.watchStale()
	}
	if err := s.topic.attach(s); err != nil {
		return false, err
	}
	if err = s.add(ctx, keys); err == nil {
		return true, nil
	}
	var partial *SubscribeError
	if errors.As(err, &partial) && s.counters().Keys > 0 {
		return true, err
	}
	s.finish(err)
	return false, err
}

func (s *subCore) counters() SubStats {
	s.topic.mu.Lock()
	st := SubStats{Keys: len(s.keys)}
	s.topic.mu.Unlock()
	st.LastEvent = s.lastEvent()
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

func (s *subCore) lastEvent() time.Time {
	if s.direct != nil {
		if ns := s.last.Load(); ns != 0 {
			return s.opened.Add(time.Duration(ns - 1)) // not the wall clock, which may jump
		}
		return time.Time{}
	}
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	return s.queue.stats.last
}

func (s *subCore) err() error {
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	if s.queue.err == ErrClosed {
		return nil
	}
	return s.queue.err
}

// finish ends the handle; nil is a regular close.
func (s *subCore) finish(err error) {
	s.once.Do(func() {
		if err == nil {
			err = ErrClosed
		}
		s.stop(err)
		s.queue.end(err)
		s.topic.detach(s)
	})
}

// hand gives an event to the handle, on the reading goroutine.
func (s *subCore) hand(item string, v any, m *Meta) {
	switch {
	case s.direct == nil:
		s.enqueue(item, v, m)
	case s.recovered != nil:
		s.handGuarded(v, m)
	default:
		if gap := s.noteDirect(m); gap != nil {
			s.direct(v, metaAfter(m, gap))
			return
		}
		s.direct(v, *m) // by value, or every frame's would be on the heap
	}
}

func (s *subCore) handGuarded(v any, m *Meta) {
	defer recoverWith(s.recovered)
	s.direct(v, metaAfter(m, s.noteDirect(m)))
}

func (s *subCore) enqueue(key string, v any, m *Meta) {
	res := s.queue.push(key, v, m)
	if res.dropped > 0 || res.failed {
		s.overflowed(res)
	}
}

// noteDirect counts an event of a direct handle and returns what was lost before it.
func (s *subCore) noteDirect(m *Meta) *Gap {
	s.events.Store(s.events.Load() + 1) // there is one reader
	if m.Received != s.noted {          // once for the events of a frame
		s.noted = m.Received
		s.last.Store(max(int64(m.Received.Sub(s.opened)), 0) + 1)
	}
	if s.gapOpen.Load() {
		return s.takeGap()
	}
	return nil
}

// overflowed reports what a full queue did, and lets a failed handle go.
func (s *subCore) overflowed(res pushed) {
	t := s.topic
	if res.dropped > 0 {
		t.host.noteDrop(t.name, res.dropped)
	}
	if res.gap != nil {
		t.host.noteGap(t.name, *res.gap)
	}
	if res.failed {
		s.finish(ErrSlowConsumer)
		t.host.background(func(ctx context.Context) { _ = s.release(ctx) })
	}
}

func (s *subCore) lost(reason GapReason, n uint64) {
	if reason == GapReconnect && !s.live.Load() && !s.begun() {
		return
	}
	s.queue.lost(reason, n)
	if s.direct != nil {
		s.gapMu.Lock()
		s.gap.merge(reason, n)
		s.gapOpen.Store(true)
		s.gapMu.Unlock()
	}
	s.topic.host.noteGap(s.topic.name, Gap{reason, n})
}

// begun tells whether the handle has had an event, which it may have before it is confirmed: others can have its keys.
func (s *subCore) begun() bool { return s.events.Load() > 0 || s.queue.begun() }

func (s *subCore) takeGap() *Gap {
	s.gapMu.Lock()
	defer s.gapMu.Unlock()
	s.gapOpen.Store(false)
	gap := s.gap
	s.gap = Gap{}
	return &gap
}
