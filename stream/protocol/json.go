package protocol

import (
	"bytes"
	"strconv"

	"github.com/venuewire/venuewire/wire"
)

// memberAt reads the member whose key starts at i: the key without quotes and the offset of the value. The key
// borrows b unless it is escaped. A negative offset is a code of package wire.
func memberAt(b []byte, i int) (key []byte, at int) {
	key, next := textAt(b, i)
	if next < 0 {
		return nil, next
	}
	next = wire.Space(b, next)
	if next >= len(b) {
		return nil, wire.ErrTruncated
	}
	if b[next] != ':' {
		return nil, wire.ErrSyntax
	}
	return key, wire.Space(b, next+1)
}

// textAt reads the string at i without its quotes; it borrows b unless the string is escaped.
func textAt(b []byte, i int) (text []byte, next int) {
	i = wire.Space(b, i)
	if wire.Kind(b, i) != '"' {
		return nil, wire.ErrKind
	}
	if next = wire.Skip(b, i); next < 0 {
		return nil, next
	}
	text = b[i+1 : next-1]
	if bytes.IndexByte(text, '\\') < 0 {
		return text, next
	}
	return unescaped(b, i)
}

// unescaped keeps the decoder out of the frames of its callers.
//
//go:noinline
func unescaped(b []byte, i int) (text []byte, next int) {
	var d wire.Decoder
	text, next = d.Text(b, i)
	return bytes.Clone(text), next
}

// valueAt cuts out the value at i; it is nil where there is none.
func valueAt(b []byte, i int) []byte {
	if i < 0 {
		return nil
	}
	i = wire.Space(b, i)
	next := wire.Skip(b, i)
	if next < 0 {
		return nil
	}
	return b[i:next]
}

// scalarText is a value as text: strings without quotes, other values as they are spelled, null as nothing.
func scalarText(v []byte) []byte {
	switch wire.Kind(v, 0) {
	case '"':
		s, next := textAt(v, 0)
		if next < 0 {
			return nil
		}
		return s
	case 'n', 0:
		return nil
	}
	return bytes.TrimSpace(v)
}

// eachMember calls yield for the members of the object at i until it says false. It returns the offset behind the
// object, or a code; 0 when yield stopped it.
func eachMember(b []byte, i int, yield func(key, value []byte) bool) int {
	next, more := wire.EnterObject(b, i)
	for more {
		key, at := memberAt(b, next)
		if at < 0 {
			return at
		}
		if next = wire.Skip(b, at); next < 0 {
			return next
		}
		if !yield(key, b[at:next]) {
			return 0
		}
		next, more = wire.NextMember(b, next)
	}
	return next
}

// eachElement is eachMember for arrays.
func eachElement(b []byte, i int, yield func(value []byte) bool) int {
	next, more := wire.EnterArray(b, i)
	for more {
		at := wire.Space(b, next)
		if next = wire.Skip(b, at); next < 0 {
			return next
		}
		if !yield(b[at:next]) {
			return 0
		}
		next, more = wire.NextElement(b, next)
	}
	return next
}

// jsonEqual tells whether two values are equal: strings by their text, numbers by their value, members in any order.
func jsonEqual(x, y []byte) bool {
	kind := wire.Kind(x, 0)
	if kind != wire.Kind(y, 0) {
		return false
	}
	switch kind {
	case '"':
		a, i := textAt(x, 0)
		b, j := textAt(y, 0)
		return i >= 0 && j >= 0 && bytes.Equal(a, b)
	case '0':
		return numbersEqual(bytes.TrimSpace(x), bytes.TrimSpace(y))
	case '[':
		return arraysEqual(x, y)
	case '{':
		return objectsEqual(x, y)
	}
	return kind != 0 && bytes.Equal(bytes.TrimSpace(x), bytes.TrimSpace(y))
}

func arraysEqual(x, y []byte) bool {
	a, b := elementsOf(x), elementsOf(y)
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !jsonEqual(a[i], b[i]) {
			return false
		}
	}
	return true
}

func objectsEqual(x, y []byte) bool {
	n, equal := 0, true
	eachMember(x, 0, func(key, v []byte) bool {
		n++
		at := wire.Lookup(y, 0, string(key))
		equal = at >= 0 && jsonEqual(v, valueAt(y, at))
		return equal
	})
	if !equal {
		return false
	}
	eachMember(y, 0, func(_, _ []byte) bool { n--; return true })
	return n == 0
}

// elementsOf lists the elements of an array; a value of another kind has none.
func elementsOf(v []byte) [][]byte {
	var out [][]byte
	eachElement(v, 0, func(e []byte) bool { out = append(out, e); return true })
	return out
}

// number is a JSON number in normal form: digits without zeros at either end, times ten to exp.
type number struct {
	negative bool
	digits   []byte
	exp      int
}

// parseNumber reads the number v; digits are appended to buf.
func parseNumber(v, buf []byte) (n number, ok bool) {
	if len(v) > 0 && v[0] == '-' {
		n.negative, v = true, v[1:]
	}
	digits, inFraction := buf[:0], false
scan:
	for i, c := range v {
		switch {
		case c >= '0' && c <= '9':
			if inFraction {
				n.exp--
			}
			if c != '0' || len(digits) > 0 {
				digits = append(digits, c)
			}
		case c == '.':
			inFraction = true
		case c == 'e' || c == 'E':
			e, err := strconv.Atoi(string(v[i+1:]))
			if err != nil || e > 1<<20 || e < -1<<20 {
				return n, false
			}
			n.exp += e
			break scan
		default:
			return n, false
		}
	}
	for len(digits) > 0 && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
		n.exp++
	}
	if n.digits = digits; len(digits) == 0 {
		n = number{}
	}
	return n, true
}

func numbersEqual(x, y []byte) bool {
	if bytes.Equal(x, y) {
		return true
	}
	var a, b [40]byte
	m, ok := parseNumber(x, a[:0])
	n, ok2 := parseNumber(y, b[:0])
	return ok && ok2 && m.negative == n.negative && m.exp == n.exp && bytes.Equal(m.digits, n.digits)
}

// integerOf reads a number of integral value, in any spelling.
func integerOf(v []byte) (int64, bool) {
	if wire.Kind(v, 0) != '0' {
		return 0, false
	}
	var buf [40]byte
	n, ok := parseNumber(bytes.TrimSpace(v), buf[:0])
	if !ok || n.exp < 0 || len(n.digits)+n.exp > 19 {
		return 0, false
	}
	for range n.exp {
		n.digits = append(n.digits, '0')
	}
	if len(n.digits) == 0 {
		return 0, true
	}
	if n.negative {
		n.digits = append([]byte{'-'}, n.digits...)
	}
	i, err := strconv.ParseInt(string(n.digits), 10, 64)
	return i, err == nil
}
