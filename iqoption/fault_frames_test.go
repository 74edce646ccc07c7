package iqoption

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// frameFaults are the rows of frames, replies and subscriptions that this venue decides: acknowledgements before
// the answer, and the codes of refused orders.
var frameFaults = []struct {
	name string
	test func(t *testing.T)
}{
	{"23-close-codes", closeCodes},
	{"44-acknowledgement-then-data", callsGetAnAcknowledgementAndThenData},
	{"57-order-errors", orderErrors},
}

func closeCodes(t *testing.T) {
	retry, coolDown := protocol.CloseRetry, protocol.CloseCoolDown
	for code, class := range map[int]protocol.CloseClass{
		1000: retry, 1001: retry, 1005: retry, 1008: retry, 1011: retry, 1012: retry, 1013: retry, 3000: retry, 4000: retry, 4999: retry,
	} {
		t.Run(strconv.Itoa(code), func(t *testing.T) {
			inRoom(t, func(t *testing.T, r *room) {
				c := r.dial()
				require.NoError(t, r.WaitSessions(t.Context(), 1))
				began := time.Now()
				r.Fault(streamtest.CloseWith(code, "reason"))
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

func callsGetAnAcknowledgementAndThenData(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		c := r.dial()
		for name, status := range map[string]string{"new service": "2000", "old service": "0", "no status": ""} {
			r.OnCall("get-candles", func(call *streamtest.Call) {
				call.Accept()
				call.SendReply([]byte(`{"name":"candles","request_id":"` + call.ID + `",` + statusMember(status) +
					`"msg":{"candles":[{"id":7,"from":60,"to":120,"open":1.5,"close":1.6,"min":1.4,"max":1.7,"volume":0}]}}`))
			})
			reply, err := c.GetCandles(t.Context(), GetCandlesRequest{ActiveID: 76, Size: CandleSizeM1, FromID: wire.Some[int64](7), ToID: wire.Some[int64](7)})
			require.NoError(t, err, name)
			require.Equal(t, "1.4", reply.Candles[0].Low.String())
		}
		r.OnCall("get-candles", func(call *streamtest.Call) { call.RefuseAck("unknown microservice") })
		_, err := c.GetCandles(t.Context(), GetCandlesRequest{ActiveID: 76, Size: CandleSizeM1, FromID: wire.Some[int64](7), ToID: wire.Some[int64](7)})
		var refused *stream.VenueError
		require.ErrorAs(t, err, &refused)
		require.Equal(t, "unknown microservice", refused.Message)
	})
}

func statusMember(v string) string {
	if v == "" {
		return ""
	}
	return `"status":` + v + `,`
}

func orderErrors(t *testing.T) {
	t.Run("the payout moved", func(t *testing.T) {
		inRoom(t, func(t *testing.T, r *room) {
			c := r.dial()
			r.OnCall("binary-options.open-option", func(call *streamtest.Call) {
				call.Accept()
				call.SendReply([]byte(`{"name":"option","request_id":"` + call.ID + `","status":4117,"msg":{"message":"moved","result":{"actual_commission":{"active_id":76,"commission":14,"option_type":12}}}}`))
			})
			_, err := c.OpenOption(t.Context(), blitz())
			require.ErrorIs(t, err, ErrProfitRateChanged)
			detail, ok := ProfitRateChangedDetail(err)
			require.True(t, ok)
			require.EqualValues(t, 86, detail.PayoutPercent())
		})
	})
	t.Run("not ready", func(t *testing.T) {
		inRoom(t, func(t *testing.T, r *room) {
			c := r.dial()
			_, err := c.UserID(t.Context())
			require.NoError(t, err)
			r.Fault(streamtest.RefuseDials(streamtest.All))
			r.Fault(streamtest.Drop())
			synctest.Wait()
			_, err = c.OpenOption(t.Context(), blitz())
			require.ErrorIs(t, err, stream.ErrNotSent)
			require.Empty(t, r.CallsOf("binary-options.open-option"))
		})
	})
	t.Run("never answered", func(t *testing.T) {
		inRoom(t, func(t *testing.T, r *room) {
			c := r.dial()
			r.OnCall("binary-options.open-option", func(call *streamtest.Call) { call.Session.Drop() })
			_, err := c.OpenOption(t.Context(), blitz())
			require.ErrorIs(t, err, stream.ErrOutcomeUnknown)
			require.NoError(t, c.WaitReady(t.Context()))
			synctest.Wait()
			require.Len(t, r.CallsOf("binary-options.open-option"), 1, "not repeated")
		})
	})
	t.Run("an incomplete request", func(t *testing.T) {
		inRoom(t, func(t *testing.T, r *room) {
			c := r.dial()
			turbo := blitz()
			turbo.OptionTypeID = OptionTypeTurbo
			_, err := c.OpenOption(t.Context(), turbo)
			require.ErrorIs(t, err, stream.ErrNotSent)
			require.ErrorIs(t, err, errNoExpiry)
			sizeless := blitz()
			wire.Clear(&sizeless.ExpirationSize)
			_, err = c.OpenOption(t.Context(), sizeless)
			require.ErrorIs(t, err, errNoSize)
			require.Empty(t, r.CallsOf("binary-options.open-option"))
		})
	})
}
