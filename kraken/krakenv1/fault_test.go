package krakenv1_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken/krakentest"
	"github.com/venuewire/venuewire/kraken/krakenv1"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// TestFault has the rows of the catalogue in package stream whose outcome the venue's own protocol
// decides; see the rows of package kraken.
func TestFault(t *testing.T) {
	for _, row := range []struct {
		name string
		test func(t *testing.T)
	}{
		{"10-wrong-keys", wrongKeys},
		{"12-token-expires", expiredTokenReconnects},
		{"59-order-rate-limited", orderRateLimited},
	} {
		t.Run(row.name, row.test)
	}
	for _, row := range frameFaults {
		t.Run(row.name, row.test)
	}
}

// As over API v2: the order in flight has an unknown outcome and is not sent again; the new session has a new token.
func expiredTokenReconnects(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.ServerV1) {
		c, ctx := dialPrivate(t, srv), t.Context()
		open, err := c.SubscribeOpenOrders(ctx, krakenv1.OpenOrdersParams{})
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
		require.ErrorIs(t, err, krakenv1.ErrInvalidSession)
		require.ErrorIs(t, <-outcome, stream.ErrOutcomeUnknown)

		require.NoError(t, c.WaitReady(ctx))
		for {
			ev, err := open.Next(ctx)
			require.NoError(t, err)
			if ev.Gap != nil {
				require.Len(t, ev.Data.Value, 1, "the one in flight is there")
				break
			}
		}
		time.Sleep(10 * time.Minute)
		require.Len(t, srv.CallsOf("addOrder"), 2)
		require.Equal(t, 2, srv.Tokens())
		require.Equal(t, 1, srv.Placed())
	})
}

func wrongKeys(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.ServerV1) {
		c := dialPrivate(t, srv)
		srv.RefuseTokens(krakentest.All, "EAPI:Invalid key")
		_, err := krakenv1.DialPrivate(t.Context(), srv.TokenSource(), srv.Options()...)
		require.ErrorIs(t, err, stream.ErrAuth)
		srv.Fault(streamtest.Drop())
		<-c.Done()
		require.ErrorIs(t, c.Err(), stream.ErrAuth)
	})
}

func orderRateLimited(t *testing.T) {
	inVenue(t, func(t *testing.T, srv *krakentest.ServerV1) {
		c, ctx := dialPrivate(t, srv), t.Context()
		srv.RefuseOrders(1, "EOrder:Rate limit exceeded")
		_, err := c.AddOrder(ctx, limitOrder())
		require.ErrorIs(t, err, krakenv1.ErrOrderRateLimit)
		_, err = c.AddOrder(ctx, limitOrder())
		require.NoError(t, err)
		require.Len(t, srv.CallsOf("addOrder"), 2)
		require.EqualValues(t, 1, c.Status().Epoch)
	})
}
