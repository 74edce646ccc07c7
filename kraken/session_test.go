package kraken_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/krakentest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// TestSocketLivesBeforeTheFirstSubscription: there are no heartbeats then, and only the ping keeps the socket.
func TestSocketLivesBeforeTheFirstSubscription(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c := dialPublic(t, srv)
		time.Sleep(10 * time.Minute)
		require.EqualValues(t, 1, c.Status().Epoch)
		require.InDelta(t, 60, len(srv.CallsOf("ping")), 1, "every 10 s")
		srv.Fault(streamtest.Mute())
		began := time.Now()
		for st := range c.Watch(t.Context()) {
			if st.State != stream.Ready {
				require.ErrorIs(t, st.Err, stream.ErrSilent)
				break
			}
		}
		require.LessOrEqual(t, time.Since(began), 20*time.Second)
	}, krakentest.WithTick(0))
}

func TestDialsStayWithinTheBudgetOfTheVenue(t *testing.T) {
	for _, l := range kraken.Protocol().Limits {
		if l.Name == "connect" {
			require.Equal(t, protocol.Limit{Name: "connect", Scope: "ip", N: 150, Per: 10 * time.Minute}, l)
			return
		}
	}
	t.Fatal("no limit of connections")
}

func TestSystemStateIsKept(t *testing.T) {
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
