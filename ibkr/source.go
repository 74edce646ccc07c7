package ibkr

import (
	"context"
	"net/http"
	"net/url"

	"github.com/venuewire/venuewire/stream"
)

// Session is what a socket is opened with.
type Session struct {
	// Value is the session value, as POST /tickle returns it. It goes into the cookie "api", or into the first message.
	// When it is empty the client asks /tickle for it.
	Value stream.Secret
	// Query is added to the address of the socket and never logged: oauth_token with the access token (not the live
	// session token) for OAuth 1.0a; for OAuth 2.0 the documents disagree on sessionToken and bearer_token.
	Query url.Values
}

// SessionSource yields the session of a socket where no gateway does: at https://api.ibkr.com, behind OAuth. It is asked
// for every socket, within the 15 s that a dial has. An error ends that dial; one that wraps stream.ErrAuth ends the client
// when it comes twice in a row.
//
// A source that is a [RequestSigner] too lets the client make the REST calls of the start order and keep the session
// alive. Without that the client makes no REST call: then whoever made the session looks after it.
type SessionSource interface {
	Session(ctx context.Context) (Session, error)
}

// RequestSigner authorises REST requests, by an OAuth signature or a bearer token.
type RequestSigner interface {
	SignRequest(r *http.Request) error
}

// StaticSession yields one session value for ever; nothing renews it.
func StaticSession(value stream.Secret) SessionSource {
	return SessionFunc(func(context.Context) (Session, error) { return Session{Value: value}, nil })
}

// SessionFunc makes a source of a function.
type SessionFunc func(ctx context.Context) (Session, error)

// Session calls f.
func (f SessionFunc) Session(ctx context.Context) (Session, error) { return f(ctx) }
