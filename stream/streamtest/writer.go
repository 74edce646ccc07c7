package streamtest

import (
	"encoding/binary"
	"time"

	"github.com/gorilla/websocket"
)

func (c *Session) enqueue(out ...outgoing) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queueFrames(out)
}

// queueFrames is called with the lock held.
func (c *Session) queueFrames(out []outgoing) {
	if !c.ended && len(out) > 0 {
		c.queue = append(c.queue, out...)
		c.change.Broadcast()
	}
}

func (c *Session) truncateNext() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.truncate = true
}

// write is the writing goroutine. When it ends the connection is closed, so that the reader ends too.
func (c *Session) write() {
	defer c.ws.Close()
	for {
		o, cut, ok := c.next()
		if !ok {
			return
		}
		if !c.writeOne(o, cut) {
			return
		}
	}
}

// next waits for the next frame; cut tells that it is to be truncated.
func (c *Session) next() (o outgoing, cut, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.queue) == 0 && !c.ended {
		c.change.Wait()
	}
	if c.ended {
		return outgoing{}, false, false
	}
	o = c.queue[0]
	c.queue = c.queue[1:]
	return o, c.truncate && o.kind > 0, true
}

// writeOne is false when the session is over.
func (c *Session) writeOne(o outgoing, cut bool) bool {
	switch {
	case cut:
		_, _ = c.ws.NetConn().Write(half(o))
		return false
	case o.kind == closeFrame:
		_ = c.ws.WriteMessage(websocket.CloseMessage, o.data)
		c.awaitEnd(time.Second)
		return false
	case o.kind == rawBytes:
		_, err := c.ws.NetConn().Write(o.data)
		return err == nil
	}
	c.server.log.sent(c.id, o.data)
	return c.ws.WriteMessage(o.kind, o.data) == nil
}

// awaitEnd gives the peer time to answer a close frame: cutting the connection at once could destroy the frame.
func (c *Session) awaitEnd(d time.Duration) {
	timer := time.AfterFunc(d, c.end)
	defer timer.Stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.ended {
		c.change.Wait()
	}
}

// half is a WebSocket frame that announces all of a message and holds the first half of it.
func half(o outgoing) []byte {
	b := []byte{0x80 | byte(o.kind)}
	switch n := len(o.data); {
	case n < 126:
		b = append(b, byte(n))
	case n <= 0xffff:
		b = binary.BigEndian.AppendUint16(append(b, 126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 127), uint64(n))
	}
	return append(b, o.data[:len(o.data)/2]...)
}
