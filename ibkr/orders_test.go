package ibkr_test

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	json "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/ibkr/ibkrtest"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// next is the next change; time stands still for those who wait for one that never comes.
func next(t *testing.T, o *ibkr.Orders) ibkr.OrderChange {
	t.Helper()
	change, err := o.Next(within(t, time.Hour))
	require.NoError(t, err)
	return change
}

func steps(t *testing.T, o *ibkr.Orders, n int) (out []ibkr.OrderStatus) {
	t.Helper()
	for range n {
		out = append(out, next(t, o).Order.Status)
	}
	return out
}

// lifeCycle is what recordings show of an order that is placed and cancelled; the second frame has no status.
var lifeCycle = []ibkr.OrderStatus{
	ibkr.OrderStatusInactive, ibkr.OrderStatusInactive, ibkr.OrderStatusPendingSubmit, ibkr.OrderStatusPreSubmitted,
	ibkr.OrderStatusSubmitted, ibkr.OrderStatusPendingCancel, ibkr.OrderStatusCancelled,
}

func TestLifeOfAnOrder(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		old := s.PlaceOrder(ibkrtest.Order{ConID: ibkrtest.IBM, Side: ibkr.OrderSideBuy, Quantity: 3, Limit: "1.00"})
		o, err := c.FollowOrders(within(t, time.Minute))
		require.NoError(t, err)
		there := next(t, o)
		require.True(t, there.Snapshot, "what was there before comes from REST")
		require.EqualValues(t, old, there.ID())
		require.Equal(t, ibkr.OrderStatusSubmitted, there.Order.Status)

		id := s.PlaceOrder(ibkrtest.Order{ConID: ibkrtest.AAPL, Side: ibkr.OrderSideBuy, Quantity: 1, Limit: "1.00", Ref: "mine"})
		require.Equal(t, lifeCycle[:5], steps(t, o, 5))
		require.True(t, s.CancelOrder(id))
		require.Equal(t, lifeCycle[5:6], steps(t, o, 1))
		last := next(t, o)
		require.Equal(t, ibkr.OrderStatusCancelled, last.Order.Status)
		require.True(t, last.Order.Status.Done())
		require.Equal(t, "AAPL", last.Order.Ticker, "a delta adds to what is known")
		require.Equal(t, "mine", last.Order.OrderRef)
		require.False(t, last.Update.Has(ibkr.OrderUpdateFieldTicker))
		require.Len(t, o.All(), 2)
		got, ok := o.Get(ibkr.OrderID(id))
		require.True(t, ok)
		require.Equal(t, ibkr.OrderStatusCancelled, got.Status)
		require.NoError(t, o.Close(t.Context()))
		require.NoError(t, o.Close(t.Context()))
	})
}

func TestMarketOrderIsFilled(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		o, err := c.FollowOrders(within(t, time.Minute))
		require.NoError(t, err)
		trades, err := c.FollowExecutions(t.Context(), ibkr.ExecutionsParams{})
		require.NoError(t, err)
		s.PlaceOrder(ibkrtest.Order{ConID: ibkrtest.AAPL, Side: ibkr.OrderSideBuy, Quantity: 2, Market: true})
		require.Equal(t, append(lifeCycle[:5:5], ibkr.OrderStatusFilled), steps(t, o, 6))
		filled := o.All()[0]
		require.Equal(t, "2.0", filled.FilledQuantity.String())
		require.True(t, filled.AvgPrice.HasValue())
		require.True(t, filled.Price.IsNull(), "a market order has no price")

		first, err := trades.Next(within(t, time.Minute))
		require.NoError(t, err)
		require.False(t, first.Late || first.Has(ibkr.ExecutionFieldCommission))
		late, err := trades.Next(within(t, time.Minute))
		require.NoError(t, err)
		require.True(t, late.Late && late.Has(ibkr.ExecutionFieldCommission))
		require.Equal(t, first.ExecutionID, late.ExecutionID)
		require.Equal(t, "1.0", late.Commission.String())
		require.NoError(t, o.Close(t.Context()))
	})
}

// After a reconnect the venue tells all executions again, and nothing of the orders.
func TestOrdersAndTradesOverAReconnect(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		o, err := c.FollowOrders(within(t, time.Minute))
		require.NoError(t, err)
		trades, err := c.FollowExecutions(t.Context(), ibkr.ExecutionsParams{})
		require.NoError(t, err)
		id := s.PlaceOrder(ibkrtest.Order{ConID: ibkrtest.AAPL, Side: ibkr.OrderSideBuy, Quantity: 1, Limit: "1.00"})
		require.Equal(t, lifeCycle[:5], steps(t, o, 5))
		s.PlaceOrder(ibkrtest.Order{ConID: ibkrtest.IBM, Side: ibkr.OrderSideSell, Quantity: 1, Market: true})
		steps(t, o, 6)
		for range 2 {
			_, err := trades.Next(within(t, time.Minute))
			require.NoError(t, err)
		}
		synctest.Wait()
		s.Fault(streamtest.RefuseDials(streamtest.All))
		s.Fault(streamtest.Drop())
		require.True(t, s.FillOrder(id, "0.99"), "while nobody is connected")
		s.Fault(streamtest.RefuseDials(0))
		reconnected(t, c, 2)

		made := next(t, o)
		require.True(t, made.Snapshot)
		require.EqualValues(t, id, made.ID())
		require.Equal(t, ibkr.OrderStatusFilled, made.Order.Status)
		trade, err := trades.Next(within(t, time.Minute))
		require.NoError(t, err)
		require.NotNil(t, trade.Gap)
		require.EqualValues(t, id, trade.OrderID, "the one that was missed, not those that were told")
		trade, err = trades.Next(within(t, time.Minute))
		require.NoError(t, err)
		require.True(t, trade.Late)
		_, err = trades.Next(within(t, time.Minute))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.NoError(t, o.Close(t.Context()))
		require.NoError(t, trades.Close(t.Context()))
	})
}

// TestRecordedSession plays what a recording has of an order to a client.
func TestRecordedSession(t *testing.T) {
	data, err := os.ReadFile("testdata/frames.jsonl")
	require.NoError(t, err)
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		o, err := c.FollowOrders(within(t, time.Minute))
		require.NoError(t, err)
		played := 0
		for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
			var line struct {
				Entry, Source string
				Frame         json.RawMessage
			}
			require.NoError(t, json.Unmarshal(lines.Bytes(), &line))
			if line.Entry == "OrderUpdates" && strings.HasPrefix(line.Source, "live recording") {
				s.Push(string(line.Frame))
				played++
			}
		}
		require.Equal(t, 5, played, "frames 1, 2, 4, 5 and 7 of seven are in the recording")
		require.Equal(t, []ibkr.OrderStatus{
			ibkr.OrderStatusInactive, ibkr.OrderStatusInactive, ibkr.OrderStatusPreSubmitted, ibkr.OrderStatusSubmitted, ibkr.OrderStatusCancelled,
		}, steps(t, o, played))
		order, ok := o.Get(912091175)
		require.True(t, ok)
		require.Equal(t, "Buy 1 AAPL Limit 1.00, Day", order.OrderDesc)
		require.Equal(t, "Cancelled", order.OrderCcpStatus)
		require.NoError(t, o.Close(t.Context()))
	})
}
