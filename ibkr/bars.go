package ibkr

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/venuewire/venuewire/stream"
)

const (
	// barSlots is how many requests for bars the venue holds at once for a session.
	barSlots = 5
	// answerTime is how long an answer is waited for that nobody wants any more.
	answerTime = 15 * time.Second
)

// ErrNoBarSlot says that all five slots for bars are taken. A slot is taken from the request to its cancel.
var ErrNoBarSlot = errors.New("ibkr: all 5 slots for bars are taken")

// slots counts the requests for bars. The venue keeps one for each contract.
type slots struct {
	mu    sync.Mutex
	of    map[Target]*slot
	freed chan struct{} // closed when one gets free
}

type slot struct {
	streams int  // handles that share it
	history bool // one call has it for itself
}

// take takes the slot of a contract; wait is closed when it is worth another try.
func (s *slots) take(t Target, history bool) (wait <-chan struct{}, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil {
		s.of, s.freed = make(map[Target]*slot), make(chan struct{})
	}
	have := s.of[t]
	switch {
	case have == nil && len(s.of) >= barSlots:
		return s.freed, ErrNoBarSlot
	case have == nil:
		s.of[t] = &slot{history: history}
		if !history {
			s.of[t].streams = 1
		}
		return nil, nil
	case have.history:
		return s.freed, fmt.Errorf("ibkr: bars of %s: %w: another call asks for its bars", t, stream.ErrConflict)
	case history:
		return nil, fmt.Errorf("ibkr: bars of %s: %w: a handle streams them", t, stream.ErrConflict)
	}
	have.streams++
	return nil, nil
}

// await waits for a slot until ctx ends.
func (s *slots) await(ctx context.Context, t Target, history bool) error {
	for {
		wait, err := s.take(t, history)
		if wait == nil {
			return err
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", err, context.Cause(ctx))
		}
	}
}

func (s *slots) give(t Target) {
	s.mu.Lock()
	defer s.mu.Unlock()
	have := s.of[t]
	if have == nil {
		return
	}
	if have.streams--; have.streams > 0 {
		return
	}
	delete(s.of, t)
	close(s.freed)
	s.freed = make(chan struct{})
}

// History asks for the bars of one contract and gives its slot back. The venue has five slots; the call waits for one
// until ctx ends (then the error wraps [ErrNoBarSlot]). Calls for one contract run one after the other, and
// fail with stream.ErrConflict while a handle of [Client.SubscribeBars] has it. The venue ignores a wrong parameter in
// silence and answers with its default: look at what the answer says of itself, such as BarLength.
func (c *Client) History(ctx context.Context, t Target, params BarsParams) (*Bars, error) {
	if err := checkTargets([]Target{t}); err != nil {
		return nil, err
	}
	if err := c.slots.await(ctx, t, true); err != nil {
		return nil, err
	}
	sub, err := c.openBars(ctx, t, params, []stream.Option{stream.WithQueue(barSlots, stream.DropNewest)})
	if err != nil {
		return nil, err
	}
	defer c.slots.give(t)
	defer func() { _ = sub.Close(context.WithoutCancel(ctx)) }()
	for {
		ev, err := sub.Next(ctx)
		if err != nil {
			return nil, err
		}
		if ev.Data.Bars != nil {
			return ev.Data.Bars, nil
		}
	}
}

// barsAnswer is how a request for bars ended.
type barsAnswer struct {
	sub *stream.Sub[Target, BarsEvent]
	err error
}

// openBars asks for bars with a slot that is taken, and gives it back when it fails. A request can be cancelled only by the
// id that its answer brings: when ctx ends before, somebody else waits for the answer.
func (c *Client) openBars(ctx context.Context, t Target, params BarsParams, opts []stream.Option) (*stream.Sub[Target, BarsEvent], error) {
	patient, giveUp := context.WithCancel(context.WithoutCancel(ctx))
	answered := make(chan barsAnswer, 1)
	go func() {
		sub, err := c.api.SubscribeBars(patient, []Target{t}, params, opts...)
		answered <- barsAnswer{sub, err}
	}()
	select {
	case a := <-answered:
		giveUp()
		if a.err != nil {
			c.slots.give(t)
		}
		return a.sub, a.err
	case <-ctx.Done():
		go c.settleBars(t, patient, giveUp, answered)
		return nil, fmt.Errorf("ibkr: bars of %s: %w", t, context.Cause(ctx))
	}
}

// settleBars cancels a request that nobody waits for, once its answer is there.
func (c *Client) settleBars(t Target, patient context.Context, giveUp func(), answered <-chan barsAnswer) {
	defer c.slots.give(t)
	defer giveUp()
	defer time.AfterFunc(answerTime, giveUp).Stop()
	if a := <-answered; a.sub != nil {
		_ = a.sub.Close(patient)
	}
}

// BarStream is a handle on the bars of one contract. Its methods may be called from any goroutine.
type BarStream struct {
	sub   *stream.Sub[Target, BarsEvent]
	give  func()
	close sync.Once
}

// SubscribeBars asks for the bars of one contract and keeps the request: the venue may send follow-ups, whose numbers
// nobody has explained ([BarTicks]). The handle takes one of five slots until it is closed; where none is free the
// error is [ErrNoBarSlot]. Handles of one contract share a slot and must agree in their params, else the error is
// stream.ErrConflict. After a reconnect the bars come anew.
func (c *Client) SubscribeBars(ctx context.Context, t Target, params BarsParams, opts ...stream.Option) (*BarStream, error) {
	if err := checkTargets([]Target{t}); err != nil {
		return nil, err
	}
	if _, err := c.slots.take(t, false); err != nil {
		return nil, err
	}
	sub, err := c.openBars(ctx, t, params, opts)
	if err != nil {
		return nil, err
	}
	return &BarStream{sub: sub, give: func() { c.slots.give(t) }}, nil
}

// Next returns the next event; it waits for one. It fails with ctx's error, with stream.ErrClosed after a regular close,
// or with what ended the handle.
func (b *BarStream) Next(ctx context.Context) (stream.Event[BarsEvent], error) {
	return b.sub.Next(ctx)
}

// Events yields events until ctx ends (the last pair holds its error), the handle is closed (no error) or it fails (the
// last pair holds the cause). Leaving the loop keeps the subscription.
func (b *BarStream) Events(ctx context.Context) iter.Seq2[stream.Event[BarsEvent], error] {
	return b.sub.Events(ctx)
}

// Err returns what ended the handle: nil while it lives and after a regular close.
func (b *BarStream) Err() error { return b.sub.Err() }

// Close cancels the request by the id that its answer gave it, and frees the slot. It may be called more than once.
func (b *BarStream) Close(ctx context.Context) error {
	defer b.close.Do(b.give)
	return b.sub.Close(ctx)
}
