package ibkr

import (
	"context"
	"iter"
	"sync"

	"github.com/venuewire/venuewire/stream"
)

// maxTrades bounds the executions that are remembered to tell repetitions; the oldest go first.
const maxTrades = 100_000

// Trade is an execution, told once, and once more when its commission is known.
type Trade struct {
	Execution
	// Late: the execution was told before, without its commission.
	Late bool
	// Meta says when and where it came in.
	Meta stream.Meta
	// Gap is set when executions may be missing before this one. After a reconnect the venue sends the history again, so
	// that executions of the last day (or of ExecutionsParams.Days) come all the same.
	Gap *stream.Gap
}

// Trades follows executions. Its methods may be called from any goroutine.
type Trades struct {
	sub tradesSub

	mu    sync.Mutex
	seen  map[string]*Execution
	order []string
	ready []Trade
	gap   *stream.Gap // of events that held nothing new
}

// tradesSub is what Trades needs of its subscription.
type tradesSub interface {
	Next(ctx context.Context) (stream.Event[Executions], error)
	Close(ctx context.Context) error
	Err() error
}

// FollowExecutions follows the executions of the login's account. The venue sends each of them twice, without and with
// its commission, and all of them again after each subscribe: here each comes once, and a second time when its
// commission arrives later.
func (c *Client) FollowExecutions(ctx context.Context, params ExecutionsParams, opts ...stream.Option) (*Trades, error) {
	sub, err := c.SubscribeExecutions(ctx, params, opts...)
	if err != nil {
		return nil, err
	}
	return &Trades{sub: sub, seen: make(map[string]*Execution)}, nil
}

// Next returns the next trade; it waits for one. It fails with ctx's error, with stream.ErrClosed after a regular close,
// or with what ended the subscription.
func (t *Trades) Next(ctx context.Context) (Trade, error) {
	for {
		if trade, ok := t.take(); ok {
			return trade, nil
		}
		ev, err := t.sub.Next(ctx)
		if err != nil {
			return Trade{}, err
		}
		t.add(&ev)
	}
}

func (t *Trades) take() (trade Trade, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.ready) == 0 {
		return trade, false
	}
	trade, t.ready = t.ready[0], t.ready[1:]
	return trade, true
}

// add keeps what is new of an event.
func (t *Trades) add(ev *stream.Event[Executions]) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.gap = joined(t.gap, ev.Gap)
	for i := range ev.Data.Executions {
		x := &ev.Data.Executions[i]
		if trade, ok := t.fresh(x); ok {
			trade.Meta, trade.Gap, t.gap = ev.Meta, t.gap, nil
			t.ready = append(t.ready, trade)
		}
	}
}

// fresh tells whether an execution is new, or its commission is.
func (t *Trades) fresh(x *Execution) (trade Trade, ok bool) {
	id := x.ExecutionID
	have := t.seen[id]
	switch {
	case id == "":
		return Trade{Execution: *x}, true
	case have == nil:
		t.remember(id, x)
		return Trade{Execution: *x}, true
	case x.Has(ExecutionFieldCommission) && !have.Has(ExecutionFieldCommission):
		have.Merge(x)
		return Trade{Execution: *have, Late: true}, true
	}
	return trade, false
}

func (t *Trades) remember(id string, x *Execution) {
	own := *x
	t.seen[id] = &own
	t.order = append(t.order, id)
	if len(t.order) > maxTrades {
		delete(t.seen, t.order[0])
		t.order = t.order[1:]
	}
}

// Events yields trades until ctx ends (the last pair holds its error), the handle is closed (no error) or it fails (the
// last pair holds the cause). Leaving the loop keeps the handle.
func (t *Trades) Events(ctx context.Context) iter.Seq2[Trade, error] {
	return func(yield func(Trade, error) bool) {
		for {
			trade, err := t.Next(ctx)
			if err == stream.ErrClosed {
				return
			}
			if !yield(trade, err) || err != nil {
				return
			}
		}
	}
}

// Err returns what ended the handle: nil while it lives and after a regular close.
func (t *Trades) Err() error { return t.sub.Err() }

// Close ends the handle. It may be called more than once.
func (t *Trades) Close(ctx context.Context) error { return t.sub.Close(ctx) }
