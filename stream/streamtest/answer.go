package streamtest

import (
	"bufio"
	"net"
	"net/http"
	"sync/atomic"
)

// lateAnswer holds the answer to a handshake back until the server has its session: whoever is connected can be told, cut
// and counted.
type lateAnswer struct {
	http.ResponseWriter
	conn *lateConn
}

// Hijack implements http.Hijacker.
func (w *lateAnswer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	w.conn = &lateConn{Conn: conn}
	return w.conn, buffers, nil
}

// lateConn keeps what is written until answer, from one goroutine, and passes everything on from then on.
type lateConn struct {
	net.Conn
	held     []byte
	answered atomic.Bool
}

// Write implements net.Conn.
func (c *lateConn) Write(b []byte) (int, error) {
	if c.answered.Load() {
		return c.Conn.Write(b)
	}
	c.held = append(c.held, b...)
	return len(b), nil
}

func (c *lateConn) answer() error {
	c.answered.Store(true)
	_, err := c.Conn.Write(c.held)
	c.held = nil
	return err
}
