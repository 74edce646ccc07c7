package ibkr

import (
	"context"
	"errors"
	"iter"
	"sync"

	"github.com/venuewire/venuewire/stream"
)

const outboxSize = 4096

// outbox is a bounded queue of what a handle makes itself.
type outbox[T any] struct {
	mu    *sync.Mutex
	items []T
	err   error
	wake  chan struct{}
}

func newOutbox[T any]() outbox[T] {
	return outbox[T]{mu: new(sync.Mutex), wake: make(chan struct{}, 1)}
}

func (b *outbox[T]) put(v T) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		return
	}
	if len(b.items) >= outboxSize {
		b.err = stream.ErrSlowConsumer
	} else {
		b.items = append(b.items, v)
	}
	b.stir()
}

// end makes next fail once what is there was taken; the first error counts.
func (b *outbox[T]) end(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil {
		b.err = err
	}
	b.stir()
}

func (b *outbox[T]) stir() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func (b *outbox[T]) next(ctx context.Context) (v T, err error) {
	for {
		if err := ctx.Err(); err != nil {
			return v, err
		}
		b.mu.Lock()
		if len(b.items) > 0 {
			v, b.items = b.items[0], b.items[1:]
			if len(b.items) > 0 {
				b.stir()
			}
			b.mu.Unlock()
			return v, nil
		}
		err = b.err
		if err != nil {
			b.stir() // for others who wait
		}
		b.mu.Unlock()
		if err != nil {
			return v, err
		}
		select {
		case <-b.wake:
		case <-ctx.Done():
		}
	}
}

func (b *outbox[T]) all(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for {
			v, err := b.next(ctx)
			if errors.Is(err, stream.ErrClosed) {
				return
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}
