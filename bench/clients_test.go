package bench_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	polygonws "github.com/polygon-io/client-go/websocket"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/bench/internal/contender"
	"github.com/venuewire/venuewire/bench/internal/feed"
	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/stream"
)

// expect is what a client waits for.
type expect struct {
	frames int
	sum    feed.Sum
}

// client is a client that has logged in and subscribed to trades, quotes and minute bars of all symbols of the feed.
type client struct {
	sink *feed.Sink    // to be read when done is closed
	done chan struct{} // closed when all that was expected came, or err says why not
	err  error
	once sync.Once
}

func newClient() *client { return &client{done: make(chan struct{}), sink: new(feed.Sink)} }

// finish ends the measurement; the first call counts.
func (c *client) finish(err error) {
	c.once.Do(func() {
		c.err = err
		close(c.done)
	})
}

// clients lists the contenders, ours first.
var clients = []struct {
	name    string
	decodes bool
	open    func(tb testing.TB, key string, want expect) *client
}{
	{contender.NameOurs, true, openDirect},
	{contender.NameOurs + "-queued", true, openQueued},
	{contender.NameGoccyBorrowed, true, openGoccy},
	{contender.NameVendor, true, openVendor},
	{"read-message", false, openReadMessage},
}

const readBuffer = 64 << 10

func symbols() []polygon.Symbol {
	var out []polygon.Symbol
	for _, s := range feed.Symbols() {
		out = append(out, polygon.Symbol(s))
	}
	return out
}

func dial(tb testing.TB, key string) *polygon.Stocks {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	c, err := polygon.DialStocks(ctx, stream.NewSecret(key), stream.WithURL("ws://"+server), stream.WithProxy(nil))
	require.NoError(tb, err)
	tb.Cleanup(func() {
		_ = c.CloseNow()
		<-c.Done()
	})
	return c
}

// openDirect is a client of the library with direct handlers: session, decoding, routing by symbol.
func openDirect(tb testing.TB, key string, want expect) *client {
	c, conn := newClient(), dial(tb, key)
	ended := func() {
		if c.sink.Events() == want.sum.Events() {
			c.finish(nil)
		}
	}
	ctx := tb.Context()
	_, err := conn.DirectTrades(ctx, symbols(), func(v *polygon.StockTrade, _ stream.Meta) { onTrade(c.sink, v); ended() })
	require.NoError(tb, err)
	_, err = conn.DirectQuotes(ctx, symbols(), func(v *polygon.StockQuote, _ stream.Meta) { onQuote(c.sink, v); ended() })
	require.NoError(tb, err)
	_, err = conn.DirectMinuteAggregates(ctx, symbols(), func(v *polygon.StockAggregate, _ stream.Meta) { onBar(c.sink, v); ended() })
	require.NoError(tb, err)
	return c
}

func onTrade(s *feed.Sink, v *polygon.StockTrade) {
	s.Trade(string(v.Symbol), v.Price, v.Size, v.Time.UnixMilli(), v.Sequence.Or(0))
}

func onQuote(s *feed.Sink, v *polygon.StockQuote) {
	s.Quote(string(v.Symbol), v.Bid, v.Ask, v.Time.UnixMilli(), v.Sequence)
}

func onBar(s *feed.Sink, v *polygon.StockAggregate) {
	s.Bar(string(v.Symbol), v.Open, v.Close, v.Start.UnixMilli())
}

// openQueued is the same through the queues and iterators of three subscriptions that lose nothing, each in a goroutine.
func openQueued(tb testing.TB, key string, want expect) *client {
	c, conn := newClient(), dial(tb, key)
	ctx, lossless := tb.Context(), []stream.Option{stream.WithQueue(1<<14, stream.Block), stream.WithBlock(time.Minute)}
	trades, err := conn.SubscribeTrades(ctx, symbols(), lossless...)
	require.NoError(tb, err)
	quotes, err := conn.SubscribeQuotes(ctx, symbols(), lossless...)
	require.NoError(tb, err)
	bars, err := conn.SubscribeMinuteAggregates(ctx, symbols(), lossless...)
	require.NoError(tb, err)

	var running sync.WaitGroup
	var sinks [3]feed.Sink
	var errs [3]error
	running.Go(func() { errs[0] = consumeTrades(ctx, trades, want.sum.Trades, &sinks[0]) })
	running.Go(func() { errs[1] = consumeQuotes(ctx, quotes, want.sum.Quotes, &sinks[1]) })
	running.Go(func() { errs[2] = consumeBars(ctx, bars, want.sum.Bars, &sinks[2]) })
	go func() {
		running.Wait()
		for i := range sinks {
			c.sink.Sum = c.sink.Plus(sinks[i].Sum, 1)
			c.sink.Delays = append(c.sink.Delays, sinks[i].Delays...)
		}
		c.finish(errors.Join(errs[:]...))
	}()
	return c
}

// The loops of the three types are written out: by way of a function value every event would escape to the heap.

func consumeTrades(ctx context.Context, sub *stream.Sub[polygon.Symbol, polygon.StockTrade], events int, sink *feed.Sink) error {
	if events == 0 {
		return nil
	}
	for ev, err := range sub.Events(ctx) {
		if err != nil || ev.Gap != nil {
			return errors.Join(err, lost(ev.Gap))
		}
		if onTrade(sink, &ev.Data); sink.Trades == events {
			return nil
		}
	}
	return sub.Err()
}

