package stream

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/wire"
)

// LinkConfig says what a link connects to and what serves it.
type LinkConfig struct {
	Protocol *protocol.Protocol
	Endpoint *protocol.Endpoint
	Inbound  Inbound
	// Target yields URL and header of the next dial; nil: the endpoint's host and path. WithURL replaces scheme and
	// host of its answer. It runs within the dial's budget of 15 s.
	Target func(ctx context.Context) (url string, header http.Header, err error)
	// Login runs on every new socket before the link is Ready, within the same budget. Its Conn goes past the ready
	// check and past middleware; it cannot subscribe. nil: none.
	Login func(ctx context.Context, c Conn) error
	// Token yields the token of an endpoint that has one; it is asked for each session.
	Token func(ctx context.Context) (Secret, error)
	// Observe sees every element that no event took, after acknowledgements and replies. It runs on the reading
	// goroutine; elem is borrowed.
	Observe func(elem []byte)
	// Config are the venue's own targets of options; see Configure.
	Config []any
}

// Link is a supervised connection: one socket at a time, dialled again until Close. Its methods may be called from
// any goroutine.
type Link struct {
	cfg     LinkConfig
	set     settings
	queues  queueConfig
	tune    tuning
	hooks   hooks
	http    *http.Client
	idle    func() // closes idle HTTP connections
	budgets []*budget
	chain   Conn // middleware around the link itself
	drift   wire.Drift
	reg     *registry
	box     *stateBox
	stateMu sync.Mutex
	rule    protocol.Liveness
	clock   lifeClock // wound by the events that prove life
	frames  frameStats
	unknown unknownLog

	ids     atomic.Uint64
	seq     atomic.Uint64
	told    atomic.Pointer[venueTime]
	session atomic.Pointer[session]
	crowd   crowd       // handlers of the user
	staling atomic.Bool // some handle has WithStaleAfter

	mu      sync.Mutex
	sinks   []Sink
	running context.CancelCauseFunc // ends the run; nil before Dial
	closing bool
	closed  chan struct{}   // closed with closing
	grace   context.Context // how long the end waits for handlers
	left    []string        // handlers that had not returned then
	work    sync.WaitGroup  // background work
	life    context.Context // ends with the link
	endLife context.CancelFunc
	done    chan struct{}
}

// NewLink checks a configuration and its options. It does no I/O.
func NewLink(cfg LinkConfig, opts ...Option) (*Link, error) {
	if cfg.Protocol == nil || cfg.Endpoint == nil || cfg.Inbound == nil {
		return nil, errors.New("stream: NewLink needs Protocol, Endpoint and Inbound")
	}
	l := &Link{cfg: cfg, set: defaultSettings(), tune: defaultTuning(), box: newStateBox(), done: make(chan struct{}), closed: make(chan struct{})}
	if err := Configure(opts, append([]any{&l.set, &l.queues, &l.tune}, cfg.Config...)...); err != nil {
		return nil, err
	}
	var err error
	if l.hooks, err = sortHooks(l.set.hooks); err != nil {
		return nil, err
	}
	if err := l.checkTarget(); err != nil {
		return nil, err
	}
	l.set.logger = l.set.logger.With("venue", cfg.Protocol.Venue, "endpoint", cfg.Endpoint.Name)
	l.life, l.endLife = context.WithCancel(context.Background())
	l.clock.base = time.Now()
	l.budgets, l.rule = dialBudgets(cfg.Protocol), livenessOf(cfg.Protocol)
	l.http, l.idle = l.newHTTPClient()
	l.reg = newRegistry(l)
	l.chain = conn{l}
	for i := len(l.set.middleware) - 1; i >= 0; i-- {
		l.chain = l.set.middleware[i](l.chain)
	}
	if d, ok := cfg.Inbound.(interface{ UseDrift(*wire.Drift) }); ok {
		d.UseDrift(&l.drift)
	}
	return l, nil
}

// conn is the link behind its middleware.
type conn struct{ l *Link }

func (c conn) Call(ctx context.Context, rpc *protocol.RPC, body []byte) (Reply, error) {
	return c.l.call(ctx, rpc, body)
}

func (c conn) Subscribe(ctx context.Context, feed *protocol.Feed, items []Item) error {
	return c.l.subscribe(ctx, feed, items)
}

func (c conn) Unsubscribe(ctx context.Context, feed *protocol.Feed, items []Item) error {
	return c.l.reg.unsubscribe(ctx, feed, items)
}

