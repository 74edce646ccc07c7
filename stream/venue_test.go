package stream_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

// The wire of the tests: replies carry the id and method of their request, pushes a channel.
//
//	> {"method":"add","params":{…},"id":1}          < {"method":"add","id":1,"success":true,"result":{…}}
//	> {"method":"subscribe","params":{"channel":"ticker","symbol":["A","B"]},"id":2}
//	< {"method":"subscribe","id":2,"success":true,"result":{"symbol":"A"}}      one for each symbol
//	< {"channel":"ticker","symbol":"A","n":1}
var (
	errUnknownSymbol = &protocol.ErrorCode{Name: "UnknownSymbol", Code: "E1", Retry: protocol.RetryNever}
	errBusy          = &protocol.ErrorCode{Name: "Busy", Code: "E2", Retry: protocol.RetryBackoff}

	rpcGet   = &protocol.RPC{Name: "get", Version: "1.0", Effect: protocol.Read}
	rpcSet   = &protocol.RPC{Name: "set", Effect: protocol.Write}
	rpcOrder = &protocol.RPC{Name: "order", Effect: protocol.Order}
	rpcFire  = &protocol.RPC{Name: "fire", Effect: protocol.Write, Reply: protocol.ReplyNone}
	rpcPing  = &protocol.RPC{Name: "ping", Effect: protocol.Read}
	rpcLogin = &protocol.RPC{Name: "login", Effect: protocol.Read}
	rpcBatch = &protocol.RPC{Name: "batch", Effect: protocol.Order, Per: []string{"orders"}, Item: []protocol.Path{{"result", "item"}}}

	itemPaths = []protocol.Path{{"result", "symbol"}, {"symbol"}}
	ackReply  = protocol.Ack{Per: "symbol", Item: itemPaths}

	feedTicker = &protocol.Feed{
		Name: "ticker", Ack: ackReply, CancelAck: ackReply,
		Batch: &protocol.Batch{Field: "symbol", Array: true, Max: 100},
		Union: []string{"fields"},
	}
)

func isSuccess(v string) []protocol.Match {
	return []protocol.Match{{Conds: []protocol.Cond{{Path: protocol.Path{"success"}, Values: []protocol.Value{{JSON: v}}}}}}
}

func hole(name string) *protocol.Node { return &protocol.Node{Hole: name} }

func literal(s string) *protocol.Node { return &protocol.Node{JSON: `"` + s + `"`} }

func object(members ...protocol.Member) *protocol.Node { return &protocol.Node{Members: members} }

func feedTemplate(method string, spread ...string) []protocol.Template {
	return []protocol.Template{{Root: object(
		protocol.Member{Name: "method", Value: literal(method)},
		protocol.Member{Name: "params", Value: object(
			protocol.Member{Name: "channel", Value: hole(protocol.HoleName)},
			protocol.Member{Spread: spread},
		)},
		protocol.Member{Name: "id", Value: hole(protocol.HoleID)},
	)}}
}

func testWire() *protocol.Protocol {
	return &protocol.Protocol{
		Venue: "test",
		IDs:   protocol.IDs{Kind: protocol.IntIDs},
		Classes: []protocol.Class{
			{Name: "reply", Has: []string{"method"}, ID: "id", Key: []string{"method"}, Payload: "result"},
			{Name: "push", Has: []string{"channel"}, Lacks: []string{"method"}, Key: []string{"channel"}},
		},
		Call: []protocol.Template{{Root: object(
			protocol.Member{Name: "method", Value: hole(protocol.HoleName)},
			protocol.Member{Name: "params", Value: hole(protocol.HoleRequest)},
			protocol.Member{Name: "token", Value: hole(protocol.HoleToken)},
			protocol.Member{Name: "id", Value: hole(protocol.HoleID)},
		)}},
		Subscribe:   feedTemplate("subscribe", protocol.HoleRoute, protocol.HoleParams),
		Unsubscribe: feedTemplate("unsubscribe", protocol.HoleRoute),
		Errors: protocol.Errors{
			Ok: isSuccess("true"), Refused: isSuccess("false"),
			Code: protocol.Path{"code"}, Text: protocol.Path{"error"},
			Codes: []*protocol.ErrorCode{errUnknownSymbol, errBusy},
		},
		Close: protocol.CloseRules{Codes: []protocol.CloseRule{
			{Code: 1008, Class: protocol.CloseCoolDown, Wait: 2 * coolDown},
			{Code: 4001, Class: protocol.ClosePermanent},
		}},
		RPCs:      []*protocol.RPC{rpcGet, rpcSet, rpcOrder, rpcFire, rpcPing, rpcLogin, rpcBatch},
		Feeds:     []*protocol.Feed{feedTicker},
		Sensitive: []string{"token", "password"},
	}
}

