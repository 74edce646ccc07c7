package iqoption

import (
	"context"

	"github.com/venuewire/venuewire/stream"
)

// Challenge is the second factor that a login asks for.
type Challenge struct {
	// Method is "sms", "email" or "push"; the venue sends the code that way before the question is asked.
	Method string
}

// TwoFactor yields the code of a second factor; it may wait for a human until ctx ends. A push has no code but is
// confirmed in the app, and how a client learns of the confirmation is not known: for the method "push" a code is
// used if there is one, and without one the login fails with [ErrTwoFactorUnsupported].
type TwoFactor func(ctx context.Context, c Challenge) (code string, err error)

// secondFactor exchanges the token of a login that wants a second factor for one that has it.
func (w *web) secondFactor(ctx context.Context, login *webReply) (token string, err error) {
	method, token := login.text("method"), login.text("token")
	fail := func(err error) (string, error) { return "", &TwoFactorError{Method: shorten(method, 60), Err: err} }
	if w.twoFactor == nil {
		return fail(ErrTwoFactorRequired)
	}
	token, err = w.verify(ctx, map[string]string{"method": method, "token": token})
	if err != nil {
		return fail(err)
	}
	code, err := w.twoFactor(ctx, Challenge{Method: method})
	switch {
	case err != nil:
		return fail(err)
	case code == "" && method == "push":
		return fail(ErrTwoFactorUnsupported)
	}
	if token, err = w.verify(ctx, map[string]string{"code": code, "token": token}); err != nil {
		return fail(err)
	}
	return token, nil
}

// verify makes one step of the exchange.
func (w *web) verify(ctx context.Context, step map[string]string) (token string, err error) {
	r, err := w.post(ctx, pathVerify, step)
	if err != nil {
		return "", err
	}
	token = r.text("token")
	if !r.good() || r.text("code") != codeSuccess || token == "" {
		return "", r.fault(stream.NewSecret(step["code"]), stream.NewSecret(step["token"]), stream.NewSecret(token))
	}
	return token, nil
}
