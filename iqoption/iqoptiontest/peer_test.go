package iqoptiontest_test

import (
	"testing"

	json "github.com/goccy/go-json"
	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/iqoption/iqoptiontest"
)

// peer is a client with nothing but WebSocket.
type peer struct {
	t  *testing.T
	ws *websocket.Conn
}

func connect(t *testing.T, s *iqoptiontest.Server) *peer {
	t.Helper()
	dialer := websocket.Dialer{NetDialContext: s.Dial}
	ws, resp, err := dialer.DialContext(t.Context(), s.URL()+"/echo/websocket", nil)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	t.Cleanup(func() { _ = ws.Close() })
	return &peer{t, ws}
}

func (p *peer) send(frame string) {
	p.t.Helper()
	require.NoError(p.t, p.ws.WriteMessage(websocket.TextMessage, []byte(frame)))
}

// next is the next frame but the clock's.
func (p *peer) next() (f frame) {
	p.t.Helper()
	for f.Name == "" || f.Name == "timeSync" {
		_, b, err := p.ws.ReadMessage()
		require.NoError(p.t, err)
		f = frame{}
		require.NoError(p.t, json.Unmarshal(b, &f), string(b))
	}
	return f
}
