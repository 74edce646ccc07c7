package wire

// The functions of this file test values in place, for dispatch. An offset that leads to no value of the tested
// kind, a negative one included, holds for none of them.

// Is reports whether the value at i is the JSON string text.
func Is(b []byte, i int, text string) bool {
	if i < 0 {
		return false
	}
	s, next := quotedText(b, i)
	return next >= 0 && string(s) == text
}

// IsLiteral reports whether the text of the value at i is exactly lit.
func IsLiteral(b []byte, i int, lit string) bool { return i >= 0 && Literal(b, i, lit) >= 0 }

// InRange reports whether the value at i is an integer from low to high.
func InRange(b []byte, i int, low, high int64) bool {
	if i < 0 {
		return false
	}
	n, next := Int64(b, i)
	return next >= 0 && n >= low && n <= high
}

// Fits reports whether the value at i is a JSON string that p matches; p has 8 holes at most.
func Fits(b []byte, i int, p *Pattern) bool {
	if i < 0 {
		return false
	}
	var holes [8]Span
	s, next := quotedText(b, i)
	return next >= 0 && p.Match(s, holes[:])
}

// HasID reports whether the value at i is a request id: present, neither null nor empty.
func HasID(b []byte, i int) bool {
	return i > 0 && Null(b, i) < 0 && !Is(b, i, "")
}

// Elements writes the offsets of an array's elements to at and returns their number. It validates all of b; a
// negative number is an error code, ErrValue when at is too short.
func Elements(b []byte, at []int) int {
	n := 0
	i, more := EnterArray(b, 0)
	for more {
		if n == len(at) {
			return ErrValue
		}
		at[n] = Space(b, i)
		n++
		if i = Skip(b, i); i < 0 {
			return i
		}
		i, more = NextElement(b, i)
	}
	if i < 0 {
		return i
	}
	if i = End(b, i); i < 0 {
		return i
	}
	return n
}
