// Package krakenauth gets the tokens that Kraken's private WebSocket connections want, from an API key over the venue's
// REST service, and signs REST requests. The clients of packages kraken and krakenv1 ask a [TokenSource] for a token in
// each session: a token must be used within 15 minutes and may become worthless when the venue restarts, so none is
// ever kept.
//
//	src, err := krakenauth.New(stream.NewSecret(os.Getenv("KRAKEN_KEY")), stream.NewSecret(os.Getenv("KRAKEN_SECRET")))
//	…
//	client, err := kraken.DialPrivate(ctx, src)
//
// The key needs the permission "WebSocket interface". It needs no second factor.
package krakenauth

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/venuewire/venuewire/stream"
)

const (
	defaultURL = "https://api.kraken.com"
	tokenPath  = "/0/private/GetWebSocketsToken"
	tokenTime  = 10 * time.Second
)

// TokenSource yields a fresh token for a session. Errors that wrap stream.ErrAuth say that the credentials are wrong;
// *stream.RateLimitError says when to come again; any other may pass.
type TokenSource interface {
	Token(ctx context.Context) (stream.Secret, error)
}

// TokenFunc makes a TokenSource of a function, for tokens that another program gets.
type TokenFunc func(ctx context.Context) (stream.Secret, error)

// Token calls f.
func (f TokenFunc) Token(ctx context.Context) (stream.Secret, error) { return f(ctx) }

// Source gets tokens for an API key. It may serve several clients: it makes one request at a time, since the numbers of
// the requests of a key must grow.
type Source struct {
	key    stream.Secret
	secret stream.Secret // base64
	base   string
	client *http.Client // nil: that of the client it serves
	nonce  func() uint64
	last   uint64        // guarded by turn
	turn   chan struct{} // held while a request is under way
}

// Option configures a [Source].
type Option func(*Source)

// WithURL replaces https://api.kraken.com, for fakes and proxies. Who serves it sees the key and a signature, not the
// secret.
func WithURL(base string) Option { return func(s *Source) { s.base = strings.TrimSuffix(base, "/") } }

// WithHTTPClient makes requests through a client of your own, instead of that of the connection.
func WithHTTPClient(c *http.Client) Option { return func(s *Source) { s.client = c } }

// WithNonce replaces the numbers of requests, which must grow for each API key over all programs that use it. The
// default is the time in nanoseconds; a program that counts in milliseconds cannot share a key with it.
func WithNonce(next func() uint64) Option { return func(s *Source) { s.nonce = next } }

// New makes a source of an API key and its private key, which is base64. It does no I/O.
func New(key, secret stream.Secret, opts ...Option) (*Source, error) {
	s := &Source{
		key: key, secret: secret, base: defaultURL, turn: make(chan struct{}, 1),
		nonce: func() uint64 { return uint64(time.Now().UnixNano()) },
	}
	for _, o := range opts {
		o(s)
	}
	if _, err := base64.StdEncoding.DecodeString(secret.Reveal()); err != nil || key.IsZero() || secret.IsZero() {
		return nil, errors.New("krakenauth: New needs an API key and its private key, which is base64")
	}
	if u, err := url.Parse(s.base); err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("krakenauth: WithURL wants a URL such as %s", defaultURL)
	}
	return s, nil
}

// Token gets a fresh token over the client of [WithHTTPClient], or http.DefaultClient.
func (s *Source) Token(ctx context.Context) (stream.Secret, error) {
	return s.TokenVia(ctx, http.DefaultClient)
}

// TokenVia gets a fresh token over an HTTP client, unless the source has one of its own. The clients of packages kraken
// and krakenv1 use it, so that a dialer or proxy that they are given serves the token too.
func (s *Source) TokenVia(ctx context.Context, client *http.Client) (stream.Secret, error) {
	if s.client != nil {
		client = s.client
	}
	ctx, cancel := context.WithTimeout(ctx, tokenTime)
	defer cancel()
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return stream.Secret{}, context.Cause(ctx)
	}
	s.last = max(s.last+1, s.nonce())
	body := url.Values{"nonce": {strconv.FormatUint(s.last, 10)}}.Encode()
	sign, err := Sign(s.secret, tokenPath, strconv.FormatUint(s.last, 10), body)
	if err != nil {
		return stream.Secret{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+tokenPath, strings.NewReader(body))
	if err != nil {
		return stream.Secret{}, fmt.Errorf("krakenauth: %w", err)
	}
	req.Close = true // tokens are rare; nothing is to stay open behind them
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("API-Key", s.key.Reveal())
	req.Header.Set("API-Sign", sign)
	return s.read(client, req)
}
