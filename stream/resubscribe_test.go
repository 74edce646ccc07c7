package stream_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

func TestCancelRepeatsWhatBelongsToTheRoute(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		ctx := t.Context()
		w, feed := testWire(), *feedTicker
		feed.RouteParams, feed.Same = []string{"depth"}, []string{"depth"}
		w.Feeds = []*protocol.Feed{&feed}
		c := v.client(stream.LinkConfig{Protocol: w})
		deep, err := c.ticker.Subscribe(ctx, []string{"A", "B"}, `{"depth":25,"snapshot":true}`)
		require.NoError(t, err)
		flat, err := c.ticker.Subscribe(ctx, []string{"C"}, `{"depth":10}`)
		require.NoError(t, err)
		require.NoError(t, deep.Close(ctx))
		require.NoError(t, flat.Close(ctx))
		require.Equal(t, []string{
			`{"channel":"ticker","symbol":["A","B"],"depth":25}`, `{"channel":"ticker","symbol":["C"],"depth":10}`,
		}, v.requests("unsubscribe"))
	})
}
