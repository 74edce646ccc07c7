package polygon

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/venuewire/venuewire/stream"
)

// ErrKeyInUse: a client of this process holds the connection that the key has for the cluster. Close that client or share
// it: the venue would let both in and then end one of the two, again and again. For accounts that pay for more
// connections see [WithConnections].
var ErrKeyInUse = errors.New("the key is in use for this cluster by another client of this process")

// claims knows which connections of which keys are taken. Keys are held as hashes.
type claims struct {
	mu   sync.Mutex
	held map[claim][]*lease
}

// lease is a client's hold on a connection. As a hook it sees the end of the client, before Close returns.
type lease struct{ ended atomic.Bool }

// OnState implements stream.HookState.
func (l *lease) OnState(st stream.Status) {
	if st.State == stream.Closed {
		l.ended.Store(true)
	}
}

type claim struct {
	key     [sha256.Size]byte
	cluster Cluster
}

// processClaims is the one variable of this package that changes: that two parts of a program must not evict each other
// from the venue is a fact about the process, and only something that the process has once can know it. It holds a hash
// and a flag for each live client, and lets go of those that have ended at the next dial of anybody.
var processClaims claims

// take claims a connection until the lease has ended.
func (c *claims) take(key stream.Secret, cluster Cluster, most int, l *lease) error {
	at := claim{sha256.Sum256([]byte(key.Reveal())), cluster}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sweep()
	if n := len(c.held[at]); n >= most {
		return fmt.Errorf("polygon: %s: %w (%d of %d connections taken)", cluster, ErrKeyInUse, n, most)
	}
	if c.held == nil {
		c.held = make(map[claim][]*lease)
	}
	c.held[at] = append(c.held[at], l)
	return nil
}

// sweep forgets clients that have ended; the lock is held.
func (c *claims) sweep() {
	for at, all := range c.held {
		live := slices.DeleteFunc(all, func(l *lease) bool { return l.ended.Load() })
		if c.held[at] = live; len(live) == 0 {
			delete(c.held, at)
		}
	}
}