// Call sends one call; see [Conn]. Reads and writes wait until the link is Ready, orders fail with ErrNotSent when
// it is not. Every failure is a *CallError.
func (l *Link) Call(ctx context.Context, rpc *protocol.RPC, body []byte) (Reply, error) {
	return l.chain.Call(ctx, rpc, body)
}

// Subscribe asks for items and returns when each is confirmed; see [Conn]. What is subscribed is asked for again in
// each new session.
func (l *Link) Subscribe(ctx context.Context, feed *protocol.Feed, items []Item) error {
	return l.chain.Subscribe(ctx, feed, items)
}

// Unsubscribe gives items back; see [Conn].
func (l *Link) Unsubscribe(ctx context.Context, feed *protocol.Feed, items []Item) error {
	return l.chain.Unsubscribe(ctx, feed, items)
}

// Register adds a sink, for the life of the link.
func (l *Link) Register(s Sink) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sinks = append(l.sinks, s)
}

func (l *Link) eachSink(fn func(Sink)) {
	l.mu.Lock()
	sinks := append([]Sink(nil), l.sinks...)
	l.mu.Unlock()
	for _, s := range sinks {
		fn(s)
	}
}

// Status returns the current state.
func (l *Link) Status() Status {
	st, _ := l.box.get()
	return st
}

// Watch yields the current status and every later one. States that were replaced before the loop looked are
// skipped; the latest one never is. It ends after Closed or with ctx.
func (l *Link) Watch(ctx context.Context) iter.Seq[Status] { return l.box.watch(ctx) }

// WaitReady returns when the link is Ready. After a call that its session took along it waits for the next one, though
// the states may not tell of the end yet. It fails with ctx's error, or with ErrClosed and what ended the link.
func (l *Link) WaitReady(ctx context.Context) error {
	_, err := l.box.wait(ctx, func(st Status) bool { return st.State == Ready && l.session.Load().usable() })
	return err
}

// Done is closed when the link has ended for good and its goroutines have returned.
func (l *Link) Done() <-chan struct{} { return l.done }

// Err returns what ended the link: nil while it lives and after a regular close.
func (l *Link) Err() error {
	if st := l.Status(); st.State == Closed {
		return st.Err
	}
	return nil
}

// Drift returns the counters of what the venue sent and its spec does not say.
func (l *Link) Drift() *wire.Drift { return &l.drift }

// HTTPClient returns a client with the link's dialer, proxy, TLS configuration and User-Agent, for logins.
func (l *Link) HTTPClient() *http.Client { return l.http }

// Logger returns the logger of WithLogger, for a venue's own code; never nil. Its records name venue and endpoint.
func (l *Link) Logger() *slog.Logger { return l.set.logger }

// Conn returns the link as generated code asks for it.
func (l *Link) Conn() Conn { return l }

// SetServerTime tells the link the venue's clock, as of now.
func (l *Link) SetServerTime(t time.Time) {
	l.told.Store(&venueTime{at: t, here: time.Now()})
}

// ServerTime returns the venue's clock, as its last message told it; false before the first one. It is data, no
// timer of the link depends on it.
func (l *Link) ServerTime() (time.Time, bool) {
	told := l.told.Load()
	if told == nil {
		return time.Time{}, false
	}
	return told.at.Add(time.Since(told.here)), true
}

// venueTime is what the venue's clock showed at a moment of ours. A jump of our wall clock does not matter to it.
type venueTime struct{ at, here time.Time }

// Elapsed returns the time since the current socket opened; 0 without one.
func (l *Link) Elapsed() time.Duration {
	if s := l.session.Load(); s != nil {
		return time.Since(s.began)
	}
	return 0
}

// Fault ends the current session because a venue's own code found it broken. The class of err decides whether and
// when the link dials again; see [SessionError], ErrAuth, [VenueError], [RateLimitError].
func (l *Link) Fault(err error) {
	if s := l.session.Load(); s != nil {
		s.end(err)
	}
}

// Alive tells that an event of this name came in; generated topics report theirs by themselves.
func (l *Link) Alive(event string) {
	if c := l.clockFor(event); c != nil {
		c.wind(time.Now())
	}
}

func (l *Link) fail(format string, args ...any) error {
	return fmt.Errorf(l.cfg.Protocol.Venue+": "+format, args...)
}
