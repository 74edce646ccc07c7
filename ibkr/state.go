package ibkr

import (
	"context"
	"iter"
	"sync"
	"time"
)

// SessionState is what is known of the brokerage session, which market data, bars, ladders, orders and trades need; P&L,
// summary and ledger do without. It is as last heard: from the socket at once, from REST every minute. Whether there is
// a connection at all says Link.Status.
type SessionState struct {
	// Authenticated: the brokerage session is open.
	Authenticated bool
	// Connected: the gateway has a connection to the venue.
	Connected bool
	// Established: account data are loaded as well.
	Established bool
	// Competing: another login of the user has the brokerage session, or wants it.
	Competing bool
	// Message and Fail are the venue's words, mostly empty.
	Message, Fail string
	// ServerName and ServerVersion name the venue's server.
	ServerName, ServerVersion string
	// Paper tells a paper account from a real one, once the socket has said so.
	Paper bool
	// SSOExpires is when the login ends by itself unless it is kept alive; zero: unknown.
	SSOExpires time.Time
	// Since is when Authenticated became what it is; zero: nothing was heard yet.
	Since time.Time
}

// stateBox holds the latest state and what the newest socket said.
type stateBox struct {
	mu      sync.Mutex
	now     SessionState
	epoch   uint64 // of the newest socket that spoke of authentication
	said    bool   // what it said
	asked   uint64 // the newest socket that asked for the session value
	changed chan struct{}
}

func newStateBox() *stateBox { return &stateBox{changed: make(chan struct{})} }

// update changes the state and wakes the watchers if it did.
func (b *stateBox) update(change func(*SessionState)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.set(change)
}

func (b *stateBox) set(change func(*SessionState)) {
	was := b.now
	change(&b.now)
	if b.now.Authenticated != was.Authenticated || was.Since.IsZero() {
		b.now.Since = time.Now()
	}
	if differ(b.now, was) {
		b.wake()
	}
}

// differ leaves out what moves with every tickle.
func differ(a, b SessionState) bool {
	a.SSOExpires, b.SSOExpires = time.Time{}, time.Time{}
	return a != b
}

func (b *stateBox) wake() {
	close(b.changed)
	b.changed = make(chan struct{})
}

// heard takes over what REST said.
func (b *stateBox) heard(s *brokerageStatus) {
	b.update(func(now *SessionState) {
		now.Authenticated, now.Connected, now.Competing = s.Authenticated, s.Connected, s.Competing
		if s.Established != nil {
			now.Established = *s.Established
		}
		now.Message, now.Fail = s.Message, s.Fail
		if s.ServerInfo.ServerName != "" {
			now.ServerName, now.ServerVersion = s.ServerInfo.ServerName, s.ServerInfo.ServerVersion
		}
	})
}

// pushed takes over what a socket said; it tells whether that was a loss of authentication.
func (b *stateBox) pushed(v *AuthStatus, epoch uint64) (lost bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.set(func(now *SessionState) {
		take(v, AuthStatusFieldAuthenticated, &now.Authenticated, v.Authenticated)
		take(v, AuthStatusFieldConnected, &now.Connected, v.Connected)
		take(v, AuthStatusFieldEstablished, &now.Established, v.Established)
		take(v, AuthStatusFieldCompeting, &now.Competing, v.Competing)
		take(v, AuthStatusFieldMessage, &now.Message, v.Message)
		take(v, AuthStatusFieldFail, &now.Fail, v.Fail)
		take(v, AuthStatusFieldServerName, &now.ServerName, v.ServerName)
		take(v, AuthStatusFieldServerVersion, &now.ServerVersion, v.ServerVersion)
	})
	if v.Has(AuthStatusFieldAuthenticated) {
		b.epoch, b.said = epoch, v.Authenticated
		b.wake()
		return !v.Authenticated
	}
	return false
}

func take[T any](v *AuthStatus, f AuthStatusField, dst *T, value T) {
	if v.Has(f) {
		*dst = value
	}
}

// ask notes that a socket waits for the session value.
func (b *stateBox) ask(epoch uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked = epoch
	b.wake()
}

// verdict is what a socket has said so far.
type verdict struct {
	asked, said, authenticated bool
}

func (b *stateBox) verdict(epoch uint64) (v verdict, changed <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return verdict{b.asked == epoch, b.epoch == epoch, b.said}, b.changed
}

func (b *stateBox) get() (SessionState, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now, b.changed
}

// Session returns what is known of the brokerage session.
func (c *Client) Session() SessionState {
	now, _ := c.state.get()
	return now
}

// WatchSession yields the state of the brokerage session and every later one. States that were replaced before the loop
// looked are skipped; the latest one never is. It ends with ctx and with the client.
func (c *Client) WatchSession(ctx context.Context) iter.Seq[SessionState] {
	return func(yield func(SessionState) bool) {
		var shown *SessionState
		for ctx.Err() == nil {
			now, changed := c.state.get()
			if shown == nil || differ(now, *shown) {
				if !yield(now) {
					return
				}
				shown = &now
			}
			select {
			case <-changed:
			case <-c.Done():
				return
			case <-ctx.Done():
			}
		}
	}
}
