package stream

import (
	"context"
	"runtime/debug"
)

// handle takes events and calls what it got for each, on a goroutine of its own.
func (s *subCore) handle(ctx context.Context, next func(context.Context) (call func(), err error)) {
	host := s.topic.host
	ctx, leave := host.enter(ctx, s.topic.name)
	go func() {
		defer leave()
		for {
			call, err := next(ctx)
			if err != nil {
				return
			}
			callHandler(host.recoverFunc(), call)
		}
	}()
}

func callHandler(recovered func(any, []byte), call func()) {
	if recovered != nil {
		defer recoverWith(recovered)
	}
	call()
}

// recoverWith is deferred; it must call recover itself.
func recoverWith(fn func(value any, stack []byte)) {
	if v := recover(); v != nil {
		fn(v, debug.Stack())
	}
}
