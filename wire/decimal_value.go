package wire

import (
	"bytes"
	"cmp"
)

// Float64 is the float64 nearest to d.
func (d Decimal) Float64() float64 {
	n := number{digits: d.coef, frac: int(d.scale), neg: d.neg, long: d.text != ""}
	if f, ok := n.exactFloat(); ok {
		return f
	}
	var buf [maxDecimalText + 8]byte
	f, _ := parseFloat(d.append(buf[:0]))
	return f
}

// Int64 is d as an integer. exact is false, and the value 0, where d has a
// fraction other than zeros or does not fit.
func (d Decimal) Int64() (v int64, exact bool) {
	var buf [maxDecimalText + 8]byte
	v, code := Int64Text(d.append(buf[:0]))
	return v, code == 0
}

// Parts takes d apart: ±coef × 10^-scale. ok is false where the coefficient does
// not fit 64 bits; use the text then.
func (d Decimal) Parts() (coef uint64, scale int, neg bool, ok bool) {
	if d.text != "" {
		return 0, 0, d.neg, false
	}
	return d.coef, int(d.scale), d.neg, true
}

// IsZero tells whether the value is 0, however it is written.
func (d Decimal) IsZero() bool { return d.coef == 0 && d.text == "" }

// Sign is -1, 0 or 1 as d is negative, zero or positive.
func (d Decimal) Sign() int {
	switch {
	case d.IsZero():
		return 0
	case d.neg:
		return -1
	}
	return 1
}

// Equal tells whether d and e are the same number: 1.10 equals 1.1.
func (d Decimal) Equal(e Decimal) bool { return d.Cmp(e) == 0 }

// Cmp compares by value, exactly: -1 where d is less than e, 1 where it is more.
func (d Decimal) Cmp(e Decimal) int {
	s := d.Sign()
	if c := cmp.Compare(s, e.Sign()); c != 0 || s == 0 {
		return c
	}
	if d.scale == e.scale && d.text == "" && e.text == "" {
		return s * cmp.Compare(d.coef, e.coef)
	}
	return s * d.cmpDigits(e)
}

// cmpDigits compares the absolute values by their digits.
func (d Decimal) cmpDigits(e Decimal) int {
	var dbuf, ebuf [maxDecimalText + 8]byte
	dWhole, dFrac := splitDigits(d.append(dbuf[:0]))
	eWhole, eFrac := splitDigits(e.append(ebuf[:0]))
	if c := cmp.Compare(len(dWhole), len(eWhole)); c != 0 {
		return c
	}
	if c := bytes.Compare(dWhole, eWhole); c != 0 {
		return c
	}
	return bytes.Compare(dFrac, eFrac)
}

// splitDigits cuts text at its point and drops the sign and the zeros that do
// not matter.
func splitDigits(text []byte) (whole, frac []byte) {
	text = bytes.TrimPrefix(text, []byte("-"))
	whole, frac, _ = bytes.Cut(text, []byte("."))
	return bytes.TrimLeft(whole, "0"), bytes.TrimRight(frac, "0")
}
