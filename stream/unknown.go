package stream

import (
	"maps"
	"strings"
	"sync"

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
	forgetFrame(&m)
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
