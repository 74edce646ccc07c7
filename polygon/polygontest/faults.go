package polygontest

import (
	"time"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// lastWords is how long a frame that a connection ends with has to reach the client.
const lastWords = 50 * time.Millisecond

// hangUp cuts a connection without a close frame, behind what was sent.
func (s *Server) hangUp(c *streamtest.Session) { s.after(lastWords, c.Drop) }

// RefuseLogins answers the next n keys, right ones too, with auth_failed; negative is all from now on.
func (s *Server) RefuseLogins(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = n
}

// Kick evicts all connections of a cluster, as if another one had come that is not here: max_connections, then close 1008.
func (s *Server) Kick(cluster polygon.Cluster) {
	for _, p := range s.live(cluster) {
		kick(p)
	}
}

// ForceDisconnect ends all connections of a cluster with that status and without a close frame.
func (s *Server) ForceDisconnect(cluster polygon.Cluster) {
	s.endAll(cluster, polygon.StatusCodeForceDisconnect)
}

// SlowConsumer ends all connections of a cluster with that status and without a close frame; see [WithBuffer] for clients
// that are slow indeed.
func (s *Server) SlowConsumer(cluster polygon.Cluster) {
	s.endAll(cluster, polygon.StatusCodeSlowConsumer)
}

func (s *Server) endAll(cluster polygon.Cluster, code polygon.StatusCode) {
	for _, p := range s.live(cluster) {
		p.session.Push(Status(code, ""))
		s.hangUp(p.session)
	}
}
