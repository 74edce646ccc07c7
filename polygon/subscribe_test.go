package polygon_test

import (
	"context"

	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/polygon/polygontest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

func symbolKey(s string) string { return fmt.Sprintf(`{"symbol":%q}`, s) }

// The venue confirms by name and refuses without one: what stays unconfirmed is what was refused.
func TestRefusedChannel(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.stocks()
		began := time.Now()
		sub, err := c.SubscribeImbalances(t.Context(), []polygon.Symbol{polygon.All})
		require.Nil(t, sub)
		require.Equal(t, 10*time.Second, time.Since(began))
		var failed *stream.SubscribeError
		require.ErrorAs(t, err, &failed)
		require.ErrorIs(t, failed.Items[symbolKey("*")], polygon.ErrNotAuthorized)
		require.ErrorContains(t, err, "not authorized")
		require.Equal(t, stream.Ready, c.Status().State)
		require.NoError(t, c.Close(t.Context()))
	}, polygontest.WithoutChannels("NOI"))
}

// Refused and confirmed symbols of one message, the refusal first, and another request under way.
func TestRefusalBesideConfirmations(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		v.OnSubscribe("T", func(call *streamtest.Call) {
			call.Session.Push(polygontest.Status(polygon.StatusCodeError, "not authorized"))
			for _, item := range call.Items()[1:] {
				call.AckItem(item)
			}
		})
		c := v.stocks()
		other := make(chan error, 1)
		go func() {
			_, err := c.SubscribeQuotes(t.Context(), []polygon.Symbol{"AAPL"})
			other <- err
		}()
		sub, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"BAD", "AAPL", "MSFT"})
		var failed *stream.SubscribeError
		require.ErrorAs(t, err, &failed)
		require.Len(t, failed.Items, 1)
		require.ErrorIs(t, failed.Items[symbolKey("BAD")], polygon.ErrNotAuthorized)
		require.Equal(t, []polygon.Symbol{"AAPL", "MSFT"}, sub.Keys())
		require.NoError(t, <-other)
		require.NoError(t, c.Close(t.Context()))
	})
}

// Confirmations come in any order, packed into one frame or spread over several.
func TestConfirmationsByName(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		v.OnSubscribe("T", func(call *streamtest.Call) {
			var acks []string
			for _, item := range call.Items() {
				symbol := strings.TrimSuffix(strings.TrimPrefix(string(item), `{"symbol":"`), `"}`)
				acks = append([]string{fmt.Sprintf(`{"ev":"status","status":"success","message":"subscribed to: T.%s"}`, symbol)}, acks...)
			}
			call.Session.Push("[" + strings.Join(acks, ",") + "]")
		})
		c := v.stocks()
		_, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"AAPL", "BRK.B", "MSFT"})
		require.NoError(t, err)
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestUnconfirmed(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		v.OnSubscribe("T", func(*streamtest.Call) {})
		c := v.stocks()
		_, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"AAPL"})
		require.ErrorIs(t, err, stream.ErrAckTimeout)
		require.NotErrorIs(t, err, polygon.ErrNotAuthorized)
		require.NoError(t, c.Close(t.Context()))
	})
}

// Thousands of symbols go out in frames of bounded size and all are confirmed.
func TestManySymbols(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.stocks()
		symbols := make([]polygon.Symbol, 4_000)
		for i := range symbols {
			symbols[i] = polygon.Symbol(fmt.Sprintf("O:SPY251219C%08d", i))
		}
		sub, err := c.SubscribeTrades(t.Context(), symbols)
		require.NoError(t, err)
		require.Len(t, sub.Keys(), len(symbols))
		n, longest := 0, 0
		for _, f := range v.Frames() {
			if !f.Sent && strings.HasPrefix(string(f.Data), `{"action":"subscribe"`) {
				n++
				longest = max(longest, len(f.Data))
			}
		}
		require.Greater(t, n, 1)
		require.LessOrEqual(t, longest, 64<<10)
		require.NoError(t, c.Close(t.Context()))
	})
}

