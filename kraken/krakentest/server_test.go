package krakentest_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/krakentest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/wire"
)

// inVenue runs a test against a fresh fake in a bubble. The fake must understand everything that it gets.
func inVenue(t *testing.T, f func(t *testing.T, srv *krakentest.Server), opts ...krakentest.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		srv := krakentest.New(opts...)
		defer func() {
			srv.Close()
			require.Empty(t, srv.Problems())
		}()
		f(t, srv)
	})
}

func dialPublic(t *testing.T, srv *krakentest.Server) *kraken.Public {
	t.Helper()
	c, err := kraken.DialPublic(t.Context(), srv.Options()...)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.CloseNow(); <-c.Done() })
	return c
}

func dialPrivate(t *testing.T, srv *krakentest.Server, opts ...stream.Option) *kraken.Private {
	t.Helper()
	c, err := kraken.DialPrivate(t.Context(), srv.TokenSource(), append(srv.Options(), opts...)...)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.CloseNow(); <-c.Done() })
	return c
}

// next is the next event, within a minute.
func next[T any](t *testing.T, s *stream.Stream[T]) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ev, err := s.Next(ctx)
	require.NoError(t, err)
	return ev.Data
}

func decimal(t *testing.T, text string) wire.Decimal {
	t.Helper()
	d, err := wire.ParseDecimal(text)
	require.NoError(t, err)
	return d
}

func TestMarketChannels(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c, ctx := dialPublic(t, srv), t.Context()
		symbols := []kraken.Symbol{"BTC/USD", "ETH/USD"}

		tickers, err := c.SubscribeTicker(ctx, symbols, kraken.TickerParams{})
		require.NoError(t, err)
		tick := next(t, &tickers.Stream)
		require.Equal(t, kraken.PushTypeSnapshot, tick.Type)
		require.Equal(t, -1, tick.Data[0].Bid.Cmp(tick.Data[0].Ask))

		trades, err := c.SubscribeTrades(ctx, symbols[:1], kraken.TradesParams{Snapshot: wire.Some(true)})
		require.NoError(t, err)
		require.Len(t, next(t, &trades.Stream).Data, 50)
		last := int64(50)
		for range 3 {
			e := next(t, &trades.Stream)
			require.Equal(t, kraken.PushTypeUpdate, e.Type)
			require.Equal(t, last+1, e.Data[0].TradeID)
			last++
		}

		bars, err := c.SubscribeOHLC(ctx, []kraken.OHLCKey{{Symbol: "BTC/USD", Interval: kraken.IntervalM1}}, kraken.OHLCParams{})
		require.NoError(t, err)
		bar := next(t, &bars.Stream).Data[0]
		require.Equal(t, bar.IntervalBegin, bar.IntervalBegin.Truncate(time.Minute))
		require.Equal(t, kraken.IntervalM1, bar.Interval)

		instruments, err := c.SubscribeInstruments(ctx, kraken.InstrumentsParams{})
		require.NoError(t, err)
		require.Len(t, next(t, instruments).Pairs, len(krakentest.DefaultMarkets()))
		require.NoError(t, c.Close(ctx))
	})
}

func TestRefusalsNameTheirSymbol(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c, ctx := dialPublic(t, srv), t.Context()
		sub, err := c.SubscribeBook(ctx, []kraken.Symbol{"BTC/USD", "XBT/USD", "ETH/USD"}, kraken.BookParams{})
		var partial *stream.SubscribeError
		require.ErrorAs(t, err, &partial)
		require.Len(t, partial.Items, 1)
		require.ErrorIs(t, err, kraken.ErrPairNotSupported)
		require.ElementsMatch(t, []kraken.Symbol{"BTC/USD", "ETH/USD"}, sub.Keys(), "the others are live")
		require.Len(t, next(t, &sub.Stream).Data[0].Bids, 10)
	})
}

