package kraken_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/krakenauth"
	"github.com/venuewire/venuewire/kraken/krakentest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
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

// TestExpiredTokenReconnects: an order whose answer is missing when the venue stops taking the token has an unknown
// outcome; the session is replaced with a new token, what is subscribed comes back, and no order is sent again.
func TestExpiredTokenReconnects(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c, ctx := dialPrivate(t, srv), t.Context()
		executions, err := c.SubscribeExecutions(ctx, kraken.ExecutionsParams{})
		require.NoError(t, err)
		_, err = executions.Next(ctx)
		require.NoError(t, err)

		srv.HoldOrders(1)
		outcome := make(chan error, 1)
		go func() {
			_, err := c.AddOrder(ctx, limitOrder())
			outcome <- err
		}()
		synctest.Wait()
		srv.ExpireTokens()
		_, err = c.AddOrder(ctx, limitOrder())
		require.ErrorIs(t, err, kraken.ErrInvalidSession, "this one was refused: nothing was done")
		require.NotErrorIs(t, err, stream.ErrOutcomeUnknown)
		require.ErrorIs(t, <-outcome, stream.ErrOutcomeUnknown, "nobody knows of the one in flight")

		require.NoError(t, c.WaitReady(ctx))
		require.Equal(t, 2, srv.Tokens(), "a token for each session")
		for { // the snapshot of the new session shows the order that was in flight
			ev, err := executions.Next(ctx)
			require.NoError(t, err)
			if ev.Data.Type == kraken.PushTypeSnapshot {
				require.NotNil(t, ev.Gap)
				require.Len(t, ev.Data.Data, 1)
				break
			}
		}
		time.Sleep(10 * time.Minute)
		require.Equal(t, 2, ordersSent(srv), "neither order was sent again")
		require.Equal(t, 1, srv.Placed())
		_, err = c.AddOrder(ctx, limitOrder())
		require.NoError(t, err)
	}, krakentest.WithTick(0))
}

// TestRefusedTokenOfASubscribeIsReplaced: a subscribe is asked for once more with a new token.
func TestRefusedTokenOfASubscribeIsReplaced(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c, ctx := dialPrivate(t, srv), t.Context()
		time.Sleep(16 * time.Minute) // longer than an unused token lives
		executions, err := c.SubscribeExecutions(ctx, kraken.ExecutionsParams{})
		require.NoError(t, err)
		_, err = executions.Next(ctx)
		require.NoError(t, err)
		require.Equal(t, 2, srv.Tokens())
		time.Sleep(time.Hour)
		require.Equal(t, 2, srv.Tokens(), "a token that is in use does not expire")
		_, err = c.AddOrder(ctx, limitOrder())
		require.NoError(t, err)
	}, krakentest.WithTick(0))
}

// TestTokensThatAreNeverTakenFailTheSubscribe: one new token, not one after another.
func TestTokensThatAreNeverTakenFailTheSubscribe(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		ctx := t.Context()
		c, err := kraken.DialPrivate(ctx, krakenauth.TokenFunc(func(context.Context) (stream.Secret, error) {
			return stream.NewSecret("of another account"), nil
		}), srv.Options()...)
		require.NoError(t, err)
		defer func() { _ = c.CloseNow(); <-c.Done() }()
		_, err = c.SubscribeBalances(ctx, kraken.BalancesParams{})
		require.ErrorIs(t, err, kraken.ErrInvalidSession)
	})
}

func TestEachSessionHasATokenOfItsOwn(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c, ctx := dialPrivate(t, srv), t.Context()
		sub, err := c.SubscribeBalances(ctx, kraken.BalancesParams{})
		require.NoError(t, err)
		for range 3 {
			_, err = sub.Next(ctx)
			require.NoError(t, err)
			srv.Fault(streamtest.Drop())
			synctest.Wait()
			require.NoError(t, c.WaitReady(ctx))
		}
		require.Equal(t, 4, srv.Tokens())
	})
}

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

func TestWrongKeysEndTheDial(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		srv.RefuseTokens(krakentest.All, "EAPI:Invalid key")
		_, err := kraken.DialPrivate(t.Context(), srv.TokenSource(), srv.Options()...)
		require.ErrorIs(t, err, stream.ErrAuth)
		_, err = kraken.DialPrivate(t.Context(), nil)
		require.Error(t, err)
	})
}

