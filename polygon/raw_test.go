package polygon_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/polygon/polygontest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

func (v *venue) raw(more ...stream.Option) *polygon.Raw {
	v.t.Helper()
	c, err := polygon.DialRaw(v.t.Context(), polygon.ClusterStocks, v.Key(), v.options(more...)...)
	require.NoError(v.t, err)
	v.t.Cleanup(func() {
		_ = c.CloseNow()
		<-c.Done()
	})
	return c
}

// The synchronous raw mode: the bytes of each event, as they came.
func TestRaw(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.raw()
		require.Equal(t, polygon.ClusterStocks, c.Cluster())
		msgs, err := c.Messages()
		require.NoError(t, err)
		require.NoError(t, c.Subscribe(t.Context(), "T.AAPL, T.BRK.B,Q.*"))
		for range 3 {
			ev, err := msgs.Next(t.Context())
			require.NoError(t, err)
			require.Equal(t, "status", ev.Data.Ev())
			require.Contains(t, ev.Data.String(), "subscribed to: ")
		}
		odd := `{ "p": 1,"sym":"BRK.B","ev" : "T","new":[{}]}`
		v.Send(polygon.ClusterStocks, trade("AAPL", "1e3"), odd)
		for _, want := range []string{trade("AAPL", "1e3"), odd} {
			ev, err := msgs.Next(t.Context())
			require.NoError(t, err)
			require.Equal(t, want, string(ev.Data.Bytes))
			require.Equal(t, "T", ev.Data.Ev())
		}
		require.NoError(t, c.Unsubscribe(t.Context(), "T.AAPL", "Q.*"))
		require.Zero(t, v.Send(polygon.ClusterStocks, trade("AAPL", "1")))
		require.ErrorContains(t, c.Subscribe(t.Context(), "AAPL"), "no channel")
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestRawReconnects(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.raw()
		type seen struct {
			text string
			gap  bool
		}
		events := make(chan seen, 10)
		_, err := c.DirectMessages(func(m *polygon.Message, meta stream.Meta) { events <- seen{m.String(), meta.Gap() != nil} })
		require.NoError(t, err)
		require.NoError(t, c.Subscribe(t.Context(), "T.*"))
		require.False(t, (<-events).gap)
		v.Sessions()[0].Drop()
		require.NoError(t, v.WaitSubscribed(t.Context(), "T", 1))
		v.Send(polygon.ClusterStocks, trade("AAPL", "1"))
		first := <-events
		require.Contains(t, first.text, "connected")
		require.True(t, first.gap, "what comes first carries the gap")
		for range 2 {
			require.False(t, (<-events).gap)
		}
		require.Equal(t, trade("AAPL", "1"), (<-events).text)
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestRawRefusals(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.raw()
		err := c.Subscribe(t.Context(), "T.AAPL", "NOI.*", "ZZ.AAPL")
		require.ErrorIs(t, err, polygon.ErrNotAuthorized)
		require.ErrorContains(t, err, "subscribe NOI")
		require.ErrorContains(t, err, "subscribe ZZ", "a channel that the venue does not know gets no answer")
		require.NotContains(t, err.Error(), "subscribe T")
		require.NoError(t, v.WaitSubscribed(t.Context(), "T", 1))
		require.Empty(t, c.Stats().Unknown)
		v.Push(`[{"ev":"T"`)
		require.NoError(t, v.WaitSubscribed(t.Context(), "T", 1))
		synctest.Wait()
		require.EqualValues(t, 1, c.Stats().DecodeErrors)
		require.NoError(t, c.Close(t.Context()))
	}, polygontest.WithoutChannels("NOI"))
}

// The style of callback clients: functions for messages, errors and the end.
func TestHandlers(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		var mu sync.Mutex
		var kinds []string
		var errs, ends []error
		c := v.raw(polygon.WithHandlers(polygon.Handlers{
			Message: func(_ context.Context, m polygon.Message) {
				mu.Lock()
				defer mu.Unlock()
				kinds = append(kinds, m.Ev())
			},
			Error: func(err error) {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
			},
			Close: func(err error) { ends = append(ends, err) },
		}))
		require.NoError(t, c.Subscribe(t.Context(), "T.*"))
		v.Send(polygon.ClusterStocks, trade("AAPL", "1"))
		synctest.Wait()
		require.Equal(t, []string{"status", "status", "status", "T"}, kinds)
		v.Kick(polygon.ClusterStocks)
		synctest.Wait()
		require.Len(t, errs, 1)
		require.ErrorIs(t, errs[0], polygon.ErrMaxConnections)
		time.Sleep(2 * time.Minute)
		require.Error(t, c.Subscribe(t.Context(), "NOI.*"))
		require.ErrorIs(t, errs[1], polygon.ErrNotAuthorized)
		v.Fault(streamtest.Garbage())
		synctest.Wait()
		require.Len(t, errs, 3)
		require.NoError(t, c.Close(t.Context()))
		require.Len(t, errs, 3, "a regular end is no error")
		require.Equal(t, []error{nil}, ends)
	}, polygontest.WithoutChannels("NOI"))
}

// Typed clients have the handlers as well, and the bytes beside the events.
func TestHandlersOfTypedClients(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		var end error
		ended := false
		c := v.stocks(polygon.WithHandlers(polygon.Handlers{Close: func(err error) { end, ended = err, true }}))
		msgs, err := c.Messages()
		require.NoError(t, err)
		sub, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"AAPL"}, stream.WithRaw())
		require.NoError(t, err)
		v.Send(polygon.ClusterStocks, trade("AAPL", "7"))
		ev, err := sub.Next(t.Context())
		require.NoError(t, err)
		require.EqualValues(t, 7, ev.Data.Price)
		require.Equal(t, trade("AAPL", "7"), string(ev.Raw))
		_, err = msgs.Next(t.Context())
		require.NoError(t, err)
		m, err := msgs.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, trade("AAPL", "7"), m.Data.String())
		v.RefuseLogins(-1)
		v.Sessions()[0].Drop()
		<-c.Done()
		require.True(t, ended)
		require.True(t, errors.Is(end, polygon.ErrAuthFailed))
	})
}

func TestUnknownCluster(t *testing.T) {
	_, err := polygon.DialRaw(t.Context(), "bonds", stream.NewSecret("k"))
	require.ErrorContains(t, err, `"bonds" is no cluster`)
	_, err = polygon.Cluster("bonds").Symbols("X")
	require.Error(t, err)
}