// Two handles of a symbol are one subscription at the venue, which would not confirm a second one.
func TestSharedSymbol(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.stocks()
		one, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"AAPL"})
		require.NoError(t, err)
		two, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"AAPL", "MSFT"})
		require.NoError(t, err)
		require.NoError(t, one.Close(t.Context()))
		v.Send(polygon.ClusterStocks, trade("AAPL", "1"))
		_, err = two.Next(t.Context())
		require.NoError(t, err)
		require.NoError(t, two.Close(t.Context()))
		require.NoError(t, v.WaitUnsubscribed(t.Context(), "T"))
		require.NoError(t, c.Close(t.Context()))
	})
}

// One bad element of 100 costs itself alone, and the error says which it was.
func TestBadElement(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		var bad []error
		c := v.stocks(stream.WithHooks(decodeErrors(func(err error) { bad = append(bad, err) })))
		sub, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{polygon.All})
		require.NoError(t, err)
		events := make([]string, 100)
		for i := range events {
			events[i] = trade("AAPL", fmt.Sprint(i))
		}
		events[41] = trade("AAPL", `"no price"`)
		v.Send(polygon.ClusterStocks, events...)
		for i := range 100 {
			if i == 41 {
				continue
			}
			ev, err := sub.Next(t.Context())
			require.NoError(t, err)
			require.EqualValues(t, i, ev.Data.Price)
			require.Equal(t, i == 42, ev.Gap != nil)
		}
		require.Len(t, bad, 1)
		require.ErrorContains(t, bad[0], "41")
		require.ErrorContains(t, bad[0], "p")
		require.EqualValues(t, 1, c.Stats().DecodeErrors)
		require.NoError(t, c.Close(t.Context()))
	})
}

// A flood of kinds that nobody knows is counted and takes no more memory than a fixed table.
func TestUnknownFlood(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.stocks()
		sub, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"AAPL"})
		require.NoError(t, err)
		const frames, each = 100, 100
		for i := range frames {
			events := make([]string, each)
			for j := range events {
				events[j] = fmt.Sprintf(`{"ev":"U%d","sym":"AAPL","pad":"%s"}`, i*each+j, strings.Repeat("x", 100))
			}
			v.Push("[" + strings.Join(events, ",") + "]")
		}
		v.Send(polygon.ClusterStocks, trade("AAPL", "1"))
		_, err = sub.Next(t.Context())
		require.NoError(t, err)
		st := c.Stats()
		var n uint64
		for _, count := range st.Unknown {
			n += count
		}
		require.EqualValues(t, frames*each, n)
		require.LessOrEqual(t, len(st.Unknown), 257)
		require.LessOrEqual(t, len(c.Unknown()), 64)
		require.NoError(t, c.Close(t.Context()))
	})
}

// Without a client of its own a status is neither unknown nor bad.
func TestNothingIsUnknown(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.stocks()
		sub, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"AAPL"})
		require.NoError(t, err)
		require.NoError(t, sub.Close(t.Context()))
		require.Empty(t, c.Stats().Unknown)
		require.Zero(t, c.Stats().DecodeErrors)
		require.NoError(t, c.Close(t.Context()))
	})
}

// Symbols that the venue does not know are confirmed and silent; that is no error of ours.
func TestUnknownSymbol(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.stocks()
		sub, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"NOSUCH"})
		require.NoError(t, err)
		_, err = sub.Next(within(t, time.Hour))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.NoError(t, c.Close(t.Context()))
	})
}

// Direct handlers run on the reading goroutine and see every event in the order of the wire.
func TestDirect(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.stocks()
		done := make(chan float64, 3)
		_, err := c.DirectTrades(t.Context(), []polygon.Symbol{"AAPL"}, func(tr *polygon.StockTrade, _ stream.Meta) { done <- tr.Price })
		require.NoError(t, err)
		v.Send(polygon.ClusterStocks, trade("AAPL", "1"), trade("AAPL", "2"), trade("AAPL", "3"))
		for _, want := range []float64{1, 2, 3} {
			require.Equal(t, want, <-done)
		}
		require.NoError(t, c.Close(t.Context()))
	})
}

// decodeErrors makes a hook of a function.
type decodeErrors func(error)

func (fn decodeErrors) OnDecodeError(err error, _ stream.Frame) { fn(err) }
