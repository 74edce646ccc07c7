package streamtest

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/venuewire/venuewire/stream/protocol"
)

// Session is one socket of a client.
type Session struct {
	server *Server
	id     int
	ws     *websocket.Conn
	req    *http.Request
	opened time.Time

	commit   sync.Mutex // held while items are noted and acknowledged
	mu       sync.Mutex
	change   sync.Cond
	queue    []outgoing
	waiting  [lanes]waiting
	truncate bool
	leaving  bool // the server ends it
	ended    bool
	subs     map[string][]string // items of a feed, as JSON
}

// outgoing is a frame that waits for the writer.
type outgoing struct {
	kind int // WebSocket message type, closeFrame or rawBytes
	data []byte
}

// Kinds of outgoing frames beside the message types of WebSocket.
const (
	closeFrame = -1 - iota
	rawBytes
)

// run serves a socket until it ends.
func (s *Server) run(ws *websocket.Conn, conn *lateConn, r *http.Request) {
	c := &Session{server: s, ws: ws, req: r, opened: time.Now(), subs: make(map[string][]string)}
	c.change.L = &c.mu
	if !s.join(c) {
		_ = ws.Close()
		return
	}
	defer s.running.Done()
	_ = conn.answer() // if that fails, so does the first read
	ws.SetPingHandler(c.pong)
	writer := make(chan struct{})
	go func() {
		defer close(writer)
		c.write()
	}()
	if hello := s.script.connect.Load(); hello != nil {
		(*hello)(c)
	}
	c.read()
	c.leave()
	c.end()
	<-writer
	s.leave(c)
}

// join adds a session unless the server is closed.
func (s *Server) join(c *Session) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.running.Add(1)
	s.made++
	c.id = s.made
	s.sessions = append(s.sessions, c)
	s.log.changed()
	return true
}

func (s *Server) leave(c *Session) {
	s.mu.Lock()
	s.sessions = slices.DeleteFunc(s.sessions, func(other *Session) bool { return other == c })
	s.mu.Unlock()
	s.log.changed()
}

// ID counts the sessions of a server from 1.
func (c *Session) ID() int { return c.id }

// Request is the handshake.
func (c *Session) Request() *http.Request { return c.req }

// Push sends a text frame.
func (c *Session) Push(frame string) { c.send(websocket.TextMessage, []byte(frame), events) }

// PushBinary sends a binary frame.
func (c *Session) PushBinary(frame []byte) {
	c.send(websocket.BinaryMessage, slices.Clone(frame), events)
}

// PushRaw writes bytes to the connection as they are, below WebSocket.
func (c *Session) PushRaw(b []byte) { c.enqueue(outgoing{rawBytes, slices.Clone(b)}) }

// Drop cuts the connection without a close frame.
func (c *Session) Drop() {
	_ = c.transport().Close()
	c.leave()
	c.end()
}

// Reset cuts the connection by a reset (RST), as a peer that crashed or a firewall does: reads and writes of the client
// fail, and what it had not read yet may be lost; in memory it is lost.
func (c *Session) Reset() {
	if r, ok := c.transport().(*faultConn); ok {
		_ = r.reset()
	}
	c.leave()
	c.end()
}

// transport is the connection below WebSocket and TLS, so that no regular end is said on the way.
func (c *Session) transport() net.Conn {
	conn := c.ws.NetConn()
	if late, ok := conn.(*lateConn); ok {
		conn = late.Conn
	}
	if t, ok := conn.(*tls.Conn); ok {
		conn = t.NetConn()
	}
	return conn
}

// Close sends a close frame behind what is queued, and then cuts the connection. Code 1005 sends none.
func (c *Session) Close(code int, reason string) {
	c.enqueue(outgoing{closeFrame, websocket.FormatCloseMessage(code, reason)})
	c.leave()
}

func (c *Session) leave() {
	c.mu.Lock()
	c.leaving = true
	c.mu.Unlock()
	c.server.log.changed()
}

func (c *Session) isLeaving() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.leaving
}

// Subscribed lists the items of a feed that this session has, as JSON objects of route fields.
func (c *Session) Subscribed(feed string) []string {
	c.commit.Lock()
	defer c.commit.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.subs[feed])
}

// Queued counts the frames that wait for the client to read; 0 once the session has ended.
func (c *Session) Queued() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return 0
	}
	return len(c.queue)
}

// pong answers a ping, unless the server is mute.
func (c *Session) pong(data string) error {
	if !c.server.faults.get(func(f *faults) bool { return f.mute }) {
		_ = c.ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
	}
	return nil
}

func (c *Session) read() {
	for {
		_, frame, err := c.ws.ReadMessage()
		if err != nil {
			return
		}
		c.handle(frame)
	}
}

// end wakes the writer for the last time.
func (c *Session) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	c.change.Broadcast()
}

// subscribe keeps items; unsubscribe gives them back.
func (c *Session) subscribe(feed string, items [][]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, item := range items {
		if !slices.Contains(c.subs[feed], string(item)) {
			c.subs[feed] = append(c.subs[feed], string(item))
		}
	}
}

// unsubscribe forgets the items that a cancel names. A cancel may name fewer fields than the subscribe did, or none
// that it did, when it goes by a learned value: then it takes what agrees with it.
func (c *Session) unsubscribe(feed string, items [][]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	items = slices.DeleteFunc(slices.Clone(items), func(item []byte) bool {
		i := slices.Index(c.subs[feed], string(item)) // nearly all name theirs in full
		if i >= 0 {
			c.subs[feed] = slices.Delete(c.subs[feed], i, i+1)
		}
		return i >= 0
	})
	for _, item := range items {
		named := protocol.Fields(item)
		c.subs[feed] = slices.DeleteFunc(c.subs[feed], func(have string) bool { return named.Fits([]byte(have)) })
	}
}

// WaitEnd waits until the session has ended and its connection is closed.
func (c *Session) WaitEnd(ctx context.Context) error {
	return c.server.log.wait(ctx, func() bool { return !slices.Contains(c.server.open(), c) })
}
