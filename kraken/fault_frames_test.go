package kraken_test

import (
	"context"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/krakentest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// frameFaults are the rows of frames, replies and subscriptions that this venue decides: answers by symbol, the
// state of the system, and checksums of books.
var frameFaults = []struct {
	name string
	test func(t *testing.T)
}{
	{"23-close-codes", closeCodes},
	{"44-rows-of-a-refused-batch", batchRowsOfARefusal},
	{"48-refused-by-symbol", alreadySubscribedIsToldBySymbol},
	{"50-maintenance", systemStateIsKept},
	{"51-wrong-checksum", wrongChecksumResubscribesOnce},
	{"51-wrong-checksum-of-orders", wrongChecksumOfOrdersResubscribesOnce},
	{"51-wrong-checksum-of-one-book", wrongChecksumCostsOneBookOnly},
	{"51-snapshots-that-never-fit", snapshotsThatNeverFitEndTheFeed},
	{"51-lost-messages", lostMessagesGetNewSnapshots},
	{"51-refused-resubscribe", refusedResubscribesAreTriedAgain},
	{"51-shared-book", sharedSubscriptionsSeeTheGap},
	{"57-orders-at-once-or-not-at-all", ordersAreSentAtOnceOrNotAtAll},
	{"62-nothing-secret-is-logged", nothingSecretIsLogged},
}

func closeCodes(t *testing.T) {
	retry, coolDown, never := protocol.CloseRetry, protocol.CloseCoolDown, protocol.ClosePermanent
	for code, class := range map[int]protocol.CloseClass{
		1000: retry, 1001: retry, 1005: retry, 1008: never, 1011: retry, 1012: retry, 1013: retry, 3000: retry, 4000: retry, 4999: retry,
	} {
		t.Run(strconv.Itoa(code), func(t *testing.T) {
			inVenue(t, func(t *testing.T, srv *krakentest.Server) {
				c := dialPublic(t, srv)
				require.NoError(t, srv.WaitSessions(t.Context(), 1))
				began := time.Now()
				srv.Fault(streamtest.CloseWith(code, "reason"))
				if class == never {
					<-c.Done()
					var closed *stream.CloseError
					require.ErrorAs(t, c.Err(), &closed)
					require.Equal(t, code, closed.Code)
					require.Equal(t, "reason", closed.Reason)
					return
				}
				for st := range c.Watch(t.Context()) {
					if st.State == stream.Ready && st.Epoch == 2 {
						break
					}
				}
				require.Equal(t, class == coolDown, time.Since(began) >= time.Minute, "%v", time.Since(began))
				require.LessOrEqual(t, time.Since(began), 70*time.Second)
			}, krakentest.WithTick(0))
		})
	}
}

func batchRowsOfARefusal(t *testing.T) {
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

func alreadySubscribedIsToldBySymbol(t *testing.T) {
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

func systemStateIsKept(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c, ctx := dialPublic(t, srv), t.Context()
		require.NoError(t, c.WaitOnline(ctx))
		state, ok := c.System()
		require.True(t, ok)
		require.Greater(t, state.ConnectionID.Or(0), uint64(1)<<63, "beyond int64")

		srv.SetSystem("maintenance")
		synctest.Wait()
		state, _ = c.System()
		require.Equal(t, kraken.SystemStateMaintenance, state.System)
		go func() {
			time.Sleep(time.Minute)
			srv.SetSystem("post_only")
			time.Sleep(time.Minute)
			srv.SetSystem("online")
		}()
		began := time.Now()
		require.NoError(t, c.WaitOnline(ctx))
		require.Equal(t, 2*time.Minute, time.Since(began))

		srv.SetSystem("cancel_only")
		synctest.Wait()
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		require.ErrorIs(t, c.WaitOnline(short), context.DeadlineExceeded)
		_ = c.CloseNow()
		require.ErrorIs(t, c.WaitOnline(ctx), stream.ErrClosed)
	}, krakentest.WithTick(0))
}

func ordersAreSentAtOnceOrNotAtAll(t *testing.T) {
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

// TestNothingSecretIsLogged: neither key nor secret nor token is in logs, errors or hooks.
func nothingSecretIsLogged(t *testing.T) {
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
