// Package system follows the state of the venue, which clients are told at the start of each session and with every
// change.
package system

import (
	"context"
	"fmt"
	"iter"
	"sync"

	"github.com/venuewire/venuewire/stream"
)

// queue is how many states may wait to be looked at; of more the newest count.
const queue = 16

// State holds the newest state that the venue told. Its zero value has none. Its methods may be called from any goroutine.
type State[T any] struct {
	mu      sync.Mutex
	value   T
	set     bool
	changed chan struct{}
}

// Dial connects a client and keeps the newest state for its life; take sets the states that an event tells.
func Dial[E any](ctx context.Context, link *stream.Link, listen func(...stream.Option) (*stream.Stream[E], error), take func(*E)) error {
	events, err := listen(stream.WithQueue(queue, stream.DropOldest))
	if err != nil {
		return err
	}
	events.Handle(context.Background(), func(_ context.Context, ev stream.Event[E]) { take(&ev.Data) })
	if err := link.Dial(ctx); err != nil {
		_ = events.Close(ctx)
		return err
	}
	return nil
}

// Set replaces the state.
func (s *State[T]) Set(value T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.value, s.set = value, true
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

// Get returns the state; false before the first one.
func (s *State[T]) Get() (T, bool) {
	value, ok, _ := s.look()
	return value, ok
}

// look also returns what is closed when the state changes.
func (s *State[T]) look() (value T, ok bool, changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.changed == nil {
		s.changed = make(chan struct{})
	}
	return s.value, s.set, s.changed
}

// Watch yields the state, if there is one, and every later one until ctx or done ends. States that were replaced before
// the loop looked are skipped; the latest never is.
func (s *State[T]) Watch(ctx context.Context, done <-chan struct{}) iter.Seq[T] {
	return func(yield func(T) bool) {
		for ctx.Err() == nil {
			value, ok, changed := s.look()
			if ok && !yield(value) {
				return
			}
			select {
			case <-changed:
			case <-ctx.Done():
			case <-done:
				return
			}
		}
	}
}

// Wait returns when the state is a wanted one. It fails with ctx's error, or with stream.ErrClosed and what ended the
// client.
func (s *State[T]) Wait(ctx context.Context, link *stream.Link, wanted func(*T) bool) error {
	for value := range s.Watch(ctx, link.Done()) {
		if wanted(&value) {
			return nil
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := link.Err(); err != nil {
		return fmt.Errorf("%w: %w", stream.ErrClosed, err)
	}
	return stream.ErrClosed
}
