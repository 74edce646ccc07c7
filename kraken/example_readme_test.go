package kraken_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/krakentest"
	"github.com/venuewire/venuewire/stream"
)

// The snippet of README.md, run against the fake venue.

func tape(ctx context.Context, opts ...stream.Option) error {
	client, err := kraken.DialPublic(ctx, opts...)
	if err != nil {
		return err
	}
	defer client.Close(context.Background())
	sub, err := client.SubscribeTrades(ctx, []kraken.Symbol{"BTC/USD", "ETH/USD"}, kraken.TradesParams{})
	if err != nil {
		return err
	}
	for ev, err := range sub.Events(ctx) {
		if err != nil {
			return err
		}
		for _, t := range ev.Data.Data {
			fmt.Println(t.Timestamp.Format(time.TimeOnly), t.Symbol, t.Side, t.Qty, t.Price)
		}
	}
	return nil
}

func TestReadmeTape(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		venue := krakentest.New()
		defer venue.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		require.ErrorIs(t, tape(ctx, venue.Options()...), context.DeadlineExceeded)
		require.NoError(t, venue.WaitUnsubscribed(t.Context(), "trade"))
	})
}
