package ibkr

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

// fieldSamples has a value for each field of the catalogue. The live ones are from recordings and users' reports; the
// others have the documented form of their encoding.
var fieldSamples = []struct {
	field        TickField
	id, accessor string
	wire, want   string
}{
	{TickFieldLast, "31", "Last", `"C170.0"`, "C170.0"}, // live
	{TickFieldSymbol, "55", "Symbol", `"text"`, "text"},
	{TickFieldText, "58", "Text", `"text"`, "text"},
	{TickFieldHigh, "70", "High", `"189.56"`, "189.56"},
	{TickFieldLow, "71", "Low", `"189.56"`, "189.56"},
	{TickFieldMarketValue, "73", "MarketValue", `"-1,234.5"`, "-1234.5"},
	{TickFieldAveragePrice, "74", "AveragePrice", `"189.56"`, "189.56"},
	{TickFieldUnrealizedPnL, "75", "UnrealizedPnL", `"-1,234.5"`, "-1234.5"},
	{TickFieldFormattedPosition, "76", "FormattedPosition", `"3.1K"`, "3100"},
	{TickFieldFormattedUnrealizedPnL, "77", "FormattedUnrealizedPnL", `"3.1K"`, "3100"},
	{TickFieldDailyPnL, "78", "DailyPnL", `"-1,234.5"`, "-1234.5"},
	{TickFieldRealizedPnL, "79", "RealizedPnL", `"-1,234.5"`, "-1234.5"},
	{TickFieldUnrealizedPnLPercent, "80", "UnrealizedPnLPercent", `"31.4%"`, "31.4"},
	{TickFieldChange, "82", "Change", `"-0.25"`, "-0.25"},
	{TickFieldChangePercent, "83", "ChangePercent", `0.57`, "0.57"}, // live
	{TickFieldBid, "84", "Bid", `"271.70"`, "271.70"},               // live
	{TickFieldAskSize, "85", "AskSize", `"1,300"`, "1300"},          // live
	{TickFieldAsk, "86", "Ask", `"271.80"`, "271.80"},               // live
	{TickFieldVolume, "87", "Volume", `"24.2M"`, "24200000"},        // live
	{TickFieldBidSize, "88", "BidSize", `"3,500"`, "3500"},          // live
	{TickFieldRight, "201", "Right", `"P"`, "P"},
	{TickFieldExchange, "6004", "Exchange", `"text"`, "text"},
	{TickFieldContractConID, "6008", "ContractConID", `265598`, "265598"},
	{TickFieldSecType, "6070", "SecType", `"text"`, "text"},
	{TickFieldMonths, "6072", "Months", `"text"`, "text"},
	{TickFieldRegularExpiry, "6073", "RegularExpiry", `"text"`, "text"},
	{TickFieldMarketDataMarker, "6119", "MarketDataMarker", `"q1"`, "q1"}, // live
	{TickFieldUnderlyingConID, "6457", "UnderlyingConID", `265598`, "265598"},
	{TickFieldServiceParams, "6508", "ServiceParams", `"&serviceID1=122&serviceID2=123&serviceID3=203"`, "&serviceID1=122&serviceID2=123&serviceID3=203"}, // live
	{TickFieldAvailability, "6509", "Availability", `"RpB"`, "[R p B]"},                                                                                   // live
	{TickFieldCompanyName, "7051", "CompanyName", `"text"`, "text"},
	{TickFieldAskExchanges, "7057", "AskExchanges", `"QZ"`, "[Q Z]"},
	{TickFieldLastExchanges, "7058", "LastExchanges", `"QZ"`, "[Q Z]"},
	{TickFieldLastSize, "7059", "LastSize", `"100"`, "100"}, // live
	{TickFieldBidExchanges, "7068", "BidExchanges", `"QZ"`, "[Q Z]"},
	{TickFieldImpliedVolHistVolPercent, "7084", "ImpliedVolHistVolPercent", `"31.4%"`, "31.4"},
	{TickFieldPutCallInterest, "7085", "PutCallInterest", `"-0.25"`, "-0.25"},
	{TickFieldPutCallVolume, "7086", "PutCallVolume", `"-0.25"`, "-0.25"},
	{TickFieldHistVolPercent, "7087", "HistVolPercent", `"31.4%"`, "31.4"},
	{TickFieldHistVolClosePercent, "7088", "HistVolClosePercent", `"31.4%"`, "31.4"},
	{TickFieldOptVolume, "7089", "OptVolume", `"3.1K"`, "3100"},
	{TickFieldConIDExchange, "7094", "ConIDExchange", `"text"`, "text"},
	{TickFieldCanBeTraded, "7184", "CanBeTraded", `"1"`, "true"},
	{TickFieldContractDescription, "7219", "ContractDescription", `"text"`, "text"},
	{TickFieldContractDescriptionAlt, "7220", "ContractDescriptionAlt", `"text"`, "text"},
	{TickFieldListingExchange, "7221", "ListingExchange", `"text"`, "text"},
	{TickFieldIndustry, "7280", "Industry", `"text"`, "text"},
	{TickFieldCategory, "7281", "Category", `"text"`, "text"},
	{TickFieldAverageVolume90, "7282", "AverageVolume90", `"3.1K"`, "3100"},
	{TickFieldOptionImpliedVolPercent, "7283", "OptionImpliedVolPercent", `"31.4%"`, "31.4"},
	{TickFieldHistVol30Day, "7284", "HistVol30Day", `"31.4%"`, "31.4"},
	{TickFieldPutCallRatio, "7285", "PutCallRatio", `"-0.25"`, "-0.25"},
	{TickFieldDividendAmount, "7286", "DividendAmount", `"-0.25"`, "-0.25"},
	{TickFieldDividendYieldPercent, "7287", "DividendYieldPercent", `"31.4%"`, "31.4"},
	{TickFieldExDateDividend, "7288", "ExDateDividend", `"text"`, "text"},
	{TickFieldMarketCap, "7289", "MarketCap", `"3.1K"`, "3100"},
	{TickFieldPriceEarnings, "7290", "PriceEarnings", `"-0.25"`, "-0.25"},
	{TickFieldEPS, "7291", "EPS", `"-0.25"`, "-0.25"},
	{TickFieldCostBasis, "7292", "CostBasis", `"-1,234.5"`, "-1234.5"},
	{TickFieldHigh52Week, "7293", "High52Week", `"189.56"`, "189.56"},
	{TickFieldLow52Week, "7294", "Low52Week", `"189.56"`, "189.56"},
	{TickFieldOpen, "7295", "Open", `"189.56"`, "189.56"},
	{TickFieldClose, "7296", "Close", `"189.56"`, "189.56"},
	{TickFieldDelta, "7308", "Delta", `"-0.25"`, "-0.25"},
	{TickFieldGamma, "7309", "Gamma", `"-0.25"`, "-0.25"},
	{TickFieldTheta, "7310", "Theta", `"-0.25"`, "-0.25"},
	{TickFieldVega, "7311", "Vega", `"-0.25"`, "-0.25"},
	{TickFieldOptVolumeChangePercent, "7607", "OptVolumeChangePercent", `"31.4%"`, "31.4"},
	{TickFieldImpliedVolPercent, "7633", "ImpliedVolPercent", `"31.4%"`, "31.4"},
	{TickFieldMarkPrice, "7635", "MarkPrice", `"189.56"`, "189.56"},
	{TickFieldShortableShares, "7636", "ShortableShares", `"3.1K"`, "3100"},
	{TickFieldFeeRate, "7637", "FeeRate", `"31.4%"`, "31.4"},
	{TickFieldOptionOpenInterest, "7638", "OptionOpenInterest", `"3.1K"`, "3100"},
	{TickFieldPercentOfMarkValue, "7639", "PercentOfMarkValue", `"31.4%"`, "31.4"},
	{TickFieldShortable, "7644", "Shortable", `"text"`, "text"},
	{TickFieldMorningstarRating, "7655", "MorningstarRating", `"text"`, "text"},
	{TickFieldDividends, "7671", "Dividends", `"-0.25"`, "-0.25"},
	{TickFieldDividendsTTM, "7672", "DividendsTTM", `"-0.25"`, "-0.25"},
	{TickFieldEMA200, "7674", "EMA200", `"189.56"`, "189.56"},
	{TickFieldEMA100, "7675", "EMA100", `"189.56"`, "189.56"},
	{TickFieldEMA50, "7676", "EMA50", `"189.56"`, "189.56"},
	{TickFieldEMA20, "7677", "EMA20", `"189.56"`, "189.56"},
	{TickFieldPriceToEMA200Percent, "7678", "PriceToEMA200Percent", `"31.4%"`, "31.4"},
	{TickFieldPriceToEMA100Percent, "7679", "PriceToEMA100Percent", `"31.4%"`, "31.4"},
	{TickFieldPriceToEMA20Percent, "7681", "PriceToEMA20Percent", `"31.4%"`, "31.4"},
	{TickFieldChangeSinceOpen, "7682", "ChangeSinceOpen", `"-0.25"`, "-0.25"},
	{TickFieldUpcomingEvent, "7683", "UpcomingEvent", `"text"`, "text"},
	{TickFieldUpcomingEventDate, "7684", "UpcomingEventDate", `"text"`, "text"},
	{TickFieldUpcomingAnalystMeeting, "7685", "UpcomingAnalystMeeting", `"text"`, "text"},
	{TickFieldUpcomingEarnings, "7686", "UpcomingEarnings", `"text"`, "text"},
	{TickFieldUpcomingMiscEvent, "7687", "UpcomingMiscEvent", `"text"`, "text"},
	{TickFieldRecentAnalystMeeting, "7688", "RecentAnalystMeeting", `"text"`, "text"},
	{TickFieldRecentEarnings, "7689", "RecentEarnings", `"text"`, "text"},
	{TickFieldRecentMiscEvent, "7690", "RecentMiscEvent", `"text"`, "text"},
	{TickFieldProbabilityOfMaxReturn, "7694", "ProbabilityOfMaxReturn", `"31.4%"`, "31.4"},
	{TickFieldBreakEven, "7695", "BreakEven", `"text"`, "text"},
	{TickFieldSPXDelta, "7696", "SPXDelta", `"-0.25"`, "-0.25"},
	{TickFieldFuturesOpenInterest, "7697", "FuturesOpenInterest", `"3.1K"`, "3100"},
	{TickFieldLastYield, "7698", "LastYield", `"31.4%"`, "31.4"},
	{TickFieldBidYield, "7699", "BidYield", `"31.4%"`, "31.4"},
	{TickFieldProbabilityOfMaxReturnAlt, "7700", "ProbabilityOfMaxReturnAlt", `"31.4%"`, "31.4"},
	{TickFieldProbabilityOfMaxLoss, "7702", "ProbabilityOfMaxLoss", `"31.4%"`, "31.4"},
	{TickFieldProfitProbability, "7703", "ProfitProbability", `"31.4%"`, "31.4"},
	{TickFieldOrganizationType, "7704", "OrganizationType", `"text"`, "text"},
	{TickFieldDebtClass, "7705", "DebtClass", `"text"`, "text"},
	{TickFieldRatings, "7706", "Ratings", `"text"`, "text"},
	{TickFieldBondStateCode, "7707", "BondStateCode", `"text"`, "text"},
	{TickFieldBondType, "7708", "BondType", `"text"`, "text"},
	{TickFieldLastTradingDate, "7714", "LastTradingDate", `"text"`, "text"},
	{TickFieldIssueDate, "7715", "IssueDate", `"text"`, "text"},
	{TickFieldBeta, "7718", "Beta", `"-0.25"`, "-0.25"},
	{TickFieldAskYield, "7720", "AskYield", `"31.4%"`, "31.4"},
	{TickFieldPriceToEMA50Percent, "7724", "PriceToEMA50Percent", `"31.4%"`, "31.4"},
	{TickFieldPriorClose, "7741", "PriorClose", `"189.56"`, "189.56"},
	{TickFieldVolumeLong, "7762", "VolumeLong", `"-0.25"`, "-0.25"},
	{TickFieldHasTradingPermissions, "7768", "HasTradingPermissions", `"1"`, "true"},
	{TickFieldDailyPnLRaw, "7920", "DailyPnLRaw", `"-0.25"`, "-0.25"},
	{TickFieldCostBasisRaw, "7921", "CostBasisRaw", `"-0.25"`, "-0.25"},
	{TickFieldRebateRate, "7943", "RebateRate", `"31.4%"`, "31.4"},
	{TickFieldHigh26Week, "7992", "High26Week", `"189.56"`, "189.56"},
	{TickFieldLow26Week, "7993", "Low26Week", `"189.56"`, "189.56"},
	{TickFieldHigh13Week, "7994", "High13Week", `"189.56"`, "189.56"},
	{TickFieldLow13Week, "7995", "Low13Week", `"189.56"`, "189.56"},
}

