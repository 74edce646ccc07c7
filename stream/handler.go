package stream

import (
	"context"
	"runtime/debug"
)

// handle calls next, which takes an event and handles it, until it fails, on a goroutine of its own.
func (s *subCore) handle(ctx context.Context, next func(context.Context) error) {
	host := s.topic.host
	ctx, leave := host.enter(ctx, s.topic.name)
	go func() {
		defer leave()
		for guarded(ctx, host.recoverFunc(), next) == nil {
		}
	}()
}

// guarded reports a panic instead of an error.
func guarded(ctx context.Context, recovered func(any, []byte), next func(context.Context) error) error {
	if recovered != nil {
		defer recoverWith(recovered)
	}
	return next(ctx)
}

// recoverWith is deferred; it must call recover itself.
func recoverWith(fn func(value any, stack []byte)) {
	if v := recover(); v != nil {
		fn(v, debug.Stack())
	}
}
