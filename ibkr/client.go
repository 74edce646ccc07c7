package ibkr

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

const (
	sessionCookie = "api"
	waitingText   = "waiting for session"
	listenQueue   = 64
)

// Client is one connection to the Client Portal: calls, subscriptions, and through its Link the state of the
// connection. Its methods may be called from any goroutine.
type Client struct {
	api
	*stream.Link

	cfg    config
	rest   *rest // nil: a source of sessions that signs nothing
	state  *stateBox
	ticks  ticks
	slots  slots
	pace   pace // of /iserver/account/orders
	next   atomic.Pointer[stream.Secret]
	socket atomic.Pointer[socket] // the newest one
	opened atomic.Pointer[time.Time]
	known  atomic.Pointer[accountList]
	start  sync.Once
}

// socket is what goes past the ready check on the newest connection.
type socket struct {
	conn  stream.Conn
	epoch uint64
}

// Dial connects to a gateway on this machine, or to what the options name, and returns when the brokerage session is
// authenticated. ctx covers the dial only; a lost session is replaced until Close, as soon as the gateway has one.
// Errors: [ErrNotLoggedIn], [ErrCompeting], [ErrNotAuthenticated], stream.ErrPinMismatch, *stream.RateLimitError,
// *[RESTError] and those of the network.
func Dial(ctx context.Context, opts ...stream.Option) (*Client, error) {
	c, err := New(opts...)
	if err != nil {
		return nil, err
	}
	if err := c.Dial(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// New checks the options and makes a client that is not connected. It does no I/O but reading the file of
// [WithCertificateFile]; see [Client.Dial].
func New(opts ...stream.Option) (*Client, error) {
	cfg, opts, err := splitOptions(opts)
	if err != nil {
		return nil, err
	}
	c := &Client{cfg: cfg, state: newStateBox()}
	c.Link, err = stream.NewLink(stream.LinkConfig{
		Protocol: &wireProtocol, Endpoint: &endpointWs,
		Inbound: &utf8Counter{Inbound: c.inbound()}, Target: c.target, Login: c.logIn,
	}, opts...)
	if err != nil {
		return nil, err
	}
	if c.rest, err = newREST(&c.cfg, c.HTTPClient()); err != nil {
		return nil, err
	}
	c.api.init(c.Link)
	return c, nil
}

// Protocol describes the wire as data, for fakes and tools. It must not be changed.
func Protocol() *protocol.Protocol { return &wireProtocol }

// Dial connects a client made by [New]; see the function [Dial].
func (c *Client) Dial(ctx context.Context) error {
	if c.Status().State != stream.Idle {
		return c.Link.Dial(ctx)
	}
	stop, err := c.listen()
	if err != nil {
		return err
	}
	if err := c.Link.Dial(ctx); err != nil {
		stop()
		return err
	}
	c.start.Do(func() { go c.keepAlive() })
	return nil
}

// listen follows what the socket says of the session, until stop or the end of the client.
func (c *Client) listen() (stop func(), err error) {
	background, cancel := context.WithCancel(context.Background())
	queue := stream.WithQueue(listenQueue, stream.DropOldest)
	status, err := c.ListenAuthStatus(queue)
	if err != nil {
		cancel()
		return nil, err
	}
	messages, err := c.ListenMessage(queue)
	if err != nil {
		cancel()
		return nil, err
	}
	hello, err := c.ListenSystemHello(queue)
	if err != nil {
		cancel()
		return nil, err
	}
	status.Handle(background, c.onAuthStatus)
	messages.Handle(background, func(_ context.Context, ev stream.Event[Message]) {
		if ev.Data.Message == waitingText {
			c.state.ask(ev.Epoch)
		}
	})
	hello.Handle(background, func(_ context.Context, ev stream.Event[SystemHello]) {
		c.state.update(func(now *SessionState) { now.Paper = ev.Data.IsPaper.Or(now.Paper) })
	})
	return func() {
		cancel()
		_ = status.Close(background)
		_ = messages.Close(background)
		_ = hello.Close(background)
	}, nil
}

// onAuthStatus gives a socket up whose brokerage session is gone: when it comes back, no frame would say so here.
func (c *Client) onAuthStatus(_ context.Context, ev stream.Event[AuthStatus]) {
	lost := c.state.pushed(&ev.Data, ev.Epoch)
	if st := c.Status(); lost && st.State == stream.Ready && st.Epoch == ev.Epoch {
		c.Fault(away(c.lost()))
	}
}

// lost is why the brokerage session is gone.
func (c *Client) lost() error {
	now := c.Session()
	return notAuthenticated(&brokerageStatus{Competing: now.Competing, Message: now.Message, Fail: now.Fail})
}

// target makes the REST calls that come before a socket, and returns where that is.
func (c *Client) target(ctx context.Context) (string, http.Header, error) {
	s, err := c.prepare(ctx)
	if err != nil {
		return "", nil, err
	}
	c.next.Store(&s.Value)
	header := http.Header{}
	if !c.cfg.message {
		req := http.Request{Header: header}
		if c.rest != nil {
			for _, cookie := range c.rest.cookies() {
				if cookie.Name != sessionCookie {
					req.AddCookie(cookie)
				}
			}
		}
		if !s.Value.IsZero() {
			// The bare value, as the OpenAPI has it; one page of the docs puts JSON there.
			req.AddCookie(&http.Cookie{Name: sessionCookie, Value: s.Value.Reveal()})
		}
	}
	return c.cfg.socketURL(s.Query), header, nil
}

// logIn waits until a new socket says that its session is authenticated, and hands the session over if it is asked to.
func (c *Client) logIn(ctx context.Context, conn stream.Conn) error {
	epoch := c.Status().Epoch
	c.socket.Store(&socket{conn, epoch})
	sent := false
	for {
		v, changed := c.state.verdict(epoch)
		switch {
		case v.said && v.authenticated:
			return nil
		case v.said && (sent || !v.asked):
			return away(c.lost())
		case v.asked && !sent:
			sent = true
			on := api{conn: conn}
			if err := on.SendSession(ctx, SendSessionRequest{Session: c.next.Load().Reveal()}); err != nil {
				return err
			}
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("ibkr: the socket does not say whether it is authenticated: %w", context.Cause(ctx))
		}
	}
}

// Accounts returns the accounts of the login.
func (c *Client) Accounts(ctx context.Context) ([]AccountID, error) {
	if a := c.known.Load(); a != nil {
		return append([]AccountID(nil), a.Accounts...), nil
	}
	if c.rest == nil {
		return nil, errNoREST
	}
	a, err := c.rest.accounts(ctx)
	if err != nil {
		return nil, err
	}
	c.known.Store(&a)
	return append([]AccountID(nil), a.Accounts...), nil
}

// Logout ends the login at the gateway, for every program that uses it, and closes the client.
func (c *Client) Logout(ctx context.Context) error {
	if c.rest == nil {
		return errNoREST
	}
	err := c.Close(ctx)
	if out := c.rest.call(ctx, http.MethodPost, "/logout", nil, nil); out != nil {
		return out
	}
	return err
}
