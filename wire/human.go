package wire

import "bytes"

// human is text as people are shown it, taken apart.
type human struct {
	neg         bool
	whole, frac []byte // whole may hold group commas
	exp         byte   // power of ten of the suffix
}

// Float64HumanText reads text as people are shown it: a sign and a $ in either
// order, digits in plain form or in groups (1,300), a fraction, a suffix K M B T
// for 10³ … 10¹², and a percent sign, which does not change the value: "5.2%" is
// 5.2. All but the digits may be missing.
func Float64HumanText(s []byte) (float64, Code) {
	var buf [humanBuffer]byte
	s, code := humanNumber(buf[:0], s)
	if code < 0 {
		return 0, code
	}
	return Float64Text(s)
}

// Int64HumanText reads an integer in the form of [Float64HumanText]: 1.3K is
// 1300, a remaining fraction is ErrRange.
func Int64HumanText(s []byte) (int64, Code) {
	var buf [humanBuffer]byte
	s, code := humanNumber(buf[:0], s)
	if code < 0 {
		return 0, code
	}
	return Int64Text(s)
}

// Uint64HumanText is [Int64HumanText] for unsigned integers.
func Uint64HumanText(s []byte) (uint64, Code) {
	var buf [humanBuffer]byte
	s, code := humanNumber(buf[:0], s)
	if code < 0 {
		return 0, code
	}
	return Uint64Text(s)
}

// Uint32HumanText is [Int64HumanText] for unsigned integers of 32 bits.
func Uint32HumanText(s []byte) (uint32, Code) { return narrow(Uint64HumanText(s)) }

// DecimalHumanText reads a decimal in the form of [Float64HumanText]; digits
// behind the point are kept as far as the suffix leaves them there.
func DecimalHumanText(s []byte) (Decimal, Code) {
	var buf [humanBuffer]byte
	s, code := humanNumber(buf[:0], s)
	if code < 0 {
		return Decimal{}, code
	}
	return DecimalText(s)
}

// humanBuffer holds what humanNumber writes; longer text is refused.
const humanBuffer = 2*maxDecimalText + 8

// humanNumber rewrites s as a JSON number. What is one already is kept.
func humanNumber(dst, s []byte) ([]byte, Code) {
	if _, _, end := usualNumber(s, 0); end > 0 && end == len(s) {
		return s, 0
	}
	h, ok := parseHuman(s)
	switch {
	case !ok:
		return nil, ErrValue
	case len(s) > 2*maxDecimalText:
		return nil, ErrRange
	}
	return h.append(dst), 0
}

func parseHuman(s []byte) (h human, ok bool) {
	s = bytes.TrimSpace(s)
	s = bytes.TrimSuffix(s, []byte("%"))
	s, h.exp = cutSuffix(s)
	s, h.neg = cutSigns(s)
	h.whole, h.frac, ok = bytes.Cut(s, []byte("."))
	if ok && len(h.frac) == 0 || len(h.whole)+len(h.frac) == 0 {
		return h, false
	}
	return h, grouped(h.whole) && allDigits(h.frac)
}

func cutSuffix(s []byte) ([]byte, byte) {
	if len(s) == 0 {
		return s, 0
	}
	exp := byte(0)
	switch s[len(s)-1] {
	case 'K':
		exp = 3
	case 'M':
		exp = 6
	case 'B':
		exp = 9
	case 'T':
		exp = 12
	default:
		return s, 0
	}
	return s[:len(s)-1], exp
}

// cutSigns takes one sign and one $ off, in either order.
func cutSigns(s []byte) (rest []byte, neg bool) {
	sign, dollar := false, false
	for len(s) > 0 {
		switch c := s[0]; {
		case (c == '+' || c == '-') && !sign:
			sign, neg = true, c == '-'
		case c == '$' && !dollar:
			dollar = true
		default:
			return s, neg
		}
		s = s[1:]
	}
	return s, neg
}

// grouped tells whether s is digits, plain or in groups of three behind a first
// one of one to three.
func grouped(s []byte) bool {
	head, rest, found := bytes.Cut(s, []byte(","))
	if !found {
		return allDigits(s)
	}
	if len(head) < 1 || len(head) > 3 || !allDigits(head) {
		return false
	}
	for found {
		head, rest, found = bytes.Cut(rest, []byte(","))
		if len(head) != 3 || !allDigits(head) {
			return false
		}
	}
	return true
}

func allDigits(s []byte) bool {
	for _, c := range s {
		if c-'0' > 9 {
			return false
		}
	}
	return true
}

// append writes h as a JSON number.
func (h human) append(dst []byte) []byte {
	if h.neg {
		dst = append(dst, '-')
	}
	start := len(dst)
	for _, c := range h.whole {
		if c == ',' || (c == '0' && len(dst) == start) {
			continue
		}
		dst = append(dst, c)
	}
	if len(dst) == start {
		dst = append(dst, '0')
	}
	if len(h.frac) > 0 {
		dst = append(append(dst, '.'), h.frac...)
	}
	if h.exp != 0 {
		dst = append(dst, 'e', '0'+h.exp/10, '0'+h.exp%10)
	}
	return dst
}
