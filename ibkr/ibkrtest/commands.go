package ibkrtest

import (
	"fmt"
	"time"

	"github.com/venuewire/venuewire/stream/streamtest"
)

// LogIn is a human at the login page: a new session, with a brokerage session.
func (s *Server) LogIn() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made++
	s.session = fmt.Sprintf("%s-%d", streamtest.CanarySSID, s.made)
	s.brokerage, s.competing, s.downUntil = true, false, time.Time{}
}

// LogOut ends the login, as happens once a day: every request is answered with 401 until [Server.LogIn].
func (s *Server) LogOut() {
	s.mu.Lock()
	s.session, s.brokerage = "", false
	s.mu.Unlock()
	s.pushStatus()
}

// Compete lets another login of the user take the brokerage session. Sockets are told.
func (s *Server) Compete() {
	s.mu.Lock()
	s.competing, s.brokerage = true, false
	s.mu.Unlock()
	s.pushStatus()
}

// EndCompetition lets the other login go. As at the venue, no socket is told, and the brokerage session is not back
// before somebody asks for it.
func (s *Server) EndCompetition() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.competing = false
}

// Reset takes the brokerage session away for some time, as the nightly reset does. Sockets are told of the loss; of the
// return nobody is.
func (s *Server) Reset(length time.Duration) {
	s.mu.Lock()
	s.brokerage = false
	s.downUntil = time.Now().Add(length)
	s.mu.Unlock()
	s.pushStatus()
}

// Restart ends the gateway and starts it anew after some time: connections break, new ones are refused meanwhile. The
// login has a new session value then, and no brokerage session before somebody asks for it.
func (s *Server) Restart(length time.Duration) {
	s.Fault(streamtest.RefuseDials(streamtest.All))
	s.Fault(streamtest.Drop())
	s.work.Go(func() {
		timer := time.NewTimer(length)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-s.stop:
			return
		}
		s.LogIn()
		s.mu.Lock()
		s.brokerage = false
		s.mu.Unlock()
		s.Fault(streamtest.RefuseDials(0))
	})
}

// MuteHeartbeats stops or resumes the heartbeats; all else goes on.
func (s *Server) MuteHeartbeats(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mute = on
}

// pushStatus tells all sockets what became of the brokerage session.
func (s *Server) pushStatus() {
	for _, p := range s.authorised() {
		s.push(p.session, s.statusFrame())
	}
}
