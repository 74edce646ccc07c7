package stream

import (
	"context"
	"errors"
	"slices"
)

// Add subscribes more keys; those that the handle has already are left alone. It returns when the venue confirmed
// them, or with a *SubscribeError that names those that are not added.
func (s *Sub[K, T]) Add(ctx context.Context, keys ...K) error {
	ctx, leave, err := s.changeKeys(ctx)
	if err != nil {
		return err
	}
	defer leave()
	fresh := s.route(keys)
	if s.topic.r.Feed == nil || len(fresh) == 0 {
		s.live.Store(true)
		return nil
	}
	err = s.topic.conn.Subscribe(ctx, s.topic.r.Feed, s.items(fresh))
	if failed := s.failed(fresh, err); len(failed) > 0 {
		s.unroute(failed)
	}
	if err == nil || len(s.Keys()) > 0 {
		s.live.Store(true)
	}
	return err
}

// Remove gives keys back; those that the handle does not have are ignored. It returns when the venue confirmed.
func (s *Sub[K, T]) Remove(ctx context.Context, keys ...K) error {
	ctx, leave, err := s.changeKeys(ctx)
	if err != nil {
		return err
	}
	defer leave()
	return s.giveBack(ctx, s.unroute(keys))
}

// release gives all keys back; the handle has ended.
func (s *Sub[K, T]) release(ctx context.Context) error {
	select {
	case s.ops <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-s.ops }()
	return s.giveBack(ctx, s.unroute(s.Keys()))
}

func (s *Sub[K, T]) giveBack(ctx context.Context, keys []K) error {
	if s.topic.r.Feed == nil || len(keys) == 0 {
		return nil
	}
	err := s.topic.conn.Unsubscribe(ctx, s.topic.r.Feed, s.items(keys))
	if errors.Is(err, ErrClosed) {
		return nil // nothing is subscribed on a closed client
	}
	return err
}

// changeKeys lets one change of the keys run at a time; the end of the handle cancels it.
func (s *Sub[K, T]) changeKeys(ctx context.Context) (context.Context, func(), error) {
	select {
	case s.ops <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, context.Cause(ctx)
	}
	if s.alive.Err() != nil {
		<-s.ops
		return nil, nil, context.Cause(s.alive)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(s.alive, func() { cancel(context.Cause(s.alive)) })
	return ctx, func() {
		stop()
		cancel(nil)
		<-s.ops
	}, nil
}

func (s *Sub[K, T]) items(keys []K) []Item {
	items := make([]Item, len(keys))
	for i, k := range keys {
		items[i] = Item{s.topic.r.Item(k), s.params}
	}
	return items
}

// failed are the keys that err says are not subscribed.
func (s *Sub[K, T]) failed(keys []K, err error) []K {
	if err == nil {
		return nil
	}
	var partial *SubscribeError
	if !errors.As(err, &partial) {
		return keys
	}
	return slices.DeleteFunc(slices.Clone(keys), func(k K) bool { return partial.Items[s.topic.r.Item(k)] == nil })
}

// route adds keys before they are subscribed, since data may overtake the acknowledgement.
func (s *Sub[K, T]) route(keys []K) (fresh []K) {
	t := s.topic
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range keys {
		if !s.has(k) {
			// A new slice, since the published routes hold the old one.
			s.keys = append(slices.Clip(s.keys), k)
			fresh = append(fresh, k)
			t.keys[t.r.Item(k)] = k
		}
	}
	if len(fresh) > 0 {
		t.rebuild()
	}
	return fresh
}

func (s *Sub[K, T]) unroute(keys []K) (gone []K) {
	t := s.topic
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range keys {
		if s.has(k) {
			s.removeKey(k)
			gone = append(gone, k)
		}
	}
	t.rebuild()
	return gone
}

func (s *Sub[K, T]) has(k K) bool { return slices.Contains(s.keys, k) }

// removeKey leaves the slice that the published routes hold alone.
func (s *Sub[K, T]) removeKey(k K) {
	s.keys = slices.DeleteFunc(slices.Clone(s.keys), func(have K) bool { return have == k })
}

func (s *Sub[K, T]) takesAll(all func(*K) bool) bool {
	if s.topic.r.Feed == nil {
		return true
	}
	return all != nil && slices.ContainsFunc(s.keys, func(k K) bool { return all(&k) })
}

// detach takes an ended handle off the routes; its keys stay until they are given back.
func (t *Topic[K, T]) detach(s *Sub[K, T]) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.subs = slices.DeleteFunc(slices.Clone(t.subs), func(have *Sub[K, T]) bool { return have == s })
	t.rebuild()
}
