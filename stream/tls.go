package stream

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// WithPin accepts a server whose public key has one of the given fingerprints, whoever signed its certificate, and
// no other server. A fingerprint is the base64 SHA-256 of the SubjectPublicKeyInfo, as curl's --pinnedpubkey takes
// it, with or without the prefix "sha256//". It is meant for gateways with self-signed certificates.
func WithPin(fingerprints ...string) Option {
	return named("WithPin", func(s *settings) {
		for _, f := range fingerprints {
			s.pins = append(s.pins, strings.TrimPrefix(f, "sha256//"))
		}
	})
}

// tlsConfig is what the socket and HTTPClient use; nil for the defaults.
func (l *Link) tlsConfig() *tls.Config {
	if len(l.set.pins) == 0 {
		return l.set.tls
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if l.set.tls != nil {
		c = l.set.tls.Clone()
	}
	// The pin replaces the chain: VerifyConnection below refuses every other key.
	c.InsecureSkipVerify = true
	pins := l.set.pins
	c.VerifyConnection = func(cs tls.ConnectionState) error { return checkPin(pins, cs) }
	return c
}

func checkPin(pins []string, cs tls.ConnectionState) error {
	if len(cs.PeerCertificates) == 0 {
		return fmt.Errorf("%w: it showed no certificate", ErrPinMismatch)
	}
	sum := sha256.Sum256(cs.PeerCertificates[0].RawSubjectPublicKeyInfo)
	got := base64.StdEncoding.EncodeToString(sum[:])
	if slices.Contains(pins, got) {
		return nil
	}
	return fmt.Errorf("%w: it is %s, pinned: %s", ErrPinMismatch, got, strings.Join(pins, " "))
}

// newHTTPClient makes the client for logins and the function that closes its idle connections.
func (l *Link) newHTTPClient() (*http.Client, func()) {
	client := &http.Client{Timeout: dialTimeout}
	if l.set.client != nil {
		c := *l.set.client
		client = &c
	}
	base := client.Transport
	idle := func() {}
	if l.set.client == nil {
		t := &http.Transport{
			Proxy:             l.set.proxy,
			DialContext:       l.set.dial,
			TLSClientConfig:   l.tlsConfig(),
			ForceAttemptHTTP2: true,
			MaxIdleConns:      8,
		}
		base, idle = t, t.CloseIdleConnections
	}
	if base == nil {
		base = http.DefaultTransport
	}
	client.Transport = &agentTransport{base, l.set.userAgent}
	return client, idle
}

// agentTransport sets the User-Agent of requests that have none.
type agentTransport struct {
	base  http.RoundTripper
	agent string
}

func (t *agentTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Header.Get("User-Agent") == "" {
		r = r.Clone(r.Context())
		r.Header.Set("User-Agent", t.agent)
	}
	return t.base.RoundTrip(r)
}
