package polygon_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/polygon/polygontest"
)

// A dial that failed and a client that ended by itself hold nothing.
func TestEndedClientsHoldNothing(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		v.RefuseLogins(1)
		_, err := polygon.DialStocks(t.Context(), v.Key(), v.options()...)
		require.ErrorIs(t, err, polygon.ErrAuthFailed)
		c := v.stocks()
		v.RefuseLogins(1)
		v.Sessions()[0].Drop()
		<-c.Done()
		again := v.stocks()
		require.NoError(t, again.CloseNow())
		<-again.Done()
		last := v.stocks()
		require.NoError(t, last.Close(t.Context()))
	})
}

func TestAccountsWithMoreConnections(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		two := polygon.WithConnections(2)
		a, b := v.stocks(two), v.stocks(two)
		_, err := polygon.DialStocks(t.Context(), v.Key(), v.options(two)...)
		require.ErrorIs(t, err, polygon.ErrKeyInUse)
		require.ErrorContains(t, err, "2 of 2")
		require.NoError(t, a.Close(t.Context()))
		require.NoError(t, b.Close(t.Context()))
		_, err = polygon.DialStocks(t.Context(), v.Key(), v.options(polygon.WithConnections(0))...)
		require.Error(t, err)
	}, polygontest.WithConnections(2))
}

// Of many that dial at the same time one gets through.
func TestManyAtOnce(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		var all sync.WaitGroup
		clients := make(chan *polygon.Stocks, 20)
		for range 20 {
			all.Go(func() {
				c, err := polygon.DialStocks(t.Context(), v.Key(), v.options()...)
				if err == nil {
					clients <- c
				}
			})
		}
		all.Wait()
		require.Len(t, clients, 1)
		require.NoError(t, (<-clients).Close(t.Context()))
	})
}

func TestKeysAreNotShown(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.stocks()
		require.NotContains(t, fmt.Sprintf("%+v %#v", c, c), v.Key().Reveal())
		require.NoError(t, c.Close(t.Context()))
	})
}
