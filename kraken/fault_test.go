package kraken_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/krakenauth"
	"github.com/venuewire/venuewire/kraken/krakentest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// TestFault has the rows of the catalogue in package stream whose outcome the venue's own protocol
// decides: tokens, pings, limits.
func TestFault(t *testing.T) {
	for _, row := range []struct {
		name string
		test func(t *testing.T)
	}{
		{"10-wrong-keys", wrongKeysEndTheDial},
		{"10-wrong-keys-later", wrongKeysEndALiveClient},
		{"12-token-expires", expiredTokenReconnects},
		{"12-token-of-a-subscribe", refusedTokenOfASubscribeIsReplaced},
		{"12-token-never-taken", tokensThatAreNeverTakenFailTheSubscribe},
		{"12-token-of-each-session", eachSessionHasATokenOfItsOwn},
		{"17-no-heartbeat-before-the-first-subscription", socketLivesBeforeTheFirstSubscription},
		{"59-order-rate-limited", orderRateLimited},
		{"59-banned", banned},
	} {
		t.Run(row.name, row.test)
	}
	for _, row := range frameFaults {
		t.Run(row.name, row.test)
	}
}

func wrongKeysEndTheDial(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		srv.RefuseTokens(krakentest.All, "EAPI:Invalid key")
		_, err := kraken.DialPrivate(t.Context(), srv.TokenSource(), srv.Options()...)
		require.ErrorIs(t, err, stream.ErrAuth)
		_, err = kraken.DialPrivate(t.Context(), nil)
		require.Error(t, err)
	})
}

// A key that is withdrawn gets one more try, and then the client ends.
func wrongKeysEndALiveClient(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c := dialPrivate(t, srv)
		srv.RefuseTokens(krakentest.All, "EGeneral:Permission denied")
		srv.Fault(streamtest.Drop())
		<-c.Done()
		require.ErrorIs(t, c.Err(), stream.ErrAuth)
	})
}

// An order whose answer is missing when the venue stops taking the token has an unknown
// outcome; the session is replaced with a new token, what is subscribed comes back, and no order is sent again.
func expiredTokenReconnects(t *testing.T) {
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

// A subscribe is asked for once more with a new token.
func refusedTokenOfASubscribeIsReplaced(t *testing.T) {
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

// One new token, not one after another.
func tokensThatAreNeverTakenFailTheSubscribe(t *testing.T) {
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

func eachSessionHasATokenOfItsOwn(t *testing.T) {
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

// Before the first subscription there are no heartbeats, and only the ping keeps the socket.
func socketLivesBeforeTheFirstSubscription(t *testing.T) {
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

// An order beyond the limit is refused and stays refused; what is subscribed runs on.
func orderRateLimited(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c, ctx := dialPrivate(t, srv), t.Context()
		executions, err := c.SubscribeExecutions(ctx, kraken.ExecutionsParams{})
		require.NoError(t, err)
		_, err = executions.Next(ctx)
		require.NoError(t, err)
		srv.RefuseOrders(1, "EOrder:Rate limit exceeded")
		_, err = c.AddOrder(ctx, limitOrder())
		require.ErrorIs(t, err, kraken.ErrOrderRateLimit)
		require.NotErrorIs(t, err, stream.ErrOutcomeUnknown)
		_, err = c.AddOrder(ctx, limitOrder())
		require.NoError(t, err)
		ev, err := executions.Next(ctx)
		require.NoError(t, err)
		require.Nil(t, ev.Gap)
		require.Equal(t, 2, ordersSent(srv))
		require.EqualValues(t, 1, c.Status().Epoch)
	}, krakentest.WithTick(0))
}

// The venue's ban of an address that connects too often lasts 10 minutes, and so long nobody knocks.
func banned(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.Server) {
		c := dialPublic(t, srv)
		srv.Fault(streamtest.RefuseUpgrades(http.StatusTooManyRequests, 1))
		srv.Fault(streamtest.Drop())
		time.Sleep(time.Minute)
		var limited *stream.RateLimitError
		require.ErrorAs(t, c.Status().Err, &limited)
		require.GreaterOrEqual(t, time.Until(c.Status().Until), 9*time.Minute-time.Second)
		require.NoError(t, c.WaitReady(t.Context()))
	}, krakentest.WithTick(0))
}
