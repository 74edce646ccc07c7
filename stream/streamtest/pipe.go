package streamtest

import (
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// pipeBuffer is how many bytes one direction of a memory connection holds, as a socket buffer would.
const pipeBuffer = 64 << 10

// newPipe makes a connection in memory. Unlike net.Pipe it is buffered, so that a peer that does not read is
// noticed when the buffer is full and not before.
func newPipe() (client, server net.Conn) {
	up, down := newFlow(), newFlow()
	return &pipeEnd{in: down, out: up}, &pipeEnd{in: up, out: down}
}

// pipeEnd is one end of a memory connection.
type pipeEnd struct {
	in, out *flow
}

func (e *pipeEnd) Read(p []byte) (int, error)  { return e.in.read(p) }
func (e *pipeEnd) Write(p []byte) (int, error) { return e.out.write(p) }

// Close ends both directions; the peer still reads what was written before.
func (e *pipeEnd) Close() error {
	e.in.close(true)
	e.out.close(false)
	return nil
}

// reset breaks both directions: what the peer has not read is lost.
func (e *pipeEnd) reset() {
	e.out.breakDown() // first: who sees the other break must not be able to say goodbye
	e.in.breakDown()
}

func (e *pipeEnd) LocalAddr() net.Addr  { return memoryAddr{} }
func (e *pipeEnd) RemoteAddr() net.Addr { return memoryAddr{} }

func (e *pipeEnd) SetDeadline(t time.Time) error {
	e.in.setReadDeadline(t)
	e.out.setWriteDeadline(t)
	return nil
}

func (e *pipeEnd) SetReadDeadline(t time.Time) error  { e.in.setReadDeadline(t); return nil }
func (e *pipeEnd) SetWriteDeadline(t time.Time) error { e.out.setWriteDeadline(t); return nil }

type memoryAddr struct{}

func (memoryAddr) Network() string { return "memory" }
func (memoryAddr) String() string  { return memoryHost }

// flow is one direction.
type flow struct {
	mu               sync.Mutex
	change           sync.Cond
	buf              []byte
	readerGone       bool
	writerGone       bool
	broken           bool // reset
	reading, writing deadline
}

func newFlow() *flow {
	f := new(flow)
	f.change.L = &f.mu
	return f
}

// deadline wakes the waiters of a flow when it passes.
type deadline struct {
	timer  *time.Timer
	passed bool
	epoch  int // of the last set; older timers do not count
}

func (f *flow) set(d *deadline, t time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
	d.epoch++
	d.passed = false
	if t.IsZero() {
		return
	}
	wait := time.Until(t)
	if wait <= 0 {
		d.passed = true
		f.change.Broadcast()
		return
	}
	epoch := d.epoch
	d.timer = time.AfterFunc(wait, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if d.epoch == epoch {
			d.passed = true
			f.change.Broadcast()
		}
	})
}

func (f *flow) setReadDeadline(t time.Time)  { f.set(&f.reading, t) }
func (f *flow) setWriteDeadline(t time.Time) { f.set(&f.writing, t) }

func (f *flow) read(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for {
		switch {
		case f.readerGone:
			return 0, net.ErrClosed
		case f.reading.passed:
			return 0, os.ErrDeadlineExceeded
		case f.broken:
			return 0, connReset("read")
		case len(p) == 0:
			return 0, nil
		case len(f.buf) > 0:
			n := copy(p, f.buf)
			f.buf = append(f.buf[:0], f.buf[n:]...)
			f.change.Broadcast()
			return n, nil
		case f.writerGone:
			return 0, io.EOF
		}
		f.change.Wait()
	}
}

func (f *flow) write(p []byte) (n int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for n < len(p) || n == 0 {
		m, err := f.put(p[n:])
		n += m
		if err != nil || n == len(p) {
			return n, err
		}
	}
	return n, nil
}

// put waits for room and writes as much as there is.
func (f *flow) put(p []byte) (int, error) {
	for {
		switch {
		case f.writerGone:
			return 0, net.ErrClosed
		case f.writing.passed:
			return 0, os.ErrDeadlineExceeded
		case f.broken:
			return 0, connReset("write")
		case f.readerGone:
			return 0, io.ErrClosedPipe
		case len(f.buf) < pipeBuffer:
			n := min(len(p), pipeBuffer-len(f.buf))
			f.buf = append(f.buf, p[:n]...)
			f.change.Broadcast()
			return n, nil
		}
		f.change.Wait()
	}
}

func (f *flow) breakDown() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.broken, f.buf = true, nil
	f.change.Broadcast()
}

// connReset is the error of a connection that the peer has reset.
func connReset(op string) error {
	return &net.OpError{Op: op, Net: memoryAddr{}.Network(), Addr: memoryAddr{}, Err: os.NewSyscallError(op, syscall.ECONNRESET)}
}

func (f *flow) close(reader bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if reader {
		f.readerGone = true
	} else {
		f.writerGone = true
	}
	for _, d := range [...]*deadline{&f.reading, &f.writing} {
		if d.timer != nil && f.readerGone && f.writerGone {
			d.timer.Stop()
		}
	}
	f.change.Broadcast()
}
