package iqoption

import (
	"errors"
	"fmt"
)

// Reasons of a *[TwoFactorError], for errors.Is.
var (
	// ErrTwoFactorRequired: the account has a second factor and there is no [WithTwoFactor].
	ErrTwoFactorRequired = errors.New("a second factor is required")
	// ErrTwoFactorUnsupported: the factor is a confirmation in the app, which has no code; how a client learns of it
	// is not known.
	ErrTwoFactorUnsupported = errors.New("a confirmation in the app cannot be followed")
)

// TwoFactorError says that a login failed at its second factor. Method is "sms", "email", "push" or a newer one.
type TwoFactorError struct {
	Method string
	Err    error
}

func (e *TwoFactorError) Error() string {
	return fmt.Sprintf("iqoption: second factor (%s): %v", e.Method, e.Err)
}

// Unwrap returns the cause.
func (e *TwoFactorError) Unwrap() error { return e.Err }

// LoginError is an answer of the login service other than success. The codes "invalid_credentials" (it wraps
// stream.ErrAuth) and "requests_limit_exceeded" (it is wrapped in a *stream.RateLimitError) are known, others exist.
type LoginError struct {
	// Status is the HTTP status.
	Status int
	// Code is the venue's; "" if the answer has none.
	Code string
	// Message is the venue's text, localised and shortened, or what is wrong with an answer that has no code.
	Message string
	// Err is stream.ErrAuth for a refused password; nil otherwise.
	Err error
}

func (e *LoginError) Error() string {
	text := "iqoption: login"
	if e.Code != "" {
		text += ": " + e.Code
	}
	if e.Message != "" {
		text += ": " + e.Message
	}
	return fmt.Sprintf("%s (HTTP %d)", text, e.Status)
}

// Unwrap returns stream.ErrAuth for a refused password, else nil.
func (e *LoginError) Unwrap() error { return e.Err }
