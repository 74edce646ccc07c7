package wire

import (
	"errors"
	"fmt"
	"strconv"
)

// ErrDecimal is wrapped by the errors of [ParseDecimal] and its kin.
var ErrDecimal = errors.New("wire: not a decimal")

// ReadDecimal reads any JSON number as a Decimal; what is beyond its limits is
// ErrRange.
func ReadDecimal(b []byte, i int) (Decimal, int) {
	if m, frac, end := usualNumber(b, i); end != 0 {
		return Decimal{coef: m, scale: uint8(frac)}, end
	}
	return anyDecimal(b, i)
}

func anyDecimal(b []byte, i int) (Decimal, int) {
	i = Space(b, i)
	neg, start := sign(b, i)
	if m, frac, end := usualNumber(b, start); end != 0 {
		return Decimal{coef: m, scale: uint8(frac), neg: neg}, end
	}
	n, start := numberAt(b, i)
	if n.end < 0 {
		return Decimal{}, n.end
	}
	d, code := n.decimal(b[start:n.end])
	if code < 0 {
		return Decimal{}, code
	}
	return d, n.end
}

// ReadDecimalString reads a decimal in quotes.
func ReadDecimalString(b []byte, i int) (Decimal, int) {
	if Sep(b, i) == '"' {
		m, frac, end := usualNumber(b, i+1)
		if end = unquoted(b, end); end != 0 {
			return Decimal{coef: m, scale: uint8(frac)}, end
		}
	}
	return fromText(b, i, DecimalText)
}

// ReadDecimalFlex reads a decimal with or without quotes.
func ReadDecimalFlex(b []byte, i int) (Decimal, int) {
	if m, frac, end := usualNumber(b, i); end != 0 {
		return Decimal{coef: m, scale: uint8(frac)}, end
	}
	if Kind(b, i) == '"' {
		return fromText(b, i, DecimalText)
	}
	return ReadDecimal(b, i)
}

// ReadDecimalHuman reads a number, or text as people are shown it; see
// [Float64HumanText].
func ReadDecimalHuman(b []byte, i int) (Decimal, int) {
	if Kind(b, i) == '"' {
		return fromText(b, i, DecimalHumanText)
	}
	return ReadDecimal(b, i)
}

// DecimalText reads text that is a number as JSON writes it.
func DecimalText(s []byte) (Decimal, Code) {
	d, end := ReadDecimal(s, 0)
	return wholeText(s, d, end)
}

// ParseDecimal reads a number as JSON writes it: -12.50, 5e-05. Errors wrap
// [ErrDecimal].
func ParseDecimal(s string) (Decimal, error) {
	d, code := DecimalText([]byte(s))
	if code < 0 {
		return Decimal{}, decimalError(s, code)
	}
	return d, nil
}

func decimalError[S string | []byte](s S, code Code) error {
	return fmt.Errorf("%w: %s: %s", ErrDecimal, CodeText(code), excerpt([]byte(s)))
}

// DecimalFromFloat is the shortest decimal that reads back as f. Infinities, NaN
// and exponents beyond ±64 are errors that wrap [ErrDecimal].
func DecimalFromFloat(f float64) (Decimal, error) {
	return ParseDecimal(strconv.FormatFloat(f, 'e', -1, 64))
}

// MarshalJSON writes d as a number and never fails.
func (d Decimal) MarshalJSON() ([]byte, error) { return d.append(nil), nil }

// UnmarshalJSON reads a number; null leaves d as it is.
func (d *Decimal) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	return d.UnmarshalText(b)
}

// MarshalText writes the text of d and never fails.
func (d Decimal) MarshalText() ([]byte, error) { return d.append(nil), nil }

// UnmarshalText reads what [ParseDecimal] reads.
func (d *Decimal) UnmarshalText(b []byte) error {
	v, code := DecimalText(b)
	if code < 0 {
		return decimalError(b, code)
	}
	*d = v
	return nil
}
