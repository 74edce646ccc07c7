package stream

import (
	"context"
	"sync"
	"time"
)

const (
	wakeFor   = 64
	wakeAfter = time.Millisecond
)

// queue takes events on the reading goroutine and gives them to a consumer. It never waits for the consumer
// unless its policy is Block.
type queue struct {
	conf    queueConfig
	closing <-chan struct{} // the client closes; nobody is waited for

	mu      sync.Mutex
	ring    ring
	data    *events
	byValue conflater
	byKey   map[string]uint64
	pending Gap // rides on the next event
	ended   bool
	err     error
	waiting int           // consumers in Next
	ready   chan struct{} // wakes one of them
	blocked time.Time     // since when the producer waits for room; zero: it does not
	freed   int           // events taken since then
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

func newQueue(conf queueConfig, by func() conflater, data *events, closing <-chan struct{}) *queue {
	q := &queue{
		conf:    conf,
		closing: closing,
		ready:   make(chan struct{}, 1),
		room:    make(chan struct{}, 1),
		over:    make(chan struct{}),
	}
	q.ring.bound, q.data = conf.buffer, data
	if conf.overflow == Conflate {
		if by != nil {
			q.byValue = by()
		} else {
			q.byKey = make(map[string]uint64)
		}
	}
	return q
}

func (q *queue) push(k string, v any, m *Meta) (res pushed) {
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

func (q *queue) store(k string, v any, m *Meta) {
	place := q.ring.add()
	s := q.ring.at(place)
	q.fill(s, v, m)
	s.key, s.conflated = k, 0
	s.gap, q.pending = q.pending, Gap{}
	q.stats.events++
	q.stats.last = m.Received
	if q.conf.overflow == Conflate {
		q.remember(s, place)
	}
}

func (q *queue) fill(s *slot, v any, m *Meta) {
	q.describe(s, m)
	s.data = q.data.put(s.data, v)
}

// describe sets what a slot says beside the data.
func (q *queue) describe(s *slot, m *Meta) {
	if q.conf.raw {
		s.raw = append([]byte(nil), elementOf(m)...)
	}
	s.meta = *m
	forgetFrame(&s.meta)
}

// makeRoom applies the policy of a full queue; it tells whether there is room now.
func (q *queue) makeRoom(res *pushed) bool {
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
func (q *queue) dropOldest(res *pushed) {
	s := q.ring.at(q.ring.head)
	was := s.gap
	q.forget(s, q.ring.head)
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
func (q *queue) lose(g *Gap, res *pushed) {
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
func (q *queue) waitRoom() {
	timer := time.NewTimer(q.conf.block)
	defer timer.Stop()
	for waiting := true; waiting && q.ring.full() && !q.ended; {
		q.blocked, q.freed = time.Now(), 0
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
		q.blocked = time.Time{}
	}
}

// next waits for an event; what is queued comes before the end. Without an error it returns with the lock held and a
// pointer to the data of the oldest event, which is to be moved out before release.
func (q *queue) next(ctx context.Context, ev eventHead) (data any, err error) {
	if err := q.await(ctx); err != nil {
		return nil, err
	}
	s := q.ring.at(q.ring.head)
	q.forget(s, q.ring.head)
	*ev.meta, *ev.conflated, *ev.raw = s.meta, s.conflated, s.raw
	if s.gap.Reason != 0 {
		gap := s.gap
		*ev.gap = &gap
	}
	*s = slot{data: s.data}
	return s.data, nil
}

// eventHead is where an event goes but for its data.
type eventHead struct {
	meta      *Meta
	gap       **Gap
	conflated *uint64
	raw       *[]byte
}

// await returns with the lock held once an event is queued, or with the error that there will be none.
func (q *queue) await(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	q.mu.Lock()
	for q.ring.len() == 0 {
		if q.ended {
			err := q.err
			q.mu.Unlock()
			return err
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
			q.mu.Unlock()
			return err
		}
	}
	return nil
}

// passOn wakes another consumer if there is more than this one took.
func (q *queue) passOn() {
	if q.waiting > 0 && q.ring.len() > 0 {
		wake(q.ready)
	}
}

// release gives the place of the event that was taken back, and the lock.
func (q *queue) release() {
	q.ring.head++
	if !q.blocked.IsZero() {
		q.makeWay()
	}
	q.passOn()
	q.mu.Unlock()
}

// makeWay wakes the producer once there is room for some events, or it has waited a while: to wake it for each event
// would cost more than the event.
func (q *queue) makeWay() {
	q.freed++
	enough := min(wakeFor, q.ring.bound/4)
	if q.freed >= enough || q.ring.len() == 0 || time.Since(q.blocked) > wakeAfter {
		wake(q.room)
	}
}

func (q *queue) lost(reason GapReason, n uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.pending.merge(reason, n)
	q.stats.gaps++
	q.wall()
}

// begun tells whether an event was ever taken.
func (q *queue) begun() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.stats.events > 0
}

func (q *queue) end(err error) {
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
