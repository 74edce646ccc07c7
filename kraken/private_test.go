package kraken_test

import (
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/krakenauth"
	"github.com/venuewire/venuewire/kraken/krakentest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/wire"
)

// limitOrder rests in the book.
func limitOrder() kraken.AddOrderRequest {
	return kraken.AddOrderRequest{
		OrderType: kraken.OrderTypeLimit, Side: kraken.SideBuy, Symbol: "BTC/USD",
		OrderQty: wire.Some(wire.NewDecimal(1, 2)), LimitPrice: wire.Some(wire.NewDecimal(600_000, 1)),
	}
}

// ordersSent counts the orders that reached the fake.
func ordersSent(srv *krakentest.Server) int { return len(srv.CallsOf("add_order")) }

// TestTokensGoThroughTheClient: its dialer and proxy serve the token too.
func TestTokensGoThroughTheClient(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		src, err := krakenauth.New(stream.NewSecret(krakentest.Key), stream.NewSecret(krakentest.Secret), krakenauth.WithURL(srv.HTTPURL()))
		require.NoError(t, err)
		c, err := kraken.DialPrivate(t.Context(), src, srv.Options()...)
		require.NoError(t, err, "the host of the fake exists for its own dialer alone")
		defer func() { _ = c.CloseNow(); <-c.Done() }()
		_, err = c.AddOrder(t.Context(), limitOrder())
		require.NoError(t, err)
	})
}

// frameLog writes what goes over the socket, as hooks may show it.
type frameLog struct{ log *lockedLog }

func (f *frameLog) OnFrameIn(fr stream.Frame)  { _, _ = f.log.Write(fr.Bytes()) }
func (f *frameLog) OnFrameOut(fr stream.Frame) { _, _ = f.log.Write(fr.Bytes()) }

// lockedLog keeps what a client logs.
type lockedLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lockedLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lockedLog) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// TestRequestsSendNumbersAndNothingEmpty: the venue refuses text for numbers, and null.
func TestRequestsSendNumbersAndNothingEmpty(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c, ctx := dialPrivate(t, srv), t.Context()
		_, err := c.AddOrder(ctx, limitOrder())
		require.NoError(t, err)
		require.Equal(t, `{"method":"add_order","params":{"order_type":"limit","side":"buy","order_qty":0.01,"limit_price":60000.0,`+
			`"symbol":"BTC/USD","token":"REDACTED"},"req_id":1}`, srv.CallsOf("add_order")[0].Frame)
		_, err = c.AddOrder(ctx, kraken.AddOrderRequest{OrderType: kraken.OrderTypeMarket, Side: "bay", Symbol: "BTC/USD"})
		require.ErrorIs(t, err, stream.ErrNotSent, "a typing mistake is no order")
	})
}

func keysOf(m map[string]error) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	return out
}
