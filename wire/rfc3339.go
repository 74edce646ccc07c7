package wire

import "time"

// RFC3339 reads a quoted time such as "2026-04-29T13:30:00.123456789Z" as UTC.
// The zone may be missing, which means UTC; a space may stand for the T; digits
// finer than a nanosecond are cut. Other text is ErrValue, years outside 1 to
// 9999 are ErrRange.
func RFC3339(b []byte, i int) (time.Time, int) {
	if t, end := usualRFC3339(b, i); end != 0 {
		return t, end
	}
	return fromText(b, i, RFC3339Text)
}

// usualRFC3339 reads a time that ends with a Z, as most do; end is 0 for every other form.
func usualRFC3339(b []byte, i int) (t time.Time, end int) {
	if i < 0 || len(b)-i < len(`"2026-04-29T13:30:00Z"`) || b[i] != '"' {
		return t, 0
	}
	sec, code := dateTime(b[i+1 : i+1+dateTimeLen])
	if code < 0 || sec < minSecond {
		return t, 0
	}
	return endOfUsual(b, i+1+dateTimeLen, sec)
}

// endOfUsual reads what follows the seconds at i: a fraction or none, the Z and the quote.
func endOfUsual(b []byte, i int, sec int64) (t time.Time, end int) {
	nsec, end := uint64(0), i
	if Sep(b, i) == '.' {
		nsec, end = readDigits(b, i+1, 0)
		places := end - i - 1
		if places == 0 || places > 9 {
			return t, 0
		}
		nsec *= pow10[9-places]
	}
	if Sep(b, end) != 'Z' || Sep(b, end+1) != '"' {
		return t, 0
	}
	return time.Unix(sec, int64(nsec)).UTC(), end + 2
}

// RFC3339Text reads such a time from text.
func RFC3339Text(s []byte) (time.Time, Code) {
	if len(s) < dateTimeLen {
		return time.Time{}, ErrValue
	}
	sec, code := dateTime(s[:dateTimeLen])
	if code < 0 {
		return time.Time{}, code
	}
	nsec, rest, ok := fraction(s[dateTimeLen:])
	if !ok {
		return time.Time{}, ErrValue
	}
	offset, ok := zone(rest)
	if !ok {
		return time.Time{}, ErrValue
	}
	sec -= int64(offset)
	if sec < minSecond || sec > maxSecond {
		return time.Time{}, ErrRange
	}
	return time.Unix(sec, int64(nsec)).UTC(), 0
}

const (
	dateLen      = len("2006-01-02T")
	dateTimeLen  = len("2006-01-02T15:04:05")
	secondsOfDay = 24 * 60 * 60
)

// dateTime reads a date and a time of day of dateTimeLen bytes as seconds since 1970; the year may be 0.
func dateTime(s []byte) (sec int64, code Code) {
	if len(s) != dateTimeLen || s[4] != '-' || s[7] != '-' {
		return 0, ErrValue
	}
	if s[10] != 'T' && s[10] != 't' && s[10] != ' ' {
		return 0, ErrValue
	}
	century, year := twoDigits(s, 0), twoDigits(s, 2)
	month, day := twoDigits(s, 5), twoDigits(s, 8)
	second, ok := timeOfDay(s, dateLen)
	if century|year|month|day < 0 || !ok {
		return 0, ErrValue
	}
	year += century * 100
	if month < 1 || month > 12 || day < 1 || day > daysIn(month, year) {
		return 0, ErrValue
	}
	return int64(unixDay(year, month, day))*secondsOfDay + second, 0
}

// timeOfDay reads the eight bytes at i, such as 15:04:05, as seconds.
func timeOfDay(b []byte, i int) (second int64, ok bool) {
	const zero, colons = '0'*eachByte + (':'-'0')*(1<<16+1<<40), 0xff<<16 + 0xff<<40
	v := word(b, i) ^ zero // digits, and nothing where the colons are
	if v&colons != 0 || (v|(v+0x76*eachByte))&highBits != 0 {
		return 0, false
	}
	v = v*10 + v>>8 // numbers in every third byte
	hour, minute, sec := v&0xff, v>>24&0xff, v>>48&0xff
	return int64(hour*3600 + minute*60 + sec), hour < 24 && minute < 60 && sec < 60
}

// unixDay counts the days from 1970-01-01 to a date of the Gregorian calendar, of the years 0 to 9999. A year is taken
// to start in March, so that the odd day of a leap year is its last.
func unixDay(year, month, day int) int {
	const (
		cycle = 146097 // days of 400 years
		epoch = 719468 // days from 0000-03-01 to 1970-01-01
	)
	if month <= 2 {
		year--
		month += 12
	}
	year += 400 // year may be -1
	return year/400*cycle + year%400*365 + year%400/4 - year%400/100 + (153*(month-3)+2)/5 + day - 1 - epoch - cycle
}

// inYears refuses times outside the years 1 to 9999.
func inYears(t time.Time) (time.Time, Code) {
	if sec := t.Unix(); sec < minSecond || sec > maxSecond {
		return time.Time{}, ErrRange
	}
	return t, 0
}

// twoDigits reads two digits, or is negative.
func twoDigits(s []byte, i int) int {
	a, b := s[i]-'0', s[i+1]-'0'
	if a > 9 || b > 9 {
		return -1
	}
	return int(a)*10 + int(b)
}

func daysIn(month, year int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// fraction reads the fraction of a second that s may start with.
func fraction(s []byte) (nsec int, rest []byte, ok bool) {
	if len(s) == 0 || s[0] != '.' {
		return 0, s, true
	}
	end := 1
	for ; end < len(s) && s[end]-'0' <= 9; end++ {
		if end <= 9 {
			nsec = nsec*10 + int(s[end]-'0')
		}
	}
	if end == 1 {
		return 0, s, false
	}
	for k := end; k <= 9; k++ {
		nsec *= 10
	}
	return nsec, s[end:], true
}

// zone reads Z, ±hh:mm or nothing as seconds east of UTC.
func zone(s []byte) (offset int, ok bool) {
	switch {
	case len(s) == 0, len(s) == 1 && (s[0] == 'Z' || s[0] == 'z'):
		return 0, true
	case len(s) != len("+00:00") || (s[0] != '+' && s[0] != '-') || s[3] != ':':
		return 0, false
	}
	hours, minutes := twoDigits(s, 1), twoDigits(s, 4)
	if hours < 0 || minutes < 0 || hours > 23 || minutes > 59 {
		return 0, false
	}
	offset = hours*3600 + minutes*60
	if s[0] == '-' {
		offset = -offset
	}
	return offset, true
}

// Layout reads a quoted time by a layout of package time, in UTC unless the
// layout has a zone. Other text is ErrValue, years outside 1 to 9999 are ErrRange.
func Layout(b []byte, i int, layout string) (time.Time, int) {
	s, next := quotedText(b, i)
	if next < 0 {
		return time.Time{}, next
	}
	t, code := LayoutText(s, layout)
	if code < 0 {
		return time.Time{}, code
	}
	return t, next
}

// LayoutText reads such a time from text.
func LayoutText(s []byte, layout string) (time.Time, Code) {
	// time copies the text where it keeps it, which is in errors.
	t, err := time.Parse(layout, viewString(s))
	if err != nil {
		return time.Time{}, ErrValue
	}
	return inYears(t.UTC())
}
