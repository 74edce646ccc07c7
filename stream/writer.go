package stream

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

const (
	outboundQueue = 256
	writeTimeout  = 10 * time.Second
	// orderHandoff is how long an order lets the frame that is on its way to the socket finish.
	orderHandoff = 5 * time.Millisecond
	closeEcho    = 250 * time.Millisecond
	closeNormal  = websocket.CloseNormalClosure
)

// outFrame is a frame on its way to the socket.
type outFrame struct {
	data  []byte
	state atomic.Int32
	done  chan struct{} // closed when it was written
}

const (
	frameQueued int32 = iota
	frameTaken        // bytes may have reached the socket
	frameWithdrawn
)

func newOutFrame(data []byte) *outFrame { return &outFrame{data: data, done: make(chan struct{})} }

// withdraw takes a frame back; false when bytes of it may be on the wire.
func (f *outFrame) withdraw() bool {
	return f.state.CompareAndSwap(frameQueued, frameWithdrawn) || f.state.Load() == frameWithdrawn
}

// writer owns the write side of a socket: one goroutine writes frames and control frames, one at a time.
type writer struct {
	queue chan *outFrame
	now   chan *outFrame // orders: a handoff, no queue
	done  chan struct{}  // closed when the goroutine ended

	mu      sync.Mutex
	pong    []byte // newest payload that is not answered
	hasPong bool
	ping    bool
	close   int  // close code to send
	closing bool // a close code was asked for, sent or not
	control chan struct{}
}

func newWriter() *writer {
	return &writer{
		queue:   make(chan *outFrame, outboundQueue),
		now:     make(chan *outFrame),
		done:    make(chan struct{}),
		control: make(chan struct{}, 1),
	}
}

// put queues a frame; it waits for a place.
func (w *writer) put(ctx, session context.Context, f *outFrame) error {
	select {
	case w.queue <- f:
		return nil
	case <-ctx.Done():
		return errBoth(ErrNotSent, context.Cause(ctx))
	case <-session.Done():
		return errBoth(ErrNotSent, context.Cause(session))
	}
}

// hand gives a frame to the writer past the queue. It fails when the writer cannot take it at once.
func (w *writer) hand(ctx, session context.Context, f *outFrame) error {
	t := time.NewTimer(orderHandoff)
	defer t.Stop()
	select {
	case w.now <- f:
		return nil
	case <-t.C:
		return fmt.Errorf("%w: the socket does not take it at once", ErrNotSent)
	case <-ctx.Done():
		return errBoth(ErrNotSent, context.Cause(ctx))
	case <-session.Done():
		return errBoth(ErrNotSent, context.Cause(session))
	}
}

// write is the writing goroutine.
func (s *session) write() {
	w := s.out
	defer close(w.done)
	for {
		select {
		case f := <-w.now: // orders first
			s.writeFrame(f)
			continue
		default:
		}
		select {
		case f := <-w.now:
			s.writeFrame(f)
		case f := <-w.queue:
			s.writeFrame(f)
		case <-w.control:
			s.writeControl()
		case <-s.ctx.Done():
			s.writeControl()
			return
		}
	}
}

func (s *session) writeFrame(f *outFrame) {
	if s.ctx.Err() != nil || !f.state.CompareAndSwap(frameQueued, frameTaken) {
		return
	}
	_ = s.sock.SetWriteDeadline(time.Now().Add(writeTimeout))
	if err := s.sock.WriteMessage(websocket.TextMessage, f.data); err != nil {
		s.writeFailed(err)
		return
	}
	close(f.done)
	s.l.frames.written.Add(1)
	if len(s.l.hooks.frameOut) > 0 || s.l.watchesFrames() {
		s.showFrame("out", f.data)
	}
}

// writeFailed lets the reader say first why the peer is gone.
func (s *session) writeFailed(err error) {
	err = fmt.Errorf("write: %w", err)
	_ = sleep(s.ctx, writerGrace)
	s.end(err)
}

func (s *session) writeControl() {
	w := s.out
	w.mu.Lock()
	pong, hasPong, ping, code := w.pong, w.hasPong, w.ping, w.close
	w.hasPong, w.ping, w.close = false, false, 0
	w.mu.Unlock()
	deadline := time.Now().Add(writeTimeout)
	var err error
	if hasPong && s.ctx.Err() == nil {
		err = s.sock.WriteControl(websocket.PongMessage, pong, deadline)
	}
	if ping && err == nil && s.ctx.Err() == nil {
		err = s.sock.WriteControl(websocket.PingMessage, nil, deadline)
	}
	if code != 0 && err == nil {
		_ = s.sock.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(closeEcho))
	}
	if err != nil {
		s.writeFailed(err)
	}
}

// setControlHandlers keeps the library from writing on the reading goroutine.
func (s *session) setControlHandlers() {
	s.sock.SetPingHandler(func(payload string) error {
		s.arm(time.Now())
		s.out.requestPong(payload)
		return nil
	})
	s.sock.SetPongHandler(func(string) error {
		s.arm(time.Now())
		return nil
	})
	s.sock.SetCloseHandler(func(code int, _ string) error {
		if code == websocket.CloseNoStatusReceived {
			code = closeNormal
		}
		s.out.requestClose(code)
		return nil
	})
}

// requestPong answers a ping; of pings that come faster than they can be answered only the newest is.
func (w *writer) requestPong(payload string) {
	w.mu.Lock()
	w.pong, w.hasPong = append(w.pong[:0:0], payload...), true
	w.mu.Unlock()
	wake(w.control)
}

func (w *writer) requestPing() {
	w.mu.Lock()
	w.ping = true
	w.mu.Unlock()
	wake(w.control)
}

func (w *writer) requestClose(code int) {
	w.mu.Lock()
	w.close, w.closing = code, true
	w.mu.Unlock()
	wake(w.control)
}

// wantsClose is true from the request on, so that nobody takes a close frame that is being written for one that was.
func (w *writer) wantsClose() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.closing
}
