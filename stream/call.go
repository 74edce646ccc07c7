package stream

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/wire"
)

// call is a call that waits for its reply.
type call struct {
	s       *session
	rpc     *protocol.RPC
	id      string
	want    int // frames
	started time.Time
	result  chan callResult

	// guarded by the pending table
	frames    [][]byte
	gated     bool
	abandoned bool
	gaveUp    time.Time
	over      bool
}

type callResult struct {
	frames [][]byte
	err    error // a refusal by the gate, or why no reply will come
	lost   bool
}

// LateReply is a reply whose caller no longer waited.
type LateReply struct {
	Method, Version string
	RequestID       string
	Effect          protocol.Effect
	// Frame is the whole reply; Err is set when it is, or seems to be, a refusal.
	Frame []byte
	Err   error
	// After is the time since the call was sent.
	After time.Duration
}

// call is the link's own end of the middleware.
func (l *Link) call(ctx context.Context, rpc *protocol.RPC, body []byte) (Reply, error) {
	began := time.Now()
	err := l.permit(ctx, rpc, body)
	var s *session
	if err == nil {
		s, err = l.readySession(ctx, rpc.Effect == protocol.Order)
	}
	if err != nil {
		err = l.callError(rpc, "", false, err)
		l.noteCall(rpc, began, err)
		return Reply{}, err
	}
	return s.call(ctx, rpc, body)
}

func (l *Link) noteCall(rpc *protocol.RPC, began time.Time, err error) {
	for _, h := range l.hooks.call {
		h.OnCall(CallInfo{rpc.Name, rpc.Version, rpc.Effect, time.Since(began), err})
	}
}

// permit applies what the user forbids.
func (l *Link) permit(ctx context.Context, rpc *protocol.RPC, body []byte) error {
	if l.set.readOnly && rpc.Effect != protocol.Read {
		return ErrReadOnly
	}
	if l.set.guard != nil && rpc.Effect == protocol.Order {
		if err := l.set.guard(ctx, rpc, body); err != nil {
			return errBoth(ErrNotSent, fmt.Errorf("order guard: %w", err))
		}
	}
	return nil
}

