package ibkr

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

const (
	// openPoll and openTries bound the wait for a brokerage session that was asked for.
	openPoll  = time.Second
	openTries = 5
	// awayWait is how long the client stays away from a gateway without brokerage session before it looks again.
	awayWait = 30 * time.Second
	// openPause is the least time between two requests for the brokerage session: more often is a login storm.
	openPause = time.Minute
)

// brokerageStatus is the answer of /iserver/auth/status, and a member of /tickle.
type brokerageStatus struct {
	Authenticated bool   `json:"authenticated"`
	Connected     bool   `json:"connected"`
	Competing     bool   `json:"competing"`
	Established   *bool  `json:"established"`
	Message       string `json:"message"`
	Fail          string `json:"fail"`
	ServerInfo    struct {
		ServerName    string `json:"serverName"`
		ServerVersion string `json:"serverVersion"`
	} `json:"serverInfo"`
}

// tickled is the answer of /tickle.
type tickled struct {
	Session    string `json:"session"`
	SSOExpires int64  `json:"ssoExpires"` // milliseconds left
	IServer    struct {
		AuthStatus *brokerageStatus `json:"authStatus"`
	} `json:"iserver"`
}

func (r *rest) status(ctx context.Context) (s brokerageStatus, err error) {
	return s, r.call(ctx, http.MethodPost, "/iserver/auth/status", nil, &s)
}

func (r *rest) tickle(ctx context.Context) (t tickled, err error) {
	return t, r.call(ctx, http.MethodPost, "/tickle", nil, &t)
}

// open asks for the brokerage session; publish must be true, or the answer is 500.
func (r *rest) open(ctx context.Context, compete bool) (s brokerageStatus, err error) {
	body := map[string]bool{"publish": true, "compete": compete}
	return s, r.call(ctx, http.MethodPost, "/iserver/auth/ssodh/init", body, &s)
}

// accountList is the answer of /iserver/accounts.
type accountList struct {
	Accounts []AccountID `json:"accounts"`
	Selected AccountID   `json:"selectedAccount"`
}

func (r *rest) accounts(ctx context.Context) (a accountList, err error) {
	return a, r.call(ctx, http.MethodGet, "/iserver/accounts", nil, &a)
}

// prepare takes the steps that come before a socket: brokerage session, accounts, session value.
func (c *Client) prepare(ctx context.Context) (s Session, err error) {
	if c.rest != nil {
		if err := c.brokerage(ctx); err != nil {
			return s, away(err)
		}
		// The venue closes sockets again and again (1000) when nobody has read the accounts.
		accounts, err := c.rest.accounts(ctx)
		if err != nil {
			return s, away(err)
		}
		c.known.Store(&accounts)
	}
	if c.cfg.source != nil {
		if s, err = c.cfg.source.Session(ctx); err != nil {
			return s, err
		}
	}
	if !s.Value.IsZero() || c.rest == nil {
		return s, nil
	}
	t, err := c.tickle(ctx)
	if err != nil {
		return s, away(err)
	}
	s.Value = stream.NewSecret(t.Session)
	return s, nil
}

// brokerage returns when the brokerage session is authenticated; it asks for it if need be.
func (c *Client) brokerage(ctx context.Context) error {
	st, err := c.rest.status(ctx)
	if err != nil {
		return err
	}
	c.state.heard(&st)
	if st.Authenticated {
		return nil
	}
	if st.Competing && !c.cfg.compete {
		return ErrCompeting
	}
	if !c.mayOpen() {
		return notAuthenticated(&st)
	}
	if _, err := c.rest.open(ctx, c.cfg.compete); err != nil {
		return err
	}
	for range openTries {
		if st, err = c.rest.status(ctx); err != nil {
			return err
		}
		c.state.heard(&st)
		if st.Authenticated {
			return nil
		}
		select {
		case <-time.After(openPoll):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return notAuthenticated(&st)
}

// mayOpen allows one request for the brokerage session in a while.
func (c *Client) mayOpen() bool {
	now := time.Now()
	last := c.opened.Load()
	if last != nil && now.Sub(*last) < openPause {
		return false
	}
	c.opened.Store(&now)
	return true
}

// notAuthenticated says why, as far as the venue does.
func notAuthenticated(s *brokerageStatus) error {
	if s.Competing {
		return ErrCompeting
	}
	why := strings.TrimSpace(s.Fail + " " + s.Message)
	if why == "" {
		return ErrNotAuthenticated
	}
	return errors.Join(ErrNotAuthenticated, errors.New(why))
}

// away classes the lack of a brokerage session: what helps is time, or a human at the gateway, so the client looks
// again at leisure and for ever.
func away(err error) error {
	for _, is := range []error{ErrNotLoggedIn, ErrNotAuthenticated, ErrCompeting} {
		if errors.Is(err, is) {
			return &stream.SessionError{Class: protocol.CloseCoolDown, Wait: awayWait, Err: err}
		}
	}
	return err
}
