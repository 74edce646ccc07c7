package streamtest_test

import (
	"context"
	"fmt"

	"github.com/gorilla/websocket"

	"github.com/venuewire/venuewire/stream/streamtest"
)

func Example() {
	srv := streamtest.NewServer(envelope())
	defer srv.Close()
	srv.Reply("get-candles", `{"candles":[]}`)

	// Any client will do; those of this library take srv.Options().
	dialer := websocket.Dialer{NetDialContext: srv.Dial}
	ws, _, err := dialer.DialContext(context.Background(), srv.URL(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer ws.Close()
	request := `{"name":"sendMessage","request_id":"7","msg":{"name":"get-candles","version":"2.0"}}`
	if err := ws.WriteMessage(websocket.TextMessage, []byte(request)); err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		_, frame, err := ws.ReadMessage()
		fmt.Println(string(frame), err)
	}
	// Output:
	// {"name":"result","request_id":"7","msg":{"success":true}} <nil>
	// {"name":"candles","request_id":"7","msg":{"candles":[]}} <nil>
}
