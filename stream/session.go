package stream

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
)

// session is one socket from the upgrade to its end.
type session struct {
	l       *Link
	sock    socket
	epoch   uint64
	began   time.Time
	ctx     context.Context
	end     context.CancelCauseFunc // the first cause counts
	out     *writer
	pending *pendingTable
	ready   atomic.Bool
	token   Secret
	needs   needsCache

	meta     Meta      // of the frame that is being dispatched
	armed    time.Time // read deadline
	buf      []byte
	smallRun int // frames in a row that a far smaller buffer would hold
	rest     func(elem []byte, err error)
}

// runSession serves a socket until it ends and says why. dialCtx bounds the login.
func (r *run) runSession(dialCtx context.Context, sock socket) error {
	s := r.l.newSession(r.ctx, sock)
	var parts sync.WaitGroup
	s.l.session.Store(s) // before the reader, whose first frame may be a Fault
	parts.Go(s.read)
	parts.Go(s.write)
	if err := s.login(dialCtx); err != nil {
		s.end(err)
	} else if err := r.serve(s, &parts); err != nil {
		s.end(err)
	}
	<-s.ctx.Done()
	err := context.Cause(s.ctx)
	s.l.session.Store(nil)
	wasReady := s.ready.Swap(false)
	s.l.reg.sessionOver(s)
	s.hangUp()
	parts.Wait()
	s.pending.fail(err)
	if wasReady && !s.l.isClosing() {
		s.l.eachSink(func(sink Sink) { sink.Lost(GapReconnect, 0) })
	}
	for _, h := range s.l.hooks.disconnect {
		h.OnDisconnect(s.epoch, err)
	}
	return err
}

// usable reports whether a session takes calls; nil-safe.
func (s *session) usable() bool { return s != nil && s.ready.Load() }

func (l *Link) newSession(ctx context.Context, sock socket) *session {
	s := &session{l: l, sock: sock, began: time.Now(), out: newWriter(), pending: newPendingTable()}
	s.ctx, s.end = context.WithCancelCause(ctx)
	s.rest = s.element
	l.setState(func(st *Status) { st.State, st.Epoch = LoggingIn, st.Epoch+1 })
	s.epoch = l.Status().Epoch
	l.clock.wind(s.began)
	sock.SetReadLimit(l.set.readLimit)
	s.setControlHandlers()
	return s
}

// login makes the session usable; it ends with the dial's context and with the session.
func (s *session) login(dialCtx context.Context) error {
	ctx, cancel := context.WithCancelCause(dialCtx)
	defer cancel(nil)
	defer context.AfterFunc(s.ctx, func() { cancel(context.Cause(s.ctx)) })()
	if s.l.cfg.Endpoint.Token && s.l.cfg.Token != nil {
		token, err := s.l.cfg.Token(ctx)
		if err != nil {
			return causeOr(ctx, err)
		}
		s.token = token
	}
	if s.l.cfg.Login == nil {
		return causeOr(ctx, nil)
	}
	err := s.l.cfg.Login(ctx, loginConn{s})
	if err != nil && s.ctx.Err() != nil {
		// Why the socket ended says more than what the login made of it.
		return context.Cause(s.ctx)
	}
	return causeOr(dialCtx, err)
}

// serve starts what a ready session does, and announces it.
func (r *run) serve(s *session, parts *sync.WaitGroup) error {
	l := s.l
	s.ready.Store(true)
	l.reg.sessionReady(s)
	parts.Go(s.keepSubscriptions)
	parts.Go(s.keepAlive)
	parts.Go(s.keepFresh)
	parts.Go(func() { r.settle(s) })
	l.setState(func(st *Status) { st.State, st.Err = Ready, nil })
	return r.becameReady()
}

// settle lets the attempts start anew once the session has been stable.
func (r *run) settle(s *session) {
	if sleep(s.ctx, stableAfter) == nil {
		r.l.setState(func(st *Status) { st.Attempt = 0 })
		r.stable.Store(true)
	}
}

// hangUp closes the socket. A close frame of the peer is answered first, if the writer is free to.
func (s *session) hangUp() {
	if s.out.wantsClose() {
		_ = s.sock.NetConn().SetWriteDeadline(time.Now().Add(closeEcho))
		<-s.out.done
	}
	_ = s.sock.Close()
}

// drain is the polite part of a close.
func (s *session) drain(ctx context.Context) {
	s.l.setState(func(st *Status) { st.State = Closing })
	s.pending.waitEmpty(ctx, s.ctx)
	ctx, cancel := context.WithTimeout(ctx, drainBudget)
	defer cancel()
	s.l.reg.cancelAll(ctx, s)
	s.out.requestClose(closeNormal)
	select {
	case <-s.ctx.Done(): // the peer answered, and the reader ended
	case <-ctx.Done():
	}
}

// loginConn goes past the ready check.
type loginConn struct{ s *session }

func (c loginConn) Call(ctx context.Context, rpc *protocol.RPC, body []byte) (Reply, error) {
	return c.s.call(ctx, rpc, body)
}

func (c loginConn) Subscribe(context.Context, *protocol.Feed, []Item) error {
	return errors.New("stream: a login cannot subscribe; subscriptions are asked for again in each session")
}

func (c loginConn) Unsubscribe(context.Context, *protocol.Feed, []Item) error { return nil }
