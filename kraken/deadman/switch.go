// Package deadman keeps a dead man's switch armed: unless the program tells the venue in time that it is alive, the
// venue cancels all its orders. Programs get a [Switch] from the ArmDeadMansSwitch methods of the clients in packages
// kraken and krakenv1.
package deadman

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	// share is the part of the timeout after which the switch is armed anew: the venue advises 15 to 30 s of 60.
	share = 3
	// callTime bounds one call.
	callTime = 5 * time.Second
	// again is the pause after a call that failed.
	again = time.Second
	// Shortest and Longest bound the timeout. The venue counts whole seconds below a day.
	Shortest = 5 * time.Second
	Longest  = 24*time.Hour - time.Second
)

// Call arms the switch for some seconds, or disarms it for 0, and returns the venue's time and when it will cancel the
// orders; zero when disarmed.
type Call func(ctx context.Context, seconds int64) (now, trigger time.Time, err error)

// Switch is an armed dead man's switch. It arms itself anew after a third of its timeout, until its context ends or
// [Switch.Disarm]. When the context ends it stays armed at the venue, which cancels the orders when the time is over:
// that is what it is for. While there is no connection it tries again each second.
type Switch struct {
	call    Call
	timeout time.Duration
	stop    context.CancelFunc
	done    chan struct{}

	mu      sync.Mutex
	trigger time.Time // by our clock
	renewed time.Time
	lapses  int
	late    bool // the lapse is counted
	err     error
}

// Arm arms the switch and returns when the venue confirmed; ctx then ends the renewals. The timeout is in whole seconds
// from 5 s to a day.
func Arm(ctx context.Context, timeout time.Duration, call Call) (*Switch, error) {
	if timeout < Shortest || timeout > Longest || timeout%time.Second != 0 {
		return nil, fmt.Errorf("dead man's switch: the timeout is whole seconds from %v to %v, not %v", Shortest, Longest, timeout)
	}
	s := &Switch{call: call, timeout: timeout, done: make(chan struct{})}
	if err := s.renew(ctx); err != nil {
		return nil, err
	}
	ctx, s.stop = context.WithCancel(ctx)
	go s.run(ctx)
	return s, nil
}

func (s *Switch) run(ctx context.Context) {
	defer close(s.done)
	wait := s.timeout / share
	for {
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		if wait = s.timeout / share; s.renew(ctx) != nil {
			wait = again
		}
	}
}

// renew arms the switch for another timeout.
func (s *Switch) renew(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	sent := time.Now()
	now, trigger, err := s.call(ctx, int64(s.timeout/time.Second))
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.late && !s.trigger.IsZero() && !time.Now().Before(s.trigger) {
		s.lapses++
		s.late = true
	}
	if s.err = err; err != nil {
		return err
	}
	left := s.timeout
	if !trigger.IsZero() && trigger.After(now) {
		left = min(left, trigger.Sub(now))
	}
	s.renewed, s.trigger, s.late = time.Now(), sent.Add(left), false
	return nil
}

// Trigger returns when the venue will cancel all orders if it hears nothing, at the earliest, by the clock of this
// machine.
func (s *Switch) Trigger() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trigger
}

// Renewed returns when the venue last confirmed.
func (s *Switch) Renewed() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.renewed
}

// Err returns why the last call failed; nil when it did not.
func (s *Switch) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Lapses counts how often the time was over before the venue confirmed again: each time it has cancelled all orders.
func (s *Switch) Lapses() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lapses
}

// Done is closed when nothing is renewed any more.
func (s *Switch) Done() <-chan struct{} { return s.done }

// Disarm ends the renewals and disarms the switch at the venue. If that fails the switch stays armed there.
func (s *Switch) Disarm(ctx context.Context) error {
	s.stop()
	<-s.done
	_, _, err := s.call(ctx, 0)
	return err
}