func TestEveryFieldHasATypedAccessor(t *testing.T) {
	require.Len(t, fieldSamples, len(TickFields()))
	for i, f := range TickFields() {
		s := fieldSamples[i]
		t.Run(s.id+" "+s.accessor, func(t *testing.T) {
			require.Equal(t, f, s.field)
			require.Equal(t, s.id, f.String())
			got := read(t, s.accessor, `{"`+s.id+`":`+s.wire+`}`)
			require.Equal(t, s.want, got)
			require.Equal(t, "unset", read(t, s.accessor, `{"conid":8314}`), "absent is unchanged")
			require.Equal(t, "null", read(t, s.accessor, `{"`+s.id+`":""}`), "an empty text is no value")
		})
	}
}

// read calls an accessor by its name.
func read(t *testing.T, accessor, frame string) string {
	t.Helper()
	var tick Tick
	require.NoError(t, tick.UnmarshalJSON([]byte(frame)))
	method := reflect.ValueOf(&tick).MethodByName(accessor)
	require.True(t, method.IsValid(), "no accessor %s", accessor)
	opt := method.Call(nil)[0]
	if !opt.MethodByName("IsSet").Call(nil)[0].Bool() {
		return "unset"
	}
	out := opt.MethodByName("Get").Call(nil)
	if !out[1].Bool() {
		return "null"
	}
	return fmt.Sprint(out[0].Interface())
}

