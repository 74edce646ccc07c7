package ibkr

import (
	"errors"
	"fmt"
)

// Why there is no brokerage session, for errors.Is.
var (
	// ErrNotLoggedIn: nobody has logged in at the gateway, or its login has ended, as it does once a day. It takes a
	// browser at the gateway's address; the client notices by itself when that is done.
	ErrNotLoggedIn = errors.New("ibkr: nobody is logged in at the gateway")
	// ErrNotAuthenticated: somebody is logged in, but the brokerage session is not open: the nightly reset, or a server
	// that has lost its way. The client opens it again.
	ErrNotAuthenticated = errors.New("ibkr: the brokerage session is not authenticated")
	// ErrCompeting: another login of the same user has the brokerage session; see [WithCompete].
	ErrCompeting = errors.New("ibkr: another login has the brokerage session")
)

// RESTError is an answer of the REST service other than success.
type RESTError struct {
	// Method and Path are those of the request, below /v1/api.
	Method, Path string
	// Status is the HTTP status.
	Status int
	// Message is the venue's text, shortened; "" if it has none.
	Message string
	// Err is a sentinel of this package; nil if none fits.
	Err error
}

func (e *RESTError) Error() string {
	text := fmt.Sprintf("ibkr: %s %s: HTTP %d", e.Method, e.Path, e.Status)
	if e.Message != "" {
		text += ": " + e.Message
	}
	return text
}

// Unwrap returns the sentinel, if any.
func (e *RESTError) Unwrap() error { return e.Err }
