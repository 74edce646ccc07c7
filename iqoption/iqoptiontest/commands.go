package iqoptiontest

import (
	"fmt"
	"time"

	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/wire"
)

// All is a count without end for the commands that are counted; 0 ends it.
const All = -1

// commands are the misbehaviours that only this venue has, beside those of streamtest.Fault.
type commands struct {
	refuseLogin, throttle, refuseAuth int
	throttleFor                       time.Duration
	refuseOrder                       int
	orderStatus                       int
	orderMessage                      string
	pushFirst                         bool
}

// take uses up one of a counted command. The server is locked.
func (c *commands) take(n *int) bool {
	if *n > 0 {
		*n--
		return true
	}
	return *n < 0
}

func (s *Server) command(set func(*commands)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	set(&s.commands)
}

// RefuseLogin answers the next n logins over HTTP, or [All], as if the password were wrong.
func (s *Server) RefuseLogin(n int) { s.command(func(c *commands) { c.refuseLogin = n }) }

// ThrottleLogin answers the next n logins over HTTP, or [All], with requests_limit_exceeded and the time to wait, in
// whole seconds; below one second the answer does not say.
func (s *Server) ThrottleLogin(n int, wait time.Duration) {
	s.command(func(c *commands) { c.throttle, c.throttleFor = n, wait })
}

// RefuseSession refuses the next n sessions on the socket, or [All], as it does with an expired session id.
func (s *Server) RefuseSession(n int) { s.command(func(c *commands) { c.refuseAuth = n }) }

// ExpireSSID ends all sessions of logins: who connects again has to log in over HTTP first. Live sockets stay.
func (s *Server) ExpireSSID() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.ssids)
}

// RefuseOrders refuses the next n orders, or [All], with a status from 4000 and a message.
func (s *Server) RefuseOrders(n, status int, message string) {
	s.command(func(c *commands) { c.refuseOrder, c.orderStatus, c.orderMessage = n, status, message })
}

// PushBeforeReply makes the events of a call overtake its answer, as happens at the venue.
func (s *Server) PushBeforeReply(on bool) { s.command(func(c *commands) { c.pushFirst = on }) }

func (s *Server) pushesFirst() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commands.pushFirst
}

// RaisePayout changes what a win of an asset pays by some percent, for all kinds of options, and tells who subscribed
// to it. Orders that name the old payout are refused with status 4117.
func (s *Server) RaisePayout(id iqoption.ActiveID, percent int64) error {
	a, ok := s.assetOf(id)
	if !ok {
		return fmt.Errorf("iqoptiontest: no asset %d", id)
	}
	a.mu.Lock()
	for kind := range a.payouts {
		a.payouts[kind] += percent
	}
	a.mu.Unlock()
	s.pushCommissions(a)
	return nil
}

// Suspend stops or resumes trading of an asset. Orders for a suspended one are refused with status 4119.
func (s *Server) Suspend(id iqoption.ActiveID, on bool) error {
	a, ok := s.assetOf(id)
	if !ok {
		return fmt.Errorf("iqoptiontest: no asset %d", id)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.suspended = on
	return nil
}

// Move shifts the price of an asset from its next tick on, for good. With it a test decides how an option ends.
func (s *Server) Move(id iqoption.ActiveID, by wire.Decimal) error {
	a, ok := s.assetOf(id)
	if !ok {
		return fmt.Errorf("iqoptiontest: no asset %d", id)
	}
	v, ok := a.scaled(by)
	if !ok {
		return fmt.Errorf("iqoptiontest: %s is no step of the price of %s", by, a.Ticker)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.moves = append(a.moves, move{time.Now().UnixMilli(), v})
	return nil
}

// PriceOf returns the price of an asset as of now: that of its last tick.
func (s *Server) PriceOf(id iqoption.ActiveID) (wire.Decimal, bool) {
	a, ok := s.assetOf(id)
	if !ok {
		return wire.Decimal{}, false
	}
	return a.decimal(a.price(time.Now().UnixMilli())), true
}
