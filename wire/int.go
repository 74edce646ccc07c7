package wire

import "math"

// Int64 reads a number of integral value: 12, 12.0, 1.2e1, -0. A fraction or an
// overflow is ErrRange.
func Int64(b []byte, i int) (int64, int) {
	m, end := readDigits(b, i, 0)
	if isWhole(b, i, end) {
		return int64(m), end
	}
	return anyInt64(b, i)
}

// isWhole tells whether the digits from i to end are a whole number that fits any integer type of 64 bits: most
// numbers are one, and what follows them says so. 19 digits fit unless the first is a 9.
func isWhole(b []byte, i, end int) bool {
	n := end - i
	return uint(n-1) < 19 && (uint(end) >= uint(len(b)) || afterValue[b[end]]) &&
		(b[i] != '0' || n == 1) && (n < 19 || b[i] < '9')
}

// afterValue are the bytes that follow a value, and the quote behind a number in quotes.
var afterValue = [256]bool{',': true, '}': true, ']': true, ' ': true, '\n': true, '\r': true, '\t': true, '"': true}

func anyInt64(b []byte, i int) (int64, int) {
	i = Space(b, i)
	neg, start := sign(b, i)
	m, frac, end := usualNumber(b, start)
	if end == 0 || frac != 0 {
		return oddInt64(b, i)
	}
	if neg {
		return -int64(m), end
	}
	return int64(m), end
}

// oddInt64 reads all other forms.
func oddInt64(b []byte, i int) (int64, int) {
	n, start := numberAt(b, i)
	if n.end < 0 {
		return 0, n.end
	}
	v, code := n.int64(b[start:n.end])
	if code < 0 {
		return 0, code
	}
	return v, n.end
}

// Int64String reads an integer in quotes.
func Int64String(b []byte, i int) (int64, int) {
	if m, frac, end := usualQuoted(b, i); end != 0 && frac == 0 {
		return int64(m), end
	}
	return fromText(b, i, Int64Text)
}

// Int64Flex reads an integer with or without quotes.
func Int64Flex(b []byte, i int) (int64, int) {
	if m, end := readDigits(b, i, 0); isWhole(b, i, end) {
		return int64(m), end
	}
	if Kind(b, i) == '"' {
		return fromText(b, i, Int64Text)
	}
	return Int64(b, i)
}

// Int64Human reads an integer as people are shown it, or a number; see
// [Float64HumanText] for the form.
func Int64Human(b []byte, i int) (int64, int) {
	if Kind(b, i) == '"' {
		return fromText(b, i, Int64HumanText)
	}
	return Int64(b, i)
}

// Int64Text reads text that is an integer as JSON writes it.
func Int64Text(s []byte) (int64, Code) {
	v, end := Int64(s, 0)
	return wholeText(s, v, end)
}

func (n *number) int64(lexeme []byte) (int64, Code) {
	m, code := n.magnitude(lexeme)
	switch {
	case code < 0:
		return 0, code
	case n.neg && m <= 1<<63:
		return -int64(m), 0
	case !n.neg && m <= math.MaxInt64:
		return int64(m), 0
	}
	return 0, ErrRange
}

// Uint64 is [Int64] for unsigned integers; negative ones are ErrRange.
func Uint64(b []byte, i int) (uint64, int) {
	m, end := readDigits(b, i, 0)
	if isWhole(b, i, end) {
		return m, end
	}
	return anyUint64(b, i)
}

func anyUint64(b []byte, i int) (uint64, int) {
	i = Space(b, i)
	if m, frac, end := usualNumber(b, i); end != 0 && frac == 0 {
		return m, end
	}
	n, start := numberAt(b, i)
	if n.end < 0 {
		return 0, n.end
	}
	v, code := n.uint64(b[start:n.end])
	if code < 0 {
		return 0, code
	}
	return v, n.end
}

// Uint64String reads an unsigned integer in quotes.
func Uint64String(b []byte, i int) (uint64, int) {
	if m, frac, end := usualQuoted(b, i); end != 0 && frac == 0 {
		return m, end
	}
	return fromText(b, i, Uint64Text)
}

// Uint64Flex reads an unsigned integer with or without quotes.
func Uint64Flex(b []byte, i int) (uint64, int) {
	if Kind(b, i) == '"' {
		return fromText(b, i, Uint64Text)
	}
	return Uint64(b, i)
}

// Uint64Human reads an unsigned integer as people are shown it, or a number.
func Uint64Human(b []byte, i int) (uint64, int) {
	if Kind(b, i) == '"' {
		return fromText(b, i, Uint64HumanText)
	}
	return Uint64(b, i)
}

// Uint64Text reads text that is an unsigned integer as JSON writes it.
func Uint64Text(s []byte) (uint64, Code) {
	v, end := Uint64(s, 0)
	return wholeText(s, v, end)
}

func (n *number) uint64(lexeme []byte) (uint64, Code) {
	m, code := n.magnitude(lexeme)
	if code == 0 && n.neg && m != 0 {
		return 0, ErrRange
	}
	return m, code
}

// Uint32 is [Int64] for unsigned integers of 32 bits.
func Uint32(b []byte, i int) (uint32, int) { return narrow(Uint64(b, i)) }

// Uint32String reads an unsigned integer of 32 bits in quotes.
func Uint32String(b []byte, i int) (uint32, int) { return narrow(Uint64String(b, i)) }

// Uint32Flex reads an unsigned integer of 32 bits with or without quotes.
func Uint32Flex(b []byte, i int) (uint32, int) { return narrow(Uint64Flex(b, i)) }

// Uint32Human reads an unsigned integer of 32 bits as people are shown it, or a
// number.
func Uint32Human(b []byte, i int) (uint32, int) { return narrow(Uint64Human(b, i)) }

// Uint32Text reads text that is an unsigned integer of 32 bits as JSON writes it.
func Uint32Text(s []byte) (uint32, Code) { return narrow(Uint64Text(s)) }

// narrow refuses what does not fit 32 bits; next may be an offset or a code.
func narrow(v uint64, next int) (uint32, int) {
	if next >= 0 && v > math.MaxUint32 {
		return 0, ErrRange
	}
	return uint32(v), next
}
