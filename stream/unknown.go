package stream

import (
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
)

const (
	unknownRing  = 64
	unknownKinds = 256
	maxKind      = 96
	maxKept      = 4 << 10 // bytes kept of an unknown element
	otherKinds   = "(other)"
)

// UnknownElement is an element that nothing knew, or that could not be decoded (kind "(bad)"). Bytes holds at most
// 4 KiB, without the values of sensitive members.
type UnknownElement struct {
	Meta
	Kind  string
	Bytes []byte

	clean bool
}

// unknownLog counts unknown elements by kind, in a bounded table, and keeps the last ones.
type unknownLog struct {
	mu    sync.Mutex
	kinds map[string]uint64
	ring  []UnknownElement
	next  int
}

// add tells whether the kind is new.
func (u *unknownLog) add(kind string, b []byte, m Meta, p *protocol.Protocol) (fresh bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.kinds == nil {
		u.kinds = make(map[string]uint64)
	}
	if u.kinds[kind] == 0 && len(u.kinds) >= unknownKinds {
		kind = otherKinds
	}
	u.kinds[kind]++
	m.raw, m.gap = nil, nil
	kept := UnknownElement{Meta: m, Kind: kind}
	if len(b) <= maxKept {
		kept.Bytes = append(kept.Bytes, b...) // cleaned when it is shown
	} else {
		kept.Bytes = append(kept.Bytes, p.Redact(nil, b)...)
		kept.Bytes = append([]byte(nil), kept.Bytes[:min(maxKept, len(kept.Bytes))]...)
		kept.clean = true
	}
	if len(u.ring) < unknownRing {
		u.ring = append(u.ring, kept)
	} else {
		u.ring[u.next] = kept
	}
	u.next = (u.next + 1) % unknownRing
	return u.kinds[kind] == 1
}

func (u *unknownLog) counts() map[string]uint64 {
	u.mu.Lock()
	defer u.mu.Unlock()
	return maps.Clone(u.kinds)
}

// last lists the kept elements, oldest first.
func (u *unknownLog) last(p *protocol.Protocol) []UnknownElement {
	u.mu.Lock()
	defer u.mu.Unlock()
	var out []UnknownElement
	if len(u.ring) == unknownRing {
		out = append(out, u.ring[u.next:]...)
		out = append(out, u.ring[:u.next]...)
	} else {
		out = append(out, u.ring...)
	}
	for i := range out {
		if !out[i].clean {
			out[i].Bytes = p.Redact(nil, out[i].Bytes)
		}
	}
	return out
}

func cutKind(kind string) string {
	if len(kind) <= maxKind {
		return kind
	}
	return strings.ToValidUTF8(kind[:maxKind], "")
}

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
	Unknown       map[string]uint64
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
		Subscriptions: l.reg.stats(),
	}
	if ns := l.frames.last.Load(); ns != 0 {
		st.LastFrame = time.Unix(0, ns)
	}
	if s := l.session.Load(); s != nil {
		st.PendingCalls = s.pending.live()
	}
	return st
}

// Unknown returns the last elements, at most 64, that nothing knew or that could not be decoded, oldest first.
func (l *Link) Unknown() []UnknownElement { return l.unknown.last(l.cfg.Protocol) }
