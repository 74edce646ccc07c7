package stream_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// subscribeFaults are those of subscriptions and of what they deliver.
var subscribeFaults = slices.Concat(itemFaults, lossFaults)

var itemFaults = []fault{
	{47, "acknowledgement-early-late-or-never", "delivers data that overtakes it; after the deadline fails the item and tells the venue", acknowledgements},
	{48, "some-items-refused", "keeps the good items; a refusal without a name is charged to what stays unconfirmed", someRefused},
	{49, "data-behind-the-cancel", "drops it and counts it", lateData},
	{50, "item-ended-by-the-venue", "ends the handle with ErrUnsubscribed where that is for good, else asks again later", endedByTheVenue},
}

func acknowledgements(t *testing.T) {
	t.Run("by name", acksByFrame)
	t.Run("by the first event, or none", acksByFirstEventAndNone)
	t.Run("given up by the caller", subscribeGivesUpWithItsContext)
	t.Run("of a cancel never", cancelThatIsNotConfirmed)
	t.Run("of a new session never", unconfirmedReplayStartsClean)
	for _, s := range scripts {
		t.Run("behind the first data at "+s.name, func(t *testing.T) {
			prepare := func(server *streamtest.Server) {
				server.OnSubscribe(s.feed, func(call *streamtest.Call) {
					call.Session.Push(s.event(firstMark))
					call.Session.Push(s.event(firstMark))
					call.Ack()
				})
			}
			playPrepared(t, s.name, prepare, func(t *tape) {
				before, gap := t.wants()
				require.Nil(t, gap)
				require.Len(t, before, 2, "what came before the acknowledgement")
			})
		})
	}
}

func someRefused(t *testing.T) {
	t.Run("by name", partialFailure)
	t.Run("without a name", namelessRefusals)
}

func lateData(t *testing.T) {
	eachScript(t, func(t *tape) {
		t.wants()
		require.NoError(t, t.cancel(t.Context()))
		unwanted := t.unwanted()
		for range 3 {
			t.server.Push(t.event(t.fresh()))
		}
		synctest.Wait()
		require.Equal(t, unwanted+3, t.unwanted())
		require.Zero(t, t.client.Stats().DecodeErrors)
		require.Empty(t, t.client.Stats().Unknown)
		_, _, err := t.next(t.Context())
		require.ErrorIs(t, err, stream.ErrClosed)
	})
}

// unwanted counts the events that no handle took.
func (t *tape) unwanted() (n int) {
	for _, count := range t.client.Stats().Unwanted {
		n += int(count)
	}
	return n
}

func partialFailure(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		ctx := t.Context()
		v.refuse["BAD"], v.mute["LOST"] = "E1", true
		c := v.client(stream.LinkConfig{})
		start := time.Now()
		sub, err := c.ticker.Subscribe(ctx, []string{"A", "BAD", "LOST"}, "")
		require.Equal(t, stream.AckWithin, time.Since(start))
		var partial *stream.SubscribeError
		require.ErrorAs(t, err, &partial)
		require.Len(t, partial.Items, 2)
		require.ErrorIs(t, partial.Items[key("BAD")], errUnknownSymbol)
		require.ErrorIs(t, partial.Items[key("LOST")], stream.ErrAckTimeout)
		require.ErrorIs(t, err, stream.ErrAckTimeout)
		require.Equal(t, []string{"A"}, sub.Keys())
		v.peer().tick("A", 1)
		ev, err := sub.Next(ctx)
		require.NoError(t, err)
		require.Equal(t, 1, ev.Data.N)
		synctest.Wait()
		require.Equal(t, []string{`{"channel":"ticker","symbol":["LOST"]}`}, v.requests("unsubscribe"), "what the venue may have, it is told")
		require.Len(t, c.Stats().Subscriptions, 1)

		sub, err = c.ticker.Subscribe(ctx, []string{"BAD"}, "")
		require.ErrorIs(t, err, errUnknownSymbol)
		require.Nil(t, sub)
		require.NoError(t, c.Close(ctx))
	})
}

// A refusal that names no item is charged to what stays unconfirmed, whichever request it came for.
func namelessRefusals(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		named := protocol.Ack{
			Mode:    protocol.AckFrame,
			On:      []protocol.Match{{Has: []protocol.Path{{"result", "symbol"}}}},
			Refused: []protocol.Match{{Has: []protocol.Path{{"nobody"}}}},
			Per:     "symbol",
			Item:    itemPaths,
		}
		w := testWire()
		w.Feeds = []*protocol.Feed{{Name: "ticker", Ack: named, CancelAck: ackReply, Batch: feedTicker.Batch}}
		v.handle = func(p *peer, req request) bool {
			if req.Method != "subscribe" {
				return false
			}
			if len(v.requests("subscribe")) < 2 {
				return true
			}
			p.send(`{"method":"subscribe","nobody":true,"success":false,"code":"E1"}`)
			p.send(`{"method":"subscribe","success":true,"result":{"symbol":"A"}}`)
			return true
		}
		c := v.client(stream.LinkConfig{Protocol: w})
		good := make(chan error, 1)
		go func() {
			_, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
			good <- err
		}()
		time.Sleep(time.Second)
		_, err := c.ticker.Subscribe(t.Context(), []string{"B"}, "")
		require.ErrorIs(t, err, errUnknownSymbol)
		require.NoError(t, <-good)
		require.NoError(t, c.Close(t.Context()))
	})
}

func endedByTheVenue(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		ctx := t.Context()
		c := v.client(stream.LinkConfig{})
		both, err := c.ticker.Subscribe(ctx, []string{"A", "B", "C"}, "")
		require.NoError(t, err)
		alone, err := c.ticker.Subscribe(ctx, []string{"B"}, "")
		require.NoError(t, err)
		v.set(func(v *venue) { v.refuse["B"], v.refuse["C"] = "E1", "E2" })
		_ = v.peer().NetConn().Close()
		require.NoError(t, waitEpoch(ctx, c, 2))
		synctest.Wait()
		require.Equal(t, []string{"A", "C"}, both.Keys(), "B is gone for good, C is busy")
		_, err = alone.Next(ctx)
		require.ErrorIs(t, err, stream.ErrUnsubscribed)
		require.ErrorIs(t, err, errUnknownSymbol)
		require.Equal(t, "failed", c.Stats().Subscriptions[1].State)
		require.ErrorIs(t, c.Stats().Subscriptions[1].Err, errBusy)

		v.set(func(v *venue) { delete(v.refuse, "C") })
		time.Sleep(time.Minute)
		v.peer().tick("C", 1)
		ev, err := both.Next(ctx)
		require.NoError(t, err)
		require.Equal(t, "C", ev.Data.Symbol)
		require.NoError(t, c.Close(ctx))
	})
}

func subscribeGivesUpWithItsContext(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		v.mute["A"] = true
		c := v.client(stream.LinkConfig{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := c.ticker.Subscribe(ctx, []string{"A"}, "")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		synctest.Wait()
		require.Len(t, v.requests("unsubscribe"), 1)
		require.Empty(t, c.Stats().Subscriptions)
		require.NoError(t, c.Close(t.Context()))
	})
}
