package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/venuewire/venuewire/stream"
)

// received is one event of a handle; symbol is empty for one without a number.
type received struct {
	numbered
	seq       uint64
	gap       *stream.Gap
	conflated uint64
}

// handle is a subscription apart from its types.
type handle struct {
	next  func(context.Context) (received, error)
	stats func() stream.SubStats
	close func(context.Context) error
}

// handleOf makes a handle of a subscription, if there is one.
func handleOf[K comparable, T any](sub *stream.Sub[K, T], err error, read func(*T) numbered) (*handle, error) {
	if err != nil {
		return nil, err
	}
	return &handle{
		next: func(ctx context.Context) (received, error) {
			ev, err := sub.Next(ctx)
			if err != nil {
				return received{}, err
			}
			return received{read(&ev.Data), ev.Seq, ev.Gap, ev.Conflated}, nil
		},
		stats: sub.Stats,
		close: sub.Close,
	}, nil
}

// follower consumes a handle and holds it to the ledger.
type follower struct {
	policy  stream.Overflow
	symbols []string
	slow    time.Duration // for each event; 0 for those that are quick
	calm    *atomic.Bool  // nobody is slow any more
	ledger  *ledger
	open    func(ctx context.Context, symbols []string, opts ...stream.Option) (*handle, error)
	opts    []stream.Option

	mu     sync.Mutex
	handle *handle // nil between two
	at     map[string]*place
	sum    tally
	marks  int    // reconnects that a gap told of
	mark   uint64 // Seq of the last event that told of one
	faults []string
}

// place is where a follower stands with a symbol.
type place struct {
	number int64
	seq    uint64
	marks  int
	fresh  bool // the handle was opened since
}

// tally is what became of the events of a follower's symbols.
type tally struct {
	received, dropped, conflated, lost, outside uint64
	gaps, ended                                 uint64
	missed                                      uint64 // that reached the socket and not the consumer
	stats                                       uint64 // dropped, as Stats tells
}

func (t *tally) add(o tally) {
	t.received += o.received
	t.dropped += o.dropped
	t.conflated += o.conflated
	t.lost += o.lost
	t.outside += o.outside
	t.gaps += o.gaps
	t.ended += o.ended
	t.missed += o.missed
	t.stats += o.stats
}

// events are all that the tally knows of.
func (t *tally) events() uint64 { return t.received + t.dropped + t.conflated + t.lost + t.outside }

// run follows until ctx ends. The handle h is open already; one that ends for slowness, where that is its policy, is opened
// again.
func (f *follower) run(ctx context.Context, h *handle) error {
	for {
		f.use(h)
		ev, err := h.next(ctx)
		switch {
		case ctx.Err() != nil:
			f.count(h)
			return h.close(context.WithoutCancel(ctx))
		case errors.Is(err, stream.ErrSlowConsumer) && f.policy == stream.Fail:
			if h, err = f.reopen(ctx, h); err != nil {
				return err
			}
			continue
		case err != nil:
			return fmt.Errorf("%s: %w", policyNames[f.policy], err)
		}
		f.see(ev)
		if f.slow > 0 && !f.calm.Load() {
			_ = sleep(ctx, f.slow)
		}
	}
}

func (f *follower) use(h *handle) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.handle = h
}

func (f *follower) count(h *handle) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sum.stats += h.stats().Dropped
}

func (f *follower) reopen(ctx context.Context, h *handle) (*handle, error) {
	f.count(h)
	f.use(nil)
	if err := h.close(ctx); err != nil {
		return nil, err
	}
	f.mu.Lock()
	f.sum.ended++
	for _, p := range f.at {
		p.fresh = true
	}
	f.mu.Unlock()
	_ = sleep(ctx, 500*time.Millisecond)
	return f.open(ctx, f.symbols, f.opts...)
}

// see counts an event and checks that whatever is missing before it was told.
func (f *follower) see(ev received) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sum.conflated += ev.conflated
	if g := ev.gap; g != nil {
		f.sum.gaps++
		f.sum.dropped += g.Count
		if g.Reason&stream.GapReconnect != 0 {
			f.marks++
			f.mark = max(f.mark, ev.seq)
		}
	}
	if ev.symbol == "" {
		return
	}
	f.sum.received++
	p := f.at[ev.symbol]
	if p == nil {
		f.fault("%s is not subscribed", ev.symbol)
		return
	}
	f.compare(p, ev)
	*p = place{ev.number, ev.seq, f.marks, false}
}

func (f *follower) compare(p *place, ev received) {
	jump := ev.number - p.number - 1
	switch {
	case jump < 0:
		f.fault("%s: event %d came after %d", ev.symbol, ev.number, p.number)
		return
	case p.fresh:
		f.sum.outside += uint64(jump)
		return
	}
	missed := f.ledger.between(ev.symbol, p.number, ev.number)
	lost := jump - missed
	f.sum.missed += uint64(missed)
	f.sum.lost += uint64(lost)
	// What conflates puts newer events in older places, so that the mark may stand on an event that was read between the
	// two, and was taken before them.
	if lost > 0 && f.marks == p.marks && f.mark <= p.seq {
		f.fault("%s: %d events before %d were lost on the way and no gap says so", ev.symbol, lost, ev.number)
	}
	if f.policy == stream.Conflate && missed != int64(ev.conflated) {
		f.fault("%s: %d events before %d are missing, %d are said to be conflated", ev.symbol, missed, ev.number, ev.conflated)
	}
}

func (f *follower) fault(format string, args ...any) {
	if len(f.faults) < 10 {
		f.faults = append(f.faults, policyNames[f.policy]+": "+fmt.Sprintf(format, args...))
	}
}

// caughtUp tells whether the follower has seen the last event of each of its symbols.
func (f *follower) caughtUp() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for symbol, p := range f.at {
		if p.number != f.ledger.last(symbol) {
			return false
		}
	}
	return true
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// behind tells whether the follower has no handle right now, or one with events that it has not taken.
func (f *follower) behind() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.handle == nil || f.handle.stats().Queued > 0
}
