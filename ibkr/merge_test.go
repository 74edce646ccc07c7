package ibkr

import (
	"context"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
)

func update(t *testing.T, text string) *OrderUpdate {
	t.Helper()
	u := new(OrderUpdate)
	require.NoError(t, u.UnmarshalJSON([]byte(text)))
	return u
}

// What the socket says while REST is asked is newer than the answer.
func TestSocketHasTheLastWord(t *testing.T) {
	o := &Orders{known: map[OrderID]*OrderUpdate{}, out: newOutbox[OrderChange](), during: map[OrderID]*OrderUpdate{}}
	o.pushed(update(t, `{"acct":"DU1","orderId":7,"status":"Filled"}`))
	o.apply([]OrderUpdate{
		*update(t, `{"acct":"DU1","orderId":"7","status":"Submitted","ticker":"AAPL"}`),
		*update(t, `{"acct":"DU1","orderId":8,"status":"Submitted","ticker":"IBM"}`),
		*update(t, `{"acct":"DU1","status":"Submitted"}`),
	}, stream.Meta{})
	o.during = nil
	seven, ok := o.Get(7)
	require.True(t, ok)
	require.Equal(t, OrderStatusFilled, seven.Status)
	require.Equal(t, "AAPL", seven.Ticker)
	change, err := o.Next(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 8, change.ID(), "of 7 the socket has told")
	require.Len(t, o.All(), 2)
}

func TestOrdersAreBounded(t *testing.T) {
	o := &Orders{known: map[OrderID]*OrderUpdate{}}
	for id := range OrderID(maxOrders + 10) {
		u := update(t, `{"status":"Submitted"}`)
		u.OrderID = id
		u.Mark(OrderUpdateFieldOrderID)
		if id == 3 {
			u.Status = OrderStatusCancelled
		}
		o.merge(u)
	}
	require.Len(t, o.All(), maxOrders)
	_, ok := o.Get(3)
	require.False(t, ok, "what is done goes first")
}

func TestOutboxIsBounded(t *testing.T) {
	b := newOutbox[int]()
	for n := range outboxSize + 5 {
		b.put(n)
	}
	for n := range outboxSize {
		got, err := b.next(t.Context())
		require.NoError(t, err)
		require.Equal(t, n, got)
	}
	_, err := b.next(t.Context())
	require.ErrorIs(t, err, stream.ErrSlowConsumer)
	b = newOutbox[int]()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = b.next(ended)
	require.ErrorIs(t, err, context.Canceled)
	b.end(stream.ErrClosed)
	for _, err := range b.all(t.Context()) {
		require.NoError(t, err, "a regular end yields nothing")
	}
}

func TestTradesForgetTheOldest(t *testing.T) {
	tr := &Trades{seen: map[string]*Execution{}}
	for n := range maxTrades + 1 {
		tr.remember(strconv.Itoa(n), new(Execution))
	}
	require.Len(t, tr.seen, maxTrades)
}
