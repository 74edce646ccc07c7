package ibkrtest

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

const dialTime = 5 * time.Second

// Server is a fake gateway. Its methods may be called from any goroutine.
type Server struct {
	*streamtest.Server
	cfg  config
	stop chan struct{}
	end  sync.Once
	work sync.WaitGroup

	mu        sync.Mutex
	made      int    // session values so far
	session   string // value of the login; "" nobody is logged in
	brokerage bool
	competing bool
	downUntil time.Time // no brokerage session before
	mute      bool      // no heartbeats
	peers     map[*streamtest.Session]*peer
	quotes    int // quote slots so far
	charts    int // answers to requests for bars so far
	book      book
	requests  []Request
	gathered  bool // the orders were asked for with force
	filtered  bool // a filter silences the orders
	ordersAt  time.Time
	problems  []string
}

// Request is one request of REST.
type Request struct {
	At           time.Time
	Method, Path string // the path without /v1/api
	Status       int
}

// New starts a fake gateway that somebody has logged in at. The caller closes it.
func New(opts ...Option) *Server {
	cfg := defaultConfig()
	for _, o := range opts {
		o(&cfg)
	}
	if !cfg.plain {
		cfg.server = append(cfg.server, streamtest.WithTLS())
	}
	s := &Server{
		Server: streamtest.NewServer(ibkr.Protocol(), cfg.server...),
		cfg:    cfg, stop: make(chan struct{}), peers: make(map[*streamtest.Session]*peer),
		book: book{last: 912_091_174},
	}
	s.LogIn()
	s.routeREST()
	s.routeTopics()
	s.work.Go(func() { s.every(cfg.tick, s.tick) })
	s.work.Go(func() { s.every(time.Second, s.second) })
	s.work.Go(func() { s.every(cfg.heartbeat, s.heartbeat) })
	if cfg.reset > 0 {
		s.work.Go(func() { s.every(24*time.Hour, func(time.Time) { s.Reset(cfg.reset) }) })
	}
	return s
}

// Close cuts all sessions and waits for every goroutine of the server. It may be called twice.
func (s *Server) Close() {
	s.end.Do(func() { close(s.stop) })
	s.work.Wait()
	s.Server.Close()
}

// every calls fn at the multiples of d until the server closes.
func (s *Server) every(d time.Duration, fn func(at time.Time)) {
	next := time.Now().Truncate(d)
	for {
		next = next.Add(d)
		if late := time.Now(); next.Before(late) {
			next = late.Truncate(d) // the machine was asleep
		}
		timer := time.NewTimer(time.Until(next))
		select {
		case <-timer.C:
			fn(next)
		case <-s.stop:
			timer.Stop()
			return
		}
	}
}

// Options point a client at the server: address, dialer, and with TLS the pin of its key.
func (s *Server) Options() []stream.Option {
	opts := []stream.Option{ibkr.WithGateway(s.HTTPURL()), stream.WithDialer(s.Dial), stream.WithProxy(nil)}
	if pin, err := s.Pin(); err == nil {
		opts = append(opts, stream.WithPin(pin))
	}
	return opts
}

// Certificate is what the server shows; it fails without TLS.
func (s *Server) Certificate() (*x509.Certificate, error) {
	if s.cfg.plain {
		return nil, errors.New("ibkrtest: a server without TLS has no certificate")
	}
	ctx, cancel := context.WithTimeout(context.Background(), dialTime)
	defer cancel()
	raw, err := s.Dial(ctx, "tcp", "")
	if err != nil {
		return nil, fmt.Errorf("ibkrtest: %w", err)
	}
	defer func() { _ = raw.Close() }()
	conn := tls.Client(raw, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12})
	if err := conn.HandshakeContext(ctx); err != nil {
		return nil, fmt.Errorf("ibkrtest: %w", err)
	}
	return conn.ConnectionState().PeerCertificates[0], nil
}

// Pin is the fingerprint of the server's key, for stream.WithPin.
func (s *Server) Pin() (string, error) {
	c, err := s.Certificate()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(c.RawSubjectPublicKeyInfo)
	return "sha256//" + base64.StdEncoding.EncodeToString(sum[:]), nil
}

// SessionValue is what /tickle returns as the session of the login.
func (s *Server) SessionValue() stream.Secret {
	s.mu.Lock()
	defer s.mu.Unlock()
	return stream.NewSecret(s.session)
}

// Requests lists the requests of REST so far.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// RequestsOf lists the requests of one path.
func (s *Server) RequestsOf(path string) (out []Request) {
	for _, r := range s.Requests() {
		if r.Path == path {
			out = append(out, r)
		}
	}
	return out
}

// Problems lists what the server could not make sense of. A test of a client wants none.
func (s *Server) Problems() []string {
	s.mu.Lock()
	own := append([]string(nil), s.problems...)
	s.mu.Unlock()
	return append(s.Server.Problems(), own...)
}

func (s *Server) problem(format string, args ...any) {
	s.problems = append(s.problems, fmt.Sprintf(format, args...))
}

// upgrade judges handshakes: the socket lives at one path.
func (s *Server) upgrade(r *http.Request) int {
	if r.URL.Path != "/v1/api/ws" {
		return http.StatusNotFound
	}
	return 0
}
