package wire

import (
	"encoding/binary"
	"math/bits"
)

// number is a JSON number taken apart: digits × 10^(exp-frac).
type number struct {
	digits uint64 // all digits as one integer; meaningless when long
	frac   int    // digits behind the point
	exp    int    // the written exponent, held within ±maxExponent
	end    int    // offset behind the number, or a code
	neg    bool
	long   bool // more than 19 digits, which may not fit
}

const maxExponent = 99999

// pow10 holds the powers of ten that fit 64 bits; padded so that a masked index
// needs no check.
var pow10 = [32]uint64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9,
	1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
}

// readNumber takes the number at i apart; there is no white space before it.
func readNumber(b []byte, i int) (n number) {
	if uint(i) < uint(len(b)) && b[i] == '-' {
		n.neg = true
		i++
	}
	start := i
	n.digits, i = readDigits(b, i, 0)
	count := i - start
	if count == 0 || (count > 1 && b[start] == '0') {
		n.end = unexpected(b, start)
		return n
	}
	if uint(i) < uint(len(b)) && b[i] == '.' {
		i++
		start = i
		n.digits, i = readDigits(b, i, n.digits)
		if n.frac = i - start; n.frac == 0 {
			n.end = unexpected(b, i)
			return n
		}
		count += n.frac
	}
	n.long = count > 19
	if uint(i) < uint(len(b)) && b[i]|0x20 == 'e' {
		n.exp, i = readExponent(b, i+1)
	}
	n.end = i
	return n
}

// usualNumber reads the digits at i with a point among them or not, as most prices and sizes are written; end is 0 for
// every other form, for errors and for more than 18 digits, which readNumber tells apart. A sign is the caller's; what
// follows is one of afterValue, or the end of b. The results are kept in registers, where a struct of that size is not.
// To compute where the digits end measured slower than to look at them one by one, since what follows waits for it.
func usualNumber(b []byte, i int) (digits uint64, frac, end int) {
	digits, end = readDigits(b, i, 0)
	whole := end - i
	if uint(end) < uint(len(b)) && b[end] == '.' {
		point := end
		digits, end = readDigits(b, point+1, digits)
		if frac = end - point - 1; frac == 0 {
			return 0, 0, 0
		}
	}
	if whole == 0 || whole+frac > 18 || uint(end) < uint(len(b)) && !afterValue[b[end]] || b[i] == '0' && whole > 1 {
		return 0, 0, 0
	}
	return digits, frac, end
}

// usualQuoted is usualNumber for a number in quotes; end is behind them.
func usualQuoted(b []byte, i int) (digits uint64, frac, end int) {
	if Sep(b, i) == '"' {
		digits, frac, end = usualNumber(b, i+1)
		end = unquoted(b, end)
	}
	return digits, frac, end
}

// unquoted is the offset behind the quote at end; 0 if there is none or end is 0. Readers of numbers in quotes that
// are common call it themselves: usualQuoted is one call more.
func unquoted(b []byte, end int) int {
	if end != 0 && Sep(b, end) == '"' {
		return end + 1
	}
	return 0
}

// sign tells whether a minus stands at i, and where the digits start.
func sign(b []byte, i int) (neg bool, start int) {
	if uint(i) < uint(len(b)) && b[i] == '-' {
		return true, i + 1
	}
	return false, i
}

// readDigits adds the run of digits at i to m.
func readDigits(b []byte, i int, m uint64) (uint64, int) {
	for uint(i) < uint(len(b)) {
		d := uint64(b[i]) - '0'
		if d > 9 {
			break
		}
		m = (m+m<<2)<<1 + d
		i++
	}
	return m, i
}

