package stream

import "context"

// Kind says how queues handle the events of a type. Its zero value is that of types that assignment copies.
type Kind[T any] struct {
	// Clone copies an event deeply; nil stands for assignment.
	Clone func(src, dst *T)
	// Merge adds an event that holds only what changed to an older one, for conflation; nil: the newer one replaces the
	// older. It may keep parts of newer.
	Merge func(dst, newer *T)
}

func (k *Kind[T]) copy(dst, src *T) {
	if k.Clone == nil {
		*dst = *src
		return
	}
	k.Clone(src, dst)
}

// Subscribe makes a handle with a queue and returns when the venue confirmed every key. With a *SubscribeError and a
// handle that is not nil, the handle is live for the keys that the error does not name. Generated methods call it; T is
// the type of the events that the topic delivers.
func Subscribe[K comparable, T any](ctx context.Context, t *Topic[K], keys []K, params string, kind Kind[T], opts []Option) (*Sub[K, T], error) {
	s := &Sub[K, T]{topic: t}
	live, err := queued(ctx, &s.Stream, newHandle{&t.core, func() []string { return t.register(keys) }, params, opts}, kind)
	if !live {
		return nil, err
	}
	return s, err
}

// Direct is [Subscribe] for a handle without a queue: fn runs on the reading goroutine, borrows the event until it
// returns and must not call the client.
func Direct[K comparable, T any](ctx context.Context, t *Topic[K], keys []K, params string, fn func(*T, Meta), opts []Option) (*Sub[K, T], error) {
	s := &Sub[K, T]{topic: t}
	live, err := direct(ctx, &s.Stream, newHandle{&t.core, func() []string { return t.register(keys) }, params, opts}, fn)
	if !live {
		return nil, err
	}
	return s, err
}

// Listen makes a handle with a queue on a broadcast. If that is of a subscription it returns when the venue confirmed;
// otherwise nothing is sent and ctx does not matter. Generated methods call it; T is the type of the events that the
// broadcast delivers.
func Listen[T any](ctx context.Context, t *Broadcast, params string, kind Kind[T], opts []Option) (*Stream[T], error) {
	s := new(Stream[T])
	live, err := queued(ctx, s, newHandle{&t.core, t.core.onlyItem, params, opts}, kind)
	if !live {
		return nil, err
	}
	return s, err
}

// ListenDirect is [Listen] for a handle without a queue, as [Direct] makes.
func ListenDirect[T any](ctx context.Context, t *Broadcast, params string, fn func(*T, Meta), opts []Option) (*Stream[T], error) {
	s := new(Stream[T])
	live, err := direct(ctx, s, newHandle{&t.core, t.core.onlyItem, params, opts}, fn)
	if !live {
		return nil, err
	}
	return s, err
}

// newHandle is what a handle is made of, apart from types.
type newHandle struct {
	topic  *topicCore
	items  func() []string // called with the topic's lock held
	params string
	opts   []Option
}

func queued[T any](ctx context.Context, s *Stream[T], h newHandle, kind Kind[T]) (live bool, err error) {
	var by conflation[T]
	s.data.kind = kind
	s.core, err = h.open(ctx, &by, &by.make, &s.data, nil)
	return s.core != nil, err
}

func direct[T any](ctx context.Context, s *Stream[T], h newHandle, fn func(*T, Meta)) (live bool, err error) {
	var by conflation[T]
	s.core, err = h.open(ctx, &by, &by.make, &s.data, func(v any, m Meta) { fn(v.(*T), m) })
	return s.core != nil, err
}

// open puts a new handle in place and subscribes its first keys. The handle is nil when it is of no use. by is the
// target of WithConflate, which sets what byValue points to.
func (h newHandle) open(ctx context.Context, by any, byValue *func() conflater, data store, direct func(any, Meta)) (*subCore, error) {
	t := h.topic
	conf, err := configFor(t.delivery(), t.host.queueDefaults(), h.opts, by)
	if err != nil {
		return nil, err
	}
	s := newSub(t, h.params, conf, *byValue, data)
	s.direct = direct
	live, err := s.open(ctx, h.items)
	if !live {
		return nil, err
	}
	return s, err
}

// onlyItem is the one key of a broadcast that has to be asked for.
func (t *topicCore) onlyItem() []string {
	if t.wire == nil {
		return nil
	}
	return []string{""}
}
