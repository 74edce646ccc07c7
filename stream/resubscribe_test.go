package stream_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

func TestResubscribeCancelsAndAsksOnce(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		ctx := t.Context()
		c := v.client(stream.LinkConfig{})
		sub, err := c.ticker.Subscribe(ctx, []string{"A", "B", "C"}, "")
		require.NoError(t, err)
		other, err := c.ticker.Subscribe(ctx, []string{"A"}, "")
		require.NoError(t, err)

		answer := make(chan struct{})
		v.set(func(v *venue) {
			v.handle = func(_ *peer, req request) bool {
				if req.Method == "unsubscribe" {
					<-answer
				}
				return false
			}
		})
		sub.Resubscribe(stream.GapChecksum, "A", "B")
		synctest.Wait()
		sub.Resubscribe(stream.GapChecksum, "A") // is under way
		close(answer)
		synctest.Wait()
		require.Equal(t, []string{`{"channel":"ticker","symbol":["A","B"]}`}, v.requests("unsubscribe"))
		require.Equal(t, []string{
			`{"channel":"ticker","symbol":["A","B","C"]}`, `{"channel":"ticker","symbol":["A","B"]}`,
		}, v.requests("subscribe"))

		for _, symbol := range []string{"C", "A"} {
			v.peer().tick(symbol, 1)
		}
		ev, err := sub.Next(ctx)
		require.NoError(t, err)
		require.Equal(t, &stream.Gap{Reason: stream.GapChecksum}, ev.Gap)
		ev, err = other.Next(ctx)
		require.NoError(t, err)
		require.NotNil(t, ev.Gap, "whoever shares the key cannot trust it either")

		sub.Resubscribe(stream.GapChecksum, "A")
		synctest.Wait()
		require.Len(t, v.requests("subscribe"), 3, "it was live again")
	})
}

func TestResubscribeCancelsWhatWasRefused(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		ctx := t.Context()
		c := v.client(stream.LinkConfig{})
		sub, err := c.ticker.Subscribe(ctx, []string{"A"}, "")
		require.NoError(t, err)
		refuse := true
		v.handle = func(p *peer, req request) bool {
			if refuse && (req.Method == "subscribe" || req.Method == "unsubscribe") {
				p.send(`{"method":"%s","id":%d,"success":false,"code":"E2","error":"busy","symbol":"A"}`, req.Method, req.ID)
			}
			return refuse
		}
		sub.Resubscribe(stream.GapChecksum, "A")
		synctest.Wait()
		require.Equal(t, "failed", c.Stats().Subscriptions[0].State)
		refuse = false
		sub.Resubscribe(stream.GapChecksum, "A")
		synctest.Wait()
		require.Equal(t, "live", c.Stats().Subscriptions[0].State)
		require.Len(t, v.requests("unsubscribe"), 2)
		require.Len(t, v.requests("subscribe"), 3)
	})
}

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
