package polygon_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/polygon"
)

func TestSymbols(t *testing.T) {
	for _, tt := range []struct {
		cluster polygon.Cluster
		name    string
		want    polygon.Symbol
	}{
		{polygon.ClusterStocks, "AAPL", "AAPL"},
		{polygon.ClusterStocks, " BRK.B ", "BRK.B"},
		{polygon.ClusterStocks, "NTEST.Q", "NTEST.Q"},
		{polygon.ClusterStocks, "*", "*"},
		{polygon.ClusterOptions, "SPY251219C00650000", "O:SPY251219C00650000"},
		{polygon.ClusterOptions, "O:SPY251219C00650000", "O:SPY251219C00650000"},
		{polygon.ClusterOptions, "o:spy", "O:spy"},
		{polygon.ClusterOptions, "*", "*"},
		{polygon.ClusterIndices, "SPX", "I:SPX"},
		{polygon.ClusterIndices, "I:SPX", "I:SPX"},
		{polygon.ClusterForex, "USD/JPY", "USD/JPY"},
		{polygon.ClusterForex, "USD-JPY", "USD/JPY"},
		{polygon.ClusterForex, "USDJPY", "USD/JPY"},
		{polygon.ClusterForex, "C:USDJPY", "USD/JPY"},
		{polygon.ClusterForex, "C:USD-JPY", "USD/JPY"},
		{polygon.ClusterCrypto, "BTC-USD", "BTC-USD"},
		{polygon.ClusterCrypto, "BTC/USD", "BTC-USD"},
		{polygon.ClusterCrypto, "X:BTC-USD", "BTC-USD"},
		{polygon.ClusterFutures, "ESZ5", "ESZ5"},
	} {
		got, err := tt.cluster.Symbols(tt.name)
		require.NoError(t, err, "%s %s", tt.cluster, tt.name)
		require.Equal(t, []polygon.Symbol{tt.want}, got, "%s %s", tt.cluster, tt.name)
	}
	for _, tt := range []struct {
		cluster polygon.Cluster
		name    string
	}{
		{polygon.ClusterStocks, ""}, {polygon.ClusterStocks, "  "}, {polygon.ClusterStocks, "A,B"}, {polygon.ClusterStocks, "A B"},
		{polygon.ClusterForex, "EURO"}, {polygon.ClusterForex, "USD/"}, {polygon.ClusterForex, "A/B/C"},
		{polygon.ClusterCrypto, "BTCUSD"}, {polygon.ClusterCrypto, "X:BTCUSD"}, {polygon.ClusterCrypto, "-USD"},
	} {
		_, err := tt.cluster.Symbols("*", tt.name)
		require.ErrorContains(t, err, "is no symbol of "+string(tt.cluster), "%s %q", tt.cluster, tt.name)
	}
}

func TestUpperCaseIsAnOption(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		plain := v.stocks()
		got, err := plain.Symbols("aapl", "ZVZZt")
		require.NoError(t, err)
		require.Equal(t, []polygon.Symbol{"aapl", "ZVZZt"}, got)
		require.NoError(t, plain.Close(t.Context()))
		upper := v.stocks(polygon.WithUpperCase())
		names := []string{"aapl", "brk.b"}
		got, err = upper.Symbols(names...)
		require.NoError(t, err)
		require.Equal(t, []polygon.Symbol{"AAPL", "BRK.B"}, got)
		require.Equal(t, "aapl", names[0])
		sub, err := upper.SubscribeTrades(t.Context(), []polygon.Symbol{"aapl"})
		require.NoError(t, err)
		require.NoError(t, v.WaitSubscribed(t.Context(), "T", 1))
		require.Equal(t, []string{`{"symbol":"aapl"}`}, v.Sessions()[0].Subscribed("T"), "a Symbol is sent untouched")
		require.NoError(t, sub.Close(t.Context()))
		require.NoError(t, upper.Close(t.Context()))
	})
}
