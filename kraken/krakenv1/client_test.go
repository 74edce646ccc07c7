package krakenv1_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken/krakentest"
	"github.com/venuewire/venuewire/kraken/krakenv1"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// inVenue runs a test against a fresh fake in a bubble. The fake must understand everything that it gets.
func inVenue(t *testing.T, f func(t *testing.T, srv *krakentest.ServerV1)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		srv := krakentest.NewV1()
		defer func() {
			srv.Close()
			require.Empty(t, srv.Problems())
		}()
		f(t, srv)
	})
}

func dialPublic(t *testing.T, srv *krakentest.ServerV1) *krakenv1.Public {
	t.Helper()
	c, err := krakenv1.DialPublic(t.Context(), srv.Options()...)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.CloseNow(); <-c.Done() })
	return c
}

func dialPrivate(t *testing.T, srv *krakentest.ServerV1) *krakenv1.Private {
	t.Helper()
	c, err := krakenv1.DialPrivate(t.Context(), srv.TokenSource(), srv.Options()...)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.CloseNow(); <-c.Done() })
	return c
}

func limitOrder() krakenv1.AddOrderRequest {
	return krakenv1.AddOrderRequest{
		OrderType: krakenv1.OrderTypeLimit, Type: krakenv1.SideBuy, Pair: "XBT/USD", Volume: wire.NewDecimal(1, 2),
		Price: wire.Some(krakenv1.RelativePrice{Value: wire.NewDecimal(600_000, 1)}),
	}
}

func TestDeadMansSwitch(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.ServerV1) {
		c, ctx := dialPrivate(t, srv), t.Context()
		_, err := c.AddOrder(ctx, limitOrder())
		require.NoError(t, err)
		alive, die := context.WithCancel(ctx)
		sw, err := c.ArmDeadMansSwitch(alive, time.Minute)
		require.NoError(t, err)
		time.Sleep(5 * time.Minute)
		require.Len(t, srv.Open(), 1)
		die()
		<-sw.Done()
		time.Sleep(2 * time.Minute)
		require.Empty(t, srv.Open())
		reply, err := c.CancelAllOrdersAfter(ctx, krakenv1.CancelAllOrdersAfterRequest{})
		require.NoError(t, err)
		require.True(t, reply.TriggerTime.IsNull(), "0 is no time")
	})
}

func TestOrdersAreText(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.ServerV1) {
		c, ctx := dialPrivate(t, srv), t.Context()
		r := limitOrder()
		r.Flags.Set([]krakenv1.OrderFlag{krakenv1.OrderFlagPostOnly, krakenv1.OrderFlagFeeInQuote})
		r.CloseOrderType.Set(krakenv1.OrderTypeLimit)
		r.ClosePrice.Set(krakenv1.RelativePrice{Relation: wire.Some(krakenv1.PriceRelationPlus), Value: wire.NewDecimal(5, 0), Unit: wire.Some(krakenv1.PriceUnitPercent)})
		_, err := c.AddOrder(ctx, r)
		require.NoError(t, err)
		require.Equal(t, `{"event":"addOrder","reqid":1,"token":"REDACTED","ordertype":"limit","type":"buy","pair":"XBT/USD","volume":"0.01",`+
			`"price":"60000.0","oflags":"post,fciq","close[ordertype]":"limit","close[price]":"+5%"}`, srv.CallsOf("addOrder")[0].Frame)
	})
}

func TestSocketsComeBack(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.ServerV1) {
		c, ctx := dialPublic(t, srv), t.Context()
		trades, err := c.SubscribeTrades(ctx, []krakenv1.Pair{"XBT/USD", "ETH/USD"})
		require.NoError(t, err)
		srv.Fault(streamtest.Drop())
		for {
			ev, err := trades.Next(ctx)
			require.NoError(t, err)
			if ev.Gap != nil {
				require.Equal(t, stream.GapReconnect, ev.Gap.Reason)
				break
			}
		}
	})
}
