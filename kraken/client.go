package kraken

import (
	"context"

	"github.com/venuewire/venuewire/kraken/internal/tokenguard"
	"github.com/venuewire/venuewire/kraken/krakenauth"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

// Public is a connection for market data; it needs no account. Its methods may be called from any goroutine.
type Public struct {
	publicMethods
	*stream.Link
	system
}

// Private is a connection for the orders and data of an account. The venue closes one without a subscription: subscribe
// to executions or balances, which a trading program wants anyway. Its methods may be called from any goroutine.
type Private struct {
	privateMethods
	*stream.Link
	system
}

// Level3 is a connection for books by order. It wants a token as a private one does. The venue takes 200 symbols for each
// connection. Its methods may be called from any goroutine.
type Level3 struct {
	level3Methods
	*stream.Link
	system
}

// NewPublic checks the options and makes a client that is not connected; see the method Dial. It does no I/O.
func NewPublic(opts ...stream.Option) (*Public, error) {
	c := new(Public)
	link, err := stream.NewLink(stream.LinkConfig{
		Protocol: &wireProtocol, Endpoint: &endpointPublic, Inbound: c.inbound(),
	}, opts...)
	if err != nil {
		return nil, err
	}
	c.Link, c.link = link, link
	c.publicMethods.init(link)
	return c, nil
}

// NewPrivate is [NewPublic] for a private connection. The source is asked for a token in each session.
func NewPrivate(src krakenauth.TokenSource, opts ...stream.Option) (*Private, error) {
	c := new(Private)
	link, err := newTokenLink(&endpointPrivate, c.inbound(), src, opts)
	if err != nil {
		return nil, err
	}
	c.Link, c.link = link, link
	c.privateMethods.init(link)
	return c, nil
}

// NewLevel3 is [NewPublic] for a connection of books by order. The source is asked for a token in each session.
func NewLevel3(src krakenauth.TokenSource, opts ...stream.Option) (*Level3, error) {
	c := new(Level3)
	link, err := newTokenLink(&endpointLevel3, c.inbound(), src, opts)
	if err != nil {
		return nil, err
	}
	c.Link, c.link = link, link
	c.level3Methods.init(link)
	return c, nil
}

// DialPublic connects and returns when the connection is ready. ctx covers the dial only; a lost session is replaced
// until Close.
func DialPublic(ctx context.Context, opts ...stream.Option) (*Public, error) {
	c, err := NewPublic(opts...)
	if err != nil {
		return nil, err
	}
	if err := c.Dial(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// DialPrivate connects and returns when the connection is ready and there is a token, which the venue looks at with the
// first request. ctx covers the dial only; a lost session is replaced until Close. Errors: stream.ErrAuth for a wrong
// API key, *stream.RateLimitError, *krakenauth.Error, and those of the network.
func DialPrivate(ctx context.Context, src krakenauth.TokenSource, opts ...stream.Option) (*Private, error) {
	c, err := NewPrivate(src, opts...)
	if err != nil {
		return nil, err
	}
	if err := c.Dial(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// DialLevel3 is [DialPrivate] for a connection of books by order.
func DialLevel3(ctx context.Context, src krakenauth.TokenSource, opts ...stream.Option) (*Level3, error) {
	c, err := NewLevel3(src, opts...)
	if err != nil {
		return nil, err
	}
	if err := c.Dial(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// Dial connects a client made by [NewPublic]; see the function [DialPublic]. One whose Dial failed may be dialled again.
func (c *Public) Dial(ctx context.Context) error { return c.dial(ctx, c.ListenStatus) }

// Dial connects a client made by [NewPrivate]; see the function [DialPrivate].
func (c *Private) Dial(ctx context.Context) error { return c.dial(ctx, c.ListenStatus) }

// Dial connects a client made by [NewLevel3]; see the function [DialLevel3].
func (c *Level3) Dial(ctx context.Context) error { return c.dial(ctx, c.ListenStatus) }

// Protocol describes the wire as data, for fakes and tools. It must not be changed.
func Protocol() *protocol.Protocol { return &wireProtocol }

// newTokenLink makes a link whose sessions have a token each.
func newTokenLink(endpoint *protocol.Endpoint, in tokenguard.Inbound, src krakenauth.TokenSource, opts []stream.Option) (*stream.Link, error) {
	return tokenguard.NewLink(tokenguard.Config{
		Protocol: &wireProtocol, Endpoint: endpoint, Inbound: in, Acks: "subscribe", Source: src,
	}, opts)
}
