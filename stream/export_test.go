package stream

import (
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
)

// WithRandom replaces the randomness of the waits between dials.
func WithRandom(random func() float64) Option {
	return OptionFor(func(t *tuning) { t.random = random })
}

const (
	WriteTimeout = writeTimeout
	DialTimeout  = dialTimeout
	AckWithin    = ackWithin
	OrderHandoff = orderHandoff
)

// MergeParams merges the params of several subscribers.
func MergeParams(feed *protocol.Feed, params ...string) (string, error) {
	var uses []*use
	for _, p := range params {
		o, err := parseObject(p)
		if err != nil {
			return "", err
		}
		uses = append(uses, &use{params: o})
	}
	merged, err := mergeParams(feed, uses)
	return merged.String(), err
}

// KnownItems counts the items that a topic remembers.
func KnownItems[K comparable](t *Topic[K]) int { return len(t.core.routes.Load().exact) }

// LifeLeft reads what is left of a lifetime.
func LifeLeft(v string, now time.Time) time.Duration { return lifeLeft(v, now) }

// Wanted tells whether a topic has any handle.
func Wanted[K comparable](t *Topic[K]) bool { return len(*t.core.every.Load()) > 0 }

// LastSignOfLife is what the venue's clock was last wound to.
func LastSignOfLife(l *Link) time.Time { return l.clock.time() }

// RequestsAroundACancel asks for a live item anew and counts the requests that a session would send for it in that
// moment, and once the cancel is sent.
func RequestsAroundACancel(l *Link, feed *protocol.Feed) (first, then int) {
	const key = `{"symbol":"A"}`
	r := l.reg
	r.session = &session{l: l}
	sh, err := r.wantOne(feed, Item{Key: key})
	if err != nil {
		return -1, -1
	}
	sh.w.state = itemLive
	r.askAnew(feed, []string{key})
	first = len(r.nextRequests())
	r.nextCancel()
	return first, len(r.nextRequests())
}
