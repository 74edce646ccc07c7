package main

import (
	"encoding/binary"
	"io"
	"time"

	"github.com/venuewire/venuewire/bench/internal/feed"
)

// tape is a cycle of frames as they stand on the wire, in one piece so that one write takes many.
type tape struct {
	bytes []byte
	ends  []int // of each frame
}

func newTape(payloads [][]byte) *tape {
	t := new(tape)
	for _, p := range payloads {
		t.bytes = append(appendHeader(t.bytes, len(p)), p...)
		t.ends = append(t.ends, len(t.bytes))
	}
	return t
}

// appendHeader appends that of a final text frame of a server.
func appendHeader(dst []byte, n int) []byte {
	switch {
	case n < 126:
		return append(dst, 0x81, byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(dst, 0x81, 126), uint16(n))
	}
	return binary.BigEndian.AppendUint64(append(dst, 0x81, 127), uint64(n))
}

// tapeOf returns the tape of frames with a number of events; connections share it.
func (s *server) tapeOf(events int) *tape {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tapes[events]
	if t == nil {
		t = newTape(feed.Frames(events))
		s.tapes[events] = t
	}
	return t
}

// flood writes frames as fast as they are taken, a whole cycle in one write so that the server is not the limit.
func flood(w io.Writer, t *tape, frames int) {
	for frames > 0 {
		n := min(frames, len(t.ends))
		if _, err := w.Write(t.bytes[:t.ends[n-1]]); err != nil {
			return // the client has gone
		}
		frames -= n
	}
}

// pace writes frames at a rate, each in a write of its own with the time just before it.
func pace(w io.Writer, events, frames, rate int) {
	payloads := feed.StampedFrames(events)
	began := time.Now()
	var buf []byte
	for n := range frames {
		time.Sleep(time.Until(began.Add(time.Duration(n) * time.Second / time.Duration(rate))))
		payload := payloads[n%len(payloads)]
		feed.Stamp(payload, feed.Offsets(payload), time.Now())
		buf = append(appendHeader(buf[:0], len(payload)), payload...)
		if _, err := w.Write(buf); err != nil {
			return
		}
	}
}
