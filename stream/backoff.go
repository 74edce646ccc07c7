package stream

import (
	"math/rand/v2"
	"time"
)

const (
	backoffFirst = 250 * time.Millisecond
	backoffMost  = 30 * time.Second
	coolDown     = 60 * time.Second
	// stableAfter is how long a session must have been Ready for the attempts to start anew: a venue that accepts
	// and then throws out is met with growing waits.
	stableAfter = 60 * time.Second
)

// tuning is what tests may change.
type tuning struct {
	random func() float64 // in [0, 1)
}

func defaultTuning() tuning { return tuning{random: rand.Float64} }

// backoff yields the waits between dials: full jitter over an exponentially growing span.
type backoff struct {
	random  func() float64
	attempt int
}

func (b *backoff) next() time.Duration {
	span := backoffMost
	if shift := b.attempt; shift < 7 {
		span = min(backoffFirst<<shift, backoffMost)
	}
	b.attempt++
	return time.Duration(b.random() * float64(span))
}

// cool is a wait of at least d; the jitter keeps clients that were thrown out together apart.
func (b *backoff) cool(d time.Duration) time.Duration {
	b.attempt++
	if d <= 0 {
		d = coolDown
	}
	return d + time.Duration(b.random()*float64(d)/10)
}

func (b *backoff) reset() { b.attempt = 0 }
