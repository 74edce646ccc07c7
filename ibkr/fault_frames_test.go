package ibkr_test

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/ibkr/ibkrtest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// frameFaults are the rows of frames, replies and subscriptions that this venue decides: bytes that are no UTF-8,
// frames of both kinds, and feeds that their first event confirms.
var frameFaults = []struct {
	name string
	test func(t *testing.T)
}{
	{"23-close-codes", closeCodes},
	{"28-stray-bytes", strayBytes},
	{"29-binary-frames", binaryFrames},
	{"47-first-tick-confirms", firstTickConfirms},
}

func closeCodes(t *testing.T) {
	retry, coolDown := protocol.CloseRetry, protocol.CloseCoolDown
	for code, class := range map[int]protocol.CloseClass{
		1000: retry, 1001: retry, 1005: retry, 1008: retry, 1011: retry, 1012: retry, 1013: retry, 3000: retry, 4000: retry, 4999: retry,
	} {
		t.Run(strconv.Itoa(code), func(t *testing.T) {
			bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
				require.NoError(t, s.WaitSessions(t.Context(), 1))
				began := time.Now()
				s.Fault(streamtest.CloseWith(code, "reason"))
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

// firstTickConfirms: nothing else does, so that a contract that stays silent is refused, and given back.
func firstTickConfirms(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		s.OnSubscribe("smd", func(*streamtest.Call) {})
		q, err := c.SubscribeMarketData(t.Context(), []ibkr.Target{ibkrtest.AAPL.Target()}, lastAndBid)
		require.ErrorIs(t, err, stream.ErrAckTimeout)
		require.Nil(t, q)
		synctest.Wait()
		all := sent(s)
		require.Equal(t, "umd+265598+{}", all[len(all)-1])
		require.Empty(t, c.Stats().Subscriptions)
	})
}

// Bytes that are no UTF-8 cost nothing and are counted.
func strayBytes(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		q, err := c.SubscribeMarketData(t.Context(), []ibkr.Target{ibkrtest.AAPL.Target()}, []ibkr.TickField{ibkr.TickFieldCompanyName})
		require.NoError(t, err)
		_, err = q.Next(within(t, time.Hour))
		require.NoError(t, err)
		s.PushBinary([]byte("{\"7051\":\"CAF\x99 SA\",\"conid\":265598,\"topic\":\"smd+265598\"}"))
		for name := ibkr.Text(""); name != "CAF� SA"; { // the full frame comes twice
			ev, err := q.Next(within(t, time.Hour))
			require.NoError(t, err)
			require.Nil(t, ev.Gap)
			name = ev.Data.CompanyName().Or("")
		}
		found := false
		for _, row := range c.Drift().Snapshot() {
			found = found || row.Kind == wire.DriftInvalidUTF8 && row.Type == "frame" && row.Count == 1
		}
		require.True(t, found)
	})
}

func binaryFrames(t *testing.T) {
	bubble(t, func(t *testing.T, _ *ibkrtest.Server, c *ibkr.Client) {
		q, err := c.SubscribeMarketData(t.Context(), []ibkr.Target{ibkrtest.AAPL.Target()}, lastAndBid)
		require.NoError(t, err)
		_, err = q.Next(within(t, time.Hour))
		require.NoError(t, err)
		_, err = c.Echo(t.Context())
		require.NoError(t, err)
	}, ibkrtest.WithBinaryFrames())
}
