package streamtest

import (
	"context"
	"net"
	"sync"
	"syscall"
)

// memoryHost is the host name of servers in memory; certificates are made for it.
const memoryHost = "venue.test"

// MemoryListener is a net.Listener without a network: [MemoryListener.Dial] makes connections that Accept returns.
// It works inside synctest bubbles.
type MemoryListener struct {
	mu     sync.Mutex
	change sync.Cond
	queue  []net.Conn
	closed bool
}

// NewMemoryListener makes a listener.
func NewMemoryListener() *MemoryListener {
	l := new(MemoryListener)
	l.change.L = &l.mu
	return l
}

// Accept waits for the next connection; after Close it returns net.ErrClosed.
func (l *MemoryListener) Accept() (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.queue) == 0 {
		if l.closed {
			return nil, net.ErrClosed
		}
		l.change.Wait()
	}
	c := l.queue[0]
	l.queue = l.queue[1:]
	return c, nil
}

// Close ends the listener and the connections that nobody accepted.
func (l *MemoryListener) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for _, c := range l.queue {
		_ = c.Close()
	}
	l.queue = nil
	l.change.Broadcast()
	return nil
}

// Addr is an address of network "memory".
func (l *MemoryListener) Addr() net.Addr { return memoryAddr{} }

// Dial connects to the listener, whatever the address; the arguments are those of net.Dialer.DialContext. After
// Close the connection is refused.
func (l *MemoryListener) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, refused(network)
	}
	client, server := newPipe()
	l.queue = append(l.queue, server)
	l.change.Signal()
	return client, nil
}

// refused is the error of a dial to a port where nobody listens.
func refused(network string) error {
	return &net.OpError{Op: "dial", Net: network, Addr: memoryAddr{}, Err: syscall.ECONNREFUSED}
}
