package stream

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"
)

const (
	firstBuffer = 16 << 10
	// A buffer beyond bigBuffer is given back after calmFrames frames that needed a fraction of it.
	bigBuffer  = 1 << 20
	calmFrames = 1000
	// writerGrace is how long a failed writer lets the reader find out why, since the peer's close frame says more
	// than a broken pipe.
	writerGrace = 250 * time.Millisecond
)

// read is the reading goroutine: all events are delivered on it.
func (s *session) read() {
	err := s.readFrames()
	s.end(s.l.readError(err))
}

func (s *session) readFrames() error {
	for {
		s.arm(time.Now())
		_, r, err := s.sock.NextReader()
		if err != nil {
			return err
		}
		// A frame that did not end is never decoded, whatever came of it.
		b, err := s.fill(r)
		if err != nil {
			return err
		}
		s.dispatch(b)
	}
}

// fill reads a whole frame into the session's buffer.
func (s *session) fill(r io.Reader) ([]byte, error) {
	if s.buf == nil {
		s.buf = make([]byte, firstBuffer)
	}
	n := 0
	for {
		if n == len(s.buf) {
			s.buf = append(s.buf, make([]byte, len(s.buf))...)
		}
		m, err := r.Read(s.buf[n:])
		n += m
		if errors.Is(err, io.EOF) {
			b := s.buf[:n]
			s.shrink(n)
			return b, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// shrink gives a big buffer back when frames have long been small.
func (s *session) shrink(n int) {
	if len(s.buf) < bigBuffer || n > len(s.buf)/4 {
		s.smallRun = 0
		return
	}
	if s.smallRun++; s.smallRun > calmFrames {
		s.buf, s.smallRun = nil, 0
	}
}

// dispatch hands a frame to generated code, which hands back what it does not know.
func (s *session) dispatch(b []byte) {
	l := s.l
	s.meta = Meta{Received: time.Now(), Epoch: s.epoch, Seq: l.seq.Add(1)}
	l.frames.in(s.meta, len(b))
	if l.watchesFrames() {
		s.showFrame("in", b)
	}
	l.cfg.Inbound.Frame(b, s.meta, s.rest)
}

func (l *Link) watchesFrames() bool {
	return len(l.hooks.frameIn) > 0 || l.set.logger.Enabled(context.Background(), slog.LevelDebug)
}

func (s *session) showFrame(direction string, b []byte) {
	l := s.l
	f := Frame{Epoch: s.epoch, Time: time.Now(), Size: len(b), raw: b, wire: l.cfg.Protocol}
	if direction == "in" {
		for _, h := range l.hooks.frameIn {
			h.OnFrameIn(f)
		}
	} else {
		for _, h := range l.hooks.frameOut {
			h.OnFrameOut(f)
		}
	}
	if l.set.logger.Enabled(context.Background(), slog.LevelDebug) {
		l.set.logger.Debug("stream: frame", "dir", direction, "epoch", s.epoch, "frame", string(f.Bytes()))
	}
}
