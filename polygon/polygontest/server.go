package polygontest

import (
	"strings"
	"sync"
	"time"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// Server is a fake Polygon.io. Its methods may be called from any goroutine.
type Server struct {
	*streamtest.Server
	cfg    config
	shapes map[polygon.Cluster]map[string]*shape
	stop   chan struct{}
	end    sync.Once
	work   sync.WaitGroup

	mu     sync.Mutex
	closed bool
	peers  map[*streamtest.Session]*peer
	timers map[*time.Timer]bool
	refuse int // logins
	made   map[feedOf]int64
}

// feedOf is a feed of one symbol, whose events are numbered by themselves.
type feedOf struct {
	cluster        polygon.Cluster
	prefix, symbol string
}

// peer is what the server knows of a session.
type peer struct {
	session *streamtest.Session
	cluster polygon.Cluster
	// What follows is guarded by Server.mu.
	authed bool
	slow   bool
	subs   map[string]map[string]bool // symbols by prefix
}

// New starts a fake venue; the caller closes it. Where the system gives it no port every dial fails with the reason, which
// Err tells too.
func New(opts ...Option) *Server {
	cfg := defaultConfig()
	for _, o := range opts {
		o(&cfg)
	}
	s := &Server{
		Server: streamtest.NewServer(polygon.Protocol(), cfg.server...),
		cfg:    cfg, shapes: shapes(), stop: make(chan struct{}),
		peers: make(map[*streamtest.Session]*peer), timers: make(map[*time.Timer]bool),
		made: make(map[feedOf]int64),
	}
	s.OnConnect(s.greet)
	s.OnCall("auth", s.auth)
	s.OnSubscribe("", s.subscribe)
	s.OnUnsubscribe("", s.unsubscribe)
	s.SetAcker(acker)
	if cfg.tick > 0 {
		s.work.Go(s.market)
	}
	return s
}

// Close cuts all sessions and waits for every goroutine of the server. It may be called twice.
func (s *Server) Close() {
	s.end.Do(func() {
		s.mu.Lock()
		s.closed = true
		for t := range s.timers {
			t.Stop()
		}
		s.mu.Unlock()
		close(s.stop)
	})
	s.work.Wait()
	s.Server.Close()
}

// Key is the key that the server accepts.
func (s *Server) Key() stream.Secret { return stream.NewSecret(s.cfg.key) }

// after runs fn later, unless the server closes first.
func (s *Server) after(d time.Duration, fn func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	var t *time.Timer
	t = time.AfterFunc(d, func() {
		s.mu.Lock()
		live := !s.closed && s.timers[t]
		delete(s.timers, t)
		if live {
			s.work.Add(1)
		}
		s.mu.Unlock()
		if live {
			defer s.work.Done()
			fn()
		}
	})
	s.timers[t] = true
}

// peerOf is the state of a session, which its first frame makes.
func (s *Server) peerOf(c *streamtest.Session) *peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.peers[c]
	if p == nil {
		p = &peer{session: c, cluster: clusterOf(c), subs: make(map[string]map[string]bool)}
		s.peers[c] = p
	}
	return p
}

// clusterOf reads the path: /stocks, /futures, /futures/cme.
func clusterOf(c *streamtest.Session) polygon.Cluster {
	name, _, _ := strings.Cut(strings.TrimPrefix(c.Request().URL.Path, "/"), "/")
	return polygon.Cluster(name)
}

// live lists the sessions of a cluster that have logged in, oldest first, and forgets those that have ended.
func (s *Server) live(cluster polygon.Cluster) []*peer {
	sessions := s.Sessions()
	s.mu.Lock()
	defer s.mu.Unlock()
	known := make(map[*streamtest.Session]*peer, len(sessions))
	var out []*peer
	for _, c := range sessions {
		p := s.peers[c]
		if p == nil {
			continue
		}
		known[c] = p
		if p.authed && p.cluster == cluster {
			out = append(out, p)
		}
	}
	s.peers = known
	return out
}
