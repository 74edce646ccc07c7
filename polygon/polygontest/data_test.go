package polygontest_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	json "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/polygon/polygontest"
	"github.com/venuewire/venuewire/stream"
)

func TestMarket(t *testing.T) {
	bubble(t, func(t *testing.T, s *polygontest.Server) {
		c, err := polygon.DialStocks(t.Context(), s.Key(), s.Options()...)
		require.NoError(t, err)
		trades, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"AAPL"})
		require.NoError(t, err)
		bars, err := c.SubscribeMinuteAggregates(t.Context(), []polygon.Symbol{polygon.All})
		require.NoError(t, err)
		time.Sleep(3*time.Minute + 100*time.Millisecond)
		require.EqualValues(t, 3*60*2, trades.Stats().Events)
		require.EqualValues(t, 3*5, bars.Stats().Events)
		bar, err := bars.Next(t.Context())
		require.NoError(t, err)
		b := bar.Data
		require.Equal(t, time.Minute, b.End.Sub(b.Start))
		require.Equal(t, b.End, b.End.Truncate(time.Minute))
		require.True(t, b.Low <= b.Open && b.Open <= b.High && b.Low <= b.Close && b.Close <= b.High, "%+v", b)
		one, err := trades.Next(t.Context())
		require.NoError(t, err)
		two, err := trades.Next(t.Context())
		require.NoError(t, err)
		q1, _ := one.Data.Sequence.Get()
		q2, _ := two.Data.Sequence.Get()
		require.EqualValues(t, 1, q1, "each symbol counts by itself")
		require.EqualValues(t, 2, q2)
		require.EqualValues(t, trades.Stats().Events, s.Sequence(polygon.ClusterStocks, "T", "AAPL"))
		require.Zero(t, s.Sequence(polygon.ClusterStocks, "T", "MSFT"))
		require.NoError(t, c.Close(t.Context()))
		require.Empty(t, s.Problems())
	}, polygontest.WithMarket(500*time.Millisecond))
}

// Made-up events have the members of the samples and say the same of the same moment.
func TestEvents(t *testing.T) {
	bubble(t, func(t *testing.T, s *polygontest.Server) {
		at := time.UnixMilli(1_793_750_461_234)
		got := s.Event(polygon.ClusterForex, "C", "USD/JPY", at)
		require.True(t, strings.HasPrefix(got, `{"ev":"C","p":"USD/JPY","x":"44","a":6.`), got)
		require.True(t, strings.HasSuffix(got, `,"t":1793750461234}`), got)
		require.Equal(t, got, s.Event(polygon.ClusterForex, "C", "USD/JPY", at))
		require.Contains(t, s.Event(polygon.ClusterForex, "FMV", "EUR/USD", at), `"sym":"C:EURUSD"`)
		require.Contains(t, s.Event(polygon.ClusterCrypto, "LV", "BTC-USD", at), `"sym":"X:BTC-USD"`)
		require.Contains(t, s.Event(polygon.ClusterStocks, "LULD", "BRK.B", at), `"T":"BRK.B","t":1793750461234000000`)
		require.Empty(t, s.Event(polygon.ClusterForex, "T", "X", at))
	})
}

func TestBurst(t *testing.T) {
	for name, b := range map[string]polygontest.Burst{
		"as fast as possible": {Events: 5_040},
		"at a rate":           {Events: 5_040, Rate: 1_000, PerFrame: 10},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *polygontest.Server) {
				c, err := polygon.DialStocks(t.Context(), s.Key(), s.Options()...)
				require.NoError(t, err)
				sub, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{polygon.All}, stream.WithQueue(10_000, stream.DropOldest))
				require.NoError(t, err)
				quotes, err := c.SubscribeQuotes(t.Context(), []polygon.Symbol{"SPY"})
				require.NoError(t, err)
				began := time.Now()
				b.Cluster = polygon.ClusterStocks
				require.NoError(t, s.Burst(t.Context(), b))
				if b.Rate > 0 {
					require.Equal(t, 5_040*time.Millisecond, time.Since(began))
				}
				synctest.Wait()
				require.EqualValues(t, b.Events, sub.Stats().Events+quotes.Stats().Events)
				require.EqualValues(t, b.Events/6, quotes.Stats().Events, "channels take turns")
				require.NoError(t, c.Close(t.Context()))
			})
		})
	}
}

// What a client recorded can be replayed, with its timing.
func TestRecordAndReplay(t *testing.T) {
	var file strings.Builder
	rec := polygontest.NewRecorder(&file)
	bubble(t, func(t *testing.T, s *polygontest.Server) {
		c, err := polygon.DialStocks(t.Context(), s.Key(), append(s.Options(), stream.WithHooks(rec))...)
		require.NoError(t, err)
		_, err = c.SubscribeTrades(t.Context(), []polygon.Symbol{"AAPL"})
		require.NoError(t, err)
		for range 3 {
			s.Send(polygon.ClusterStocks, s.Event(polygon.ClusterStocks, "T", "AAPL", time.Now()))
			time.Sleep(10 * time.Second)
		}
		require.NoError(t, c.Close(t.Context()))
		require.NotContains(t, file.String(), s.Key().Reveal())
	})
	require.NoError(t, rec.Err())
	lines := strings.Split(strings.TrimSpace(file.String()), "\n")
	for _, l := range lines {
		require.True(t, json.Valid([]byte(l)))
	}
	bubble(t, func(t *testing.T, s *polygontest.Server) {
		c, err := polygon.DialStocks(t.Context(), s.Key(), s.Options()...)
		require.NoError(t, err)
		sub, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{polygon.All})
		require.NoError(t, err)
		began := time.Now()
		require.NoError(t, s.Replay(t.Context(), polygon.ClusterStocks, strings.NewReader(file.String()), 2))
		require.Equal(t, 10*time.Second, time.Since(began))
		synctest.Wait()
		require.EqualValues(t, 3, sub.Stats().Events)
		require.NoError(t, s.Replay(t.Context(), polygon.ClusterStocks, strings.NewReader(file.String()), 0))
		require.Equal(t, 10*time.Second, time.Since(began))
		synctest.Wait()
		require.EqualValues(t, 6, sub.Stats().Events)
		require.ErrorContains(t, s.Replay(t.Context(), polygon.ClusterStocks, strings.NewReader("{}\nx"), 0), "line 2")
		require.NoError(t, c.Close(t.Context()))
	})
}
