package stream

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
)

// Errors that a caller can test for with errors.Is.
var (
	// ErrNotSent: nothing reached the socket, so the call is safe to repeat.
	ErrNotSent = errors.New("not sent")
	// ErrOutcomeUnknown: the call reached the socket and nobody knows what became of it. The library never
	// repeats it. The error wraps its cause.
	ErrOutcomeUnknown = errors.New("outcome unknown")
	// ErrAuth: the venue rejects the credentials.
	ErrAuth = errors.New("authentication rejected")
	// ErrClosed: the client, or the subscription, was closed.
	ErrClosed = errors.New("closed")
	// ErrReadOnly: the client was made with WithReadOnly. It wraps ErrNotSent.
	ErrReadOnly = fmt.Errorf("client is read-only: %w", ErrNotSent)
	// ErrSlowConsumer: the queue of a handle was full and its policy says that it ends.
	ErrSlowConsumer = errors.New("slow consumer")
	// ErrFrameTooBig: a frame exceeded the read limit.
	ErrFrameTooBig = errors.New("frame exceeds the read limit")
	// ErrAckTimeout: the venue did not confirm in time.
	ErrAckTimeout = errors.New("not confirmed in time")
	// ErrConflict: two subscribers of one key disagree where the wire allows only one value.
	ErrConflict = errors.New("conflicts with a live subscription")
	// ErrUnsubscribed: the venue ended the subscription, or would not renew it.
	ErrUnsubscribed = errors.New("subscription ended by the venue")
	// ErrSilent: nothing that proves life came within the deadline.
	ErrSilent = errors.New("peer is silent")
	// ErrStale: a subscription got no event for longer than WithStaleAfter allows, also after it was renewed.
	ErrStale = errors.New("subscription is stale")
	// ErrPinMismatch: the server's key is none of those of WithPin.
	ErrPinMismatch = errors.New("server key is not pinned")
)

// CallError wraps every failure of a call.
type CallError struct {
	Venue, Method, Version string
	// RequestID is the id on the wire; "" if the wire has none or none was taken.
	RequestID string
	// Sent tells whether bytes of the call may have reached the venue.
	Sent bool
	Err  error
}

// Error implements error.
func (e *CallError) Error() string {
	name := e.Method
	if e.Version != "" {
		name += " " + e.Version
	}
	if e.RequestID != "" {
		name += " (request " + e.RequestID + ")"
	}
	return fmt.Sprintf("%s: %s: %v", e.Venue, name, e.Err)
}

// Unwrap returns the cause.
func (e *CallError) Unwrap() error { return e.Err }

// VenueError is a refusal by the venue. errors.Is finds the sentinel of a known one.
type VenueError struct {
	Venue, Method string
	Code, Message string
	// Detail is JSON that the venue sent along; nil if none.
	Detail []byte
	// Item says which of several the refusal is for; "" if it does not say.
	Item string
	// Known is the venue's documented code; nil if it is none of them.
	Known *protocol.ErrorCode
}

// Error implements error.
func (e *VenueError) Error() string {
	var b strings.Builder
	b.WriteString("refused")
	if e.Known != nil {
		b.WriteString(": " + e.Known.Name)
	}
	if e.Code != "" && (e.Known == nil || e.Known.Code != e.Known.Name) {
		b.WriteString(" (" + e.Code + ")")
	}
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	return b.String()
}

// Unwrap returns the sentinel; nil for an unknown refusal.
func (e *VenueError) Unwrap() error {
	if e.Known == nil {
		return nil
	}
	return e.Known
}

// ProtocolError is a reply that is neither a result nor a refusal.
type ProtocolError struct {
	Venue, Method, Reason string
}

// Error implements error.
func (e *ProtocolError) Error() string {
	return fmt.Sprintf("%s: %s: unexpected reply: %s", e.Venue, e.Method, e.Reason)
}

// RateLimitError says that the venue wants fewer requests.
type RateLimitError struct {
	// RetryAfter is how long the venue asked to wait; 0 if it did not say.
	RetryAfter time.Duration
	Err        error
}

// Error implements error.
func (e *RateLimitError) Error() string {
	if e.RetryAfter > 0 {
		return fmt.Sprintf("rate limited, retry after %v: %v", e.RetryAfter, e.Err)
	}
	return fmt.Sprintf("rate limited: %v", e.Err)
}

// Unwrap returns the cause.
func (e *RateLimitError) Unwrap() error { return e.Err }

// SubscribeError names the items that were not confirmed and why. The other items of the call are live.
type SubscribeError struct {
	Feed  string
	Items map[string]error // by Item.Key
}

// Error implements error.
func (e *SubscribeError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "subscribe %s: %d not confirmed", e.Feed, len(e.Items))
	keys := sortedKeys(e.Items)
	for i, k := range keys {
		if i == 5 {
			fmt.Fprintf(&b, "; and %d more", len(keys)-i)
			break
		}
		fmt.Fprintf(&b, "; %s: %v", orNone(k), e.Items[k])
	}
	return b.String()
}

// Unwrap returns the reasons, in the order of their keys.
func (e *SubscribeError) Unwrap() []error {
	var errs []error
	for _, k := range sortedKeys(e.Items) {
		errs = append(errs, e.Items[k])
	}
	return errs
}

func sortedKeys(m map[string]error) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func orNone(key string) string {
	if key == "" {
		return "(no key)"
	}
	return key
}

// CloseError is the end of a session as the peer told it: a close frame, or code 1006 when the stream just ended.
type CloseError struct {
	Code   int
	Reason string
	Class  protocol.CloseClass
	// Wait is how long the venue's rule says to stay away; 0 is the default of the class.
	Wait time.Duration
	Err  error
}

// Error implements error.
func (e *CloseError) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("connection closed (%d)", e.Code)
	}
	return fmt.Sprintf("connection closed (%d): %s", e.Code, e.Reason)
}

// Unwrap returns the transport's error.
func (e *CloseError) Unwrap() error { return e.Err }

// UpgradeError is an HTTP answer other than 101 to the WebSocket handshake, or that of a proxy which opens no tunnel.
type UpgradeError struct {
	Status int
	// Body holds at most 1 KiB of the answer, without what the protocol calls sensitive.
	Body string
	// RetryAfter is the Retry-After header; 0 if absent.
	RetryAfter time.Duration
	Class      protocol.CloseClass
	Wait       time.Duration
}

// Error implements error.
func (e *UpgradeError) Error() string {
	if e.Body == "" {
		return fmt.Sprintf("upgrade answered with status %d", e.Status)
	}
	return fmt.Sprintf("upgrade answered with status %d: %s", e.Status, e.Body)
}

// SessionError classes the end of a session for [Link.Fault] and for the login: with it a venue's own code says
// whether and when to dial again.
type SessionError struct {
	Class protocol.CloseClass
	Wait  time.Duration // 0: the default of the class
	Err   error
}

// Error implements error.
func (e *SessionError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *SessionError) Unwrap() error { return e.Err }

// errBoth wraps a sentinel and its cause; either is found by errors.Is.
func errBoth(sentinel, cause error) error {
	if cause == nil {
		return sentinel
	}
	if errors.Is(cause, sentinel) {
		return cause
	}
	return fmt.Errorf("%w: %w", sentinel, cause)
}
