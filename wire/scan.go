package wire

import (
	"encoding/binary"
	"math/bits"
)

const (
	eachByte = 0x0101010101010101
	highBits = 0x80 * eachByte
)

// word is the eight bytes at i, all of which b has.
func word(b []byte, i int) uint64 { return binary.LittleEndian.Uint64(b[i : i+8 : i+8]) }

// plainEnd returns the offset of the first byte at or behind i that is not plain
// ASCII text of a JSON string: a quote, backslash, control or non-ASCII byte.
func plainEnd(b []byte, i int) int {
	for uint(i) < uint(len(b)) && len(b)-i >= 8 {
		n := plainRun(binary.LittleEndian.Uint64(b[i:]))
		i += n
		if n < 8 {
			return i
		}
	}
	for uint(i) < uint(len(b)) && plain(b[i]) {
		i++
	}
	return i
}

// plainRun counts the plain bytes that v starts with, its lowest byte being the
// first. All are tested at once: subtracting makes a byte borrow exactly where it
// is below the limit, and bytes above the lowest hit do not matter.
func plainRun(v uint64) int { return bits.TrailingZeros64(oddText(v)) >> 3 }

// oddText has the high bits of the bytes of v that are not plain; above the lowest of these it may have others too.
func oddText(v uint64) uint64 {
	return (v | (v - ' '*eachByte) | (v ^ '"'*eachByte - eachByte) | (v ^ '\\'*eachByte - eachByte)) & highBits
}

// digitsEnd returns the offset of the first byte at or behind i that is no digit.
func digitsEnd(b []byte, i int) int {
	for uint(i) < uint(len(b)) && len(b)-i >= 8 {
		if hit := noDigits(binary.LittleEndian.Uint64(b[i:])); hit != 0 {
			return i + bits.TrailingZeros64(hit)>>3
		}
		i += 8
	}
	for uint(i) < uint(len(b)) && b[i]-'0' <= 9 {
		i++
	}
	return i
}

// noDigits has the high bits of the bytes of v that are no digits; above the lowest of these it may have others too.
func noDigits(v uint64) uint64 {
	v ^= '0' * eachByte
	return (v | (v + 0x76*eachByte)) & highBits
}

func plain(c byte) bool { return c >= ' ' && c < 0x80 && c != '"' && c != '\\' }

// textEnd is plainEnd that lets non-ASCII bytes pass.
func textEnd(b []byte, i int) int {
	for uint(i) < uint(len(b)) && len(b)-i >= 8 {
		v := binary.LittleEndian.Uint64(b[i:])
		q, s := v^'"'*eachByte, v^'\\'*eachByte
		hit := (v-' '*eachByte)&^v | (q-eachByte)&^q | (s-eachByte)&^s
		if hit &= highBits; hit != 0 {
			return i + bits.TrailingZeros64(hit)>>3
		}
		i += 8
	}
	for uint(i) < uint(len(b)) && b[i] >= ' ' && b[i] != '"' && b[i] != '\\' {
		i++
	}
	return i
}

// scanString validates the string whose first byte behind the opening quote is
// at i. It returns the offset of the closing quote or a code; odd tells that
// there are escapes or non-ASCII bytes.
func scanString(b []byte, i int) (end int, odd bool) {
	i = plainEnd(b, i)
	if uint(i) < uint(len(b)) && b[i] == '"' {
		return i, false
	}
	return scanOdd(b, i), true
}

func scanOdd(b []byte, i int) int {
	for {
		i = textEnd(b, i)
		if uint(i) >= uint(len(b)) {
			return ErrTruncated
		}
		switch b[i] {
		case '"':
			return i
		case '\\':
			if i = skipEscape(b, i+1); i < 0 {
				return i
			}
		default:
			return ErrSyntax
		}
	}
}

// skipString returns the offset behind the closing quote.
func skipString(b []byte, i int) int {
	i = plainEnd(b, i)
	if uint(i) >= uint(len(b)) || b[i] != '"' {
		if i = scanOdd(b, i); i < 0 {
			return i
		}
	}
	return i + 1
}

// skipEscape returns the offset behind the escape whose letter is at i.
func skipEscape(b []byte, i int) int {
	if uint(i) >= uint(len(b)) {
		return ErrTruncated
	}
	switch b[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 1
	case 'u':
		for k := 1; k <= 4; k++ {
			if i+k >= len(b) {
				return ErrTruncated
			}
			if hexValue(b[i+k]) < 0 {
				return ErrSyntax
			}
		}
		return i + 5
	}
	return ErrSyntax
}

func hexValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// keyEnd is plainEnd for keys. It goes byte by byte: keys come in the same order
// again and again, so the processor foresees where they end and goes on, whereas
// it has to wait for the result of a computed end.
func keyEnd(b []byte, i int) int {
	for uint(i) < uint(len(b)) && plainBytes[b[i]] {
		i++
	}
	return i
}

var plainBytes = func() (t [256]bool) {
	for c := range t {
		t[c] = plain(byte(c))
	}
	return t
}()
