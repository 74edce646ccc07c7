package kraken_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/krakentest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/streamtest"
)

func TestDialsStayWithinTheBudgetOfTheVenue(t *testing.T) {
	for _, l := range kraken.Protocol().Limits {
		if l.Name == "connect" {
			require.Equal(t, protocol.Limit{Name: "connect", Scope: "ip", N: 150, Per: 10 * time.Minute}, l)
			return
		}
	}
	t.Fatal("no limit of connections")
}

func TestDeadMansSwitch(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c, ctx := dialPrivate(t, srv), t.Context()
		_, err := c.AddOrder(ctx, limitOrder())
		require.NoError(t, err)
		alive, die := context.WithCancel(ctx)
		sw, err := c.ArmDeadMansSwitch(alive, time.Minute)
		require.NoError(t, err)
		time.Sleep(10*time.Minute + time.Second)
		require.Len(t, srv.CallsOf("cancel_all_orders_after"), 1+30, "every 20 s")
		require.Len(t, srv.Open(), 1)

		die()
		<-sw.Done()
		time.Sleep(2 * time.Minute)
		require.Empty(t, srv.Open(), "nobody told the venue that the program lives")

		sw, err = c.ArmDeadMansSwitch(ctx, time.Minute)
		require.NoError(t, err)
		_, err = c.AddOrder(ctx, limitOrder())
		require.NoError(t, err)
		require.NoError(t, sw.Disarm(ctx))
		time.Sleep(time.Hour)
		require.Len(t, srv.Open(), 1)
	}, krakentest.WithTick(0))
}

// TestDeadMansSwitchOutlivesASession: it is armed anew as soon as there is a connection again, and tells when that was too
// late.
func TestDeadMansSwitchOutlivesASession(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c, ctx := dialPrivate(t, srv), t.Context()
		sw, err := c.ArmDeadMansSwitch(ctx, 30*time.Second)
		require.NoError(t, err)
		srv.Fault(streamtest.Drop())
		time.Sleep(15 * time.Second)
		require.NoError(t, sw.Err())
		require.Zero(t, sw.Lapses())

		srv.Fault(streamtest.RefuseDials(streamtest.All))
		srv.Fault(streamtest.Drop())
		time.Sleep(time.Minute)
		require.ErrorIs(t, sw.Err(), stream.ErrNotSent)
		require.Equal(t, 1, sw.Lapses())
		srv.Fault(streamtest.Heal())
		require.NoError(t, c.WaitReady(ctx))
		time.Sleep(2 * time.Second)
		require.NoError(t, sw.Err())
		require.Equal(t, 1, sw.Lapses())
		require.True(t, sw.Trigger().After(time.Now()))
		require.NoError(t, sw.Disarm(ctx))
		_, err = c.ArmDeadMansSwitch(ctx, 1500*time.Millisecond)
		require.Error(t, err)
	}, krakentest.WithTick(0))
}
