package protocol

import (
	"fmt"

	"github.com/venuewire/venuewire/wire"
)

// MaxKeys is how many key members of a class a [Header] keeps.
const MaxKeys = 4

// Header is what one pass over a frame, or over one element of a batch, tells about it. Keys and Payload borrow the
// frame.
type Header struct {
	Class *Class
	// ID is the request id: text without quotes, numbers as their digits; "" when it is absent, null or empty.
	ID string
	// Keys are the texts of the class's key members in their order; nil when absent. A text frame is its own key.
	Keys [MaxKeys][]byte
	// Payload is the value at the class's payload member, for tuples the first piece; the frame itself for classes
	// without one; nil when the member is absent.
	Payload []byte
}

// Header reads the class, id, keys and payload of a frame in one pass. It fails with [ErrNoClass], or says what is
// wrong with a malformed frame.
func (p *Protocol) Header(b []byte) (Header, error) {
	switch wire.Kind(b, 0) {
	case '{':
		var scan objectScan
		c, code := scan.run(p, b)
		if code < 0 {
			return Header{}, malformed(code)
		}
		if c == nil {
			return Header{}, ErrNoClass
		}
		return scan.header(p, c, b), nil
	case '[':
		return p.listHeader(b)
	}
	c := p.classifyText(b)
	if c == nil {
		return Header{}, ErrNoClass
	}
	return Header{Class: c, Keys: [MaxKeys][]byte{b}, Payload: b}, nil
}

func malformed(code int) error {
	return fmt.Errorf("protocol: malformed frame: %s", wire.CodeText(code))
}

func (p *Protocol) listHeader(b []byte) (Header, error) {
	if end := wire.End(b, wire.Skip(b, 0)); end < 0 {
		return Header{}, malformed(end)
	}
	c := p.classifyList(b)
	if c == nil {
		return Header{}, ErrNoClass
	}
	h := Header{Class: c, Payload: b}
	if c.Form != Tuple {
		return h, nil
	}
	h.Payload = valueAt(b, tupleAt(c, b, c.payloadPlace()))
	for i, name := range c.Key[:min(len(c.Key), MaxKeys)] {
		h.Keys[i] = scalarText(valueAt(b, tupleAt(c, b, name)))
	}
	if c.ID != "" {
		h.ID = string(scalarText(valueAt(b, tupleAt(c, b, c.ID))))
	}
	return h, nil
}

// Key is the text of the i-th key member; "" when absent.
func (h *Header) Key(i int) string {
	if i >= MaxKeys {
		return ""
	}
	return string(h.Keys[i])
}

// span is a part of a frame; to is 0 when it is not there.
type span struct{ from, to int32 }

func (s *span) set(from, to int) {
	if s.to == 0 { // the first of repeated members counts, as in wire.Lookup
		*s = span{int32(from), int32(to)}
	}
}

func (s span) of(b []byte) []byte {
	if s.to == 0 {
		return nil
	}
	return b[s.from:s.to]
}

// slot is what a scan saw of one class.
type slot struct {
	has         uint32
	lacksFailed bool
	id, payload span
	keys        [MaxKeys]span
}

const inlineClasses = 6

// objectScan reads the members of an object once for all classes.
type objectScan struct {
	inline [inlineClasses]slot
	more   []slot // protocols with more classes
}

func (s *objectScan) slot(i int) *slot {
	if i < inlineClasses {
		return &s.inline[i]
	}
	return &s.more[i-inlineClasses]
}

// run finds the class; nil when none fits. A negative code tells that the frame is malformed.
func (s *objectScan) run(p *Protocol, b []byte) (*Class, int) {
	if n := len(p.Classes) - inlineClasses; n > 0 {
		s.more = make([]slot, n)
	}
	next, more := wire.EnterObject(b, 0)
	for more {
		key, at := memberAt(b, next)
		if at < 0 {
			return nil, at
		}
		if next = wire.Skip(b, at); next < 0 {
			return nil, next
		}
		s.member(p, key, at, next)
		next, more = wire.NextMember(b, next)
	}
	if next = wire.End(b, next); next < 0 {
		return nil, next
	}
	return s.pick(p), 0
}

func (s *objectScan) member(p *Protocol, key []byte, from, to int) {
	for i := range p.Classes {
		c := &p.Classes[i]
		if c.Form != Object {
			continue
		}
		sl := s.slot(i)
		for j, name := range c.Has {
			if string(key) == name {
				sl.has |= 1 << (j & 31)
			}
		}
		for _, name := range c.Lacks {
			sl.lacksFailed = sl.lacksFailed || string(key) == name
		}
		if c.ID != "" && string(key) == c.ID {
			sl.id.set(from, to)
		}
		if c.Payload != "" && string(key) == c.Payload {
			sl.payload.set(from, to)
		}
		for j, name := range c.Key[:min(len(c.Key), MaxKeys)] {
			if string(key) == name {
				sl.keys[j].set(from, to)
			}
		}
	}
}

// pick takes the class that asks for most; classes of a checked spec exclude each other.
func (s *objectScan) pick(p *Protocol) *Class {
	best, most := -1, -1
	for i := range p.Classes {
		c, sl := &p.Classes[i], (*slot)(nil)
		if c.Form != Object {
			continue
		}
		if sl = s.slot(i); sl.lacksFailed || sl.has != 1<<(len(c.Has)&31)-1 {
			continue
		}
		if n := len(c.Has) + len(c.Lacks); n > most {
			best, most = i, n
		}
	}
	if best < 0 {
		return nil
	}
	return &p.Classes[best]
}

func (s *objectScan) header(p *Protocol, c *Class, b []byte) Header {
	h := Header{Class: c}
	for i := range p.Classes {
		if &p.Classes[i] != c {
			continue
		}
		sl := s.slot(i)
		h.ID = idText(sl.id.of(b))
		for j := range sl.keys {
			h.Keys[j] = scalarText(sl.keys[j].of(b))
		}
		if h.Payload = b; c.Payload != "" {
			h.Payload = sl.payload.of(b)
		}
	}
	return h
}

// idText is "" for what cannot be a request id.
func idText(v []byte) string {
	if k := wire.Kind(v, 0); k != '"' && k != '0' {
		return ""
	}
	return string(scalarText(v))
}
