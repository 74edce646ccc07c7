package stream

import (
	"context"
	"errors"
	"slices"
)

// add routes and subscribes the keys that the handle does not have.
func (s *subCore) add(ctx context.Context, keys []key) error {
	ctx, leave, err := s.changeKeys(ctx)
	if err != nil {
		return err
	}
	defer leave()
	fresh := s.route(keys)
	if s.topic.wire == nil || len(fresh) == 0 {
		s.live.Store(true)
		return nil
	}
	err = s.topic.conn.Subscribe(ctx, s.topic.wire, s.items(fresh))
	left := len(fresh)
	if failed := failedKeys(fresh, err); len(failed) > 0 {
		left = s.unroute(failed).left
	}
	if err == nil || left > 0 {
		s.live.Store(true)
	}
	return err
}

func (s *subCore) remove(ctx context.Context, keys []key) error {
	ctx, leave, err := s.changeKeys(ctx)
	if err != nil {
		return err
	}
	defer leave()
	return s.giveBack(ctx, s.unroute(items(keys)).gone)
}

// release gives all keys back; the handle has ended.
func (s *subCore) release(ctx context.Context) error {
	select {
	case s.ops <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-s.ops }()
	return s.giveBack(ctx, s.unroute(items(s.have())).gone)
}

// have are the keys of the handle.
func (s *subCore) have() []key {
	s.topic.mu.Lock()
	defer s.topic.mu.Unlock()
	return s.keys
}

func (s *subCore) giveBack(ctx context.Context, keys []string) error {
	if s.topic.wire == nil || len(keys) == 0 {
		return nil
	}
	err := s.topic.conn.Unsubscribe(ctx, s.topic.wire, s.items(keys))
	if errors.Is(err, ErrClosed) {
		return nil // nothing is subscribed on a closed client
	}
	return err
}

// changeKeys lets one change of the keys run at a time; the end of the handle cancels it.
func (s *subCore) changeKeys(ctx context.Context) (context.Context, func(), error) {
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

func (s *subCore) items(keys []string) []Item {
	items := make([]Item, len(keys))
	for i, k := range keys {
		items[i] = Item{k, s.params}
	}
	return items
}

// failedKeys are the keys that err says are not subscribed.
func failedKeys(keys []string, err error) []string {
	if err == nil {
		return nil
	}
	var partial *SubscribeError
	if !errors.As(err, &partial) {
		return keys
	}
	return slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return partial.Items[k] == nil })
}

// route adds keys before they are subscribed, since data may overtake the acknowledgement.
func (s *subCore) route(keys []key) (fresh []string) {
	t := s.topic
	t.mu.Lock()
	defer t.mu.Unlock()
	have := slices.Clip(s.keys) // a new slice, since the published routes hold the old one
	for _, k := range keys {
		if !s.set[k.item] {
			s.set[k.item] = true
			have = append(have, k)
			fresh = append(fresh, k.item)
		}
	}
	s.keys = have
	t.rebuild()
	return fresh
}

// unrouted is what became of keys that were taken off.
type unrouted struct {
	gone []string
	left int
}

func (s *subCore) unroute(keys []string) (u unrouted) {
	t := s.topic
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range keys {
		if s.set[k] {
			delete(s.set, k)
			u.gone = append(u.gone, k)
		}
	}
	s.removeKeys()
	u.left = len(s.keys)
	t.rebuild()
	return u
}

// removeKeys takes out keys, and those that the set has not any more. The published routes hold the old slice.
func (s *subCore) removeKeys(keys ...string) {
	for _, k := range keys {
		delete(s.set, k)
	}
	s.keys = slices.DeleteFunc(slices.Clone(s.keys), func(k key) bool { return !s.set[k.item] })
}
