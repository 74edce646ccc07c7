package stream

import (
	"sync/atomic"
	"time"
)

// frameStats are written by the reading and writing goroutines.
type frameStats struct {
	read, readBytes, written atomic.Uint64
	last                     atomic.Int64
	late, stray, bad         atomic.Uint64
}

func (f *frameStats) in(m Meta, size int) {
	f.read.Store(f.read.Load() + 1) // there is one reader
	f.readBytes.Store(f.readBytes.Load() + uint64(size))
	f.last.Store(m.Received.UnixNano())
}

// Stats are the counters of a link, over all its sessions.
type Stats struct {
	FramesIn, BytesIn, FramesOut uint64
	LastFrame                    time.Time // zero before the first
	// LateReplies came after their caller had given up, StrayReplies for an id that nobody waits for.
	LateReplies, StrayReplies uint64
	// DecodeErrors counts elements that could not be decoded.
	DecodeErrors uint64
	// Unknown counts elements that nothing knew, by kind; beyond 256 kinds under "(other)".
	Unknown map[string]uint64
	// Unwanted counts events that no handle took, by the name of their topic: those after the last Close, and those
	// of feeds that nobody subscribed.
	Unwanted      map[string]uint64
	PendingCalls  int
	Subscriptions []SubscriptionStats
}

// SubscriptionStats describes one subscribed item.
type SubscriptionStats struct {
	Feed, Key string
	State     string // "wanted", "sent", "live", "assumed", "failed"
	Uses      int    // handles that share it
	Since     time.Time
	Err       error // why it failed last
}

// Stats returns the counters of the link.
func (l *Link) Stats() Stats {
	st := Stats{
		FramesIn:      l.frames.read.Load(),
		BytesIn:       l.frames.readBytes.Load(),
		FramesOut:     l.frames.written.Load(),
		LateReplies:   l.frames.late.Load(),
		StrayReplies:  l.frames.stray.Load(),
		DecodeErrors:  l.frames.bad.Load(),
		Unknown:       l.unknown.counts(),
		Unwanted:      make(map[string]uint64),
		Subscriptions: l.reg.stats(),
	}
	if ns := l.frames.last.Load(); ns != 0 {
		st.LastFrame = time.Unix(0, ns)
	}
	l.eachSink(func(s Sink) {
		if t, ok := s.(itemSink); ok {
			if name, n := t.unwantedCount(); n > 0 {
				st.Unwanted[name] += n
			}
		}
	})
	if s := l.session.Load(); s != nil {
		st.PendingCalls = s.pending.live()
	}
	return st
}

// Unknown returns the last elements, at most 64, that nothing knew or that could not be decoded, oldest first.
func (l *Link) Unknown() []UnknownElement { return l.unknown.last(l.cfg.Protocol) }
