package feed

import (
	"math"
	"time"
)

// Sum is what came of some events. It does not depend on the order and differs with any bit of what is looked at.
type Sum struct {
	Trades, Quotes, Bars int
	Bits                 uint64
}

// Events is the number of all events.
func (s Sum) Events() int { return s.Trades + s.Quotes + s.Bars }

// Plus adds another sum n times.
func (s Sum) Plus(o Sum, n int) Sum {
	return Sum{
		Trades: s.Trades + n*o.Trades, Quotes: s.Quotes + n*o.Quotes, Bars: s.Bars + n*o.Bars,
		Bits: s.Bits + uint64(n)*o.Bits,
	}
}

// Sink is what every contender hands an event to: it looks at numbers, text and time, so that nothing is optimized
// away, and notes how late an event with a time in it is. It is for one goroutine.
type Sink struct {
	Sum
	Delays []int64 // nanoseconds from the server's write to the handler
}

// Trade takes one trade; ms is its time in milliseconds since 1970.
func (s *Sink) Trade(symbol string, price, size float64, ms, seq int64) {
	s.Trades++
	s.Bits += math.Float64bits(price) + math.Float64bits(size) + timeWeight*uint64(ms) + text(symbol)
	s.delay(seq)
}

// Quote takes one quote.
func (s *Sink) Quote(symbol string, bid, ask float64, ms, seq int64) {
	s.Quotes++
	s.Bits += 3*math.Float64bits(bid) + 5*math.Float64bits(ask) + timeWeight*uint64(ms) + text(symbol)
	s.delay(seq)
}

// Bar takes one bar.
func (s *Sink) Bar(symbol string, open, last float64, ms int64) {
	s.Bars++
	s.Bits += 7*math.Float64bits(open) + 11*math.Float64bits(last) + timeWeight*uint64(ms) + text(symbol)
}

// Late notes the delay of something that was stamped, if it was.
func (s *Sink) Late(stamp int64, now time.Time) {
	if stamp > noStamp {
		s.Delays = append(s.Delays, now.UnixNano()-stamp)
	}
}

func (s *Sink) delay(seq int64) {
	if seq > noStamp {
		s.Late(seq, time.Now())
	}
}

// timeWeight keeps a difference of the time from being one of the text.
const timeWeight = 1_000_003

func text(s string) uint64 {
	if len(s) < 2 {
		return uint64(len(s))
	}
	return uint64(len(s))<<16 | uint64(s[len(s)-2])<<8 | uint64(s[len(s)-1])
}
