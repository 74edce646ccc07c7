package stream

import (
	"context"
	"sync"
	"time"
)

// queue takes events on the reading goroutine and gives them to a consumer. It never waits for the consumer
// unless its policy is Block.
type queue[K comparable, T any] struct {
	clone   func(dst, src *T)
	conf    queueConfig
	closing <-chan struct{} // the client closes; nobody is waited for

	mu      sync.Mutex
	ring    ring[K, T]
	byValue conflater[T]
	byKey   map[K]uint64
	pending Gap // rides on the next event
	ended   bool
	err     error
	waiting int           // consumers in Next
	ready   chan struct{} // wakes one of them
	blocked bool          // the producer waits for room
	room    chan struct{}
	over    chan struct{} // closed at the end
	stats   queueStats
}

type queueStats struct {
	events, dropped, conflated, gaps uint64
	last                             time.Time
}

// pushed is what became of an event.
type pushed struct {
	dropped uint64
	gap     *Gap // opened by this push
	failed  bool // the policy ends the handle
}

func newQueue[K comparable, T any](conf queueConfig, by conflation[T], clone func(dst, src *T), closing <-chan struct{}) *queue[K, T] {
	q := &queue[K, T]{
		clone:   clone,
		conf:    conf,
		closing: closing,
		ready:   make(chan struct{}, 1),
		room:    make(chan struct{}, 1),
		over:    make(chan struct{}),
	}
	q.ring.bound = conf.buffer
	if conf.overflow == Conflate {
		if by.make != nil {
			q.byValue = by.make()
		} else {
			q.byKey = make(map[K]uint64)
		}
	}
	return q
}

func (q *queue[K, T]) push(k K, v *T, m Meta) (res pushed) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ended || q.replace(k, v, m) {
		return res
	}
	if q.ring.full() && !q.makeRoom(&res) {
		return res
	}
	q.store(k, v, m)
	if q.waiting > 0 {
		wake(q.ready)
	}
	return res
}

func (q *queue[K, T]) store(k K, v *T, m Meta) {
	s := q.ring.add()
	q.fill(s, v, m)
	s.key, s.conflated = k, 0
	s.gap, q.pending = q.pending, Gap{}
	q.stats.events++
	q.stats.last = m.Received
	if q.conf.overflow == Conflate {
		q.remember(s, q.ring.tail-1)
	}
}

func (q *queue[K, T]) fill(s *slot[K, T], v *T, m Meta) {
	if q.conf.raw {
		s.raw = append([]byte(nil), m.raw...)
	}
	m.raw, m.gap = nil, nil
	s.meta = m
	q.clone(&s.data, v)
}

// makeRoom applies the policy of a full queue; it tells whether there is room now.
func (q *queue[K, T]) makeRoom(res *pushed) bool {
	switch q.conf.overflow {
	case DropNewest:
		q.lose(&q.pending, res)
		return false
	case Fail:
		res.failed = true
		return false
	case Block:
		if q.waitRoom(); q.ended || !q.ring.full() {
			return !q.ended
		}
		res.failed = !isClosed(q.closing)
		return false
	default:
		q.dropOldest(res)
		return true
	}
}

// dropOldest hands the loss, and what had been lost before it, to the event behind.
func (q *queue[K, T]) dropOldest(res *pushed) {
	s := q.ring.at(q.ring.head)
	was := s.gap
	q.forget(s)
	q.ring.head++
	next := &q.pending
	if q.ring.len() > 0 {
		next = &q.ring.at(q.ring.head).gap
	}
	next.merge(was.Reason, was.Count)
	if was.Reason&GapSlowConsumer != 0 {
		next.merge(GapSlowConsumer, 1)
		q.stats.dropped++
		res.dropped++
		return
	}
	q.lose(next, res)
}

// lose counts one dropped event into a gap and reports the gap if it is new.
func (q *queue[K, T]) lose(g *Gap, res *pushed) {
	fresh := g.Reason&GapSlowConsumer == 0
	g.merge(GapSlowConsumer, 1)
	q.stats.dropped++
	res.dropped++
	if fresh {
		q.stats.gaps++
		opened := *g
		res.gap = &opened
	}
}

// waitRoom lets the lock go until the consumer took something, the handle ended or the time is up.
func (q *queue[K, T]) waitRoom() {
	timer := time.NewTimer(q.conf.block)
	defer timer.Stop()
	for waiting := true; waiting && q.ring.full() && !q.ended; {
		q.blocked = true
		q.mu.Unlock()
		select {
		case <-q.room:
		case <-q.over:
		case <-q.closing:
			waiting = false
		case <-timer.C:
			waiting = false
		}
		q.mu.Lock()
		q.blocked = false
	}
}

// next takes the oldest event; it waits for one. What is queued comes before the end.
func (q *queue[K, T]) next(ctx context.Context) (ev Event[T], err error) {
	if err := ctx.Err(); err != nil {
		return ev, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.ring.len() == 0 {
		if q.ended {
			return ev, q.err
		}
		q.waiting++
		q.mu.Unlock()
		select {
		case <-q.ready:
		case <-q.over:
		case <-ctx.Done():
		}
		q.mu.Lock()
		q.waiting--
		if err := ctx.Err(); err != nil {
			q.passOn()
			return ev, err
		}
	}
	q.take(&ev)
	q.passOn()
	return ev, nil
}

// passOn wakes another consumer if there is more than this one took.
func (q *queue[K, T]) passOn() {
	if q.waiting > 0 && q.ring.len() > 0 {
		wake(q.ready)
	}
}

func (q *queue[K, T]) take(ev *Event[T]) {
	s := q.ring.at(q.ring.head)
	q.forget(s)
	ev.Meta, ev.Conflated, ev.Raw, ev.Data = s.meta, s.conflated, s.raw, s.data
	if s.gap.Reason != 0 {
		gap := s.gap
		ev.Gap = &gap
	}
	*s = slot[K, T]{} // the receiver owns it now
	q.ring.head++
	if q.blocked {
		wake(q.room)
	}
}

func (q *queue[K, T]) lost(reason GapReason, n uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.pending.merge(reason, n)
	q.stats.gaps++
}

func (q *queue[K, T]) end(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ended {
		return
	}
	q.ended, q.err = true, err
	close(q.over)
}

func (g *Gap) merge(reason GapReason, n uint64) {
	g.Reason |= reason
	g.Count += n
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
