package main

import (
	"bufio"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/bench/internal/feed"
)

// start runs the command; the returned function ends its standard input and waits.
func start(t *testing.T) (addr string, stop func()) {
	stdin, end := io.Pipe()
	out, stdout := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- run(stdin, stdout) }()
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	return line[:len(line)-1], func() {
		require.NoError(t, end.Close())
		require.NoError(t, <-done)
	}
}

func dial(t *testing.T, addr string) *websocket.Conn {
	ws, _, err := websocket.DefaultDialer.Dial("ws://"+addr+"/stocks", nil)
	require.NoError(t, err)
	t.Cleanup(func() { _ = ws.Close() })
	require.NoError(t, ws.SetReadDeadline(time.Now().Add(10*time.Second)))
	return ws
}

func read(t *testing.T, ws *websocket.Conn) string {
	_, b, err := ws.ReadMessage()
	require.NoError(t, err)
	return string(b)
}

func subscribeAll(t *testing.T, ws *websocket.Conn, key string) {
	require.Contains(t, read(t, ws), `"status":"connected"`)
	for _, c := range []struct{ action, params, answer string }{
		{"auth", key, `"status":"auth_success"`},
		{"subscribe", "T.SYAA,T.SYAB", `"subscribed to: T.SYAB"`},
		{"subscribe", "Q.SYAA", `"subscribed to: Q.SYAA"`},
		{"unsubscribe", "Q.SYAA", `"unsubscribed to: Q.SYAA"`},
		{"subscribe", "AM.*", `"subscribed to: AM.*"`},
	} {
		require.NoError(t, ws.WriteJSON(request{c.action, c.params}))
		require.Contains(t, read(t, ws), c.answer)
	}
}

func post(t *testing.T, url string) int {
	res, err := http.Post(url, "", nil)
	require.NoError(t, err)
	defer res.Body.Close()
	return res.StatusCode
}

func TestPlaysTheFramesOfTheFeedInOrder(t *testing.T) {
	addr, stop := start(t)
	defer stop()
	ws := dial(t, addr)
	subscribeAll(t, ws, "k")
	want := feed.Frames(100)
	n := 2*len(want) + 3
	require.Equal(t, http.StatusOK, post(t, "http://"+addr+"/play?key=k&events=100&frames=67"))
	require.Equal(t, 67, n)
	for i := range n {
		require.Equal(t, string(want[i%len(want)]), read(t, ws))
	}
}

func TestPacedFramesTellWhenTheyWereSent(t *testing.T) {
	addr, stop := start(t)
	defer stop()
	ws := dial(t, addr)
	subscribeAll(t, ws, "k")
	began := time.Now()
	require.Equal(t, http.StatusOK, post(t, "http://"+addr+"/play?key=k&events=10&frames=20&rate=200"))
	last := began.UnixNano()
	for range 20 {
		at := feed.ReadStamp([]byte(read(t, ws)))
		require.Greater(t, at, last)
		require.LessOrEqual(t, at, time.Now().UnixNano())
		last = at
	}
	require.GreaterOrEqual(t, time.Since(began), 19*5*time.Millisecond)
}

func TestBadRequests(t *testing.T) {
	addr, stop := start(t)
	defer stop()
	for _, query := range []string{"", "?key=k&events=10&frames=x", "?key=k&events=0&frames=1", "?key=k&events=1&frames=1&rate=x"} {
		require.Equal(t, http.StatusBadRequest, post(t, "http://"+addr+"/play"+query), query)
	}
}

func TestFrameHeaders(t *testing.T) {
	require.Equal(t, []byte{0x81, 125}, appendHeader(nil, 125))
	require.Equal(t, []byte{0x81, 126, 0, 126}, appendHeader(nil, 126))
	require.Equal(t, []byte{0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0}, appendHeader(nil, 1<<16))
}
