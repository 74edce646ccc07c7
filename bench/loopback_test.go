package bench_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/bench/stocks"
	"github.com/venuewire/venuewire/stream"
)

const (
	frameEvents  = 10
	readBuffer   = 64 << 10
	symbolsCount = 50
)

// flood is a server on the loopback interface that acknowledges subscribes and, once started, writes frames of ten
// trades as fast as they are taken, many in one write so that it is not the limit.
type flood struct {
	http  *httptest.Server
	start chan struct{} // one for each connection that shall start
}

func newFlood(b *testing.B) *flood {
	f := &flood{start: make(chan struct{}, 1)}
	block := frames()
	f.http = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		up := websocket.Upgrader{WriteBufferSize: readBuffer}
		ws, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer ws.Close()
		stop := make(chan struct{})
		go func() {
			defer close(stop)
			f.read(ws)
		}()
		select {
		case <-f.start:
		case <-stop:
			return
		}
		for {
			if _, err := ws.NetConn().Write(block); err != nil {
				return
			}
		}
	}))
	b.Cleanup(f.http.Close)
	return f
}

// read acknowledges what a client asks for, until the connection ends.
func (f *flood) read(ws *websocket.Conn) {
	for {
		var request struct{ Action, Params string }
		if err := ws.ReadJSON(&request); err != nil {
			return
		}
		if request.Action != "subscribe" {
			continue
		}
		var acks []string
		for _, p := range strings.Split(request.Params, ",") {
			acks = append(acks, fmt.Sprintf(`{"ev":"status","status":"success","message":"subscribed to: %s"}`, p))
		}
		if err := ws.WriteMessage(websocket.TextMessage, []byte("["+strings.Join(acks, ",")+"]")); err != nil {
			return
		}
	}
}

func (f *flood) url() string { return "ws" + strings.TrimPrefix(f.http.URL, "http") }

// frames are 256 WebSocket frames of ten trades each, as they stand on the wire.
func frames() []byte {
	var out bytes.Buffer
	for i := range 256 {
		events := make([]string, frameEvents)
		for k := range events {
			n := i*frameEvents + k
			events[k] = fmt.Sprintf(`{"ev":"T","sym":%q,"x":%d,"i":"%d","z":3,"p":%d.%04d,"s":%d,"c":[%d,12],"t":%d,"q":%d}`,
				symbol(n), n%20, n%400, 100+n%900, n%10000, n%1000, n%50, 1767311940000+n, 3681328+n)
		}
		payload := "[" + strings.Join(events, ",") + "]"
		out.Write([]byte{0x81, 126})
		_ = binary.Write(&out, binary.BigEndian, uint16(len(payload)))
		out.WriteString(payload)
	}
	return out.Bytes()
}

func symbol(n int) stocks.Symbol { return stocks.Symbol(fmt.Sprintf("SY%02d", n%symbolsCount)) }

func symbols() []stocks.Symbol {
	out := make([]stocks.Symbol, symbolsCount)
	for i := range out {
		out[i] = symbol(i)
	}
	return out
}

// counter tells when enough events came.
type counter struct {
	want, have int
	price      float64
	done       chan struct{}
}

func newCounter(events int) *counter { return &counter{want: events, done: make(chan struct{})} }

func (c *counter) take(v *stocks.Trade) {
	c.price += v.Price
	if c.have++; c.have == c.want {
		close(c.done)
	}
}

func dial(b *testing.B, f *flood) *stocks.Client {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	c, err := stocks.Dial(ctx, stream.WithURL(f.url()), stream.WithProxy(nil))
	require.NoError(b, err)
	b.Cleanup(func() { _ = c.CloseNow() })
	return c
}

// BenchmarkLoopback reads frames of ten trades from a socket on the loopback interface; an operation is a frame.
func BenchmarkLoopback(b *testing.B) {
	b.Run("read-message", readMessage)
	b.Run("direct", readDirect)
	b.Run("queued", readQueued)
}

// readMessage is gorilla's ReadMessage, which decodes nothing.
func readMessage(b *testing.B) {
	f := newFlood(b)
	dialer := websocket.Dialer{ReadBufferSize: readBuffer}
	ws, _, err := dialer.Dial(f.url(), nil)
	require.NoError(b, err)
	defer ws.Close()
	b.ReportAllocs()
	b.ResetTimer()
	f.start <- struct{}{}
	for range b.N {
		if _, _, err := ws.ReadMessage(); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	report(b)
}

// readDirect is a client of the library: session, decoding, routing by symbol, a direct handler.
func readDirect(b *testing.B) {
	f := newFlood(b)
	c, count := dial(b, f), newCounter(b.N*frameEvents)
	_, err := c.DirectTrades(b.Context(), symbols(), func(v *stocks.Trade, _ stream.Meta) { count.take(v) })
	require.NoError(b, err)
	b.ReportAllocs()
	b.ResetTimer()
	f.start <- struct{}{}
	<-count.done
	b.StopTimer()
	report(b)
}

// readQueued is the same through the queue and iterator of a subscription that loses nothing.
func readQueued(b *testing.B) {
	f := newFlood(b)
	c, count := dial(b, f), newCounter(b.N*frameEvents)
	sub, err := c.SubscribeTrades(b.Context(), symbols(), stream.WithQueue(1<<14, stream.Block), stream.WithBlock(time.Minute))
	require.NoError(b, err)
	b.ReportAllocs()
	b.ResetTimer()
	f.start <- struct{}{}
	for ev, err := range sub.Events(b.Context()) {
		require.NoError(b, err)
		if ev.Gap != nil {
			b.Fatalf("lost events: %+v", *ev.Gap)
		}
		if count.take(&ev.Data); count.have == count.want {
			break
		}
	}
	b.StopTimer()
	report(b)
}

func report(b *testing.B) {
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "frames/s")
}
