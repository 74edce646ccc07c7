package ibkr

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/venuewire/venuewire/stream"
)

const (
	// tickleEvery keeps a session alive that ends after some five idle minutes.
	tickleEvery = time.Minute
	tickleTime  = 15 * time.Second
	// validateEach is how many tickles there are to one /sso/validate, which may be asked once a minute.
	validateEach = 5
)

var errNoREST = errors.New("ibkr: this client makes no REST calls: its source of sessions signs none")

// keepAlive tickles, by REST and on the socket, until the client ends. Neither replaces the other.
func (c *Client) keepAlive() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-c.Done():
			cancel()
		case <-ctx.Done():
		}
	}()
	every := time.NewTicker(tickleEvery)
	defer every.Stop()
	for n := 1; ; n++ {
		select {
		case <-every.C:
			if c.Status().State == stream.Ready {
				c.beat(ctx, n%validateEach == 0)
			}
		case <-ctx.Done():
			return
		}
	}
}

// beat is one round: a session that is gone ends the connection, everything else waits for the next round.
func (c *Client) beat(ctx context.Context, validate bool) {
	ctx, cancel := context.WithTimeout(ctx, tickleTime)
	defer cancel()
	if s := c.socket.Load(); s != nil {
		on := api{conn: s.conn} // past WithReadOnly, since it changes nothing
		if _, err := on.Tic(ctx); err != nil {
			c.Logger().Debug("ibkr: tic failed", "epoch", s.epoch, "err", err)
		}
	}
	if c.rest == nil {
		return
	}
	if validate {
		c.validate(ctx)
	}
	t, err := c.tickle(ctx)
	switch {
	case errors.Is(err, ErrNotLoggedIn):
		c.state.update(func(now *SessionState) { now.Authenticated = false })
		c.Fault(away(err))
	case err != nil:
		c.Logger().Warn("ibkr: tickle failed", "err", err)
	case t.IServer.AuthStatus != nil && !t.IServer.AuthStatus.Authenticated:
		c.Fault(away(notAuthenticated(t.IServer.AuthStatus)))
	}
}

// tickle keeps the login alive and takes over what it says.
func (c *Client) tickle(ctx context.Context) (tickled, error) {
	t, err := c.rest.tickle(ctx)
	if err != nil {
		return t, err
	}
	if t.SSOExpires > 0 {
		at := time.Now().Add(time.Duration(t.SSOExpires) * time.Millisecond).Truncate(time.Second)
		c.state.update(func(now *SessionState) { now.SSOExpires = at })
	}
	if s := t.IServer.AuthStatus; s != nil {
		c.state.heard(s)
	}
	return t, nil
}

// validate stretches the login.
func (c *Client) validate(ctx context.Context) {
	var answer struct {
		Result *bool `json:"RESULT"`
	}
	err := c.rest.call(ctx, http.MethodGet, "/sso/validate", nil, &answer)
	switch {
	case err != nil:
		c.Logger().Debug("ibkr: sso/validate failed", "err", err)
	case answer.Result != nil && !*answer.Result:
		c.Logger().Warn("ibkr: the login is about to end") // the tickle that follows is the cure
	}
}
