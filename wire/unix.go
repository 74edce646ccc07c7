package wire

import "time"

// Seconds of the years 1 to 9999, the range of all times here.
const (
	minSecond = -62135596800
	maxSecond = 253402300799
)

// unixUnit is a unit of Unix time by its decimal places below the second.
type unixUnit int

const (
	unitS  unixUnit = 0
	unitMs unixUnit = 3
	unitUs unixUnit = 6
	unitNs unixUnit = 9
)

// UnixS reads a number of seconds since 1970 as a UTC time. A fraction is kept
// to the nanosecond, finer digits are cut. Years outside 1 to 9999 are ErrRange.
func UnixS(b []byte, i int) (time.Time, int) { return unixAt(b, i, unitS) }

// UnixMs is [UnixS] in milliseconds.
func UnixMs(b []byte, i int) (time.Time, int) { return unixAt(b, i, unitMs) }

// UnixUs is [UnixS] in microseconds.
func UnixUs(b []byte, i int) (time.Time, int) { return unixAt(b, i, unitUs) }

// UnixNs is [UnixS] in nanoseconds.
func UnixNs(b []byte, i int) (time.Time, int) { return unixAt(b, i, unitNs) }

// UnixSString is [UnixS] in quotes.
func UnixSString(b []byte, i int) (time.Time, int) {
	if t, end := quotedSeconds(b, i); end != 0 {
		return t, end
	}
	return unixString(b, i, unitS, UnixSText)
}

// UnixMsString is [UnixMs] in quotes.
func UnixMsString(b []byte, i int) (time.Time, int) { return unixString(b, i, unitMs, UnixMsText) }

// UnixUsString is [UnixUs] in quotes.
func UnixUsString(b []byte, i int) (time.Time, int) { return unixString(b, i, unitUs, UnixUsText) }

// UnixNsString is [UnixNs] in quotes.
func UnixNsString(b []byte, i int) (time.Time, int) { return unixString(b, i, unitNs, UnixNsText) }

// UnixSFlex is [UnixS] with or without quotes.
func UnixSFlex(b []byte, i int) (time.Time, int) { return unixFlex(b, i, UnixS, UnixSText) }

// UnixMsFlex is [UnixMs] with or without quotes.
func UnixMsFlex(b []byte, i int) (time.Time, int) { return unixFlex(b, i, UnixMs, UnixMsText) }

// UnixUsFlex is [UnixUs] with or without quotes.
func UnixUsFlex(b []byte, i int) (time.Time, int) { return unixFlex(b, i, UnixUs, UnixUsText) }

// UnixNsFlex is [UnixNs] with or without quotes.
func UnixNsFlex(b []byte, i int) (time.Time, int) { return unixFlex(b, i, UnixNs, UnixNsText) }

// UnixSText reads text that is a number of seconds.
func UnixSText(s []byte) (time.Time, Code) { return unixText(s, unitS) }

// UnixMsText reads text that is a number of milliseconds.
func UnixMsText(s []byte) (time.Time, Code) { return unixText(s, unitMs) }

// UnixUsText reads text that is a number of microseconds.
func UnixUsText(s []byte) (time.Time, Code) { return unixText(s, unitUs) }

// UnixNsText reads text that is a number of nanoseconds.
func UnixNsText(s []byte) (time.Time, Code) { return unixText(s, unitNs) }

func unixAt(b []byte, i int, unit unixUnit) (time.Time, int) {
	m, end := longDigits(b, i)
	if isWhole(b, i, end) {
		if sec, nsec := splitWhole(m, unit); sec <= maxSecond {
			return time.Unix(int64(sec), int64(nsec)).UTC(), end
		}
	}
	return anyUnix(b, i, unit)
}

// longDigits is readDigits for the digits of a Unix time, of which there are ten to nineteen.
func longDigits(b []byte, i int) (m uint64, end int) {
	end = i
	for range 2 {
		v, ok := eightDigits(b, end)
		if !ok {
			break
		}
		m, end = m*1e8+v, end+8
	}
	return readDigits(b, end, m)
}

// splitWhole is splitUnix by constants, which the compiler divides by without a division.
func splitWhole(m uint64, unit unixUnit) (sec, nsec uint64) {
	switch unit {
	case unitMs:
		return m / 1e3, m % 1e3 * 1e6
	case unitUs:
		return m / 1e6, m % 1e6 * 1e3
	case unitNs:
		return m / 1e9, m % 1e9
	}
	return m, 0
}

