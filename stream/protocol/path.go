package protocol

import (
	"iter"

	"github.com/venuewire/venuewire/wire"
)

// Each is the path element for every element of a list.
const Each = "[]"

// textMember is the one member of a text frame.
const textMember = "text"

// At is the JSON value at a path of a frame; false when it is not there. For tuples the first name is one of the
// layout; for text frames it is "text" and the value is quoted. [Each] leads to the first element, and the path
// goes on from the first repeated element of a tuple that has the rest of it. The value borrows the frame. A nil
// class stands for any object.
func At(c *Class, frame []byte, path Path) (value []byte, ok bool) {
	if c != nil && c.Form == Text {
		if len(path) != 1 || path[0] != textMember {
			return nil, false
		}
		return wire.AppendString(nil, string(frame)), true
	}
	if c == nil || c.Form != Tuple {
		return cut(frame, follow(frame, 0, path))
	}
	if len(path) == 0 {
		return cut(frame, 0)
	}
	return tuplePath(c, frame, path)
}

// cut turns an offset into the value there.
func cut(b []byte, at int) ([]byte, bool) {
	v := valueAt(b, at)
	return v, v != nil
}

// follow is the offset of the value at a path below i, or negative.
func follow(b []byte, i int, path Path) int {
	for len(path) > 0 && i >= 0 {
		n := 0
		for n < len(path) && path[n] != Each {
			n++
		}
		if n > 0 {
			i = wire.Lookup(b, i, path[:n]...)
			path = path[n:]
			continue
		}
		next, more := wire.EnterArray(b, i)
		if !more {
			return wire.ErrMissing
		}
		i, path = next, path[1:]
	}
	return i
}

func tuplePath(c *Class, b []byte, path Path) ([]byte, bool) {
	lo, hi := c.tupleRange(countElements(b), path[0])
	next, more := wire.EnterArray(b, 0)
	for k := 0; more && k < hi; k++ {
		if k >= lo {
			if at := follow(b, next, path[1:]); at >= 0 {
				return cut(b, at)
			}
		}
		if next = wire.Skip(b, next); next < 0 {
			return nil, false
		}
		next, more = wire.NextElement(b, next)
	}
	return nil, false
}

// AllAt yields every value at a path: [Each] leads to all elements of a list, and a repeated place of a tuple to all
// its pieces. Values borrow the frame.
func AllAt(c *Class, frame []byte, path Path) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		switch {
		case c == nil || c.Form == Object || c.Form == Array || len(path) == 0:
			allAt(frame, path, yield)
		case c.Form == Text:
			if v, ok := At(c, frame, path); ok {
				yield(v)
			}
		default:
			lo, hi := c.tupleRange(countElements(frame), path[0])
			k := 0
			eachElement(frame, 0, func(e []byte) bool {
				k++
				return k <= lo || k <= hi && allAt(e, path[1:], yield)
			})
		}
	}
}

// allAt yields the values at a path of v; false when yield stopped it.
func allAt(v []byte, path Path, yield func([]byte) bool) bool {
	for n, name := range path {
		if name != Each {
			continue
		}
		list := valueAt(v, wire.Lookup(v, 0, path[:n]...))
		more := true
		eachElement(list, 0, func(e []byte) bool {
			more = allAt(e, path[n+1:], yield)
			return more
		})
		return more
	}
	at := wire.Lookup(v, 0, path...)
	if found := valueAt(v, at); found != nil {
		return yield(found)
	}
	return true
}
