package stream

import (
	"context"
	"runtime/debug"
)

// Handle calls fn for every event, in order, on a goroutine of its own. It ends with ctx, with the handle or with
// the client. fn may block, call the client and close it, then best with the context it was given.
func (s *Sub[K, T]) Handle(ctx context.Context, fn func(context.Context, Event[T])) {
	host := s.topic.host
	ctx, leave := host.enter(ctx, s.topic.r.Name)
	go func() {
		defer leave()
		for {
			ev, err := s.Next(ctx)
			if err != nil {
				return
			}
			callHandler(ctx, host.recoverFunc(), fn, ev)
		}
	}()
}

func callHandler[T any](ctx context.Context, recovered func(any, []byte), fn func(context.Context, Event[T]), ev Event[T]) {
	if recovered != nil {
		defer recoverWith(recovered)
	}
	fn(ctx, ev)
}

// recoverWith is deferred; it must call recover itself.
func recoverWith(fn func(value any, stack []byte)) {
	if v := recover(); v != nil {
		fn(v, debug.Stack())
	}
}
