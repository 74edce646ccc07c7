package stream_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

func key(symbol string) string { return fmt.Sprintf(`{"symbol":%q}`, symbol) }

func TestSharedItems(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		ctx := t.Context()
		c := v.client(stream.LinkConfig{})
		one, err := c.ticker.Subscribe(ctx, []string{"A"}, `{"fields":["bid"]}`)
		require.NoError(t, err)
		two, err := c.ticker.Subscribe(ctx, []string{"A"}, `{"fields":["bid"]}`)
		require.NoError(t, err)
		require.Len(t, v.requests("subscribe"), 1)
		three, err := c.ticker.Subscribe(ctx, []string{"A"}, `{"fields":["ask","bid"]}`)
		require.NoError(t, err)
		require.Equal(t, `{"channel":"ticker","symbol":["A"],"fields":["bid","ask"]}`, v.requests("subscribe")[1])
		require.Equal(t, 3, c.Stats().Subscriptions[0].Uses)
		require.Equal(t, "live", c.Stats().Subscriptions[0].State)

		require.NoError(t, one.Close(ctx))
		require.NoError(t, three.Close(ctx))
		require.Empty(t, v.requests("unsubscribe"))
		require.NoError(t, two.Close(ctx))
		require.Len(t, v.requests("unsubscribe"), 1)
		require.NoError(t, two.Close(ctx), "again")
		require.Len(t, v.requests("unsubscribe"), 1)
		require.NoError(t, c.Close(ctx))
	})
}

func TestSubscribeOutlivesASession(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		v.handle = func(p *peer, req request) bool { return p.n == 1 && p.NetConn().Close() == nil }
		c := v.client(stream.LinkConfig{})
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		require.EqualValues(t, 2, c.Status().Epoch)
		v.peer().tick("A", 1)
		ev, err := sub.Next(t.Context())
		require.NoError(t, err)
		require.Nil(t, ev.Gap, "nothing was lost before it was live")
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestBatches(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		var symbols []string
		for i := range 250 {
			symbols = append(symbols, fmt.Sprintf("S%03d", i))
		}
		c := v.client(stream.LinkConfig{})
		sub, err := c.ticker.Subscribe(t.Context(), symbols, "")
		require.NoError(t, err)
		require.Len(t, v.requests("subscribe"), 3, "100 a frame")
		require.NoError(t, sub.Close(t.Context()))
		require.Len(t, v.requests("unsubscribe"), 3)

		small := testWire()
		small.Limits = []protocol.Limit{{Name: "frame", Unit: "bytes", N: 400}}
		tight := v.client(stream.LinkConfig{Protocol: small})
		before := len(v.log())
		_, err = tight.ticker.Subscribe(t.Context(), symbols[:100], "")
		require.NoError(t, err)
		for _, r := range v.log()[before:] {
			require.LessOrEqual(t, len(r.raw), 400)
		}
		require.Greater(t, len(v.log())-before, 1)
	})
}

func TestSameMustAgree(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		feed := *feedTicker
		feed.Same = []string{"depth"}
		wireSame := testWire()
		wireSame.Feeds = []*protocol.Feed{&feed}
		c := v.client(stream.LinkConfig{Protocol: wireSame})
		items := func(depth string) []stream.Item { return []stream.Item{{Key: key("A"), Params: depth}} }
		require.NoError(t, c.Subscribe(t.Context(), &feed, items(`{"depth":10}`)))
		require.NoError(t, c.Subscribe(t.Context(), &feed, items(`{"depth":10}`)))
		require.ErrorIs(t, c.Subscribe(t.Context(), &feed, items(`{"depth":25}`)), stream.ErrConflict)

		inKey := []stream.Item{{Key: `{"symbol":"B","depth":10}`}}
		require.NoError(t, c.Subscribe(t.Context(), &feed, inKey))
		err := c.Subscribe(t.Context(), &feed, []stream.Item{{Key: `{"symbol":"B","depth":25}`}})
		require.ErrorIs(t, err, stream.ErrConflict)
		require.NoError(t, c.Unsubscribe(t.Context(), &feed, inKey))
		require.NoError(t, c.Subscribe(t.Context(), &feed, []stream.Item{{Key: `{"symbol":"B","depth":25}`}}))
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestMergedParams(t *testing.T) {
	feed := &protocol.Feed{Union: []string{"fields"}, Same: []string{"depth"}}
	tests := []struct {
		params []string
		want   string
		err    error
	}{
		{[]string{""}, "", nil},
		{[]string{`{"fields":["a"]}`, `{"fields":["b","a"]}`}, `{"fields":["a","b"]}`, nil},
		{[]string{`{"fields":"a"}`, `{"fields":["b"]}`}, `{"fields":["a","b"]}`, nil},
		{[]string{"", `{"fields":["b"],"depth":1}`}, "", stream.ErrConflict},
		{[]string{`{"depth":1}`, `{"depth":1,"snapshot":true}`}, `{"depth":1,"snapshot":true}`, nil},
		{[]string{`{"snapshot":false}`, `{"snapshot":true}`}, `{"snapshot":false}`, nil},
		{[]string{`{"depth":1}`, `{"depth":2}`}, "", stream.ErrConflict},
	}
	for _, tt := range tests {
		got, err := stream.MergeParams(feed, tt.params...)
		require.ErrorIs(t, err, tt.err, "%v", tt.params)
		if err == nil {
			require.Equal(t, tt.want, got, "%v", tt.params)
		}
	}
	_, err := stream.MergeParams(feed, `[1]`)
	require.Error(t, err)
}

// A cancel that repeats the id of its subscribe is answered with that id.
func TestCancelRepeatsTheID(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		w := testWire()
		w.Feeds = []*protocol.Feed{{Name: "ticker"}}
		w.Unsubscribe = []protocol.Template{{Root: object(
			protocol.Member{Name: "method", Value: literal("unsubscribe")},
			protocol.Member{Name: "params", Value: hole(protocol.HoleRoute)},
			protocol.Member{Name: "id", Value: hole(protocol.HoleSubID)},
		)}}
		v.handle = func(p *peer, req request) bool {
			p.send(`{"method":%q,"id":%d,"success":true}`, req.Method, req.ID)
			return true
		}
		c := v.client(stream.LinkConfig{Protocol: w})
		start := time.Now()
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A", "B"}, "")
		require.NoError(t, err)
		require.NoError(t, sub.Close(t.Context()))
		require.Zero(t, time.Since(start))
		ids := map[string][]int{}
		for _, r := range v.log() {
			ids[r.Method] = append(ids[r.Method], r.ID)
		}
		require.Equal(t, map[string][]int{"subscribe": {1, 2}, "unsubscribe": {1, 2}}, ids)
		require.Zero(t, c.Stats().StrayReplies)
		require.NoError(t, c.Close(t.Context()))
	})
}