func consumeQuotes(ctx context.Context, sub *stream.Sub[polygon.Symbol, polygon.StockQuote], events int, sink *feed.Sink) error {
	if events == 0 {
		return nil
	}
	for ev, err := range sub.Events(ctx) {
		if err != nil || ev.Gap != nil {
			return errors.Join(err, lost(ev.Gap))
		}
		if onQuote(sink, &ev.Data); sink.Quotes == events {
			return nil
		}
	}
	return sub.Err()
}

func consumeBars(ctx context.Context, sub *stream.Sub[polygon.Symbol, polygon.StockAggregate], events int, sink *feed.Sink) error {
	if events == 0 {
		return nil
	}
	for ev, err := range sub.Events(ctx) {
		if err != nil || ev.Gap != nil {
			return errors.Join(err, lost(ev.Gap))
		}
		if onBar(sink, &ev.Data); sink.Bars == events {
			return nil
		}
	}
	return sub.Err()
}

// lost makes an error of a gap.
func lost(gap *stream.Gap) error {
	if gap == nil {
		return nil
	}
	return fmt.Errorf("lost %d events: %s", gap.Count, gap.Reason)
}

// dialGorilla logs in and subscribes over a plain socket and reads until all is confirmed.
func dialGorilla(tb testing.TB, key string) *websocket.Conn {
	dialer := websocket.Dialer{ReadBufferSize: readBuffer}
	ws, _, err := dialer.Dial("ws://"+server+"/stocks", nil)
	require.NoError(tb, err)
	tb.Cleanup(func() { _ = ws.Close() })
	type request struct {
		Action string `json:"action"`
		Params string `json:"params"`
	}
	for _, r := range []request{{"auth", key}, {"subscribe", items("T")}, {"subscribe", items("Q")}, {"subscribe", items("AM")}} {
		require.NoError(tb, ws.WriteJSON(r))
	}
	for range 5 { // hello, key, three confirmations
		_, _, err := ws.ReadMessage()
		require.NoError(tb, err)
	}
	return ws
}

// items spells a subscription of all symbols.
func items(feedName string) string {
	out := ""
	for i, s := range feed.Symbols() {
		if i > 0 {
			out += ","
		}
		out += feedName + "." + s
	}
	return out
}

// openReadMessage is gorilla's ReadMessage, which decodes nothing.
func openReadMessage(tb testing.TB, key string, want expect) *client {
	c, ws := newClient(), dialGorilla(tb, key)
	go func() {
		for range want.frames {
			_, frame, err := ws.ReadMessage()
			if err != nil {
				c.finish(err)
				return
			}
			c.sink.Late(feed.ReadStamp(frame[:min(len(frame), stampWithin)]), time.Now())
		}
		c.finish(nil)
	}()
	return c
}

// stampWithin is where the first time of a frame is looked for by who does not decode it: in its first event or two.
const stampWithin = 300

// openGoccy reads into a buffer that is used again and decodes as contender.GoccyBorrowed does.
func openGoccy(tb testing.TB, key string, want expect) *client {
	c, ws := newClient(), dialGorilla(tb, key)
	read, err := contender.GoccyBorrowed(c.sink)
	require.NoError(tb, err)
	go func() {
		var buf []byte
		for range want.frames {
			if buf, err = readFrame(ws, buf[:0]); err == nil {
				err = read(buf)
			}
			if err != nil {
				break
			}
		}
		c.finish(err)
	}()
	return c
}

// readFrame appends the next frame to buf.
func readFrame(ws *websocket.Conn, buf []byte) ([]byte, error) {
	_, r, err := ws.NextReader()
	if err != nil {
		return buf, err
	}
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, make([]byte, max(4096, len(buf)))...)[:len(buf)]
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return buf, err
		}
	}
}

// openVendor is the vendor's client as its documentation shows it, with its own dialer and queues.
func openVendor(tb testing.TB, key string, want expect) *client {
	c, retries := newClient(), uint64(1)
	conn, err := polygonws.New(polygonws.Config{
		APIKey: key, Feed: polygonws.Feed("ws://" + server), Market: polygonws.Stocks, MaxRetries: &retries,
	})
	require.NoError(tb, err)
	for _, topic := range []polygonws.Topic{polygonws.StocksTrades, polygonws.StocksQuotes, polygonws.StocksMinAggs} {
		require.NoError(tb, conn.Subscribe(topic, feed.Symbols()...))
	}
	require.NoError(tb, conn.Connect())
	tb.Cleanup(func() { closeVendor(tb, conn) })
	go func() {
		var err error
		for err == nil && c.sink.Events() < want.sum.Events() {
			err = takeVendor(conn, c.sink)
		}
		c.finish(err)
	}()
	return c
}

func takeVendor(conn *polygonws.Client, sink *feed.Sink) error {
	select {
	case event, ok := <-conn.Output():
		if !ok {
			return fmt.Errorf("the output ended after %d events", sink.Events())
		}
		return contender.VendorEvent(event, sink)
	case err := <-conn.Error():
		return err
	}
}

// closeVendor gives up after a while: Close of the vendor's client hangs while events are left in its output.
func closeVendor(tb testing.TB, conn *polygonws.Client) {
	closed := make(chan struct{})
	go func() {
		conn.Close()
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(10 * time.Second):
		tb.Log("the vendor's client does not close")
	}
}
