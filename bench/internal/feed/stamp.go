package feed

import (
	"bytes"
	"math"
	"strconv"
	"time"
)

// noStamp is a sequence number with as many digits as the nanoseconds since 1970; larger than any real one.
const noStamp int64 = 1_000_000_000_000_000_000

const stampDigits = 19

var sequenceKey = []byte(`"q":1`)

// Offsets are where the times of a frame of [StampedFrames] stand.
func Offsets(frame []byte) []int {
	var out []int
	for from := 0; ; {
		at := bytes.Index(frame[from:], sequenceKey)
		if at < 0 {
			return out
		}
		from += at + len(sequenceKey)
		if isStamp(frame[from-1:]) {
			out = append(out, from-1)
		}
	}
}

// isStamp says whether b starts with the digits of a stamp.
func isStamp(b []byte) bool {
	n := 0
	for n < len(b) && '0' <= b[n] && b[n] <= '9' {
		n++
	}
	return n == stampDigits
}

// Stamp writes the time, in nanoseconds since 1970, to the offsets of a frame.
func Stamp(frame []byte, offsets []int, now time.Time) {
	var digits [20]byte
	text := strconv.AppendInt(digits[:0], now.UnixNano(), 10)
	for _, at := range offsets {
		copy(frame[at:], text)
	}
}

// ReadStamp finds the first time in a frame without decoding it; 0 for none.
func ReadStamp(frame []byte) int64 {
	at := bytes.Index(frame, sequenceKey)
	if at < 0 || !isStamp(frame[at+len(sequenceKey)-1:]) {
		return 0
	}
	n := int64(0)
	for _, c := range frame[at+len(sequenceKey)-1:][:stampDigits] {
		n = n*10 + int64(c-'0')
	}
	return n
}

// Quantile is the value below which the share q of the sorted values lies.
func Quantile(sorted []int64, q float64) int64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[int(math.Ceil(q*float64(len(sorted))))-1]
}
