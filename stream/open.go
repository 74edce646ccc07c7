package stream

import (
	"context"

	"github.com/venuewire/venuewire/wire"
)

// Kind says how queues handle the events of a type. Its zero value is that of types that assignment copies.
type Kind[T any] struct {
	// Clone copies an event deeply; nil stands for assignment.
	Clone wire.Clone[T]
	// Merge adds an event that holds only what changed to an older one, for conflation; nil: the newer one replaces the
	// older. It may keep parts of newer.
	Merge func(dst, newer *T)
}

// Subscribe makes a handle with a queue and returns when the venue confirmed every key. With a *SubscribeError and a
// handle that is not nil, the handle is live for the keys that the error does not name. Generated methods call it; T is
// the type of the events that the topic delivers.
func Subscribe[K comparable, T any](ctx context.Context, t *Topic[K], keys []K, params string, kind Kind[T], opts []Option) (*Sub[K, T], error) {
	core, err := open(ctx, opening{&t.core, t.spell(keys), params, opts}, queued(kind))
	if core == nil {
		return nil, err
	}
	return &Sub[K, T]{Stream[T]{handle{core}}, t}, err
}

// Direct is [Subscribe] for a handle without a queue: fn runs on the reading goroutine, borrows the event until it
// returns and must not call the client.
func Direct[K comparable, T any](ctx context.Context, t *Topic[K], keys []K, params string, fn func(*T, Meta), opts []Option) (*Sub[K, T], error) {
	core, err := open(ctx, opening{&t.core, t.spell(keys), params, opts}, direct(fn))
	if core == nil {
		return nil, err
	}
	return &Sub[K, T]{Stream[T]{handle{core}}, t}, err
}

// Listen makes a handle with a queue on a broadcast. If that is of a subscription it returns when the venue confirmed;
// otherwise nothing is sent and ctx does not matter. Generated methods call it; T is the type of the events that the
// broadcast delivers.
func Listen[T any](ctx context.Context, t *Broadcast, params string, kind Kind[T], opts []Option) (*Stream[T], error) {
	core, err := open(ctx, opening{&t.core, t.core.onlyKey(), params, opts}, queued(kind))
	if core == nil {
		return nil, err
	}
	return &Stream[T]{handle{core}}, err
}

// ListenDirect is [Listen] for a handle without a queue, as [Direct] makes.
func ListenDirect[T any](ctx context.Context, t *Broadcast, params string, fn func(*T, Meta), opts []Option) (*Stream[T], error) {
	core, err := open(ctx, opening{&t.core, t.core.onlyKey(), params, opts}, direct(fn))
	if core == nil {
		return nil, err
	}
	return &Stream[T]{handle{core}}, err
}

// opening is what a handle is made of, whatever it does with its events.
type opening struct {
	topic  *topicCore
	keys   []key
	params string
	opts   []Option
}

// events says what a handle does with its events, which it knows as pointers.
type events struct {
	sample any                 // a pointer of their type
	direct func(v any, m Meta) // of a handle without a queue, else nil

	// put copies an event to dst, or to new memory if dst is nil, and returns where it is.
	put func(dst, src any) any
	// merge adds an event that the queue owns to an older one; nil where events replace each other.
	merge func(dst, newer any)
}

//go:noinline // or every pair of a key and an event would have its own
func queued[T any](kind Kind[T]) *events {
	var copies wire.Copies
	e := &events{sample: (*T)(nil), put: func(dst, src any) any {
		to, _ := dst.(*T)
		if to == nil {
			to = new(T)
		}
		if kind.Clone == nil {
			*to = *src.(*T)
		} else {
			kind.Clone(src.(*T), to, &copies)
		}
		return to
	}}
	if kind.Merge != nil {
		e.merge = func(dst, newer any) { kind.Merge(dst.(*T), newer.(*T)) }
	}
	return e
}

//go:noinline // see queued
func direct[T any](fn func(*T, Meta)) *events {
	return &events{sample: (*T)(nil), direct: func(v any, m Meta) { fn(v.(*T), m) }}
}

// open puts a new handle in place and subscribes its first keys. The handle is nil when it is of no use.
func open(ctx context.Context, o opening, ev *events) (*subCore, error) {
	by := conflation{event: ev.sample}
	conf, err := configFor(o.topic.delivery(), o.topic.host.queueDefaults(), o.opts, &by)
	if err != nil {
		return nil, err
	}
	s := newSub(o.topic, o.params, conf, by.make, ev)
	live, err := s.open(ctx, o.keys)
	if !live {
		return nil, err
	}
	return s, err
}

// onlyKey is the one key of a broadcast that has to be asked for.
func (t *topicCore) onlyKey() []key {
	if t.wire == nil {
		return nil
	}
	return []key{{}}
}
