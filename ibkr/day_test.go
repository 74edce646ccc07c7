package ibkr_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/ibkr/ibkrtest"
	"github.com/venuewire/venuewire/stream"
)

// TestADay keeps two contracts subscribed for a day on which everything happens that does.
func TestADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := ibkrtest.New(ibkrtest.WithoutTLS(), ibkrtest.WithTick(20*time.Second), ibkrtest.WithNightlyReset(10*time.Minute))
		defer s.Close()
		breaks := new(breaks)
		c := dialQuietly(t, s, stream.WithHooks(breaks))
		targets := []ibkr.Target{ibkrtest.AAPL.Target(), ibkrtest.IBM.On("SMART")}
		q, err := c.SubscribeMarketData(t.Context(), targets, []ibkr.TickField{ibkr.TickFieldLast, ibkr.TickFieldBid, ibkr.TickFieldAsk},
			stream.WithQueue(1<<16, stream.Fail))
		require.NoError(t, err)
		seen := newWitness()
		q.Handle(context.Background(), seen.see)
		states := watchStates(c)
		synctest.Wait()

		for at, happens := range map[time.Duration]func(){
			3 * time.Hour:                     func() { s.MuteHeartbeats(true) },
			3*time.Hour + 40*time.Second:      func() { s.MuteHeartbeats(false) },
			6 * time.Hour:                     func() { s.Restart(2 * time.Minute) },
			9 * time.Hour:                     s.Compete,
			9*time.Hour + 30*time.Minute:      s.EndCompetition,
			15 * time.Hour:                    s.LogOut,
			15*time.Hour + 20*time.Minute:     s.LogIn,
			18*time.Hour + 7*time.Millisecond: func() { s.Restart(0) },
		} {
			time.AfterFunc(at, happens)
		}
		time.Sleep(24*time.Hour + 30*time.Minute) // midnight brings the nightly reset
		synctest.Wait()

		require.Equal(t, stream.Ready, c.Status().State)
		require.NoError(t, q.Err())
		seen.mu.Lock()
		for _, tick := range ticksSent(t, s) {
			require.True(t, seen.ticks[tick.key] || breaks.tear(tick.at), "the tick %s was not seen", tick.key)
		}
		// heartbeats, restart, competition, logout, restart, midnight: each epoch but the first began with a gap
		for epoch := uint64(2); epoch <= c.Status().Epoch; epoch++ {
			for _, target := range targets {
				require.True(t, seen.first[firstOf{epoch, target}], "%s in session %d", target, epoch)
			}
			require.True(t, seen.gaps[epoch], "epoch %d", epoch)
		}
		require.EqualValues(t, 7, c.Status().Epoch)
		require.Zero(t, seen.expired, "no subscription ended before it was renewed")
		seen.mu.Unlock()
		noLoginStorm(t, s)
		// Competition, logout and midnight: each loss and each return was announced. Those of the restarts last no time, so
		// that a watcher may see the state behind them only.
		announced := states()
		require.True(t, announced[0] && announced[len(announced)-1])
		require.GreaterOrEqual(t, len(announced), 7)
		require.LessOrEqual(t, len(announced), 11)
		require.NoError(t, c.Close(context.Background()))
		require.Empty(t, s.Problems())
	})
}
