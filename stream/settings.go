package stream

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
)

// Version is the version of this library, as the default User-Agent shows it.
const Version = "0.1.0"

const (
	defaultReadLimit = 16 << 20
	defaultUserAgent = "venuewire/" + Version
)

// settings is the target of the options of a link.
type settings struct {
	logger     *slog.Logger
	hooks      []any
	url        string
	host       string
	vars       map[string]string
	header     http.Header
	userAgent  string
	dial       func(ctx context.Context, network, addr string) (net.Conn, error)
	proxy      func(*http.Request) (*url.URL, error)
	tls        *tls.Config
	pins       []string
	client     *http.Client
	readLimit  int64
	retryFirst bool
	failFast   bool
	readOnly   bool
	guard      func(ctx context.Context, rpc *protocol.RPC, body []byte) error
	late       func(LateReply)
	middleware []func(Conn) Conn
	recovered  func(value any, stack []byte)
}

func defaultSettings() settings {
	return settings{
		logger:    slog.New(slog.DiscardHandler),
		userAgent: defaultUserAgent,
		dial:      (&net.Dialer{KeepAlive: 15 * time.Second}).DialContext,
		proxy:     http.ProxyFromEnvironment,
		readLimit: defaultReadLimit,
	}
}

// WithLogger makes the client log: changes of state at Info, what needs attention at Warn, frames at Debug with
// the values of sensitive members replaced. The default is silent.
func WithLogger(l *slog.Logger) Option {
	if l == nil {
		l = slog.New(slog.DiscardHandler)
	}
	return named("WithLogger", func(s *settings) { s.logger = l })
}

// WithHooks adds hooks; each must implement at least one of the Hook interfaces.
func WithHooks(hooks ...any) Option {
	return named("WithHooks", func(s *settings) { s.hooks = append(s.hooks, hooks...) })
}

// WithURL replaces scheme and host of the endpoint, and its path and query if the URL has them.
func WithURL(u string) Option {
	return named("WithURL", func(s *settings) { s.url = u })
}

// WithHost chooses a host of the endpoint by its name in the spec; the first one is the default.
func WithHost(name string) Option {
	return named("WithHost", func(s *settings) { s.host = name })
}

// WithVar fills a hole of the endpoint's URL or path.
func WithVar(name, value string) Option {
	return named("WithVar", func(s *settings) {
		if s.vars == nil {
			s.vars = make(map[string]string)
		}
		s.vars[name] = value
	})
}

// WithHeader adds headers to the WebSocket handshake. They are never logged.
func WithHeader(h http.Header) Option {
	h = h.Clone()
	return named("WithHeader", func(s *settings) { s.header = h })
}

// WithUserAgent replaces the User-Agent of the handshake and of HTTPClient.
func WithUserAgent(ua string) Option {
	return named("WithUserAgent", func(s *settings) { s.userAgent = ua })
}

// WithDialer replaces the function that opens network connections, for the socket and for HTTPClient.
func WithDialer(dial func(ctx context.Context, network, addr string) (net.Conn, error)) Option {
	return named("WithDialer", func(s *settings) { s.dial = dial })
}

// WithProxy chooses the proxy of a request, as http.Transport.Proxy does; nil is none. The default reads the
// environment.
func WithProxy(proxy func(*http.Request) (*url.URL, error)) Option {
	return named("WithProxy", func(s *settings) { s.proxy = proxy })
}

// WithTLSConfig replaces the TLS configuration; it is cloned.
func WithTLSConfig(c *tls.Config) Option {
	c = c.Clone()
	return named("WithTLSConfig", func(s *settings) { s.tls = c })
}

// WithHTTPClient replaces the client that logins use. Its Jar also serves the handshake.
func WithHTTPClient(c *http.Client) Option {
	return named("WithHTTPClient", func(s *settings) { s.client = c })
}

// WithReadLimit bounds the size of a frame in bytes; 16 MiB is the default, also for n below 1. A bigger one ends the session with
// ErrFrameTooBig before memory is taken for it.
func WithReadLimit(n int64) Option {
	return named("WithReadLimit", func(s *settings) {
		if s.readLimit = n; n < 1 {
			s.readLimit = defaultReadLimit
		}
	})
}

// WithRetryFirst makes Dial try until it succeeds or its context ends, instead of failing on the first error.
// Permanent errors end it all the same.
func WithRetryFirst() Option {
	return named("WithRetryFirst", func(s *settings) { s.retryFirst = true })
}

// WithFailFast makes reads, writes and subscriptions fail with ErrNotSent while the client is not Ready, instead
// of waiting. Orders always do.
func WithFailFast() Option {
	return named("WithFailFast", func(s *settings) { s.failFast = true })
}

// WithReadOnly refuses every call that is not a read with ErrReadOnly.
func WithReadOnly() Option {
	return named("WithReadOnly", func(s *settings) { s.readOnly = true })
}

// WithOrderGuard asks guard before each order. An error stops the order; it is returned with ErrNotSent.
func WithOrderGuard(guard func(ctx context.Context, rpc *protocol.RPC, body []byte) error) Option {
	return named("WithOrderGuard", func(s *settings) { s.guard = guard })
}

// WithLateReply sets who gets replies to orders and writes whose caller no longer waits. It is called on the
// reading goroutine.
func WithLateReply(fn func(LateReply)) Option {
	return named("WithLateReply", func(s *settings) { s.late = fn })
}

// WithMiddleware wraps the Conn that calls and subscriptions go through; the first one given is the outermost.
// Logins do not pass through it.
func WithMiddleware(wrap func(Conn) Conn) Option {
	return named("WithMiddleware", func(s *settings) { s.middleware = append(s.middleware, wrap) })
}

// WithRecoverHandlers gives panics of handlers to fn instead of letting them end the program.
func WithRecoverHandlers(fn func(value any, stack []byte)) Option {
	return named("WithRecoverHandlers", func(s *settings) { s.recovered = fn })
}
