package polygontest

import (
	"slices"
	"strings"
	"time"

	"github.com/venuewire/venuewire/polygon"
)

// market sends made-up events at the multiples of the tick until the server closes.
func (s *Server) market() {
	last := time.Now()
	for {
		next := last.Truncate(s.cfg.tick).Add(s.cfg.tick)
		if late := time.Now(); next.Before(late) {
			next = late // the machine was asleep
		}
		timer := time.NewTimer(time.Until(next))
		select {
		case <-timer.C:
		case <-s.stop:
			timer.Stop()
			return
		}
		for _, c := range polygon.Clusters() {
			for _, p := range s.live(c) {
				s.tick(p, last, next)
			}
		}
		last = next
	}
}

// tick sends a session what it has subscribed: bars whose window ended since the last tick, and one event of all else.
func (s *Server) tick(p *peer, last, now time.Time) {
	var events []string
	for _, ch := range s.channels(p) {
		shape := s.shapes[p.cluster][ch.prefix]
		if w := shape.window; w == 0 || last.UnixMilli()/w != now.UnixMilli()/w {
			events = append(events, s.make(p.cluster, ch, now))
		}
	}
	if len(events) > 0 {
		s.push(p, "["+strings.Join(events, ",")+"]")
	}
}

// make makes up the next event of a channel. Sequence numbers count the events of a feed and symbol from 1 without holes,
// so that what a client missed can be told; the venue's own grow and have holes.
func (s *Server) make(c polygon.Cluster, ch channel, at time.Time) string {
	feed := feedOf{c, ch.prefix, ch.symbol}
	s.mu.Lock()
	s.made[feed]++
	seq := s.made[feed]
	s.mu.Unlock()
	shape := s.shapes[c][ch.prefix]
	return shape.event(shape.symbolFor(c, ch.symbol), at, seq)
}

// Sequence is the sequence number of the last event of a feed and symbol that was made; 0 before the first one.
func (s *Server) Sequence(c polygon.Cluster, prefix, symbol string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.made[feedOf{c, prefix, symbol}]
}

// channel is a feed of a symbol.
type channel struct{ prefix, symbol string }

// channels lists what a session has subscribed, wildcards spelled out, in a fixed order.
func (s *Server) channels(p *peer) []channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []channel
	for prefix, held := range p.subs {
		for symbol := range held {
			if symbol != "*" {
				out = append(out, channel{prefix, symbol})
			}
		}
		if held["*"] {
			for _, symbol := range everything(p.cluster) {
				if !held[symbol] {
					out = append(out, channel{prefix, symbol})
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b channel) int {
		return strings.Compare(a.prefix+"."+a.symbol, b.prefix+"."+b.symbol)
	})
	return out
}

// Event makes up an event of a feed and symbol at a time, as JSON; a bar is that of the last full window. It is "" for a
// feed that the cluster does not have. It takes the next sequence number of the feed and symbol.
func (s *Server) Event(c polygon.Cluster, prefix, symbol string, at time.Time) string {
	if s.shapes[c][prefix] == nil {
		return ""
	}
	return s.make(c, channel{prefix, symbol}, at)
}
