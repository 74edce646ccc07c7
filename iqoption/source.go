package iqoption

import (
	"context"

	"github.com/venuewire/venuewire/stream"
)

// SSIDSource yields the session id that a socket is bound to. A client asks it for every session, so it may be asked
// often, but not by several goroutines of one client at once. See [StaticSSID], [SourceFunc], [LoginSource] and
// [Session].
type SSIDSource interface {
	SSID(ctx context.Context) (stream.Secret, error)
}

// Invalidator is an [SSIDSource] that wants to know which session id the venue refused, so that it does not yield it
// again.
type Invalidator interface {
	Invalidate(refused stream.Secret)
}

// StaticSSID yields one session id for ever: that of a browser session, or an OAuth access token. When the venue
// refuses it the client ends with stream.ErrAuth.
func StaticSSID(ssid stream.Secret) SSIDSource {
	return SourceFunc(func(context.Context) (stream.Secret, error) { return ssid, nil })
}

// SourceFunc makes a source of a function.
type SourceFunc func(ctx context.Context) (stream.Secret, error)

// SSID calls f.
func (f SourceFunc) SSID(ctx context.Context) (stream.Secret, error) { return f(ctx) }