func anyUnix(b []byte, i int, unit unixUnit) (time.Time, int) {
	i = Space(b, i)
	neg, start := sign(b, i)
	m, frac, end := usualNumber(b, start)
	places := int(unit) + frac
	if end == 0 || places > 19 {
		return oddUnix(b, i, unit)
	}
	sec, nsec := splitUnix(m, places)
	t, code := unixTime(sec, nsec, neg)
	if code < 0 {
		end = code
	}
	return t, end
}

// oddUnix reads all other forms.
func oddUnix(b []byte, i int, unit unixUnit) (time.Time, int) {
	n, start := numberAt(b, i)
	if n.end < 0 {
		return time.Time{}, n.end
	}
	sec, nsec := walkUnix(b[start:n.end], int(unit)+n.frac-n.exp)
	t, code := unixTime(sec, nsec, n.neg)
	if code < 0 {
		n.end = code
	}
	return t, n.end
}

func unixString(b []byte, i int, unit unixUnit, text func([]byte) (time.Time, Code)) (time.Time, int) {
	m, frac, end := usualQuoted(b, i)
	if places := int(unit) + frac; end != 0 && places <= 19 {
		if sec, nsec := splitUnix(m, places); sec <= maxSecond {
			return time.Unix(int64(sec), int64(nsec)).UTC(), end
		}
	}
	return fromText(b, i, text)
}

// quotedSeconds reads seconds with a fraction in quotes, such as "1534614057.321597"; end is 0 for every other form.
func quotedSeconds(b []byte, i int) (t time.Time, end int) {
	if Sep(b, i) != '"' {
		return t, 0
	}
	i++
	sec, point := longDigits(b, i)
	if n := point - i; n == 0 || n > 18 || sec > maxSecond || b[i] == '0' || Sep(b, point) != '.' {
		return t, 0
	}
	nsec, end := readDigits(b, point+1, 0)
	places := end - point - 1
	if places == 0 || places > 9 || Sep(b, end) != '"' {
		return t, 0
	}
	return time.Unix(int64(sec), int64(nsec*pow10[9-places])).UTC(), end + 1
}

func unixText(s []byte, unit unixUnit) (time.Time, Code) {
	t, end := unixAt(s, 0, unit)
	return wholeText(s, t, end)
}

func unixFlex(b []byte, i int, plain func([]byte, int) (time.Time, int), text func([]byte) (time.Time, Code)) (time.Time, int) {
	if Kind(b, i) == '"' {
		return fromText(b, i, text)
	}
	return plain(b, i)
}

// splitUnix splits a number of at most 19 digits, places of them below the second.
func splitUnix(m uint64, places int) (sec, nsec uint64) {
	whole := pow10[places&31]
	sec = m / whole
	nsec = m - sec*whole
	if places <= 9 {
		return sec, nsec * pow10[(9-places)&31]
	}
	return sec, nsec / pow10[(places-9)&31]
}

// walkUnix splits a number digit by digit; places of its digits lie below the
// second. What is beyond any time becomes a second beyond the range.
func walkUnix(lexeme []byte, places int) (sec, nsec uint64) {
	place := countDigits(lexeme) - places - 1 // power of ten of the next digit, in seconds
	for _, c := range lexeme {
		if c|0x20 == 'e' || place < -9 {
			break
		}
		d := uint64(c - '0')
		if d > 9 {
			continue
		}
		if place >= 0 {
			sec = sec*10 + d
		} else {
			nsec += d * pow10[(place+9)&31]
		}
		if sec > maxSecond {
			return sec, 0
		}
		place--
	}
	for ; place >= 0 && sec > 0 && sec <= maxSecond; place-- {
		sec *= 10
	}
	return sec, nsec
}

// countDigits counts the digits of a lexeme up to its exponent.
func countDigits(lexeme []byte) (n int) {
	for _, c := range lexeme {
		if c|0x20 == 'e' {
			break
		}
		if c-'0' <= 9 {
			n++
		}
	}
	return n
}

// unixTime is the time sec seconds and nsec nanoseconds after 1970, or before.
func unixTime(sec, nsec uint64, neg bool) (time.Time, Code) {
	if !neg && sec <= maxSecond {
		return time.Unix(int64(sec), int64(nsec)).UTC(), 0
	}
	if neg && (sec < -minSecond || sec == -minSecond && nsec == 0) {
		return time.Unix(-int64(sec), -int64(nsec)).UTC(), 0
	}
	return time.Time{}, ErrRange
}
