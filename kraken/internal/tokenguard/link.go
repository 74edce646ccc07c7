package tokenguard

import (
	"context"
	"errors"
	"net/http"

	"github.com/venuewire/venuewire/kraken/krakenauth"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

// Config says what a private connection is.
type Config struct {
	Protocol *protocol.Protocol
	Endpoint *protocol.Endpoint
	Inbound  Inbound
	// Acks is the key of the frames that answer subscribes.
	Acks   string
	Source krakenauth.TokenSource
}

// NewLink makes a link whose sessions have a token each, and end when the venue does not take it any more.
func NewLink(cfg Config, opts []stream.Option) (*stream.Link, error) {
	if cfg.Source == nil {
		return nil, errors.New(cfg.Protocol.Venue + ": a private connection needs a source of tokens")
	}
	var link *stream.Link
	guard := New(cfg.Inbound, cfg.Protocol, cfg.Acks, func(err error) { link.Fault(err) })
	link, err := stream.NewLink(stream.LinkConfig{
		Protocol: cfg.Protocol, Endpoint: cfg.Endpoint, Inbound: guard,
		Token: func(ctx context.Context) (stream.Secret, error) { return token(ctx, cfg.Source, link.HTTPClient()) },
	}, opts...)
	return link, err
}

// token gets a token over the client of the link where the source knows how.
func token(ctx context.Context, src krakenauth.TokenSource, client *http.Client) (stream.Secret, error) {
	if s, ok := src.(*krakenauth.Source); ok {
		return s.TokenVia(ctx, client)
	}
	return src.Token(ctx)
}
