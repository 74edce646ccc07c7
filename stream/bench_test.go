package stream_test

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

func BenchmarkDeliverDirect(b *testing.B) {
	topic := newTopic(newFakeConn())
	var sum int
	_, err := topic.Direct(b.Context(), []string{"A", "B"}, "", func(v *tick, _ stream.Meta) { sum += v.N })
	require.NoError(b, err)
	v, m := &tick{Symbol: "A", N: 1}, stream.Meta{Received: time.Now()}
	b.ReportAllocs()
	for b.Loop() {
		topic.Deliver("A", v, &m)
	}
	require.NotZero(b, sum)
}

// The consumer iterates on its own goroutine; the reader waits for it, so every event is delivered.
func BenchmarkDeliverQueued(b *testing.B) {
	conn := newFakeConn()
	topic := newTopic(conn)
	sub, err := topic.Subscribe(b.Context(), []string{"A"}, "", stream.WithQueue(1024, stream.Block), stream.WithBlock(time.Minute))
	require.NoError(b, err)
	done := make(chan int)
	go func() {
		n := 0
		for range sub.Events(context.Background()) {
			n++
		}
		done <- n
	}()
	v, m := &tick{Symbol: "A", N: 1}, stream.Meta{Received: time.Now()}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		topic.Deliver("A", v, &m)
		n++
	}
	conn.sinks[0].End(nil)
	require.Equal(b, n, <-done)
}

func TestDeliverDirectDoesNotAllocate(t *testing.T) {
	for name, make := range topics {
		t.Run(name, func(t *testing.T) { deliverForNothing(t, make(newFakeConn())) })
	}
}

func deliverForNothing(t *testing.T, topic *ticks) {
	_, err := topic.Direct(t.Context(), []string{"A"}, "", func(*tick, stream.Meta) {})
	require.NoError(t, err)
	v, m := &tick{Symbol: "A"}, stream.Meta{Received: time.Now()}
	require.Zero(t, testing.AllocsPerRun(100, func() { topic.Deliver("A", v, &m) }))
	require.Zero(t, testing.AllocsPerRun(100, func() { topic.Deliver("unwanted", v, &m) }))
	require.Zero(t, testing.AllocsPerRun(100, func() { topic.DeliverMatch(v, &m) }))
	require.Zero(t, testing.AllocsPerRun(100, func() { topic.DeliverAll(v, &m) }))
}

const framesInAWrite = 256

// flood is a loopback server that sends prebuilt frames of 1.3 kB for as long as it is read.
func flood(b *testing.B) (url string) {
	frame := bytes.Repeat([]byte("x"), 1300)
	var batch []byte
	for range framesInAWrite {
		batch = append(append(batch, 0x81, 126, byte(len(frame)>>8), byte(len(frame))), frame...)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := (&websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer c.Close()
		for {
			if _, err := c.NetConn().Write(batch); err != nil {
				return
			}
		}
	})}
	go func() { _ = srv.Serve(ln) }()
	b.Cleanup(func() { _ = srv.Close() })
	return "ws://" + ln.Addr().String()
}

// BenchmarkReadMessage is what a client without a session reads and does not decode.
func BenchmarkReadMessage(b *testing.B) {
	d := websocket.Dialer{ReadBufferSize: 64 << 10}
	c, _, err := d.Dial(flood(b), nil)
	require.NoError(b, err)
	defer c.Close()
	b.ReportAllocs()
	for b.Loop() {
		_, _, err := c.ReadMessage()
		require.NoError(b, err)
	}
}

// counting takes frames and delivers ten events for each.
type counting struct {
	topic ticks
	v     tick
}

func (c *counting) Frame(_ []byte, m stream.Meta, _ func([]byte, error)) {
	for range 10 {
		c.topic.Deliver("A", &c.v, &m)
	}
}

func loopback(b *testing.B, url string) (*counting, *stream.Link) {
	in := &counting{}
	l, err := stream.NewLink(stream.LinkConfig{
		Protocol: &protocol.Protocol{Venue: "bench"},
		Endpoint: &protocol.Endpoint{Name: "bench"}, Inbound: in,
	}, stream.WithURL(url), stream.WithProxy(nil))
	require.NoError(b, err)
	in.topic.Init(l, stream.Routing[string]{Name: "Tick", Item: func(s string) string { return `{"symbol":"` + s + `"}` }, Feed: &protocol.Feed{
		Name: "tick", Ack: protocol.Ack{Mode: protocol.AckNone},
		Send: []protocol.Template{{Root: &protocol.Node{JSON: `{}`}}},
	}})
	return in, l
}

// BenchmarkSession reads the same frames through a whole session, ten direct events each.
func BenchmarkSession(b *testing.B) {
	in, l := loopback(b, flood(b))
	require.NoError(b, l.Dial(b.Context()))
	defer func() { _ = l.CloseNow(); <-l.Done() }()
	events := make(chan struct{}, 1)
	n, limit := 0, b.N*10
	b.ReportAllocs()
	b.ResetTimer()
	_, err := in.topic.Direct(b.Context(), []string{"A"}, "", func(*tick, stream.Meta) {
		if n++; n == limit {
			events <- struct{}{}
		}
	})
	require.NoError(b, err)
	<-events
}

// BenchmarkSessionQueued is the same through a queue that blocks and an iterator.
func BenchmarkSessionQueued(b *testing.B) {
	in, l := loopback(b, flood(b))
	require.NoError(b, l.Dial(b.Context()))
	defer func() { _ = l.CloseNow(); <-l.Done() }()
	b.ReportAllocs()
	b.ResetTimer()
	sub, err := in.topic.Subscribe(b.Context(), []string{"A"}, "", stream.WithQueue(1024, stream.Block), stream.WithBlock(time.Minute))
	require.NoError(b, err)
	n := 0
	for _, err := range sub.Events(b.Context()) {
		require.NoError(b, err)
		if n++; n == b.N*10 {
			break
		}
	}
}
