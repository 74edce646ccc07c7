package polygontest

import (
	"fmt"
	"strconv"

	"github.com/gorilla/websocket"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// The venue's own texts.
const (
	textConnected      = "Connected Successfully"
	textAuthenticated  = "authenticated"
	textAuthFailed     = "authentication failed"
	textNoPlan         = "Your plan doesn't include websocket access. Visit https://massive.com/pricing to upgrade."
	textAuthTimeout    = "No authentication request received."
	textNotAuthorized  = "not authorized"
	textMaxConnections = "Maximum number of websocket connections exceeded. You have reached the connection limit for your account. " +
		"Please contact support at https://polygon.io/contact to increase your limit."
)

// Status is a frame with one status event, as the venue sends it.
func Status(code polygon.StatusCode, message string) string {
	text := ""
	if message != "" {
		text = `,"message":` + strconv.Quote(message)
	}
	return fmt.Sprintf(`[{"ev":"status","status":%q%s}]`, string(code), text)
}

// greet says hello and waits for the key.
func (s *Server) greet(c *streamtest.Session) {
	p := s.peerOf(c)
	c.Push(Status(polygon.StatusCodeConnected, textConnected))
	s.after(s.cfg.authTimeout, func() {
		s.mu.Lock()
		authed := p.authed
		s.mu.Unlock()
		if !authed {
			c.Push(Status(polygon.StatusCodeAuthTimeout, textAuthTimeout))
			c.Close(websocket.ClosePolicyViolation, "")
		}
	})
}

// auth answers the key. A refusal is followed by the end of the connection, without a close frame.
func (s *Server) auth(call *streamtest.Call) {
	c, p := call.Session, s.peerOf(call.Session)
	if text := s.judge(call, p); text != "" {
		c.Push(Status(polygon.StatusCodeAuthFailed, text))
		s.hangUp(c)
		return
	}
	s.mu.Lock()
	p.authed = true
	s.mu.Unlock()
	c.Push(Status(polygon.StatusCodeAuthSuccess, textAuthenticated))
	if s.cfg.kickAfter > 0 {
		s.after(s.cfg.kickAfter, func() { s.evict(p.cluster) })
		return
	}
	s.evict(p.cluster)
}

// judge returns why a key is refused; "" if it is not.
func (s *Server) judge(call *streamtest.Call, p *peer) string {
	key, _ := call.Field("key")
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuse != 0 {
		s.refuse--
		return textAuthFailed
	}
	switch {
	case key != s.cfg.key:
		return textAuthFailed
	case s.cfg.clusters != nil && !s.cfg.clusters[p.cluster]:
		return textNoPlan
	}
	return ""
}

// evict ends connections until no more are left than the key has.
func (s *Server) evict(cluster polygon.Cluster) {
	peers := s.live(cluster)
	for s.cfg.connections > 0 && len(peers) > s.cfg.connections {
		at := 0
		if s.cfg.victim == Newest {
			at = len(peers) - 1
		}
		kick(peers[at])
		peers = append(peers[:at:at], peers[at+1:]...)
	}
}

func kick(p *peer) {
	p.session.Push(Status(polygon.StatusCodeMaxConnections, textMaxConnections))
	p.session.Close(websocket.ClosePolicyViolation, "")
}