// TestWrongKeysEndALiveClient: a key that is withdrawn gets one more try, and then the client ends.
func TestWrongKeysEndALiveClient(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c := dialPrivate(t, srv)
		srv.RefuseTokens(krakentest.All, "EGeneral:Permission denied")
		srv.Fault(streamtest.Drop())
		<-c.Done()
		require.ErrorIs(t, c.Err(), stream.ErrAuth)
	})
}

// TestNothingSecretIsLogged: neither key nor secret nor token is in logs, errors or hooks.
func TestNothingSecretIsLogged(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		var log lockedLog
		c, ctx := dialPrivate(t, srv, stream.WithLogger(log.logger()), stream.WithHooks(&frameLog{&log})), t.Context()
		_, err := c.SubscribeExecutions(ctx, kraken.ExecutionsParams{})
		require.NoError(t, err)
		_, err = c.AddOrder(ctx, limitOrder())
		require.NoError(t, err)
		srv.ExpireTokens()
		_, err = c.AddOrder(ctx, limitOrder())
		require.Error(t, err)
		require.NoError(t, c.WaitReady(ctx))
		text := log.String() + err.Error()
		require.Contains(t, text, "add_order")
		for _, secret := range []string{krakentest.Key, krakentest.Secret, "canary-kraken-token"} {
			require.NotContains(t, text, secret)
		}
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

func TestOrdersAreSentAtOnceOrNotAtAll(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c, ctx := dialPrivate(t, srv), t.Context()
		srv.Fault(streamtest.RefuseDials(streamtest.All))
		srv.Fault(streamtest.Drop())
		synctest.Wait()
		_, err := c.AddOrder(ctx, limitOrder())
		require.ErrorIs(t, err, stream.ErrNotSent)
		srv.Fault(streamtest.Heal())
		require.NoError(t, c.WaitReady(ctx))
		require.Zero(t, ordersSent(srv))
	})
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

func TestBatchRowsOfARefusal(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c, ctx := dialPrivate(t, srv), t.Context()
		srv.OnCall("batch_add", func(c *streamtest.Call) {
			c.SendReply([]byte(`{"method":"batch_add","req_id":` + c.ID + `,"success":false,"error":"EOrder:Insufficient funds",` +
				`"result":[{"order_id":"O1"},{"error":"EOrder:Insufficient funds"}]}`))
		})
		order := kraken.OrderParams{OrderType: kraken.OrderTypeMarket, Side: kraken.SideBuy, OrderQty: wire.Some(wire.NewDecimal(1, 0))}
		_, err := c.BatchAdd(ctx, kraken.BatchAddRequest{Symbol: "BTC/USD", Orders: []kraken.OrderParams{order, order}})
		require.ErrorIs(t, err, kraken.ErrInsufficientFunds)
		rows, ok := kraken.BatchRows(err)
		require.True(t, ok)
		require.Equal(t, "O1", rows[0].OrderID.Or(""))
		_, ok = kraken.BatchRows(context.Canceled)
		require.False(t, ok)
	})
}

func TestAlreadySubscribedIsToldBySymbol(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c, ctx := dialPublic(t, srv), t.Context()
		srv.OnSubscribe("trade", func(c *streamtest.Call) {
			for i, item := range c.Items() {
				if i == 1 {
					c.RefuseItem(item, "", "Already subscribed")
					continue
				}
				c.AckItem(item)
			}
		})
		sub, err := c.SubscribeTrades(ctx, []kraken.Symbol{"BTC/USD", "ETH/USD", "DOGE/USD"}, kraken.TradesParams{})
		var partial *stream.SubscribeError
		require.ErrorAs(t, err, &partial)
		require.Equal(t, []string{`{"symbol":"ETH/USD"}`}, keysOf(partial.Items))
		require.ErrorIs(t, err, kraken.ErrAlreadySubscribed)
		require.Len(t, sub.Keys(), 2)
	})
}

func keysOf(m map[string]error) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	return out
}