// tick is the event of the feeds; it is what generated code would make of a push.
type tick struct {
	Channel string `json:"channel"`
	Symbol  string `json:"symbol"`
	N       int    `json:"n"`
}

// client is what a generated client is: topics, an inbound and a link.
type client struct {
	*stream.Link
	ticker    *ticks
	heartbeat stream.Broadcast
}

func newClient(cfg stream.LinkConfig, opts ...stream.Option) (*client, error) {
	c := new(client)
	if cfg.Protocol == nil {
		cfg.Protocol = testWire()
	}
	cfg.Endpoint = &protocol.Endpoint{Name: "public", Path: "/ws", Hosts: []protocol.Host{{Name: "main", URL: "ws://venue.test"}}}
	cfg.Inbound = c
	l, err := stream.NewLink(cfg, opts...)
	if err != nil {
		return nil, err
	}
	c.Link = l
	feed := feedTicker
	if len(cfg.Protocol.Feeds) > 0 {
		feed = cfg.Protocol.Feeds[0]
	}
	c.ticker = topicOf(l, stream.Routing[string]{
		Name: "Ticker", Feed: feed,
		Item: func(s string) string { return fmt.Sprintf(`{"symbol":%q}`, s) },
		All:  func(s *string) bool { return *s == "*" },
	})
	c.heartbeat.Init(l, stream.BroadcastConfig{Name: "Heartbeat"})
	return c, nil
}

// Frame makes the client a stream.Inbound.
func (c *client) Frame(b []byte, m stream.Meta, rest func([]byte, error)) {
	if strings.Contains(string(b), `"method"`) {
		rest(b, nil)
		return
	}
	var v tick
	err := json.Unmarshal(b, &v)
	switch {
	case err != nil:
		rest(b, err)
	case v.Channel == "ticker":
		stream.SetElement(&m, b)
		c.ticker.Deliver(v.Symbol, &v, &m)
	case v.Channel == "heartbeat":
		c.heartbeat.Deliver(&v, &m)
	default:
		rest(b, nil)
	}
}

// venue is the other end: an HTTP server on pipes.
type venue struct {
	t      testing.TB
	conns  chan net.Conn
	closed chan struct{}
	server *http.Server
	once   sync.Once
	tls    atomic.Pointer[tls.Config]

	mu       sync.Mutex
	dials    int
	peers    []*peer
	onDial   func(ctx context.Context, n int) (net.Conn, error) // nil, nil: go on
	onHTTP   func(n int, w http.ResponseWriter, r *http.Request) bool
	handle   func(p *peer, req request) bool // true: the standard answer is not wanted
	refuse   map[string]string               // symbol to error code
	mute     map[string]bool                 // symbols that are never confirmed
	received []request
}

// request is a frame of the client.
type request struct {
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Token  string          `json:"token"`
	ID     int             `json:"id"`
	raw    string
}

// peer is one socket, from the venue's side.
type peer struct {
	*websocket.Conn
	v  *venue
	n  int
	mu sync.Mutex
}

func newVenue(t testing.TB) *venue {
	v := &venue{t: t, conns: make(chan net.Conn), closed: make(chan struct{}), refuse: map[string]string{}, mute: map[string]bool{}}
	v.server = &http.Server{Handler: http.HandlerFunc(v.serveHTTP), ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = v.server.Serve(v) }()
	t.Cleanup(v.stop)
	return v
}

func (v *venue) stop() {
	v.once.Do(func() {
		close(v.closed)
		_ = v.server.Close()
		for _, p := range v.all() {
			_ = p.Close()
		}
	})
}

func (v *venue) Accept() (net.Conn, error) {
	select {
	case c := <-v.conns:
		if conf := v.tls.Load(); conf != nil {
			return tls.Server(c, conf), nil
		}
		return c, nil
	case <-v.closed:
		return nil, net.ErrClosed
	}
}

func (v *venue) Close() error   { return nil }
func (v *venue) Addr() net.Addr { return &net.UnixAddr{Name: "venue"} }