// eightDigits reads the next eight bytes if they are digits, which is quicker than one by one.
func eightDigits(b []byte, i int) (v uint64, ok bool) {
	if uint(i) > uint(len(b)) || len(b)-i < 8 {
		return 0, false
	}
	v = binary.LittleEndian.Uint64(b[i:]) ^ '0'*eachByte
	if (v|(v+0x76*eachByte))&highBits != 0 {
		return 0, false
	}
	v = v*10 + v>>8 // pairs of digits
	const fours, low = 100 + 1e6<<32, 1 + 1e4<<32
	return (v&0x000000ff000000ff*fours + v>>16&0x000000ff000000ff*low) >> 32, true
}

// readExponent reads what follows the letter e.
func readExponent(b []byte, i int) (exp, next int) {
	neg := false
	if uint(i) < uint(len(b)) && (b[i] == '+' || b[i] == '-') {
		neg = b[i] == '-'
		i++
	}
	start := i
	for uint(i) < uint(len(b)) && b[i]-'0' <= 9 {
		if exp = exp*10 + int(b[i]-'0'); exp > maxExponent {
			exp = maxExponent
		}
		i++
	}
	if i == start {
		return 0, unexpected(b, i)
	}
	if neg {
		exp = -exp
	}
	return exp, i
}

// numberAt reads the number at i, behind white space, and says where it starts.
func numberAt(b []byte, i int) (n number, start int) {
	start = Space(b, i)
	n = readNumber(b, start)
	if n.end < 0 {
		n.end = notNumber(b, start, n.end)
	}
	return n, start
}

// notNumber prefers the reason that the value is of another kind.
func notNumber(b []byte, i int, code Code) Code {
	if Kind(b, i) == '0' {
		return code
	}
	return notKind(b, i)
}

// wholeText is the result of reading text: v if the reader came to the end of s.
func wholeText[T any](s []byte, v T, end int) (T, Code) {
	if end > 0 && end == len(s) && s[0] > ' ' {
		return v, 0
	}
	var zero T
	if end == ErrRange {
		return zero, ErrRange
	}
	return zero, ErrValue
}

// fromText reads the string at i with a reader of text.
func fromText[T any](b []byte, i int, read func([]byte) (T, Code)) (v T, next int) {
	s, next := quotedText(b, i)
	if next < 0 {
		return v, next
	}
	v, code := read(s)
	if code < 0 {
		next = code
	}
	return v, next
}

// magnitude is the absolute value of an integral number, or ErrRange for a
// fraction and for what does not fit 64 bits. lexeme is needed for long ones.
func (n *number) magnitude(lexeme []byte) (uint64, Code) {
	m, exp := n.digits, n.exp-n.frac
	if n.long {
		var zeros int
		var ok bool
		if m, zeros, ok = significant(lexeme); !ok {
			return 0, ErrRange
		}
		exp += zeros
	}
	if m == 0 {
		return 0, 0
	}
	for ; exp < 0; exp++ {
		if m%10 != 0 {
			return 0, ErrRange
		}
		m /= 10
	}
	if exp > 19 {
		return 0, ErrRange
	}
	high, m := bits.Mul64(m, pow10[exp])
	if high != 0 {
		return 0, ErrRange
	}
	return m, 0
}

// significant reads the digits of a lexeme up to its exponent and leaves out the
// trailing zeros, which it counts. ok is false when the rest does not fit.
func significant(lexeme []byte) (m uint64, zeros int, ok bool) {
	for _, c := range lexeme {
		switch {
		case c|0x20 == 'e':
			return m, zeros, true
		case c == '0':
			zeros++
		case c > '0' && c <= '9':
			if m == 0 {
				zeros = 0
			}
			if m, ok = appendDigits(m, zeros+1, uint64(c-'0')); !ok {
				return 0, 0, false
			}
			zeros = 0
		}
	}
	return m, zeros, true
}

// appendDigits is m × 10^n + d, unless that overflows.
func appendDigits(m uint64, n int, d uint64) (uint64, bool) {
	if m == 0 {
		return d, true
	}
	if n > 19 {
		return 0, false
	}
	high, low := bits.Mul64(m, pow10[n])
	sum, carry := bits.Add64(low, d, 0)
	return sum, high == 0 && carry == 0
}