// TestEncodings tries the dresses in which values come.
func TestEncodings(t *testing.T) {
	for _, tt := range []struct{ accessor, id, wire, want string }{
		{"Last", "31", `"271.71"`, "271.71"},
		{"Last", "31", `"H12.5"`, "H12.5"},
		{"Last", "31", `271.71`, "271.71"},
		{"Bid", "84", `189.56`, "189.56"},
		{"Bid", "84", `null`, "null"},
		{"AskSize", "85", `500`, "500"},
		{"ChangePercent", "83", `"0.54%"`, "0.54"},
		{"ChangePercent", "83", `-0.54`, "-0.54"},
		{"Volume", "87", `"1.25B"`, "1250000000"},
		{"Volume", "87", `"12.4K"`, "12400"},
		{"Volume", "87", `"987"`, "987"},
		{"MarketValue", "73", `"12,345.60"`, "12345.60"},
		{"Availability", "6509", `"DPB"`, "[D P B]"},
		{"Availability", "6509", `"S"`, "[S]"},
		{"Availability", "6509", `"R!"`, "[R !]"},
		{"ContractConID", "6008", `"265598"`, "265598"},
		{"CanBeTraded", "7184", `"0"`, "false"},
	} {
		t.Run(tt.id+" "+tt.wire, func(t *testing.T) {
			require.Equal(t, tt.want, read(t, tt.accessor, `{"`+tt.id+`":`+tt.wire+`}`))
		})
	}
}

