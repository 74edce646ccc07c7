package streamtest

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"sync"

	"github.com/gorilla/websocket"

	"github.com/venuewire/venuewire/stream/protocol"
)

// Server is a fake venue. Its methods may be called from any goroutine. Handlers run on the reading goroutine of
// their session, in the order of its frames.
type Server struct {
	wire     *protocol.Protocol
	faults   *faults
	log      *recorder
	mux      *http.ServeMux
	upgrader websocket.Upgrader
	http     *http.Server
	memory   *MemoryListener // nil on the loopback interface
	addr     string
	roots    *x509.CertPool // nil without TLS
	client   *http.Client
	err      error // it did not start

	mu       sync.Mutex
	sessions []*Session
	made     int
	conns    int // open connections that HTTP still serves
	closed   bool
	idle     sync.Cond
	running  sync.WaitGroup
	script   script
}

// ServerOption configures a [Server].
type ServerOption func(*serverConfig)

type serverConfig struct {
	loopback, tls bool
	addr          string
	frames        int
}

// OnLoopback makes the server listen on a free TCP port of the loopback interface instead of in memory.
func OnLoopback() ServerOption { return func(c *serverConfig) { c.loopback = true } }

// OnAddress makes the server listen on a TCP address such as localhost:5000, for clients that cannot be told another
// one. [Server.Err] says when it is taken.
func OnAddress(addr string) ServerOption {
	return func(c *serverConfig) { c.loopback, c.addr = true, addr }
}

// WithFrameLog keeps the last n frames at least, and not many more, for servers that run long; without it [Server.Frames]
// has them all.
func WithFrameLog(n int) ServerOption { return func(c *serverConfig) { c.frames = max(n, 1) } }

// WithTLS makes the server speak TLS with a certificate of its own, made when it starts. [Server.TLSConfig] trusts
// it.
func WithTLS() ServerOption { return func(c *serverConfig) { c.tls = true } }

// NewServer starts a fake venue of a wire; the caller closes it. Where the system gives it no port or no random
// numbers, every dial fails with the reason, which [Server.Err] tells too.
func NewServer(p *protocol.Protocol, opts ...ServerOption) *Server {
	var cfg serverConfig
	for _, o := range opts {
		o(&cfg)
	}
	s := &Server{wire: p, faults: newFaults(), log: newRecorder(), mux: http.NewServeMux(), addr: memoryHost}
	s.idle.L = &s.mu
	s.script.init()
	s.log.limit = cfg.frames
	s.upgrader.CheckOrigin = func(*http.Request) bool { return true }
	s.http = &http.Server{
		Handler:   http.HandlerFunc(s.serve),
		ConnState: s.connState,
		ErrorLog:  log.New(io.Discard, "", 0),
	}
	l, err := s.listen(&cfg)
	if s.client = s.newClient(); err != nil {
		s.err = err
		return s
	}
	s.running.Go(func() { _ = s.http.Serve(l) })
	return s
}

// Err says why the server could not start; nil when it did.
func (s *Server) Err() error { return s.err }

func (s *Server) listen(cfg *serverConfig) (net.Listener, error) {
	var l net.Listener
	if cfg.loopback {
		addr := cfg.addr
		if addr == "" {
			addr = "127.0.0.1:0"
		}
		tcp, err := net.Listen("tcp", addr)
		if err != nil {
			return nil, fmt.Errorf("streamtest: %w", err)
		}
		l, s.addr = tcp, tcp.Addr().String()
	} else {
		s.memory = NewMemoryListener()
		l, s.addr = s.memory, memoryHost
	}
	l = &faultListener{l, s.faults}
	if !cfg.tls {
		return l, nil
	}
	cert, roots, err := selfSigned()
	if err != nil {
		_ = l.Close()
		return nil, err
	}
	s.roots = roots
	return tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}), nil
}

// connState counts the connections that have to end before Close returns.
func (s *Server) connState(_ net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch state {
	case http.StateNew:
		s.conns++
	case http.StateHijacked, http.StateClosed:
		s.conns--
		s.idle.Broadcast()
	}
}

// serve takes handshakes on any path; the rest goes to the mux.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if !websocket.IsWebSocketUpgrade(r) {
		s.mux.ServeHTTP(w, r)
		return
	}
	if s.faults.take(func(f *faults) *int { return &f.refuseUpgrades }) {
		var status int
		s.faults.set(func(f *faults) { status = f.upgradeStatus })
		http.Error(w, http.StatusText(status), status)
		return
	}
	if check := s.script.upgrade.Load(); check != nil {
		if status := (*check)(r); status != 0 {
			http.Error(w, http.StatusText(status), status)
			return
		}
	}
	late := &lateAnswer{ResponseWriter: w}
	ws, err := s.upgrader.Upgrade(late, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	s.run(ws, late.conn, r)
}

// HandleHTTP serves HTTP on the listener of the socket; patterns are those of http.ServeMux.
func (s *Server) HandleHTTP(pattern string, handler http.HandlerFunc) {
	s.mux.HandleFunc(pattern, handler)
}

// Protocol is the wire that the server speaks.
func (s *Server) Protocol() *protocol.Protocol { return s.wire }

// Close cuts all sessions, ends the listener and waits for every goroutine of the server. It may be called twice.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.Fault(Heal())
	_ = s.http.Close()
	for _, c := range s.open() {
		c.Drop()
	}
	s.client.CloseIdleConnections()
	s.running.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.conns > 0 {
		s.idle.Wait()
	}
}

// each calls fn for every live session, in the order in which they were made.
func (s *Server) each(fn func(*Session)) {
	for _, c := range s.Sessions() {
		fn(c)
	}
}

// Sessions lists the live sessions, oldest first. One that the server ends is live no more, also while its last
// frames are on the way.
func (s *Server) Sessions() []*Session {
	return slices.DeleteFunc(s.open(), (*Session).isLeaving)
}

// open lists all sessions whose goroutines run.
func (s *Server) open() []*Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sessions)
}

// Push sends a text frame to all sessions.
func (s *Server) Push(frame string) { s.each(func(c *Session) { c.Push(frame) }) }

// PushBinary sends a binary frame to all sessions.
func (s *Server) PushBinary(frame []byte) { s.each(func(c *Session) { c.PushBinary(frame) }) }

// PushRaw writes bytes to the connections of all sessions as they are, below WebSocket: for frames that no server
// should send.
func (s *Server) PushRaw(b []byte) { s.each(func(c *Session) { c.PushRaw(b) }) }
