package wire

import (
	"strconv"
	"time"
)

// AppendUnixS appends t as seconds since 1970, with a fraction where it has one.
//
//go:noinline // see AppendName
func AppendUnixS(dst []byte, t time.Time) []byte { return appendUnix(dst, t, unitS) }

// AppendUnixMs appends t as milliseconds, with a fraction where it has one.
//
//go:noinline // see AppendName
func AppendUnixMs(dst []byte, t time.Time) []byte { return appendUnix(dst, t, unitMs) }

// AppendUnixUs appends t as microseconds, with a fraction where it has one.
func AppendUnixUs(dst []byte, t time.Time) []byte { return appendUnix(dst, t, unitUs) }

// AppendUnixNs appends t as nanoseconds.
func AppendUnixNs(dst []byte, t time.Time) []byte { return appendUnix(dst, t, unitNs) }

// appendUnix writes whole seconds and nine more digits with the point after unit
// of them. No integer type holds the nanoseconds of all years.
func appendUnix(dst []byte, t time.Time, unit unixUnit) []byte {
	if t.IsZero() {
		return append(dst, '0') // nobody means the year 1
	}
	sec, nsec := t.Unix(), int64(t.Nanosecond())
	if sec < 0 {
		dst = append(dst, '-')
		if sec = -sec; nsec > 0 {
			sec, nsec = sec-1, 1e9-nsec
		}
	}
	below := int64(pow10[9-unit])
	whole, frac := nsec/below, nsec%below
	switch {
	case sec == 0:
		dst = strconv.AppendInt(dst, whole, 10)
	default:
		dst = appendPadded(strconv.AppendInt(dst, sec, 10), whole, int(unit))
	}
	if frac == 0 {
		return dst
	}
	dst = appendPadded(append(dst, '.'), frac, 9-int(unit))
	for dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	return dst
}

// appendPadded appends v in width digits.
func appendPadded(dst []byte, v int64, width int) []byte {
	for width--; width >= 0; width-- {
		dst = append(dst, '0'+byte(v/int64(pow10[width])%10))
	}
	return dst
}

// AppendUnixAuto appends t in nanoseconds. Times whose nanoseconds have not 18 or
// 19 digits, those before March 1973 and from 2286 on, would read back as another
// unit; they are written in the finest one that reads back, and finer digits
// are cut. The zero time is 0.
func AppendUnixAuto(dst []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(dst, '0')
	}
	switch sec := t.Unix(); {
	case sec < 1e8 || sec >= 1e11:
		return strconv.AppendInt(dst, sec, 10)
	case sec < 1e10:
		return appendUnix(dst, t, unitNs)
	}
	return appendUnix(dst, t.Truncate(time.Microsecond), unitUs)
}

// AppendRFC3339 appends t in UTC, without quotes. precision is s, ms, us or ns
// for no, three, six or nine digits of the second, finer ones are cut; "" is as
// many as it has.
func AppendRFC3339(dst []byte, t time.Time, precision string) []byte {
	return t.UTC().AppendFormat(dst, rfc3339Layout(precision))
}

func rfc3339Layout(precision string) string {
	switch precision {
	case "s":
		return "2006-01-02T15:04:05Z07:00"
	case "ms":
		return "2006-01-02T15:04:05.000Z07:00"
	case "us":
		return "2006-01-02T15:04:05.000000Z07:00"
	case "ns":
		return "2006-01-02T15:04:05.000000000Z07:00"
	}
	return time.RFC3339Nano
}

// AppendLayout appends t in UTC by a layout of package time, without quotes.
func AppendLayout(dst []byte, t time.Time, layout string) []byte {
	return t.UTC().AppendFormat(dst, layout)
}
