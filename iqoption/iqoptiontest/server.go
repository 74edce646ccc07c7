package iqoptiontest

import (
	"sync"
	"time"

	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// Server is a fake IQ Option. Its methods may be called from any goroutine.
type Server struct {
	*streamtest.Server
	cfg      config
	accounts []*account
	assets   []*asset
	stop     chan struct{}
	end      sync.Once
	work     sync.WaitGroup

	mu       sync.Mutex
	closed   bool
	peers    map[*streamtest.Session]*peer
	ssids    map[string]*account
	tokens   map[string]*account // of second factors; value of the last step
	handed   int                 // sessions and tokens so far
	orders   int64               // last id of an option
	logins   []Login
	problems []string
	commands commands
}

// New starts a fake venue. Like httptest.NewServer it panics when the system gives it no port. The caller closes it.
func New(opts ...Option) *Server {
	cfg := defaultConfig()
	for _, o := range opts {
		o(&cfg)
	}
	s := &Server{
		Server: streamtest.NewServer(iqoption.Protocol(), cfg.server...),
		cfg:    cfg, stop: make(chan struct{}),
		peers: make(map[*streamtest.Session]*peer), ssids: make(map[string]*account), tokens: make(map[string]*account),
		orders: 13_600_000_000,
	}
	now := time.Now()
	for _, a := range cfg.accounts {
		s.accounts = append(s.accounts, newAccount(a, now))
	}
	listed := now.UTC().Truncate(24*time.Hour).AddDate(0, 0, -cfg.days)
	for _, a := range cfg.assets {
		s.assets = append(s.assets, newAsset(a, cfg.seed, cfg.tick, listed))
	}
	s.routeHTTP()
	s.routeCalls()
	s.work.Go(func() { s.every(cfg.tick, s.tick) })
	s.work.Go(func() { s.every(time.Second, s.second) })
	if cfg.heartbeat > 0 {
		s.work.Go(func() { s.every(cfg.heartbeat, s.heartbeat) })
	}
	return s
}

// Close cuts all sessions and waits for every goroutine of the server. It may be called twice.
func (s *Server) Close() {
	s.end.Do(func() {
		s.mu.Lock()
		s.closed = true
		s.mu.Unlock()
		close(s.stop)
		s.cancelExpiries()
	})
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

// find is nil for an unknown user.
func (s *Server) find(identifier string) *account {
	for _, a := range s.accounts {
		if a.Identifier == identifier {
			return a
		}
	}
	return nil
}

func (s *Server) assetOf(id iqoption.ActiveID) (*asset, bool) {
	for _, a := range s.assets {
		if a.ID == id {
			return a, true
		}
	}
	return nil, false
}

// OnCall runs fn for calls of a wire name in place of what the fake does. As the venue does, the server drops what
// comes before the login on the socket.
func (s *Server) OnCall(name string, fn func(*streamtest.Call)) {
	s.Server.OnCall(name, s.loggedIn(fn))
}

// OnSubscribe runs fn for requests for a feed, in place of the acknowledgement; see [Server.OnCall].
func (s *Server) OnSubscribe(name string, fn func(*streamtest.Call)) {
	s.Server.OnSubscribe(name, s.loggedIn(fn))
}

// OnUnsubscribe is [Server.OnSubscribe] for cancels.
func (s *Server) OnUnsubscribe(name string, fn func(*streamtest.Call)) {
	s.Server.OnUnsubscribe(name, s.loggedIn(fn))
}

// Reply makes the payload, as JSON, the answer to all calls of a name, in place of what the fake does.
func (s *Server) Reply(name, payload string, extra ...protocol.KV) {
	s.OnCall(name, func(c *streamtest.Call) {
		s.accept(c)
		c.Reply(payload, extra...)
	})
}

// Refuse makes the venue refuse all calls of a name, in place of what the fake does. Code is a status from 4000.
func (s *Server) Refuse(name, code, message string) {
	s.OnCall(name, func(c *streamtest.Call) {
		s.accept(c)
		c.Refuse(code, message)
	})
}

// Problems lists what the server could not make sense of: frames that fit no template, calls that nobody answers,
// answers that it could not build. A test of a client wants none.
func (s *Server) Problems() []string {
	s.mu.Lock()
	own := append([]string(nil), s.problems...)
	s.mu.Unlock()
	return append(s.Server.Problems(), own...)
}

// Options point a client at the server, its login included.
func (s *Server) Options() []stream.Option {
	return append(s.Server.Options(), iqoption.WithAuthURL(s.HTTPURL()+"/api"))
}

// Credentials are those of the first account.
func (s *Server) Credentials() iqoption.Credentials {
	a := s.accounts[0]
	return iqoption.Credentials{Identifier: stream.NewSecret(a.Identifier), Password: stream.NewSecret(a.Password)}
}

// Login logs in as the first account whenever a client needs a session.
func (s *Server) Login() iqoption.SSIDSource { return iqoption.LoginSource(s.Credentials()) }

// Account describes the first account.
func (s *Server) Account() Account { return s.accounts[0].Account }
