package wire

import "time"

// UnixAuto reads an integer of seconds, milliseconds, microseconds or
// nanoseconds since 1970, told apart by its digits: up to 11, 12 to 14, 15 to 17,
// 18 and 19. 0 is the zero time. A negative number, a fraction and more digits
// are ErrRange.
func UnixAuto(b []byte, i int) (time.Time, int) {
	v, next := Uint64(b, i)
	if next < 0 {
		return time.Time{}, next
	}
	t, code := unixAuto(v)
	if code < 0 {
		return time.Time{}, code
	}
	return t, next
}

// UnixAutoString is [UnixAuto] in quotes.
func UnixAutoString(b []byte, i int) (time.Time, int) { return fromText(b, i, UnixAutoText) }

// UnixAutoFlex is [UnixAuto] with or without quotes.
func UnixAutoFlex(b []byte, i int) (time.Time, int) { return unixFlex(b, i, UnixAuto, UnixAutoText) }

// UnixAutoText reads text that is such a number.
func UnixAutoText(s []byte) (time.Time, Code) {
	v, code := Uint64Text(s)
	if code < 0 {
		return time.Time{}, code
	}
	return unixAuto(v)
}

func unixAuto(v uint64) (time.Time, Code) {
	switch {
	case v == 0:
		return time.Time{}, 0
	case v < 1e11:
		return unixTime(v, 0, false)
	case v < 1e14:
		return unixTime(v/1e3, v%1e3*1e6, false)
	case v < 1e17:
		return unixTime(v/1e6, v%1e6*1e3, false)
	case v < 1e19:
		return unixTime(v/1e9, v%1e9, false)
	}
	return time.Time{}, ErrRange
}
