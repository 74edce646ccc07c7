package iqoption

import (
	"context"
	"net/http"

	"github.com/venuewire/venuewire/stream"
)

// Codes of the login service.
const (
	codeSuccess = "success"
	codeVerify  = "verify"
	codeWrong   = "invalid_credentials"
	codeLimited = "requests_limit_exceeded"
)

const (
	pathLogin  = "/v2/login"
	pathVerify = "/v2/verify/2fa"
)

// logoutPaths are tried in order: of three known clients two use the first and one the second.
var logoutPaths = [...]string{"/v1.0/logout", "/v2/logout"}

// Credentials are what a user types: e-mail address or phone number, and password.
type Credentials struct {
	Identifier, Password stream.Secret
}

// Session is a login at the venue. It is an [SSIDSource] for a client that is not to log in again by itself; see
// [LoginSource] for one that is. The venue keeps a session for about 30 days.
type Session struct {
	ssid stream.Secret
	user int64
	opts []stream.Option
}

// SSID returns the session id; it never fails.
func (s *Session) SSID(context.Context) (stream.Secret, error) { return s.ssid, nil }

// UserID is the id of the user, where the login told it, else 0; see [Client.UserID].
func (s *Session) UserID() int64 { return s.user }

// Logout makes the session id worthless, for every client that uses it.
func (s *Session) Logout(ctx context.Context) error { return Logout(ctx, s.ssid, s.opts...) }

// Login logs in over HTTP. Of the options it uses those of the dialer, proxy, TLS and HTTP client, [WithBrand],
// [WithAuthURL] and [WithTwoFactor]. Errors: *[LoginError], which wraps stream.ErrAuth for a wrong password;
// *stream.RateLimitError, after which no login should be tried for RetryAfter; *[TwoFactorError]; and those of the
// network. No error contains what is secret.
func Login(ctx context.Context, creds Credentials, opts ...stream.Option) (*Session, error) {
	w, err := webFor(opts)
	if err != nil {
		return nil, err
	}
	s, err := w.login(ctx, creds)
	if err != nil {
		return nil, err
	}
	s.opts = opts
	return s, nil
}

// Logout makes a session id worthless, for every client that uses it. The options are those of [Login].
func Logout(ctx context.Context, ssid stream.Secret, opts ...stream.Option) error {
	w, err := webFor(opts)
	if err != nil {
		return err
	}
	var r *webReply
	for _, path := range logoutPaths {
		r, err = w.post(ctx, path, nil, &http.Cookie{Name: ssidCookie, Value: ssid.Reveal()})
		if err != nil || r.status != http.StatusNotFound {
			break
		}
	}
	if err != nil || r.good() {
		return err
	}
	return r.fault(ssid)
}

// login logs in, with a second factor where the account has one.
func (w *web) login(ctx context.Context, creds Credentials) (*Session, error) {
	r, err := w.signIn(ctx, creds, "")
	if err != nil {
		return nil, err
	}
	if r.text("code") == codeVerify {
		token, err := w.secondFactor(ctx, r)
		if err != nil {
			return nil, err
		}
		if r, err = w.signIn(ctx, creds, token); err != nil {
			return nil, err
		}
	}
	return r.session(creds)
}

func (w *web) signIn(ctx context.Context, creds Credentials, token string) (*webReply, error) {
	body := map[string]string{"identifier": creds.Identifier.Reveal(), "password": creds.Password.Reveal()}
	if token != "" {
		body["token"] = token
	}
	return w.post(ctx, pathLogin, body)
}

// session reads a success. An answer without code counts as one when it brings a session id: old ones have none.
func (r *webReply) session(creds Credentials) (*Session, error) {
	ssid, code := r.ssid(), r.text("code")
	if r.good() && ssid != "" && (code == codeSuccess || code == "") {
		return &Session{ssid: stream.NewSecret(ssid), user: r.number("user_id")}, nil
	}
	err := r.fault(creds.Identifier, creds.Password, stream.NewSecret(ssid))
	if e, ok := err.(*LoginError); ok && code == codeSuccess && e.Message == "" {
		e.Message = "the answer has no session id"
	}
	return nil, err
}
