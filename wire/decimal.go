package wire

import (
	"math/bits"
	"strconv"
)

// Decimal is an exact decimal number as the venue wrote it, trailing zeros
// included. It has no arithmetic. The zero value is 0.
//
// A sign, a coefficient of 64 bits and the count of digits behind the point hold
// almost every number; where the coefficient does not fit, the exact text is
// kept. Exponents are written out: 5e-05 is 0.00005. A number with an exponent
// beyond ±64 or with more than 96 characters, as written or written out, is
// refused.
//
// Decimals compare with == by their text (1.10 and 1.1 differ) and by value with
// [Decimal.Cmp] and [Decimal.Equal].
type Decimal struct {
	text  string // the exact text, only where coef cannot hold it
	coef  uint64
	scale uint8
	neg   bool
}

const (
	maxDecimalText     = 96
	maxDecimalExponent = 64
)

// NewDecimal is coef × 10^-scale, written with scale digits behind the point. A
// negative scale appends zeros. The scale lies within -64 and 64; outside of it
// there is no Decimal and the result is 0.
func NewDecimal(coef int64, scale int) Decimal {
	n := number{digits: uint64(coef), neg: coef < 0}
	if coef < 0 {
		n.digits = -n.digits
	}
	if scale < -maxDecimalExponent || scale > maxDecimalExponent {
		return Decimal{}
	}
	n.exp = -scale
	var buf [24]byte
	d, code := n.decimal(strconv.AppendUint(buf[:0], n.digits, 10))
	if code < 0 {
		return Decimal{}
	}
	return d
}

// DecimalFromInt is v without digits behind the point.
func DecimalFromInt(v int64) Decimal { return NewDecimal(v, 0) }

// decimal makes a Decimal of a number; lexeme is its text.
func (n *number) decimal(lexeme []byte) (Decimal, Code) {
	if n.exp == 0 && !n.long && n.frac < maxDecimalText {
		return Decimal{coef: n.digits, scale: uint8(n.frac), neg: n.neg}, 0
	}
	if len(lexeme) > maxDecimalText || n.exp < -maxDecimalExponent || n.exp > maxDecimalExponent {
		return Decimal{}, ErrRange
	}
	coef, scale, ok := n.expand(lexeme)
	if !ok {
		return n.longDecimal(lexeme)
	}
	if decimalWidth(coef, scale, n.neg) > maxDecimalText {
		return Decimal{}, ErrRange
	}
	return Decimal{coef: coef, scale: uint8(scale), neg: n.neg}, 0
}

// expand writes the exponent out; ok is false where the coefficient does not fit.
func (n *number) expand(lexeme []byte) (coef uint64, scale int, ok bool) {
	coef, scale = n.digits, n.frac-n.exp
	if n.long {
		m, zeros, fits := significant(lexeme)
		if !fits {
			return 0, 0, false
		}
		if coef, ok = appendDigits(m, zeros, 0); !ok {
			return 0, 0, false
		}
	}
	if coef == 0 {
		return 0, max(scale, 0), true
	}
	for ; scale < 0; scale++ {
		high, low := bits.Mul64(coef, 10)
		if high != 0 {
			return 0, 0, false
		}
		coef = low
	}
	return coef, scale, true
}

// longDecimal writes a number of more than 64 bits out as text.
func (n *number) longDecimal(lexeme []byte) (Decimal, Code) {
	var buf [3 * maxDecimalText]byte
	digits := buf[:0]
	for _, c := range lexeme {
		if c|0x20 == 'e' {
			break
		}
		if c-'0' <= 9 && (c != '0' || len(digits) > 0) {
			digits = append(digits, c)
		}
	}
	scale := n.frac - n.exp
	for ; scale < 0; scale++ {
		digits = append(digits, '0')
	}
	var out [6 * maxDecimalText]byte
	text := appendPoint(out[:0], digits, scale, n.neg)
	if len(text) > maxDecimalText {
		return Decimal{}, ErrRange
	}
	return Decimal{text: string(text), neg: n.neg}, 0
}

// appendPoint appends digits with a point before the last scale of them.
func appendPoint(dst, digits []byte, scale int, neg bool) []byte {
	if neg {
		dst = append(dst, '-')
	}
	if scale == 0 {
		return append(dst, digits...)
	}
	if whole := len(digits) - scale; whole > 0 {
		dst = append(dst, digits[:whole]...)
		dst = append(dst, '.')
		return append(dst, digits[whole:]...)
	}
	dst = append(dst, '0', '.')
	for k := len(digits); k < scale; k++ {
		dst = append(dst, '0')
	}
	return append(dst, digits...)
}

// decimalWidth is how many characters appendPoint would write.
func decimalWidth(coef uint64, scale int, neg bool) int {
	var buf [24]byte
	width := len(strconv.AppendUint(buf[:0], coef, 10))
	if scale > 0 {
		width = max(width, scale+1) + 1
	}
	if neg {
		width++
	}
	return width
}

// AppendText appends the text of d and never fails; it is a JSON number.
func (d Decimal) AppendText(dst []byte) ([]byte, error) { return d.append(dst), nil }

func (d Decimal) append(dst []byte) []byte {
	if d.text != "" {
		return append(dst, d.text...)
	}
	var buf [24]byte
	return appendPoint(dst, strconv.AppendUint(buf[:0], d.coef, 10), int(d.scale), d.neg)
}

// String is the text of d: the digits the venue wrote, without an exponent.
func (d Decimal) String() string {
	if d.text != "" {
		return d.text
	}
	var buf [maxDecimalText + 8]byte
	return string(d.append(buf[:0]))
}

// AppendDecimal appends d as a JSON number.
//
//go:noinline // see AppendName
func AppendDecimal(dst []byte, d Decimal) []byte { return d.append(dst) }
