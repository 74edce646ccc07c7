package krakentest_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken/book"
	"github.com/venuewire/venuewire/kraken/krakentest"
	"github.com/venuewire/venuewire/kraken/krakenv1"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/wire"
)

func inVenueV1(t *testing.T, f func(t *testing.T, srv *krakentest.ServerV1), opts ...krakentest.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		srv := krakentest.NewV1(opts...)
		defer func() {
			srv.Close()
			require.Empty(t, srv.Problems())
		}()
		f(t, srv)
	})
}

func dialPublicV1(t *testing.T, srv *krakentest.ServerV1) *krakenv1.Public {
	t.Helper()
	c, err := krakenv1.DialPublic(t.Context(), srv.Options()...)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.CloseNow(); <-c.Done() })
	return c
}

func TestMarketChannelsV1(t *testing.T) {
	inVenueV1(t, func(t *testing.T, srv *krakentest.ServerV1) {
		c, ctx := dialPublicV1(t, srv), t.Context()
		pairs := []krakenv1.Pair{"XBT/USD", "XDG/USD"}

		tickers, err := c.SubscribeTicker(ctx, pairs)
		require.NoError(t, err)
		tick := next(t, &tickers.Stream)
		require.Equal(t, -1, tick.Bid.Price.Cmp(tick.Ask.Price))

		trades, err := c.SubscribeTrades(ctx, pairs[:1])
		require.NoError(t, err)
		require.Len(t, next(t, &trades.Stream).Value, 50)
		require.Len(t, next(t, &trades.Stream).Value, 1)

		spreads, err := c.SubscribeSpreads(ctx, pairs[:1])
		require.NoError(t, err)
		s := next(t, &spreads.Stream).Value
		require.Equal(t, -1, s.Bid.Cmp(s.Ask))

		bars, err := c.SubscribeOHLC(ctx, []krakenv1.OHLCKey{{Pair: "XBT/USD", Interval: krakenv1.IntervalM5}})
		require.NoError(t, err)
		require.Equal(t, krakenv1.IntervalM5, next(t, &bars.Stream).Interval)
		require.NoError(t, c.Close(ctx))
	})
}

func TestRefusalsNameTheirPairV1(t *testing.T) {
	inVenueV1(t, func(t *testing.T, srv *krakentest.ServerV1) {
		c, ctx := dialPublicV1(t, srv), t.Context()
		sub, err := c.SubscribeTrades(ctx, []krakenv1.Pair{"XBT/USD", "BTC/USD"})
		var partial *stream.SubscribeError
		require.ErrorAs(t, err, &partial)
		require.Len(t, partial.Items, 1)
		require.ErrorIs(t, err, krakenv1.ErrPairNotSupported)
		require.Equal(t, []krakenv1.Pair{"XBT/USD"}, sub.Keys())
	})
}

func TestBooksOfSeveralDepthsV1(t *testing.T) {
	inVenueV1(t, func(t *testing.T, srv *krakentest.ServerV1) {
		c, ctx := dialPublicV1(t, srv), t.Context()
		for _, depth := range []krakenv1.Depth{krakenv1.DepthD10, krakenv1.DepthD100, krakenv1.DepthD1000} {
			feed, err := c.FollowBook(ctx, []krakenv1.Pair{"XBT/USD"}, depth)
			require.NoError(t, err)
			for range 100 {
				change, err := feed.Next(ctx)
				require.NoError(t, err)
				require.Equal(t, int(depth), change.Book.Len(book.Bid))
				require.Equal(t, int(depth), change.Book.Len(book.Ask))
				require.Nil(t, change.Gap)
			}
			require.Zero(t, feed.Resyncs())
		}
	})
}

func TestOrderLifeCycleV1(t *testing.T) {
	inVenueV1(t, func(t *testing.T, srv *krakentest.ServerV1) {
		ctx := t.Context()
		c, err := krakenv1.DialPrivate(ctx, srv.TokenSource(), srv.Options()...)
		require.NoError(t, err)
		defer func() { _ = c.CloseNow(); <-c.Done() }()
		open, err := c.SubscribeOpenOrders(ctx, krakenv1.OpenOrdersParams{})
		require.NoError(t, err)
		require.Empty(t, next(t, open).Value)
		own, err := c.SubscribeOwnTrades(ctx, krakenv1.OwnTradesParams{})
		require.NoError(t, err)
		require.Empty(t, next(t, own).Value)

		ack, err := c.AddOrder(ctx, krakenv1.AddOrderRequest{
			OrderType: krakenv1.OrderTypeLimit, Type: krakenv1.SideBuy, Pair: "XBT/USD", Volume: decimal(t, "0.5"),
			Price: wire.Some(krakenv1.RelativePrice{Value: decimal(t, "60000.0")}), UserRef: wire.Some[int64](7),
		})
		require.NoError(t, err)
		require.Equal(t, "buy 0.50000000 XBT/USD @ limit 60000.0", ack.Description)

		var orders krakenv1.Orders
		placed := orders.Apply(ptr(next(t, open)))
		require.Equal(t, krakenv1.OrderStatusPending, placed[0].Status)
		require.Equal(t, krakenv1.OrderStatusOpen, placed[1].Status)
		require.Equal(t, krakenv1.Pair("XBT/USD"), placed[1].Description.Pair, "told with pending, kept for open")

		require.NoError(t, srv.Fill(ack.TxID, 0))
		filled := orders.Apply(ptr(next(t, open)))
		require.Equal(t, krakenv1.OrderStatusClosed, filled[1].Status)
		require.Equal(t, "0.50000000", filled[1].VolumeExecuted.String())
		trade := next(t, own).Value[0]
		require.Equal(t, ack.TxID, trade.Value.OrderTxID)
		require.Empty(t, orders.Open())

		require.ErrorIs(t, c.CancelOrder(ctx, krakenv1.CancelOrderRequest{TxID: wire.Some([]string{ack.TxID})}), krakenv1.ErrUnknownOrder)
		require.NoError(t, c.Close(ctx))
	})
}