func (v *venue) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	v.mu.Lock()
	v.dials++
	n, hook := v.dials, v.onDial
	v.mu.Unlock()
	if hook != nil {
		if c, err := hook(ctx, n); c != nil || err != nil {
			return c, err
		}
	}
	ours, theirs := net.Pipe()
	select {
	case v.conns <- theirs:
		return ours, nil
	case <-v.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (v *venue) serveHTTP(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	n, hook := v.dials, v.onHTTP
	v.mu.Unlock()
	if hook != nil && hook(n, w, r) {
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	c, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	p := &peer{Conn: c, v: v, n: n}
	v.mu.Lock()
	v.peers = append(v.peers, p)
	v.mu.Unlock()
	p.serve()
}

func (p *peer) serve() {
	defer p.Close()
	for {
		_, b, err := p.ReadMessage()
		if err != nil {
			return
		}
		var req request
		require.NoError(p.v.t, json.Unmarshal(b, &req), string(b))
		req.raw = string(b)
		p.v.mu.Lock()
		p.v.received = append(p.v.received, req)
		handle := p.v.handle
		p.v.mu.Unlock()
		if handle != nil && handle(p, req) {
			continue
		}
		p.answer(req)
	}
}

// answer is what the venue does by itself.
func (p *peer) answer(req request) {
	switch req.Method {
	case "subscribe", "unsubscribe":
		var params struct{ Symbol []string }
		_ = json.Unmarshal(req.Params, &params)
		for _, s := range params.Symbol {
			p.v.mu.Lock()
			code, mute := p.v.refuse[s], p.v.mute[s]
			p.v.mu.Unlock()
			switch {
			case mute && req.Method == "subscribe":
			case code != "" && req.Method == "subscribe":
				p.send(`{"method":%q,"id":%d,"success":false,"code":%q,"error":"no","symbol":%q}`, req.Method, req.ID, code, s)
			default:
				p.send(`{"method":%q,"id":%d,"success":true,"result":{"symbol":%q}}`, req.Method, req.ID, s)
			}
		}
	case "fire":
	default:
		params := "null"
		if req.Params != nil {
			params = string(req.Params)
		}
		p.send(`{"method":%q,"id":%d,"success":true,"result":%s}`, req.Method, req.ID, params)
	}
}

func (p *peer) send(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	text := format
	if len(args) > 0 {
		text = fmt.Sprintf(format, args...)
	}
	_ = p.WriteMessage(websocket.TextMessage, []byte(text))
}

func (p *peer) tick(symbol string, n int) {
	p.send(`{"channel":"ticker","symbol":%q,"n":%d}`, symbol, n)
}

func (v *venue) all() []*peer {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]*peer(nil), v.peers...)
}

func (v *venue) peer() *peer {
	synctest.Wait()
	all := v.all()
	require.NotEmpty(v.t, all)
	return all[len(all)-1]
}

// requests lists the methods and params that came in, ids left out.
func (v *venue) requests(method string) []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out []string
	for _, r := range v.received {
		if r.Method == method {
			out = append(out, string(r.Params))
		}
	}
	return out
}

// log copies what came in.
func (v *venue) log() []request {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]request(nil), v.received...)
}

func (v *venue) dialCount() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.dials
}

func (v *venue) set(change func(*venue)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	change(v)
}

// bubble runs a test in fake time; goroutines that are left at its end fail it.
func bubble(t *testing.T, test func(t *testing.T, v *venue)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		v := newVenue(t)
		test(t, v)
		v.stop()
	})
}

// dial makes a client that is Ready and closed at the end of the test.
func (v *venue) client(cfg stream.LinkConfig, opts ...stream.Option) *client {
	v.t.Helper()
	c := v.idleClient(cfg, opts...)
	require.NoError(v.t, c.Dial(v.t.Context()))
	return c
}

func (v *venue) idleClient(cfg stream.LinkConfig, opts ...stream.Option) *client {
	v.t.Helper()
	all := append([]stream.Option{stream.WithDialer(v.dial), stream.WithProxy(nil), stream.WithRandom(func() float64 { return 1 })}, opts...)
	c, err := newClient(cfg, all...)
	require.NoError(v.t, err)
	v.t.Cleanup(func() {
		_ = c.CloseNow()
		<-c.Done()
	})
	return c
}

// tokenClient is a client of an endpoint whose frames carry a token.
func (v *venue) tokenClient(cfg stream.LinkConfig) *client {
	c := new(client)
	cfg.Inbound = c
	cfg.Endpoint = &protocol.Endpoint{Name: "auth", Token: true, Hosts: []protocol.Host{{URL: "ws://venue.test"}}}
	l, err := stream.NewLink(cfg, stream.WithDialer(v.dial), stream.WithProxy(nil))
	require.NoError(v.t, err)
	c.Link = l
	v.t.Cleanup(func() {
		_ = c.CloseNow()
		<-c.Done()
	})
	return c
}

func (p *peer) closeWith(code int, reason string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = p.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason))
}
