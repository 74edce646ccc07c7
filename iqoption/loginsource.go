package iqoption

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/venuewire/venuewire/stream"
)

// loginPause is how long a source leaves the venue alone after a refused login for which the venue names no time.
const loginPause = time.Minute

// LoginSource logs in when a session id is needed and keeps it until the venue refuses it. It may serve several
// clients: there is at most one login at a time, none before the time that the venue asked for has passed, and none
// after a wrong password.
//
// The login goes through the HTTP client of the client that it serves. With options of package stream, or [WithBrand]
// or [WithAuthURL], it goes its own way; [WithTwoFactor] can stand alone. Of a client whose session was lost the login
// must be done within 15 s, and one that fails at its second factor then ends the client: give such accounts a
// [TwoFactor] that needs no human, or dial anew.
func LoginSource(creds Credentials, opts ...stream.Option) SSIDSource {
	s := &loginSource{creds: creds, opts: opts, turn: make(chan struct{}, 1)}
	cfg, own, err := ownOptions(opts)
	s.optsErr = err
	s.shares = own && cfg.brand == "" && cfg.authURL == ""
	s.twoFactor = cfg.twoFactor
	return s
}

type loginSource struct {
	creds     Credentials
	opts      []stream.Option
	optsErr   error
	shares    bool // goes through the client that it serves
	twoFactor TwoFactor
	turn      chan struct{} // held while logging in

	mu    sync.Mutex
	ssid  stream.Secret
	wrong error     // the password is wrong
	until time.Time // no login before
	why   error
}

var _ Invalidator = (*loginSource)(nil)

// SSID returns the session id, after a login if there is none.
func (s *loginSource) SSID(ctx context.Context) (stream.Secret, error) { return s.via(ctx, nil) }

// Invalidate forgets the session id if it is the refused one.
func (s *loginSource) Invalidate(refused stream.Secret) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ssid.Reveal() == refused.Reveal() {
		s.ssid = stream.Secret{}
	}
}

// via is SSID for a client; w is its HTTP service.
func (s *loginSource) via(ctx context.Context, w *web) (stream.Secret, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return stream.Secret{}, context.Cause(ctx)
	}
	if ssid, err := s.known(); err != nil || !ssid.IsZero() {
		return ssid, err
	}
	w, err := s.service(w)
	if err != nil {
		return stream.Secret{}, err
	}
	session, err := w.login(ctx, s.creds)
	if err != nil {
		s.failed(err)
		return stream.Secret{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ssid = session.ssid
	return s.ssid, nil
}

// known is what needs no login: the session id, or why there is to be none now.
func (s *loginSource) known() (stream.Secret, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if left := time.Until(s.until); s.ssid.IsZero() && s.wrong == nil && left > 0 {
		return stream.Secret{}, &stream.RateLimitError{RetryAfter: left, Err: s.why}
	}
	if !s.ssid.IsZero() {
		return s.ssid, nil
	}
	return stream.Secret{}, s.wrong
}

// service is what the login goes through.
func (s *loginSource) service(w *web) (*web, error) {
	if s.optsErr != nil {
		return nil, s.optsErr
	}
	if w == nil || !s.shares {
		return webFor(s.opts)
	}
	if s.twoFactor != nil {
		own := *w
		own.twoFactor = s.twoFactor
		return &own, nil
	}
	return w, nil
}

// failed keeps what a failed login means for the next one. Errors of the network mean nothing, and neither does the
// second factor: whether it is to be tried again is for a human to say.
func (s *loginSource) failed(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var (
		limited *stream.RateLimitError
		refused *LoginError
		second  *TwoFactorError
	)
	switch {
	case errors.As(err, &limited):
		s.until, s.why = time.Now().Add(limited.RetryAfter), limited.Err
		if limited.RetryAfter <= 0 {
			s.until = time.Now().Add(loginPause)
		}
	case errors.As(err, &second):
	case errors.Is(err, stream.ErrAuth):
		s.wrong = err
	case errors.As(err, &refused):
		s.until, s.why = time.Now().Add(loginPause), err
	}
}
