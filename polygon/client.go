package polygon

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

// client is what the clients of all clusters share.
type client struct {
	*stream.Link

	cluster  Cluster
	cfg      config
	key      stream.Secret
	lease    lease
	tap      *tap
	messages stream.Broadcast
	tapped   atomic.Bool // somebody asked for messages once
	message  Message     // of the reading goroutine
}

// dial makes a client and connects it.
func dial(ctx context.Context, cluster Cluster, key stream.Secret, in stream.Inbound, start func(stream.Conn), opts []stream.Option) (*client, error) {
	c, err := newClient(cluster, key, in, start, opts)
	if err != nil {
		return nil, err
	}
	if err := c.connect(ctx); err != nil {
		_ = c.CloseNow()
		<-c.Done()
		return nil, err
	}
	return c, nil
}

// newClient makes a client of a cluster without any I/O. in decodes its events (nil: nothing does), start gets the
// connection.
func newClient(cluster Cluster, key stream.Secret, in stream.Inbound, start func(stream.Conn), opts []stream.Option) (*client, error) {
	if key.IsZero() {
		return nil, errors.New("polygon: the key is empty")
	}
	m, err := cluster.market()
	if err != nil {
		return nil, err
	}
	c := &client{cluster: cluster, cfg: ownOptions(opts), key: key}
	if err := c.cfg.check(cluster); err != nil {
		return nil, err
	}
	c.tap = newTap(c, in)
	c.Link, err = stream.NewLink(stream.LinkConfig{
		Protocol: &wireProtocol, Endpoint: m.endpoint, Inbound: c.tap, Login: c.logIn, Config: []any{new(config)},
	}, c.linkOptions(opts)...)
	if err != nil {
		return nil, err
	}
	start(c.Link)
	c.messages.Init(c.Link, stream.BroadcastConfig{Name: "Messages", Delivery: protocol.Delivery{Buffer: messageBuffer}})
	return c, nil
}

// linkOptions puts what the options of this package mean for the link before the user's own.
func (c *client) linkOptions(opts []stream.Option) []stream.Option {
	own := []stream.Option{stream.WithHooks(&c.lease)}
	if c.tap.events != nil {
		own = append(own, stream.WithMiddleware(func(next stream.Conn) stream.Conn { return wildcardGuard{next} }))
	}
	if c.cfg.exchange != "" {
		own = append(own, stream.WithVar("exchange", string(c.cfg.exchange)))
	}
	if h := c.cfg.handlers; h.Error != nil || h.Close != nil {
		own = append(own, stream.WithHooks(&handlerHooks{Handlers: h}))
	}
	return append(own, opts...)
}

func (c *client) connect(ctx context.Context) error {
	if err := processClaims.take(c.key, c.cluster, c.cfg.connections, &c.lease); err != nil {
		return err
	}
	if err := c.listen(); err != nil {
		return err
	}
	return c.Link.Dial(ctx)
}

// Protocol describes the wire as data, for fakes and tools. It must not be changed.
func Protocol() *protocol.Protocol { return &wireProtocol }

// Cluster is the cluster of the client.
func (c *client) Cluster() Cluster { return c.cluster }

// Symbols spells names as the cluster of the client wants them; see [Cluster.Symbols] and [WithUpperCase].
func (c *client) Symbols(names ...string) ([]Symbol, error) {
	if c.cfg.upper {
		names = append([]string(nil), names...)
		for i := range names {
			names[i] = strings.ToUpper(names[i])
		}
	}
	return c.cluster.Symbols(names...)
}

// logIn sends the key on a new socket.
func (c *client) logIn(ctx context.Context, conn stream.Conn) error {
	on := sessionAPI{conn: conn}
	_, err := on.Authenticate(ctx, AuthenticateRequest{Key: c.key.Reveal()})
	return loginError(err)
}

// loginError makes a refused key final: the venue answers the same to every further try. The call and the status event of
// a refused login both come here, and say the same.
func loginError(err error) error {
	var said *stream.VenueError
	if !errors.Is(err, ErrAuthFailed) || !errors.As(err, &said) {
		return err
	}
	return &stream.SessionError{Class: protocol.ClosePermanent, Err: fmt.Errorf("polygon: %w: %w", stream.ErrAuth, said)}
}
