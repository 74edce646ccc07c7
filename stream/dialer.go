package stream

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/wire"
)

const (
	// dialTimeout covers one attempt: target, dial, TLS, upgrade and login.
	dialTimeout    = 15 * time.Second
	maxUpgradeBody = 1 << 10
	readBuffer     = 64 << 10
	// shortestSecret keeps flags and version numbers of a query readable in error texts.
	shortestSecret = 4
)

var errDialTimeout = fmt.Errorf("not ready within %v: %w", dialTimeout, context.DeadlineExceeded)

// dial opens the next socket. Cancelling ctx ends it at any moment.
func (l *Link) dial(ctx context.Context) (sock socket, err error) {
	u, header, err := l.target(ctx)
	if err != nil {
		return nil, causeOr(ctx, err)
	}
	start := time.Now()
	sock, err = l.upgrade(ctx, u, l.handshakeHeader(header))
	for _, h := range l.hooks.connect {
		h.OnConnect(ConnectInfo{URL: publicURL(u), Epoch: l.Status().Epoch + 1, Took: time.Since(start), Err: err})
	}
	if err != nil {
		return nil, fmt.Errorf("%s: dial %s: %w", l.cfg.Protocol.Venue, publicURL(u), err)
	}
	return sock, nil
}

func (l *Link) handshakeHeader(own http.Header) http.Header {
	h := http.Header{}
	for _, from := range []http.Header{own, l.set.header} {
		for name, values := range from {
			h[name] = values
		}
	}
	if h.Get("User-Agent") == "" {
		h.Set("User-Agent", l.set.userAgent)
	}
	return h
}

// upgrade makes up for the library's upgrade, which does not look at ctx: when ctx ends the connection is closed
// under it, and its odd error replaced.
func (l *Link) upgrade(ctx context.Context, u *url.URL, header http.Header) (socket, error) {
	var guard connGuard
	tunnel, other, err := l.proxies(u, header)
	if err != nil {
		return nil, err
	}
	d := websocket.Dialer{
		NetDialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			return l.connect(ctx, &guard, network, addr, tunnel)
		},
		Proxy:           http.ProxyURL(other),
		TLSClientConfig: l.tlsConfig(),
		ReadBufferSize:  readBuffer,
	}
	if l.set.client != nil {
		d.Jar = l.set.client.Jar
	}
	c, resp, err := d.DialContext(ctx, u.String(), header)
	if at, ok := ctx.Deadline(); ok && err != nil && !time.Now().Before(at) {
		<-ctx.Done() // the connection has the same deadline and may be the first to notice
	}
	if !guard.release() || ctx.Err() != nil {
		if c != nil {
			_ = c.Close()
		}
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, l.upgradeError(resp, err, u, header)
	}
	if err := refuseExtensions(resp); err != nil {
		_ = c.Close()
		return nil, err
	}
	return c, nil
}

// refuseExtensions ends a handshake whose answer has an extension: none was asked for. The library would take
// compression unasked, and the read limit counts bytes before they are inflated.
func refuseExtensions(resp *http.Response) error {
	if got := resp.Header.Values("Sec-Websocket-Extensions"); len(got) > 0 {
		return fmt.Errorf("the answer has a WebSocket extension that nobody asked for: %.100q", got)
	}
	return nil
}

// connect opens a connection, through an HTTP proxy unless that is nil.
func (l *Link) connect(ctx context.Context, guard *connGuard, network, addr string, proxy *url.URL) (net.Conn, error) {
	to := addr
	if proxy != nil {
		to = proxyAddr(proxy)
	}
	c, err := l.set.dial(ctx, network, to)
	if err != nil {
		return nil, err
	}
	guard.watch(ctx, c)
	if proxy == nil {
		return c, nil
	}
	if err := l.openTunnel(c, proxy, addr); err != nil {
		_ = c.Close()
		return nil, err
	}
	return c, nil
}

// connGuard closes connections when a context ends.
type connGuard struct {
	mu    sync.Mutex
	stops []func() bool
}

func (g *connGuard) watch(ctx context.Context, c net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stops = append(g.stops, context.AfterFunc(ctx, func() { _ = c.Close() }))
}

// release stops watching; false when a connection was closed already.
func (g *connGuard) release() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	intact := true
	for _, stop := range g.stops {
		intact = stop() && intact
	}
	return intact
}

// upgradeError names the status of a handshake that was answered otherwise.
func (l *Link) upgradeError(resp *http.Response, err error, u *url.URL, header http.Header) error {
	if resp == nil || !errors.Is(err, websocket.ErrBadHandshake) {
		return err
	}
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxUpgradeBody))
	e := &UpgradeError{
		Status:     resp.StatusCode,
		Body:       l.publicBody(body, u, header),
		RetryAfter: retryAfter(resp.Header.Get("Retry-After")),
	}
	rules := l.cfg.Protocol.Close.Upgrade
	e.Class, e.Wait = upgradeRule(rules, e.Status)
	e.Wait = max(e.Wait, e.RetryAfter)
	switch {
	case e.Status == http.StatusTooManyRequests:
		return &RateLimitError{RetryAfter: e.Wait, Err: e}
	case (e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden) && !hasRule(rules, e.Status):
		return errBoth(ErrAuth, e)
	}
	return e
}

// publicBody is an answer without what the handshake sent and without what the protocol calls sensitive.
func (l *Link) publicBody(body []byte, u *url.URL, header http.Header) string {
	if wire.Valid(body) {
		body = l.cfg.Protocol.Redact(nil, body)
	}
	text := strings.TrimSpace(string(body))
	var sent []string
	for _, values := range u.Query() {
		sent = append(sent, values...)
	}
	for name, values := range header {
		if name != "User-Agent" {
			sent = append(sent, values...)
		}
	}
	for _, secret := range sent {
		if len(secret) >= shortestSecret {
			text = strings.ReplaceAll(text, secret, redacted)
		}
	}
	return text
}

func hasRule(rules []protocol.CloseRule, status int) bool {
	for _, r := range rules {
		if r.Code == status {
			return true
		}
	}
	return false
}

// retryAfter reads seconds or an HTTP date.
func retryAfter(v string) time.Duration {
	if secs, err := strconv.Atoi(v); err == nil && secs >= 0 {
		return time.Duration(min(secs, 24*3600)) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(time.Until(at), 0)
	}
	return 0
}

// causeOr prefers why ctx ended to the error that this led to.
func causeOr(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
