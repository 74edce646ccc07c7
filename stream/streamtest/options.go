package streamtest

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"

	"github.com/venuewire/venuewire/stream"
)

// Options point a client at the server: its dialer, address and HTTP client, and with TLS the certificate.
func (s *Server) Options() []stream.Option {
	opts := []stream.Option{
		stream.WithDialer(s.Dial),
		stream.WithURL(s.URL()),
		stream.WithProxy(nil),
		stream.WithHTTPClient(s.HTTPClient()),
	}
	if s.roots != nil {
		opts = append(opts, stream.WithTLSConfig(s.TLSConfig()))
	}
	return opts
}

// Dial connects to the server, whatever the address.
func (s *Server) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if s.err != nil {
		return nil, s.err
	}
	if s.faults.take(dials) {
		return nil, refused(network)
	}
	if s.memory != nil {
		return s.memory.Dial(ctx, network, addr)
	}
	return new(net.Dialer).DialContext(ctx, "tcp", s.addr)
}

// URL is the address of the socket without a path: any path will do.
func (s *Server) URL() string {
	if s.roots != nil {
		return "wss://" + s.addr
	}
	return "ws://" + s.addr
}

// HTTPURL is the address of the HTTP handlers without a path.
func (s *Server) HTTPURL() string {
	if s.roots != nil {
		return "https://" + s.addr
	}
	return "http://" + s.addr
}

// TLSConfig trusts the server's certificate and nothing else; nil without TLS.
func (s *Server) TLSConfig() *tls.Config {
	if s.roots == nil {
		return nil
	}
	return &tls.Config{RootCAs: s.roots, MinVersion: tls.VersionTLS12}
}

// HTTPClient reaches the server whatever the host of a URL. It keeps no connections, so that none outlives a test.
func (s *Server) HTTPClient() *http.Client { return s.client }

func (s *Server) newClient() *http.Client {
	return &http.Client{Transport: &http.Transport{
		DialContext:       s.Dial,
		TLSClientConfig:   s.TLSConfig(),
		DisableKeepAlives: true,
	}}
}
