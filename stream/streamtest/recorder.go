package streamtest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
)

// Frame is one frame as it went over the socket.
type Frame struct {
	At      time.Time
	Session int
	Sent    bool   // by the server
	Data    []byte // as it was, secrets included
}

// LoggedCall is one frame of a client, read. Sensitive values are replaced.
type LoggedCall struct {
	At      time.Time
	Session int
	protocol.ClientFrame
	Frame string // redacted
}

// recorder keeps what went over the sockets and wakes those who wait for it.
type recorder struct {
	mu     sync.Mutex
	frames []Frame
	limit  int // of frames and calls; 0 is none
	calls  []LoggedCall
	odd    []string
	news   chan struct{} // closed at the next change
}

func newRecorder() *recorder { return &recorder{news: make(chan struct{})} }

// changed wakes the waiters.
func (r *recorder) changed() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wake()
}

func (r *recorder) wake() {
	close(r.news)
	r.news = make(chan struct{})
}

func (r *recorder) sent(session int, data []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.frames = last(append(r.frames, Frame{time.Now(), session, true, data}), r.limit)
	r.wake()
}

func (r *recorder) received(session int, data []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.frames = last(append(r.frames, Frame{time.Now(), session, false, data}), r.limit)
}

func (r *recorder) call(c LoggedCall) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = last(append(r.calls, c), r.limit)
	r.wake()
}

// last forgets the older half once there are twice as many as the limit.
func last[T any](list []T, limit int) []T {
	if limit == 0 || len(list) < 2*limit {
		return list
	}
	return slices.Clone(list[len(list)-limit:])
}

func (r *recorder) problem(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.odd = append(r.odd, fmt.Sprintf(format, args...))
	r.wake()
}

// wait returns when cond holds or ctx ends. It is asked at every change.
func (r *recorder) wait(ctx context.Context, cond func() bool) error {
	for {
		r.mu.Lock()
		news := r.news
		r.mu.Unlock()
		if cond() {
			return nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Frames lists all frames in both directions, as they were.
func (s *Server) Frames() []Frame {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return append([]Frame(nil), s.log.frames...)
}

// Calls lists what clients sent, in the order in which the server handled it.
func (s *Server) Calls() []LoggedCall {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return append([]LoggedCall(nil), s.log.calls...)
}

// CallsOf lists the calls of one name.
func (s *Server) CallsOf(name string) []LoggedCall {
	var out []LoggedCall
	for _, c := range s.Calls() {
		if c.Kind == protocol.FrameCall && c.Name == name {
			out = append(out, c)
		}
	}
	return out
}

// Problems lists what the server could not make sense of: frames that fit no template and answers that it could not
// build. A test of a client wants none.
func (s *Server) Problems() []string {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return append([]string(nil), s.log.odd...)
}

// WaitCall waits until n calls of a name have come in and returns the n-th. It may still be unanswered then.
func (s *Server) WaitCall(ctx context.Context, name string, n int) (LoggedCall, error) {
	err := s.log.wait(ctx, func() bool { return len(s.CallsOf(name)) >= n })
	if err != nil {
		return LoggedCall{}, fmt.Errorf("waiting for call %d of %s, have %d: %w", n, name, len(s.CallsOf(name)), err)
	}
	return s.CallsOf(name)[n-1], nil
}

// WaitSubscribed waits until the live sessions have at least n items of a feed. Their acknowledgements are then on
// the way: what is pushed next comes behind them.
func (s *Server) WaitSubscribed(ctx context.Context, name string, n int) error {
	err := s.log.wait(ctx, func() bool { return s.subscribed(name) >= n })
	return s.waited(err, "waiting for %d items of %s, have %d", n, name)
}

// WaitUnsubscribed waits until the live sessions have no item of a feed.
func (s *Server) WaitUnsubscribed(ctx context.Context, name string) error {
	err := s.log.wait(ctx, func() bool { return s.subscribed(name) == 0 })
	return s.waited(err, "waiting for %d items of %s, have %d", 0, name)
}

func (s *Server) waited(err error, format string, n int, name string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format+": %w", n, name, s.subscribed(name), err)
}

// WaitSessions waits until exactly n sessions are live.
func (s *Server) WaitSessions(ctx context.Context, n int) error {
	err := s.log.wait(ctx, func() bool { return len(s.Sessions()) == n })
	if err != nil {
		return fmt.Errorf("waiting for %d sessions, have %d: %w", n, len(s.Sessions()), err)
	}
	return nil
}

// subscribed counts the items of a feed over all live sessions.
func (s *Server) subscribed(name string) (n int) {
	s.each(func(c *Session) { n += len(c.Subscribed(name)) })
	return n
}
