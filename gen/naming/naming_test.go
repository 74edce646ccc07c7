package naming_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen/naming"
)

func TestExported(t *testing.T) {
	t.Parallel()
	n := naming.New("PnL", "HB", "SSID", "EMA", "Pair")
	for wire, want := range map[string]string{
		"active_id":                      "ActiveID",
		"id":                             "ID",
		"types_ids":                      "TypesIDs",
		"accountIDs":                     "AccountIDs",
		"conidEx":                        "ConidEx",
		"serverId":                       "ServerID",
		"isFT":                           "IsFT",
		"noFXConv":                       "NoFXConv",
		"tBillsMarketValue":              "TBillsMarketValue",
		"HTTPServer":                     "HTTPServer",
		"binary_options_option_changed1": "BinaryOptionsOptionChanged1",
		"last24h":                        "Last24h",
		"hb":                             "HB",
		"MID":                            "MID",
		"SIDE_BUY":                       "SideBuy",
		"daily_pnl":                      "DailyPnL",
		"PnL":                            "PnL",
		"portfolio.get-positions":        "PortfolioGetPositions",
		"close[price2]":                  "ClosePrice2",
		"_updated":                       "Updated",
		"31":                             "N31",
		"trade-room":                     "TradeRoom",
		"%":                              "",
		"":                               "",
		"été_vert":                       "ÉtéVert",
	} {
		require.Equal(t, want, n.Exported(wire), wire)
	}
}

func TestUnexported(t *testing.T) {
	t.Parallel()
	n := naming.New("PnL")
	for wire, want := range map[string]string{
		"active_id": "activeID",
		"ID":        "id",
		"type":      "typeValue",
		"len":       "lenValue",
		"31":        "n31",
		"daily_pnl": "dailyPnL",
	} {
		require.Equal(t, want, n.Unexported(wire), wire)
	}
}

func TestLower(t *testing.T) {
	t.Parallel()
	n := naming.New("PnL", "EMA")
	for name, want := range map[string]string{
		"ActiveID":   "activeID",
		"IDs":        "ids",
		"ID":         "id",
		"PnLKey":     "pnlKey",
		"EMA200":     "ema200",
		"HTTPServer": "httpServer",
		"Type":       "typeValue",
		"":           "",
	} {
		require.Equal(t, want, n.Lower(name), name)
	}
}

func TestVenueInitialismReplacesTheHouseSpelling(t *testing.T) {
	t.Parallel()
	require.Equal(t, "GrossPNL", naming.New("PNL").Exported("gross_pnl"))
	require.Equal(t, "GrossPnL", naming.New().Exported("gross_pnl"))
}

func TestPlural(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Trade": "Trades", "Entry": "Entries", "Class": "Classes", "Box": "Boxes", "Day": "Days", "Match": "Matches", "": "",
	} {
		require.Equal(t, want, naming.Plural(name))
	}
}

func TestReserved(t *testing.T) {
	t.Parallel()
	require.True(t, naming.IsReserved("range"))
	require.True(t, naming.IsReserved("append"))
	require.False(t, naming.IsReserved("price"))
	require.True(t, naming.IsReservedMember("AppendJSON"))
	require.False(t, naming.IsReservedMember("Has"))
	require.True(t, naming.IsReservedInPartial("Has"))
	require.True(t, naming.IsReservedInTuple("Rest"))
	require.True(t, naming.IsReservedMethod("Close"))
	require.True(t, naming.IsReservedType("Client"))
	require.True(t, naming.IsExported("Ask"))
	require.False(t, naming.IsExported("ask"))
	require.False(t, naming.IsExported("Ask Price"))
	require.Contains(t, naming.Initialisms(), "PnL")
}
