package stream_test

import (
	"bytes"
	"compress/flate"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
)

// deflateBomb: a read limit counts bytes of the wire, so that nothing would bound what they inflate to.
func deflateBomb(t *testing.T) {
	for _, extension := range []string{
		"permessage-deflate; server_no_context_takeover; client_no_context_takeover",
		"permessage-deflate",
		"x-webkit-deflate-frame",
		"foo, permessage-deflate; client_no_context_takeover; server_no_context_takeover",
	} {
		t.Run(extension, func(t *testing.T) {
			bubble(t, func(t *testing.T, v *venue) {
				var offered []string
				v.onHTTP = func(_ int, w http.ResponseWriter, r *http.Request) bool {
					offered = r.Header["Sec-Websocket-Extensions"]
					sendBomb(w, r, extension)
					return true
				}
				c := v.idleClient(stream.LinkConfig{})
				bomb := bombFrame()
				require.Less(t, len(bomb), 1<<20, "the limit of the wire does not see it")
				took := allocated(func() {
					require.Error(t, c.Dial(t.Context()))
				})
				require.Less(t, took, uint64(8<<20))
				require.Empty(t, offered)
				require.Equal(t, stream.Idle, c.Status().State)
				require.Equal(t, 1, v.dialCount())
				synctest.Wait()
			})
		})
	}
	t.Run("a compressed frame without any extension", func(t *testing.T) {
		bubble(t, func(t *testing.T, v *venue) {
			c := v.client(stream.LinkConfig{})
			bomb, conn := bombFrame(), v.peer().NetConn()
			took := allocated(func() {
				go func() { _, _ = conn.Write(bomb) }()
				require.NoError(t, waitEpoch(t.Context(), c, 2))
			})
			require.Less(t, took, uint64(8<<20))
			require.Zero(t, c.Stats().FramesIn)
			require.NoError(t, c.Close(t.Context()))
		})
	})
}

// sendBomb takes the handshake with an extension and sends a bomb behind it.
func sendBomb(w http.ResponseWriter, r *http.Request, extension string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	accept := sha1.Sum([]byte(r.Header.Get("Sec-Websocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	_, _ = fmt.Fprintf(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Accept: %s\r\nSec-WebSocket-Extensions: %s\r\n\r\n", base64.StdEncoding.EncodeToString(accept[:]), extension)
	_, _ = conn.Write(bombFrame())
	_, _ = conn.Read(make([]byte, 1)) // until the client hangs up
}

// bombFrame is a compressed frame of 32 MB of spaces.
var bombFrame = sync.OnceValue(func() []byte {
	var out bytes.Buffer
	w, _ := flate.NewWriter(&out, flate.BestSpeed)
	spaces := bytes.Repeat([]byte{' '}, 1<<20)
	for range 32 {
		_, _ = w.Write(spaces)
	}
	_ = w.Flush()
	payload := bytes.TrimSuffix(out.Bytes(), []byte{0, 0, 0xFF, 0xFF})
	frame := wsFrame(1, string(payload))
	frame[0] |= 0x40
	return frame
})
