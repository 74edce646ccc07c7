package polygon_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/polygon/polygontest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// frameFaults are the rows of frames, replies and subscriptions that this venue decides: batches of events, and
// statuses that name what they confirm but not what they refuse.
var frameFaults = []struct {
	name string
	test func(t *testing.T)
}{
	{"23-close-codes", closeCodes},
	{"36-numbers-as-they-come", numbersAsTheyCome},
	{"39-flood-of-unknown-events", unknownFlood},
	{"40-one-bad-element-of-a-hundred", badElement},
	{"47-confirmations-by-name", confirmationsByName},
	{"47-never-confirmed", unconfirmed},
	{"48-channel-refused", refusedChannel},
	{"48-refusal-beside-confirmations", refusalBesideConfirmations},
}

func closeCodes(t *testing.T) {
	retry, coolDown := protocol.CloseRetry, protocol.CloseCoolDown
	for code, class := range map[int]protocol.CloseClass{
		1000: retry, 1001: retry, 1005: retry, 1008: coolDown, 1011: retry, 1012: retry, 1013: retry, 3000: retry, 4000: retry, 4999: retry,
	} {
		t.Run(strconv.Itoa(code), func(t *testing.T) {
			inVenue(t, func(t *testing.T, v *venue) {
				c := v.stocks()
				require.NoError(t, v.WaitSessions(t.Context(), 1))
				began := time.Now()
				v.Fault(streamtest.CloseWith(code, "reason"))
				for st := range c.Watch(t.Context()) {
					if st.State == stream.Ready && st.Epoch == 2 {
						break
					}
				}
				require.Equal(t, class == coolDown, time.Since(began) >= time.Minute, "%v", time.Since(began))
				require.LessOrEqual(t, time.Since(began), 70*time.Second)
			})
		})
	}
}

// Shapes that the vendor's own clients drop: text for numbers, numbers for text, exponents, fractions.
func numbersAsTheyCome(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c, err := polygon.DialCrypto(t.Context(), v.Key(), v.options()...)
		require.NoError(t, err)
		trades, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"BTC-USD"})
		require.NoError(t, err)
		bars, err := c.SubscribeSecondAggregates(t.Context(), []polygon.Symbol{"SHIB-USD"})
		require.NoError(t, err)
		v.Send(polygon.ClusterCrypto,
			`{"ev":"XT","pair":"BTC-USD","p":33021.9,"t":1610462007425,"s":1.616617e-05,"c":[2],"i":14272084,"x":"3","r":1610462007576}`,
			`{"ev":"XAS","pair":"SHIB-USD","v":8.652169e+06,"vw":7.7e-06,"z":3.39566313e+08,"o":7e-06,"c":7e-06,"h":7e-06,"l":7e-06,"s":1610463240000,"e":1610463300000}`)
		trade, err := trades.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, polygon.TradeID("14272084"), trade.Data.ID)
		require.Equal(t, polygon.ExchangeID(3), trade.Data.Exchange)
		require.Equal(t, 1.616617e-05, trade.Data.Size)
		bar, err := bars.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, 3.39566313e+08, bar.Data.AverageTradeSize)
		require.Equal(t, 8652169.0, bar.Data.Volume)
		require.NoError(t, c.Close(t.Context()))
	})
}

// A flood of kinds that nobody knows is counted and takes no more memory than a fixed table.
func unknownFlood(t *testing.T) {
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

// One bad element of 100 costs itself alone, and the error says which it was.
func badElement(t *testing.T) {
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

// Confirmations come in any order, packed into one frame or spread over several.
func confirmationsByName(t *testing.T) {
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

func unconfirmed(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		v.OnSubscribe("T", func(*streamtest.Call) {})
		c := v.stocks()
		_, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"AAPL"})
		require.ErrorIs(t, err, stream.ErrAckTimeout)
		require.NotErrorIs(t, err, polygon.ErrNotAuthorized)
		require.NoError(t, c.Close(t.Context()))
	})
}

// The venue confirms by name and refuses without one: what stays unconfirmed is what was refused.
func refusedChannel(t *testing.T) {
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
func refusalBesideConfirmations(t *testing.T) {
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
