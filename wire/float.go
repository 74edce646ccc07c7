package wire

import (
	"math"
	"strconv"
	"unsafe"
)

// exactPow10 holds the powers of ten that float64 represents exactly.
var exactPow10 = [32]float64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

// Float64 reads any JSON number, correctly rounded. What rounds to infinity is
// ErrRange.
func Float64(b []byte, i int) (float64, int) {
	m, frac, end := usualNumber(b, i)
	if end == 0 || m>>53 != 0 {
		return anyFloat64(b, i)
	}
	return scaled(m, frac), end
}

// scaled is m × 10^-frac for an m that a float64 has exactly; frac is at most 18, so that one rounding remains.
func scaled(m uint64, frac int) float64 {
	if frac == 0 {
		return float64(m)
	}
	return float64(m) / exactPow10[frac&31]
}

func anyFloat64(b []byte, i int) (float64, int) {
	i = Space(b, i)
	neg, start := sign(b, i)
	m, frac, end := usualNumber(b, start)
	if end == 0 {
		return oddFloat64(b, i)
	}
	if m>>53 != 0 {
		f, _ := parseFloat(b[i:end]) // so few digits do not overflow
		return f, end
	}
	f := scaled(m, frac)
	if neg {
		f = -f
	}
	return f, end
}

// oddFloat64 reads all other forms.
func oddFloat64(b []byte, i int) (float64, int) {
	n, start := numberAt(b, i)
	if n.end < 0 {
		return 0, n.end
	}
	if f, ok := n.exactFloat(); ok {
		return f, n.end
	}
	f, code := parseFloat(b[start:n.end])
	if code < 0 {
		return 0, code
	}
	return f, n.end
}

// exactFloat is Clinger's fast path: digits and power of ten are both exact, so
// one rounding remains.
func (n *number) exactFloat() (float64, bool) {
	exp := n.exp - n.frac
	if n.long || n.digits>>53 != 0 || exp < -22 || exp > 22 {
		return 0, false
	}
	f := float64(n.digits)
	if exp < 0 {
		f /= exactPow10[-exp&31]
	} else {
		f *= exactPow10[exp&31]
	}
	if n.neg {
		f = -f
	}
	return f, true
}

// parseFloat reads a lexeme that is known to be a JSON number. strconv copies
// the text where it keeps it (in errors), so the view does not escape.
func parseFloat(lexeme []byte) (float64, Code) {
	f, err := strconv.ParseFloat(viewString(lexeme), 64)
	if err != nil || math.IsInf(f, 0) {
		return 0, ErrRange
	}
	return f, 0
}

// viewString is s as a string without a copy; it lives no longer than s.
func viewString(s []byte) string { return unsafe.String(unsafe.SliceData(s), len(s)) }

// Float64String reads a number in quotes.
func Float64String(b []byte, i int) (float64, int) {
	if Sep(b, i) == '"' {
		m, frac, end := usualNumber(b, i+1)
		if end = unquoted(b, end); end != 0 && m>>53 == 0 {
			return scaled(m, frac), end
		}
	}
	return fromText(b, i, Float64Text)
}

// Float64Flex reads a number with or without quotes.
func Float64Flex(b []byte, i int) (float64, int) {
	if m, frac, end := usualNumber(b, i); end != 0 && m>>53 == 0 {
		return scaled(m, frac), end
	}
	if Kind(b, i) == '"' {
		return fromText(b, i, Float64Text)
	}
	return Float64(b, i)
}

// Float64Human reads a number, or text as people are shown it; see
// [Float64HumanText].
func Float64Human(b []byte, i int) (float64, int) {
	if Kind(b, i) == '"' {
		return fromText(b, i, Float64HumanText)
	}
	return Float64(b, i)
}

// Float64Text reads text that is a number as JSON writes it.
func Float64Text(s []byte) (float64, Code) {
	f, end := Float64(s, 0)
	return wholeText(s, f, end)
}
