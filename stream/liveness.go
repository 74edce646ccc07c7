package stream

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
)

// What a session does about a silent peer when the protocol does not say.
const (
	defaultPing     = 20 * time.Second
	defaultDeadline = 10 * time.Second
)

// lifeClock is wound by what proves life. It keeps a distance, since a time made of a number would follow the wall
// clock of the machine, which may jump.
type lifeClock struct {
	base time.Time
	last atomic.Int64
}

func (c *lifeClock) wind(t time.Time) { c.last.Store(int64(t.Sub(c.base))) }

func (c *lifeClock) time() time.Time { return c.base.Add(time.Duration(c.last.Load())) }

// livenessOf is the protocol's rule with its defaults.
func livenessOf(p *protocol.Protocol) protocol.Liveness {
	rule := p.Liveness
	if !rule.Ping && rule.PingRPC == nil && rule.Deadline <= 0 {
		rule.Ping = true
	}
	if rule.Every <= 0 {
		rule.Every = defaultPing
	}
	if rule.Deadline <= 0 {
		rule.Deadline = defaultDeadline
	}
	return rule
}

// silence is how long nothing may come: where we ask, the peer has Deadline from the question on.
func silence(rule *protocol.Liveness) time.Duration {
	if rule.Ping || rule.PingRPC != nil {
		return rule.Every + rule.Deadline
	}
	return rule.Deadline
}

// clockFor returns the clock that events of this name wind; nil if any frame does as well.
func (l *Link) clockFor(name string) *lifeClock {
	if slices.Contains(l.cfg.Protocol.Liveness.Events, name) {
		return &l.clock
	}
	return nil
}

// arm sets the read deadline, so that a blocked reader always ends. Moving it for every frame would cost more than
// the frame, so it has an eighth to spare.
func (s *session) arm(now time.Time) {
	limit := silence(&s.l.rule)
	if s.armed.Sub(now) > limit {
		return
	}
	s.armed = now.Add(limit + limit/8)
	_ = s.sock.SetReadDeadline(s.armed)
}

// keepAlive asks the peer for a sign of life and watches the venue's clock.
func (s *session) keepAlive() {
	rule := &s.l.rule
	s.l.clock.wind(time.Now())
	ask := time.NewTicker(rule.Every)
	defer ask.Stop()
	for {
		wait := time.Hour
		if len(rule.Events) > 0 {
			wait = time.Until(s.l.clock.time().Add(silence(rule)))
			if wait <= 0 {
				s.end(fmt.Errorf("%w: no %v for %v", ErrSilent, rule.Events, silence(rule)))
				return
			}
		}
		late := time.NewTimer(wait)
		select {
		case <-ask.C:
			s.ask(rule)
		case <-late.C:
		case <-s.ctx.Done():
			late.Stop()
			return
		}
		late.Stop()
	}
}

// ask sends a ping, or makes the call that serves as one.
func (s *session) ask(rule *protocol.Liveness) {
	if rule.Ping {
		s.out.requestPing()
	}
	if rule.PingRPC == nil {
		return
	}
	s.l.background(func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, rule.Deadline)
		defer cancel()
		if _, err := s.call(ctx, rule.PingRPC, nil); err == nil {
			s.l.clock.wind(time.Now())
		}
	})
}
