package wire

import "time"

// lastDate is a date that was read, with the T behind it, and the second at which its day starts.
type lastDate struct {
	head, tail uint64 // its first and its last eight bytes; 0 is none yet
	start      int64
}

// RFC3339 is [RFC3339] that remembers the last date: most times are of the same day.
func (d *Decoder) RFC3339(b []byte, i int) (time.Time, int) {
	if i < 0 || len(b)-i < len(`"2026-04-29T13:30:00Z"`) || b[i] != '"' {
		return RFC3339(b, i)
	}
	at, date := i+1, &d.date
	second, ok := timeOfDay(b, at+dateLen)
	if !ok || !date.is(b, at) && !date.learn(b[at:at+dateTimeLen], second) {
		return RFC3339(b, i)
	}
	if t, end := endOfUsual(b, at+dateTimeLen, date.start+second); end != 0 {
		return t, end
	}
	return RFC3339(b, i)
}

// is tells whether the date is at i.
func (l *lastDate) is(b []byte, i int) bool {
	return l.head != 0 && word(b, i) == l.head && word(b, i+dateLen-8) == l.tail
}

// learn keeps the date of s, if it is one; second is its time of day.
func (l *lastDate) learn(s []byte, second int64) bool {
	sec, code := dateTime(s)
	if code < 0 || sec < minSecond {
		return false
	}
	*l = lastDate{word(s, 0), word(s, dateLen-8), sec - second}
	return true
}
