// Package latest keeps the newest value of something that is told from time to time.
package latest

import (
	"context"
	"iter"
	"sync"
)

// Value holds the newest value. Its zero value has none. Its methods may be called from any goroutine.
type Value[T any] struct {
	mu      sync.Mutex
	value   T
	set     bool
	changed chan struct{}
}

// Set replaces the value.
func (v *Value[T]) Set(value T) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.value, v.set = value, true
	if v.changed != nil {
		close(v.changed)
		v.changed = nil
	}
}

// Get returns the value; false before the first one.
func (v *Value[T]) Get() (T, bool) {
	value, ok, _ := v.look()
	return value, ok
}

// look also returns what is closed when the value changes.
func (v *Value[T]) look() (value T, ok bool, changed <-chan struct{}) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.changed == nil {
		v.changed = make(chan struct{})
	}
	return v.value, v.set, v.changed
}

// Watch yields the value, if there is one, and every later one until ctx or done ends. Values that were replaced before
// the loop looked are skipped; the latest never is.
func (v *Value[T]) Watch(ctx context.Context, done <-chan struct{}) iter.Seq[T] {
	return func(yield func(T) bool) {
		for ctx.Err() == nil {
			value, ok, changed := v.look()
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