// readySession waits for a ready session, unless it is wanted at once. Its errors are ErrNotSent.
func (l *Link) readySession(ctx context.Context, atOnce bool) (*session, error) {
	for {
		if ctx.Err() != nil {
			return nil, errBoth(ErrNotSent, context.Cause(ctx))
		}
		if l.isClosing() {
			return nil, errBoth(ErrNotSent, errBoth(ErrClosed, l.Err()))
		}
		if s := l.session.Load(); s.usable() {
			return s, nil
		}
		st, changed := l.box.get()
		if atOnce || l.set.failFast {
			return nil, errBoth(ErrNotSent, notReady(st))
		}
		if s := l.session.Load(); st.State == Ready && s.usable() {
			return s, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}

func notReady(st Status) error {
	if st.Err != nil {
		return fmt.Errorf("client is not ready (%s): %w", st.State, st.Err)
	}
	return fmt.Errorf("client is not ready (%s)", st.State)
}

func (l *Link) callError(rpc *protocol.RPC, id string, sent bool, err error) error {
	return &CallError{Venue: l.cfg.Protocol.Venue, Method: rpc.Name, Version: rpc.Version, RequestID: id, Sent: sent, Err: err}
}

// call sends a call on this session, ready or not.
func (s *session) call(ctx context.Context, rpc *protocol.RPC, body []byte) (Reply, error) {
	c := &call{s: s, rpc: rpc, want: replies(rpc, body), started: time.Now(), result: make(chan callResult, 1)}
	frames, sent, err := s.exchange(ctx, c, body)
	if err != nil {
		err = s.l.callError(rpc, c.id, sent, err)
	}
	s.l.noteCall(rpc, c.started, err)
	return Reply{Frames: frames}, err
}

// replies is how many frames answer a call: one, or one for each element of the lists of Per.
func replies(rpc *protocol.RPC, body []byte) int {
	n := 0
	for _, name := range rpc.Per {
		next, more := wire.EnterArray(body, max(wire.Lookup(body, 0, name), 0))
		for more {
			n++
			if next = wire.Skip(body, next); next < 0 {
				break
			}
			next, more = wire.NextElement(body, next)
		}
	}
	return max(n, 1)
}

// exchange writes a call and waits for what ends it. sent tells whether bytes may have reached the venue.
func (s *session) exchange(ctx context.Context, c *call, body []byte) (frames [][]byte, sent bool, err error) {
	f, err := s.send(ctx, c, body)
	if err != nil {
		s.pending.remove(c.id, c)
		return nil, false, err
	}
	if c.rpc.Reply == protocol.ReplyNone {
		defer s.pending.remove(c.id, c)
		return s.awaitWritten(ctx, f)
	}
	select {
	case r := <-c.result:
		return s.conclude(c, f, r)
	case <-ctx.Done():
	}
	if f.withdraw() {
		s.pending.remove(c.id, c)
		return nil, false, errBoth(ErrNotSent, context.Cause(ctx))
	}
	s.pending.abandon(c)
	select {
	case r := <-c.result: // it came in the meantime
		return s.conclude(c, f, r)
	default:
		return nil, true, errBoth(ErrOutcomeUnknown, context.Cause(ctx))
	}
}

// send registers a call, then gives its frame to the writer.
func (s *session) send(ctx context.Context, c *call, body []byte) (*outFrame, error) {
	l := s.l
	if _, err := s.pending.add(c, l.nextID); err != nil {
		return nil, err
	}
	data, err := l.cfg.Protocol.AppendCall(nil, c.rpc, protocol.Values{
		ID: c.id, Token: s.token.Reveal(), Elapsed: time.Since(s.began), Request: body,
	})
	if err != nil {
		return nil, errBoth(ErrNotSent, err)
	}
	f := newOutFrame(data)
	if c.rpc.Effect == protocol.Order {
		return f, s.out.hand(ctx, s.ctx, f)
	}
	return f, s.out.put(ctx, s.ctx, f)
}

func (s *session) awaitWritten(ctx context.Context, f *outFrame) ([][]byte, bool, error) {
	var cause error
	select {
	case <-f.done:
		return nil, true, nil
	case <-ctx.Done():
		cause = context.Cause(ctx)
	case <-s.ctx.Done():
		cause = context.Cause(s.ctx)
		<-s.out.done // what the writer had in hand is written now, or never
	}
	select {
	case <-f.done: // the wait had two ends at once
		return nil, true, nil
	default:
	}
	if f.withdraw() {
		return nil, false, errBoth(ErrNotSent, cause)
	}
	return nil, true, errBoth(ErrOutcomeUnknown, cause)
}

// conclude turns what ended a call into its result, on the caller's goroutine.
func (s *session) conclude(c *call, f *outFrame, r callResult) ([][]byte, bool, error) {
	if r.lost {
		if f.withdraw() {
			return nil, false, errBoth(ErrNotSent, r.err)
		}
		return nil, true, errBoth(ErrOutcomeUnknown, r.err)
	}
	if r.err != nil {
		return r.frames, true, r.err
	}
	var errs []error
	for _, frame := range r.frames {
		if err := s.l.judgeReply(c.rpc, c.gateEnds(), frame); err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) == 1 {
		return r.frames, true, errs[0]
	}
	return r.frames, true, errors.Join(errs...)
}

func (c *call) gateEnds() bool { return c.rpc.Reply == protocol.ReplyAck && c.gated }

// nextID yields ids; "" where the wire has none. They go on over sessions, so a reply of an old session finds nobody.
func (l *Link) nextID() string {
	ids := l.cfg.Protocol.IDs
	if ids.Kind == protocol.NoIDs {
		return ""
	}
	n := l.ids.Add(1)
	if ids.Max > 0 {
		n = (n-1)%uint64(ids.Max) + 1
	}
	return strconv.FormatUint(n, 10)
}
