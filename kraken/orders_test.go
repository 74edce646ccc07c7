package kraken

import (
	"strings"
	"testing"

	json "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream/spectest"
)

// TestOrdersAddUpACapturedLife: an order placed, amended and cancelled, as the venue told it. Only the first row has the
// symbol.
func TestOrdersAddUpACapturedLife(t *testing.T) {
	const id = "OVN7VD-7VYHS-APBKHA"
	var orders Orders
	var life []ExecType
	for _, s := range spectest.Recording(t) {
		if s.Entry != "ExecutionUpdate" || !strings.Contains(string(s.Frame), id) {
			continue
		}
		var u ExecutionUpdate
		require.NoError(t, json.Unmarshal(s.Frame, &u))
		changed := orders.Apply(&u)
		require.Len(t, changed, 1)
		o := changed[0]
		life = append(life, o.ExecType)
		require.Equal(t, Symbol("BTC/USDT"), o.Symbol)
		require.Equal(t, SideBuy, o.Side)
		require.Equal(t, "b17c7bb34d000200", o.ClOrdID)
		switch o.ExecType {
		case ExecTypeNew:
			require.Equal(t, "80000.0", o.LimitPrice.String())
			require.Equal(t, []Execution{o}, orders.Open())
		case ExecTypeAmended:
			require.Equal(t, "81818.0", o.LimitPrice.String())
			require.Equal(t, "0.00005000", o.OrderQty.String())
		case ExecTypeCanceled:
			require.Equal(t, "User requested", o.Reason)
		}
	}
	require.Equal(t, []ExecType{ExecTypePendingNew, ExecTypeNew, ExecTypeAmended, ExecTypeCanceled}, life)
	_, open := orders.Get(id)
	require.False(t, open, "what has ended is forgotten")
}

func TestSnapshotsReplaceOrders(t *testing.T) {
	var orders Orders
	var u ExecutionUpdate
	require.NoError(t, json.Unmarshal([]byte(`{"type":"update","data":[{"order_id":"A","order_status":"new"},{"order_id":"B","order_status":"new"}],"sequence":2}`), &u))
	orders.Apply(&u)
	require.Len(t, orders.Open(), 2)
	require.NoError(t, json.Unmarshal([]byte(`{"type":"snapshot","data":[{"order_id":"B","order_status":"partially_filled"}],"sequence":1}`), &u))
	orders.Apply(&u)
	left := orders.Open()
	require.Len(t, left, 1)
	require.Equal(t, OrderStatusPartiallyFilled, left[0].OrderStatus)
}
