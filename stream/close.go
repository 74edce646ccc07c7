package stream

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// closeBudget bounds Close when its context has no end.
	closeBudget = 10 * time.Second
	// drainBudget bounds what Close does for the venue's sake: cancels and the close handshake.
	drainBudget = time.Second
	// handlerGrace is how long an end that nobody asked for waits for handlers.
	handlerGrace = time.Second
)

var errClosing = fmt.Errorf("the client: %w", ErrClosed)

// Close ends the link: no new calls, cancels for what is subscribed, a wait for pending calls, a close frame, and
// then every goroutine is joined. It returns by its context, or after 10 s if that has no deadline; the error names
// handlers that have not returned. It may be called from anywhere, more than once and at once, except from hooks,
// direct handlers and the login; in a handler of Sub.Handle it must be given the handler's context.
func (l *Link) Close(ctx context.Context) error {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, closeBudget)
		defer cancel()
	}
	l.crowd.excuse(ctx)
	l.allow(ctx)
	if stop := l.beginClose(); stop != nil {
		if s := l.session.Load(); s != nil && s.ready.Load() {
			s.drain(ctx)
		}
		stop()
	}
	select {
	case <-l.done:
		return l.leftError()
	case <-ctx.Done():
	}
	if names := l.crowd.names(); len(names) > 0 {
		return fmt.Errorf("stream: close: handlers still run: %s: %w", strings.Join(names, ", "), context.Cause(ctx))
	}
	return fmt.Errorf("stream: close: %w", context.Cause(ctx))
}

// CloseNow ends the link without regard for pending calls or the venue. It does not wait; see Done.
func (l *Link) CloseNow() error {
	if stop := l.beginClose(); stop != nil {
		stop()
		return nil
	}
	l.mu.Lock()
	stop := l.running
	l.mu.Unlock()
	if stop != nil {
		stop(errClosing)
	}
	return nil
}

// allow gives handlers until the end of ctx, if the close has not begun.
func (l *Link) allow(ctx context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closing {
		l.grace = ctx
	}
}

// beginClose claims the close; the function it returns ends the run. It is nil for all callers but the first.
func (l *Link) beginClose() (stop func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closing {
		return nil
	}
	l.setClosing()
	if l.running == nil {
		return func() { l.end(nil) }
	}
	running := l.running
	return func() { running(errClosing) }
}

// setClosing is called with the lock held.
func (l *Link) setClosing() {
	if !l.closing {
		l.closing = true
		close(l.closed)
	}
}

func (l *Link) isClosing() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closing
}

// end is the last thing that happens to a link. The run has ended.
func (l *Link) end(err error) {
	l.mu.Lock()
	l.setClosing()
	grace := l.grace
	l.mu.Unlock()
	if grace == nil {
		var cancel context.CancelFunc
		grace, cancel = context.WithTimeout(context.Background(), handlerGrace)
		defer cancel()
	}
	l.reg.end(errBoth(ErrClosed, err))
	l.eachSink(func(s Sink) { s.End(err) })
	l.mu.Lock() // no background work starts after this
	l.endLife()
	l.mu.Unlock()
	l.work.Wait()
	l.idle()
	l.setState(func(st *Status) { st.State, st.Err = Closed, err })
	l.crowd.wait(grace)
	l.mu.Lock()
	l.left = l.crowd.names()
	l.mu.Unlock()
	close(l.done)
}

func (l *Link) leftError() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.left) == 0 {
		return nil
	}
	return fmt.Errorf("stream: close: handlers still run: %s", strings.Join(l.left, ", "))
}

// background runs fn on a goroutine that the end of the link waits for; its context ends with the link.
func (l *Link) background(fn func(ctx context.Context)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.life.Err() != nil {
		return
	}
	l.work.Go(func() { fn(l.life) })
}

// crowd are the goroutines that run handlers of the user.
type crowd struct {
	mu      sync.Mutex
	guests  map[*guest]bool
	changed chan struct{} // closed when one leaves
}

type guest struct {
	name    string
	excused bool // it waits for the end itself
}

type guestKey struct{}

func (c *crowd) enter(ctx context.Context, name string) (context.Context, func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.guests == nil {
		c.guests, c.changed = make(map[*guest]bool), make(chan struct{})
	}
	m := &guest{name: name}
	c.guests[m] = true
	return context.WithValue(ctx, guestKey{}, m), func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.guests, m)
		close(c.changed)
		c.changed = make(chan struct{})
	}
}

// excuse makes wait pass over the handler that ctx belongs to.
func (c *crowd) excuse(ctx context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m, ok := ctx.Value(guestKey{}).(*guest); ok {
		m.excused = true
	}
}

// names lists those that are still there, excused ones apart.
func (c *crowd) names() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var names []string
	for m := range c.guests {
		if !m.excused {
			names = append(names, m.name)
		}
	}
	slices.Sort(names)
	return names
}

// wait returns when all have left, or with ctx.
func (c *crowd) wait(ctx context.Context) {
	for {
		c.mu.Lock()
		changed := c.changed // before the look, or the last one could leave in between unseen
		c.mu.Unlock()
		if len(c.names()) == 0 {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}