func TestOrderLifeCycle(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c, ctx := dialPrivate(t, srv), t.Context()
		executions, err := c.SubscribeExecutions(ctx, kraken.ExecutionsParams{})
		require.NoError(t, err)
		require.Empty(t, next(t, executions).Data)
		balances, err := c.SubscribeBalances(ctx, kraken.BalancesParams{})
		require.NoError(t, err)
		require.NotEmpty(t, next(t, balances).BalanceSnapshot.Data)

		ack, err := c.AddOrder(ctx, kraken.AddOrderRequest{
			OrderType: kraken.OrderTypeLimit, Side: kraken.SideBuy, Symbol: "BTC/USD", OrderQty: wire.Some(decimal(t, "0.5")),
			LimitPrice: wire.Some(decimal(t, "60000.0")), ClOrdID: wire.Some("my-order"),
		})
		require.NoError(t, err)
		require.Equal(t, "my-order", ack.ClOrdID.Or(""))

		var orders kraken.Orders
		placed := orders.Apply(ptr(next(t, executions)))
		require.Equal(t, kraken.ExecTypePendingNew, placed[0].ExecType)
		require.Equal(t, kraken.Symbol("BTC/USD"), placed[1].Symbol, "told with pending_new, kept for new")
		require.Equal(t, kraken.OrderStatusNew, placed[1].OrderStatus)

		_, err = c.AmendOrder(ctx, kraken.AmendOrderRequest{OrderID: wire.Some(ack.OrderID), LimitPrice: wire.Some(decimal(t, "61000.0"))})
		require.NoError(t, err)
		require.Equal(t, "61000.0", orders.Apply(ptr(next(t, executions)))[0].LimitPrice.String())

		require.NoError(t, srv.Fill(ack.OrderID, 0))
		filled := orders.Apply(ptr(next(t, executions)))
		require.Equal(t, []kraken.ExecType{kraken.ExecTypeTrade, kraken.ExecTypeFilled}, []kraken.ExecType{filled[0].ExecType, filled[1].ExecType})
		require.Equal(t, "30500.00000000", filled[1].CumCost.String())
		require.Empty(t, orders.Open())
		base, quote := next(t, balances).BalanceUpdate.Data[0], next(t, balances).BalanceUpdate.Data[0]
		require.Equal(t, "0.50000000", base.Amount.String())
		require.Equal(t, "-30500.00000000", quote.Amount.String())
		require.Equal(t, base.RefID, quote.RefID, "both sides of one trade")
		require.Equal(t, filled[0].ExecID, base.RefID)
		require.EqualValues(t, 2_50000000, srv.Balance("BTC"))
		require.NoError(t, c.Close(ctx))
	})
}

func ptr[T any](v T) *T { return &v }

func TestOrdersAreJudged(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c, ctx := dialPrivate(t, srv), t.Context()
		good := kraken.AddOrderRequest{
			OrderType: kraken.OrderTypeLimit, Side: kraken.SideBuy, Symbol: "BTC/USD",
			OrderQty: wire.Some(decimal(t, "0.01")), LimitPrice: wire.Some(decimal(t, "60000.0")),
		}
		for _, c2 := range []struct {
			name   string
			change func(*kraken.AddOrderRequest)
			want   error
		}{
			{"quantity", func(r *kraken.AddOrderRequest) { r.OrderQty.Set(decimal(t, "0.00000001")) }, kraken.ErrOrderMinimum},
			{"tick", func(r *kraken.AddOrderRequest) { r.LimitPrice.Set(decimal(t, "60000.05")) }, kraken.ErrTickSize},
			{"funds", func(r *kraken.AddOrderRequest) { r.OrderQty.Set(decimal(t, "100")) }, kraken.ErrInsufficientFunds},
			{"symbol", func(r *kraken.AddOrderRequest) { r.Symbol = "XBT/USD" }, kraken.ErrPairNotSupported},
		} {
			r := good
			c2.change(&r)
			_, err := c.AddOrder(ctx, r)
			require.ErrorIs(t, err, c2.want, c2.name)
		}
		require.Zero(t, srv.Placed())

		srv.RefuseOrders(1, "EOrder:Rate limit exceeded")
		_, err := c.AddOrder(ctx, good)
		require.ErrorIs(t, err, kraken.ErrOrderRateLimit)
		r := good
		r.ValidateOnly.Set(true)
		ack, err := c.AddOrder(ctx, r)
		require.NoError(t, err)
		require.Empty(t, ack.OrderID)
		require.Zero(t, srv.Placed())
	})
}

func TestEachCancelHasItsAnswer(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c, ctx := dialPrivate(t, srv), t.Context()
		rows, err := c.BatchAdd(ctx, kraken.BatchAddRequest{Symbol: "ETH/USD", Orders: []kraken.OrderParams{
			{OrderType: kraken.OrderTypeLimit, Side: kraken.SideBuy, OrderQty: wire.Some(decimal(t, "1")), LimitPrice: wire.Some(decimal(t, "3000.00"))},
			{OrderType: kraken.OrderTypeLimit, Side: kraken.SideBuy, OrderQty: wire.Some(decimal(t, "1")), LimitPrice: wire.Some(decimal(t, "2900.00"))},
			{OrderType: kraken.OrderTypeLimit, Side: kraken.SideSell, OrderQty: wire.Some(decimal(t, "1000")), LimitPrice: wire.Some(decimal(t, "3900.00"))},
		}})
		require.NoError(t, err)
		require.Len(t, rows, 3)
		require.Equal(t, "EOrder:Insufficient funds", rows[2].Error.Or(""))
		ids := srv.Open()
		require.Len(t, ids, 2)

		replies, err := c.CancelOrder(ctx, kraken.CancelOrderRequest{OrderID: wire.Some(append(ids, "OBOGUS-00000-00000"))})
		require.ErrorIs(t, err, kraken.ErrUnknownOrder)
		_ = replies
		require.Empty(t, srv.Open())

		cancelled, err := c.BatchCancel(ctx, kraken.BatchCancelRequest{Orders: ids})
		require.NoError(t, err)
		require.Zero(t, cancelled.Cancelled())
		all, err := c.CancelAll(ctx)
		require.NoError(t, err)
		require.Zero(t, all.Count)
	})
}
