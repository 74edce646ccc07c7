package stream

import (
	"errors"
	"io"
	"net"
	"time"

	"github.com/gorilla/websocket"

	"github.com/venuewire/venuewire/stream/protocol"
)

// socket is what a session needs of a WebSocket connection.
type socket interface {
	NextReader() (messageType int, r io.Reader, err error)
	WriteMessage(messageType int, data []byte) error
	WriteControl(messageType int, data []byte, deadline time.Time) error
	SetReadDeadline(t time.Time) error
	SetWriteDeadline(t time.Time) error
	SetReadLimit(limit int64)
	SetPingHandler(h func(payload string) error)
	SetPongHandler(h func(payload string) error)
	SetCloseHandler(h func(code int, text string) error)
	NetConn() net.Conn
	Close() error
}

var _ socket = (*websocket.Conn)(nil)

// readError turns what the reader ended with into what the session ends with.
func (l *Link) readError(err error) error {
	var frame *websocket.CloseError
	var timeout net.Error
	switch {
	case errors.Is(err, websocket.ErrReadLimit):
		return errBoth(ErrFrameTooBig, err)
	case errors.As(err, &frame):
		return l.closeError(frame.Code, frame.Text, err)
	case errors.As(err, &timeout) && timeout.Timeout():
		return errBoth(ErrSilent, err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return l.closeError(websocket.CloseAbnormalClosure, "", err)
	}
	return err
}

func (l *Link) closeError(code int, reason string, err error) error {
	rules := &l.cfg.Protocol.Close
	e := &CloseError{Code: code, Reason: reason, Class: rules.Default, Err: err}
	for _, r := range rules.Codes {
		if r.Code == code {
			e.Class, e.Wait = r.Class, r.Wait
		}
	}
	return e
}

// upgradeRule classes a refused handshake: by the venue's rules, else 4xx stays away for a while.
func upgradeRule(rules []protocol.CloseRule, status int) (protocol.CloseClass, time.Duration) {
	for _, r := range rules {
		if r.Code == status {
			return r.Class, r.Wait
		}
	}
	if status >= 500 {
		return protocol.CloseRetry, 0
	}
	return protocol.CloseCoolDown, 0
}
