package streamtest

import (
	"net"
	"sync"
	"time"
)

// faults is the state of the commands of a server that last.
type faults struct {
	mu     sync.Mutex
	change sync.Cond

	refuseDials    int // negative: all
	refuseUpgrades int
	upgradeStatus  int
	stallReads     bool
	stallWrites    bool
	byteWrites     bool
	bytePause      time.Duration // before each of them
	mute           bool
	mangle         [lanes]mangling
	drop           int
}

func newFaults() *faults {
	f := new(faults)
	f.change.L = &f.mu
	return f
}

func (f *faults) set(change func(*faults)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
	f.change.Broadcast()
}

// take uses up one of a counted fault.
func (f *faults) take(count func(*faults) *int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := count(f)
	if *n == 0 {
		return false
	}
	if *n > 0 {
		*n--
	}
	return true
}

func (f *faults) get(what func(*faults) bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return what(f)
}

// faultConn is a server's end of a connection that stalls and dribbles on command.
type faultConn struct {
	net.Conn
	faults *faults
	closed bool // guarded by faults.mu
}

// wait blocks while a stall lasts; false when the connection was closed meanwhile.
func (c *faultConn) wait(stalled func(*faults) bool) bool {
	f := c.faults
	f.mu.Lock()
	defer f.mu.Unlock()
	for stalled(f) && !c.closed {
		f.change.Wait()
	}
	return !c.closed
}

func stallsReads(f *faults) bool  { return f.stallReads }
func stallsWrites(f *faults) bool { return f.stallWrites }

// Read holds back what came in while a stall lasts.
func (c *faultConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if !c.wait(stallsReads) {
		return 0, net.ErrClosed
	}
	return n, err
}

// Write holds back what goes out while a stall lasts, and dribbles.
func (c *faultConn) Write(p []byte) (n int, err error) {
	for n < len(p) {
		c.dribble()
		if !c.wait(stallsWrites) {
			return n, net.ErrClosed
		}
		end := len(p)
		if c.faults.get(func(f *faults) bool { return f.byteWrites }) {
			end = n + 1
		}
		m, err := c.Conn.Write(p[n:end])
		n += m
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// dribble waits before a byte of a slow loris: until its time has come, the pause was changed or the connection closed.
func (c *faultConn) dribble() {
	f := c.faults
	f.mu.Lock()
	defer f.mu.Unlock()
	pause, due := f.bytePause, time.Now().Add(f.bytePause)
	if pause <= 0 {
		return
	}
	timer := time.AfterFunc(pause, func() { f.set(func(*faults) {}) })
	defer timer.Stop()
	for f.bytePause == pause && !c.closed && time.Now().Before(due) {
		f.change.Wait()
	}
}

// Close ends the connection and its stalls.
func (c *faultConn) Close() error {
	c.markClosed()
	return c.Conn.Close()
}

func (c *faultConn) markClosed() {
	c.faults.mu.Lock()
	defer c.faults.mu.Unlock()
	c.closed = true
	c.faults.change.Broadcast()
}

// reset ends the connection as Close does, but the peer is told that it broke.
func (c *faultConn) reset() error {
	switch conn := c.Conn.(type) {
	case *net.TCPConn:
		_ = conn.SetLinger(0)
	case *pipeEnd:
		conn.reset()
	}
	return c.Close()
}

// faultListener wraps what it accepts; refused connections are closed at once.
type faultListener struct {
	net.Listener
	faults *faults
}

func (l *faultListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if !l.faults.take(dials) {
			return &faultConn{Conn: c, faults: l.faults}, nil
		}
		_ = c.Close()
	}
}

func dials(f *faults) *int { return &f.refuseDials }
