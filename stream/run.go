package stream

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
)

// Dial connects and logs in. It returns when the link is Ready, or with the first error; with WithRetryFirst it
// goes on until ctx ends. Its context covers the dial only. A link whose Dial failed may be dialled again.
func (l *Link) Dial(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	l.mu.Lock()
	if l.closing {
		l.mu.Unlock()
		return ErrClosed
	}
	if l.running != nil {
		l.mu.Unlock()
		return l.fail("already dialled")
	}
	runCtx, cancel := context.WithCancelCause(context.Background())
	l.running = cancel
	l.mu.Unlock()

	r := &run{l: l, ctx: runCtx, cancel: cancel, first: make(chan error, 1), retry: backoff{random: l.tune.random}}
	r.untie = context.AfterFunc(ctx, func() { cancel(context.Cause(ctx)) })
	go r.loop()
	return <-r.first
}

// run is one life of a link, from Dial to its end.
type run struct {
	l      *Link
	ctx    context.Context
	cancel context.CancelCauseFunc
	first  chan error  // what Dial returns
	untie  func() bool // unties the run from Dial's context
	ready  bool        // Dial has succeeded
	retry  backoff
	logins int         // rejected in a row
	tooBig int         // frames beyond the limit, in a row
	stable atomic.Bool // the last session was Ready for long
}

func (r *run) loop() {
	for {
		err := r.attempt()
		if r.l.isClosing() {
			<-r.ctx.Done() // what Close does first may have ended the session
		}
		if r.ctx.Err() != nil {
			err = context.Cause(r.ctx)
		}
		if r.over(err) {
			r.finish(err)
			return
		}
		wait := r.wait(err)
		r.l.setState(func(st *Status) {
			st.State, st.Err, st.Until = Waiting, err, time.Now().Add(wait)
		})
		if err := sleep(r.ctx, wait); err != nil {
			r.finish(err)
			return
		}
	}
}

// attempt dials and serves one session; it returns why that ended.
func (r *run) attempt() error {
	l := r.l
	places := 1
	if l.cfg.Login != nil {
		places = 2 // logins count as dials
	}
	for _, b := range l.budgets {
		if err := b.take(r.ctx, places); err != nil {
			return err
		}
	}
	l.setState(func(st *Status) { st.State, st.Until, st.Attempt = Connecting, time.Time{}, st.Attempt+1 })
	ctx, cancel := context.WithTimeoutCause(r.ctx, dialTimeout, errDialTimeout)
	defer cancel()
	sock, err := l.dial(ctx)
	if err != nil {
		return err
	}
	return r.runSession(ctx, sock)
}

// over tells whether the run ends with err.
func (r *run) over(err error) bool {
	if r.ctx.Err() != nil {
		return true
	}
	if !r.ready && !r.l.set.retryFirst {
		return true
	}
	var said *SessionError
	if errors.As(err, &said) && said.Class == protocol.ClosePermanent {
		return true // also where another login would be due
	}
	v := r.l.judge(err)
	if errors.Is(err, ErrAuth) || v.relogin {
		r.logins++
		return r.logins > 1
	}
	return v.class == protocol.ClosePermanent || !r.ready && v.untrusted
}

// wait is how long to stay away after err.
func (r *run) wait(err error) time.Duration {
	if r.stable.Swap(false) {
		r.retry.reset()
	}
	v := r.l.judge(err)
	if errors.Is(err, ErrFrameTooBig) {
		if r.tooBig++; r.tooBig > 1 {
			v.class = protocol.CloseCoolDown
		}
	} else {
		r.tooBig = 0
	}
	if v.class == protocol.CloseCoolDown || v.untrusted {
		return r.retry.cool(v.wait)
	}
	return max(r.retry.next(), v.wait)
}

// becameReady lets Dial return. It fails when Dial's context ended first.
func (r *run) becameReady() error {
	r.logins = 0
	if r.ready {
		return nil
	}
	if !r.untie() {
		<-r.ctx.Done()
		return context.Cause(r.ctx)
	}
	r.ready = true
	r.first <- nil
	return nil
}

// finish ends the run. Before the first Ready the link goes back to Idle and can be dialled again.
func (r *run) finish(err error) {
	l := r.l
	r.untie()
	r.cancel(err)
	if !r.ready && !l.isClosing() {
		l.idle()
		l.setState(func(st *Status) { st.State, st.Err, st.Attempt = Idle, err, 0 })
		l.mu.Lock()
		l.running = nil
		l.mu.Unlock()
		r.first <- err
		return
	}
	if errors.Is(err, errClosing) {
		err = nil
	}
	l.end(err)
	if !r.ready {
		r.first <- errBoth(ErrClosed, err)
	}
}

// setState changes the status, logs it and tells the hooks.
func (l *Link) setState(change func(*Status)) {
	l.stateMu.Lock() // hooks see the states in their order
	defer l.stateMu.Unlock()
	now, entered := l.box.update(change)
	if !entered {
		return
	}
	for _, h := range l.hooks.state {
		h.OnState(now)
	}
	log := l.set.logger.Info
	if now.Err != nil && (now.State == Waiting || now.State == Closed) {
		log = l.set.logger.Warn
	}
	args := []any{"state", now.State.String(), "epoch", now.Epoch}
	if now.Err != nil {
		args = append(args, "err", now.Err)
	}
	if now.State == Waiting {
		args = append(args, "wait", time.Until(now.Until).Round(time.Millisecond))
	}
	log("stream: state", args...)
}
