package protocol

import (
	"errors"
	"fmt"

	"github.com/venuewire/venuewire/wire"
)

// ErrNoClass is returned for a frame that fits no class of the protocol.
var ErrNoClass = errors.New("protocol: frame fits no class")

// Class finds a class by name; nil if there is none.
func (p *Protocol) Class(name string) *Class {
	for i := range p.Classes {
		if p.Classes[i].Name == name {
			return &p.Classes[i]
		}
	}
	return nil
}

// Classify tells the class of a whole frame by its form, its members, or its element count; false when none fits or
// the frame is malformed. A batch is judged by its form alone; see [Protocol.Elements].
func (p *Protocol) Classify(b []byte) (*Class, bool) {
	var c *Class
	switch wire.Kind(b, 0) {
	case '{':
		var scan objectScan
		c, _ = scan.run(p, b)
	case '[':
		c = p.classifyList(b)
	default:
		c = p.classifyText(b)
	}
	return c, c != nil
}

// classifyList finds the class of an array: a tuple class by element count, else the batch class.
func (p *Protocol) classifyList(b []byte) *Class {
	var batch *Class
	n := -1
	for i := range p.Classes {
		c := &p.Classes[i]
		switch c.Form {
		case Array:
			batch = c
		case Tuple:
			if n < 0 {
				if n = countElements(b); n < 0 {
					return nil
				}
			}
			if c.admits(n) && c.fitsPayload(b) {
				return c
			}
		}
	}
	return batch
}

func (p *Protocol) classifyText(b []byte) *Class {
	if len(b) == 0 || wire.Space(b, 0) == len(b) || wire.Valid(b) {
		return nil
	}
	for i := range p.Classes {
		if p.Classes[i].Form == Text {
			return &p.Classes[i]
		}
	}
	return nil
}

// admits tells whether a tuple of n elements fits the layout.
func (c *Class) admits(n int) bool {
	least, most := 0, len(c.Layout)
	for _, e := range c.Layout {
		if !e.Optional {
			least++
		}
		if e.Repeat {
			most = n
		}
	}
	return n >= least && n <= most
}

// fitsPayload tests Has and Lacks of a tuple class on the first payload.
func (c *Class) fitsPayload(b []byte) bool {
	for _, name := range c.Has {
		if tupleMember(c, b, name) < 0 {
			return false
		}
	}
	for _, name := range c.Lacks {
		if tupleMember(c, b, name) >= 0 {
			return false
		}
	}
	return true
}

// countElements is negative for what is no array.
func countElements(b []byte) int {
	n := 0
	next, more := wire.EnterArray(b, 0)
	for more {
		n++
		if next = wire.Skip(b, next); next < 0 {
			return -1
		}
		next, more = wire.NextElement(b, next)
	}
	if next < 0 {
		return -1
	}
	return n
}

// Elements calls yield for every element of a batch until it says false, or once for the frame itself when c is no
// batch class. The error tells that the batch is malformed; what came before the fault was yielded.
func (p *Protocol) Elements(c *Class, b []byte, yield func(elem []byte) bool) error {
	if c == nil || c.Form != Array {
		yield(b)
		return nil
	}
	next, more := wire.EnterArray(b, 0)
	for more {
		at := wire.Space(b, next)
		if next = wire.Skip(b, at); next < 0 {
			break
		}
		if !yield(b[at:next]) {
			return nil
		}
		next, more = wire.NextElement(b, next)
	}
	if next = wire.End(b, next); next < 0 {
		return fmt.Errorf("protocol: batch of class %s: %s", c.Name, wire.CodeText(next))
	}
	return nil
}

// tupleRange tells which of n elements the named place of a layout takes; lo == hi when it takes none.
func (c *Class) tupleRange(n int, name string) (lo, hi int) {
	place, repeat := -1, -1
	for i, e := range c.Layout {
		if e.Name == name {
			place = i
		}
		if e.Repeat {
			repeat = i
		}
	}
	extra := max(n-len(c.Layout), 0)
	switch {
	case place < 0:
		return 0, 0
	case repeat < 0 || place < repeat:
		return min(place, n), min(place+1, n)
	case place == repeat:
		return place, min(place+1+extra, n)
	}
	return min(place+extra, n), min(place+extra+1, n)
}

// tupleAt is the offset of the first element at the named place of a tuple, or negative.
func tupleAt(c *Class, b []byte, name string) int {
	lo, hi := c.tupleRange(countElements(b), name)
	if lo == hi {
		return wire.ErrMissing
	}
	next, more := wire.EnterArray(b, 0)
	for k := 0; more; k++ {
		if k == lo {
			return wire.Space(b, next)
		}
		if next = wire.Skip(b, next); next < 0 {
			return next
		}
		next, more = wire.NextElement(b, next)
	}
	return wire.ErrMissing
}

// tupleMember is the offset of a member of the first payload, or of the element that the layout calls so.
func tupleMember(c *Class, b []byte, name string) int {
	if c.hasPlace(name) {
		return tupleAt(c, b, name)
	}
	at := tupleAt(c, b, c.payloadPlace())
	if at < 0 {
		return at
	}
	return wire.Lookup(b, at, name)
}

func (c *Class) hasPlace(name string) bool {
	for _, e := range c.Layout {
		if e.Name == name {
			return true
		}
	}
	return false
}

// payloadPlace is the place that holds a tuple's payload.
func (c *Class) payloadPlace() string {
	if c.Payload != "" {
		return c.Payload
	}
	return "payload"
}