func TestLastPriceSaysWhatItIs(t *testing.T) {
	var tick Tick
	require.NoError(t, tick.UnmarshalJSON([]byte(`{"31":"C170.0"}`)))
	last, ok := tick.Last().Get()
	require.True(t, ok)
	require.Equal(t, wire.Some(PriceMarkPreviousClose), last.Mark)
	require.Equal(t, "170.0", last.Price.String())
}

// An odd value costs itself only: it reads as if it had not come, and is there for who looks.
func TestOddValues(t *testing.T) {
	var tick Tick
	require.NoError(t, tick.UnmarshalJSON([]byte(`{"31":"n/a","84":"271.70","6457":"x"}`)))
	require.False(t, tick.Last().IsSet())
	require.True(t, tick.Has(TickFieldLast))
	require.Equal(t, `"n/a"`, string(tick.Raw(TickFieldLast)))
	require.True(t, tick.Bid().HasValue())
}

// TestTicksStaySmall holds a tick to what arrived.
func TestTicksStaySmall(t *testing.T) {
	require.Less(t, reflect.TypeFor[Tick]().Size(), uintptr(200), "no struct of a hundred fields")
}

// TestThePageListsAllFields compares the table of the guide with the catalogue.
func TestThePageListsAllFields(t *testing.T) {
	page, err := os.ReadFile("../docs/ibkr.md")
	require.NoError(t, err)
	for _, s := range fieldSamples {
		require.True(t, strings.Contains(string(page), "| "+s.id+" | `"+s.accessor+"` | "), "%s %s is not in the table of docs/ibkr.md", s.id, s.accessor)
	}
}
