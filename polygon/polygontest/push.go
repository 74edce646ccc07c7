package polygontest

import (
	"strings"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/wire"
)

// Send sends events, JSON objects with an ev, in one frame to every session of a cluster, each session those that it has
// subscribed. It returns how many sessions got a frame.
func (s *Server) Send(cluster polygon.Cluster, events ...string) (sessions int) {
	for _, p := range s.live(cluster) {
		var mine []string
		for _, e := range events {
			if s.wants(p, e) {
				mine = append(mine, e)
			}
		}
		if len(mine) > 0 {
			s.push(p, "["+strings.Join(mine, ",")+"]")
			sessions++
		}
	}
	return sessions
}

// wants tells whether a session has subscribed an event. Those that name their symbol otherwise than the subscription does
// go to whoever has any of their kind.
func (s *Server) wants(p *peer, event string) bool {
	b := []byte(event)
	prefix := textAt(b, "ev")
	s.mu.Lock()
	defer s.mu.Unlock()
	held := p.subs[prefix]
	if len(held) == 0 {
		return false
	}
	shape := s.shapes[p.cluster][prefix]
	return shape == nil || shape.loose || held["*"] || held[textAt(b, shape.symbol)]
}

// push sends a frame, unless the client has too many of them to read: then it is told so and cut.
func (s *Server) push(p *peer, frame string) {
	full := p.session.Queued() >= s.cfg.buffer
	s.mu.Lock()
	cut := p.slow
	p.slow = cut || full
	s.mu.Unlock()
	switch {
	case cut:
	case full:
		p.session.Push(Status(polygon.StatusCodeSlowConsumer, ""))
		s.hangUp(p.session)
	default:
		p.session.Push(frame)
	}
}

// textAt is a member that holds text; "" if there is none.
func textAt(b []byte, name string) string {
	at := wire.Lookup(b, 0, name)
	if at < 0 {
		return ""
	}
	var d wire.Decoder
	text, next := d.Text(b, at)
	if next < 0 {
		return ""
	}
	return string(text)
}
