package iqoption

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

const (
	heartbeatQueue = 4
	heartbeatTime  = 5 * time.Second
)

// Client is one connection to the trade room: calls, subscriptions, and through its Link the state of the connection.
// Its methods may be called from any goroutine.
type Client struct {
	api
	*stream.Link

	source  SSIDSource
	web     *web
	first   atomic.Pointer[answer]  // of the source, asked for before the first session
	refused atomic.Int32            // session ids that the venue refused in a row
	room    atomic.Pointer[binding] // the newest one
	user    atomic.Int64            // 0 as long as nobody asked
}

// answer is what a source said.
type answer struct {
	ssid stream.Secret
	err  error
}

// binding is what a login leaves behind: a socket that is bound to a session id.
type binding struct {
	conn   stream.Conn
	epoch  uint64
	client atomic.Pointer[stream.Secret] // client_session_id
}

// Dial connects, binds the socket to the session id of src and returns when calls can be made. ctx covers the dial
// only; a lost session is replaced until Close. Errors: stream.ErrAuth for a refused session id or password,
// *[TwoFactorError], *stream.RateLimitError, and those of the network.
func Dial(ctx context.Context, src SSIDSource, opts ...stream.Option) (*Client, error) {
	c, err := New(src, opts...)
	if err != nil {
		return nil, err
	}
	if err := c.Dial(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// New checks the options and makes a client that is not connected. It does no I/O; see [Client.Dial].
func New(src SSIDSource, opts ...stream.Option) (*Client, error) {
	if src == nil {
		return nil, errors.New("iqoption: New needs a source of session ids")
	}
	cfg, _, err := ownOptions(opts)
	if err != nil {
		return nil, err
	}
	c := &Client{source: src}
	c.Link, err = newLink(&cfg, stream.LinkConfig{Inbound: c.inbound(), Login: c.logIn}, opts)
	if err != nil {
		return nil, err
	}
	c.web = newWeb(&cfg, c.HTTPClient())
	c.api.init(c.Link)
	return c, nil
}

// Protocol describes the wire as data, for fakes and tools. It must not be changed.
func Protocol() *protocol.Protocol { return &wireProtocol }

// Dial connects a client made by [New]; see the function [Dial]. The source is asked before the socket is opened and
// under ctx alone, so that a login has time for a second factor that a human types; later sessions must have their
// session id within 15 s. A session id that the venue refuses is asked for once more.
func (c *Client) Dial(ctx context.Context) error {
	if c.Status().State != stream.Idle {
		return c.Link.Dial(ctx)
	}
	c.refused.Store(0)
	tried := c.ask(ctx)
	err := c.dialWith(ctx, tried)
	if c.refused.Load() != 1 || !errors.Is(err, stream.ErrAuth) {
		return err
	}
	again := c.ask(ctx)
	if again.err == nil && again.ssid.Reveal() == tried.ssid.Reveal() {
		return err
	}
	return c.dialWith(ctx, again)
}

// ask gets an answer of the source; a login it needs goes through the client's own HTTP client.
func (c *Client) ask(ctx context.Context) *answer {
	a := new(answer)
	if s, ok := c.source.(*loginSource); ok {
		a.ssid, a.err = s.via(ctx, c.web)
	} else {
		a.ssid, a.err = c.source.SSID(ctx)
	}
	if a.err == nil && a.ssid.IsZero() {
		a.err = fmt.Errorf("iqoption: %w: the source yields an empty session id", stream.ErrAuth)
	}
	return a
}

// dialWith dials with the answer for the first session. What trying again cannot change is returned at once, the
// rest is judged by the link as the login's result.
func (c *Client) dialWith(ctx context.Context, a *answer) error {
	var second *TwoFactorError
	if a.err != nil && (ctx.Err() != nil || errors.Is(a.err, stream.ErrAuth) || errors.As(a.err, &second)) {
		return a.err
	}
	heartbeats, err := c.ListenHeartbeat(stream.WithQueue(heartbeatQueue, stream.DropOldest))
	if err != nil {
		return err
	}
	heartbeats.Handle(context.Background(), c.onHeartbeat)
	c.first.Store(a)
	defer c.first.Store(nil)
	if err := c.Link.Dial(ctx); err != nil {
		_ = heartbeats.Close(ctx)
		return err
	}
	return nil
}

// logIn binds a new socket to a session id and asks for acknowledgements.
func (c *Client) logIn(ctx context.Context, conn stream.Conn) error {
	room := &binding{conn: conn, epoch: c.Status().Epoch}
	c.room.Store(room)
	a := c.first.Swap(nil)
	if a == nil {
		a = c.ask(ctx)
	}
	if a.err != nil {
		return c.unattended(a.err)
	}
	on := api{conn: conn}
	reply, err := on.Authenticate(ctx, AuthenticateRequest{SSID: a.ssid.Reveal()})
	if err != nil {
		return c.rejected(a.ssid, err)
	}
	c.refused.Store(0)
	if id, ok := reply.ClientSessionID.Get(); ok {
		secret := stream.NewSecret(id)
		room.client.Store(&secret)
	}
	return on.SetOptions(ctx)
}

// rejected tells the source which session id the venue refused.
func (c *Client) rejected(ssid stream.Secret, err error) error {
	var no *stream.VenueError
	if !errors.As(err, &no) {
		return err
	}
	c.refused.Add(1)
	if s, ok := c.source.(Invalidator); ok {
		s.Invalidate(ssid)
	}
	return fmt.Errorf("iqoption: %w: the venue refuses the session id: %w", stream.ErrAuth, err)
}

// unattended ends the client where a session could only come back with the help of a human: every further try would
// send another message to a phone.
func (c *Client) unattended(err error) error {
	var second *TwoFactorError
	if !errors.As(err, &second) {
		return err
	}
	err = &stream.SessionError{Class: protocol.ClosePermanent, Err: err}
	c.Fault(err) // or the end of the dial's time, which is why most of them fail, would count for more
	return err
}

// onHeartbeat answers on the session that asked. It goes past WithReadOnly, since it changes nothing at the venue.
func (c *Client) onHeartbeat(ctx context.Context, ev stream.Event[Heartbeat]) {
	room := c.room.Load()
	if room == nil || room.epoch != ev.Epoch {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, heartbeatTime)
	defer cancel()
	on := api{conn: room.conn}
	err := on.AnswerHeartbeat(ctx, AnswerHeartbeatRequest{UserTime: time.Now(), HeartbeatTime: ev.Data.Value})
	if err != nil {
		c.Logger().Debug("iqoption: heartbeat not answered", "epoch", ev.Epoch, "err", err)
	}
}

// ClientSessionID is what the venue calls this session, for its support; empty before the first one.
func (c *Client) ClientSessionID() stream.Secret {
	if room := c.room.Load(); room != nil {
		if id := room.client.Load(); id != nil {
			return *id
		}
	}
	return stream.Secret{}
}

// UserID returns the id of the user, which most subscriptions of the account ask for. The first call reads the
// profile, later ones are answered from memory.
func (c *Client) UserID(ctx context.Context) (int64, error) {
	if id := c.user.Load(); id != 0 {
		return id, nil
	}
	profile, err := c.GetProfile(ctx)
	if err != nil {
		return 0, err
	}
	p, ok := profile.Result.Get()
	if !ok || p.UserID == 0 {
		return 0, errors.New("iqoption: the profile has no user id")
	}
	c.user.Store(p.UserID)
	return p.UserID, nil
}
