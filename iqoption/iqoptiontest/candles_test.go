package iqoptiontest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/iqoption/iqoptiontest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/wire"
)

func TestHistoryAgreesWithStream(t *testing.T) {
	for _, size := range []iqoption.CandleSize{iqoption.CandleSizeS5, iqoption.CandleSizeM1, iqoption.CandleSizeM15} {
		bubble(t, func(t *testing.T, s *iqoptiontest.Server, c *iqoption.Client) {
			key := iqoption.CandlesKey{ActiveID: iqoptiontest.EURUSDOTC, Size: size}
			sub, err := c.SubscribeCandles(t.Context(), []iqoption.CandlesKey{key}, stream.WithQueue(1<<14, stream.DropOldest))
			require.NoError(t, err)
			time.Sleep(3*time.Duration(size)*time.Second + 10*time.Second)
			now := time.Now()
			require.NoError(t, sub.Close(t.Context()))
			last := finals(t, sub)

			reply, err := c.GetCandles(t.Context(), iqoption.GetCandlesRequest{
				ActiveID: key.ActiveID, Size: size, To: wire.Some(now), Count: wire.Some[int64](500), OnlyClosed: wire.Some(true),
			})
			require.NoError(t, err)
			require.Len(t, reply.Candles, 500)
			compared := 0
			for i, h := range reply.Candles {
				if i > 0 {
					require.Equal(t, reply.Candles[i-1].ID+1, h.ID)
					require.Equal(t, reply.Candles[i-1].CloseTime, h.OpenTime)
					require.Equal(t, reply.Candles[i-1].Close, h.Open, "the tick on the border belongs to both candles")
				}
				require.GreaterOrEqual(t, h.High.Cmp(h.Low), 0)
				require.False(t, h.At.IsSet(), "a closed candle has no time of its last tick")
				live, ok := last[h.ID]
				if !ok {
					continue
				}
				compared++
				require.True(t, live.At.Equal(live.CloseTime))
				require.Equal(t, []any{live.OpenTime, live.CloseTime, live.Open, live.Close, live.Low, live.High},
					[]any{h.OpenTime, h.CloseTime, h.Open, h.Close, h.Low, h.High})
			}
			require.GreaterOrEqual(t, compared, 3)
		})
	}
}

// finals drains a subscription and keeps the last update of each candle that was seen to its end.
func finals(t *testing.T, sub *stream.Sub[iqoption.CandlesKey, iqoption.LiveCandle]) map[int64]iqoption.LiveCandle {
	t.Helper()
	out := make(map[int64]iqoption.LiveCandle)
	var before iqoption.LiveCandle
	for ev, err := range sub.Events(t.Context()) {
		require.NoError(t, err)
		require.Nil(t, ev.Gap)
		require.False(t, ev.Data.At.Before(before.At))
		require.Positive(t, ev.Data.Ask.Cmp(ev.Data.Bid))
		before = ev.Data
		if ev.Data.At.Equal(ev.Data.CloseTime) {
			out[ev.Data.ID] = ev.Data
		}
	}
	return out
}

func TestCandlesByID(t *testing.T) {
	bubble(t, func(t *testing.T, s *iqoptiontest.Server, c *iqoption.Client) {
		time.Sleep(20 * time.Second)
		get := func(from, to int64) []iqoption.Candle {
			reply, err := c.GetCandles(t.Context(), iqoption.GetCandlesRequest{
				ActiveID: iqoptiontest.EURUSD, Size: iqoption.CandleSizeM1, FromID: wire.Some(from), ToID: wire.Some(to),
			})
			require.NoError(t, err)
			return reply.Candles
		}
		all := get(5, 9)
		require.Len(t, all, 5)
		require.EqualValues(t, 5, all[0].ID)
		require.Equal(t, all[1:3], get(6, 7))
		first, err := c.GetFirstCandles(t.Context(), iqoption.GetFirstCandlesRequest{ActiveID: iqoptiontest.EURUSD})
		require.NoError(t, err)
		oldest, ok := first.CandlesBySize.Get(iqoption.CandleSizeM1)
		require.True(t, ok)
		require.Equal(t, get(0, 0), []iqoption.Candle{oldest})
		require.Len(t, first.CandlesBySize, 19)

		live := get(7*24*60, 7*24*60+50)
		require.Len(t, live, 1, "the range ends with the candle that is forming")
		at, ok := live[0].At.Get()
		require.True(t, ok)
		require.WithinDuration(t, time.Now(), at, time.Second)
		require.Empty(t, get(7*24*60+1, 7*24*60+50))
	})
}

func TestCandlesRefused(t *testing.T) {
	bubble(t, func(t *testing.T, s *iqoptiontest.Server, c *iqoption.Client) {
		now := time.Now()
		for field, req := range map[string]iqoption.GetHistoryCandlesRequest{
			"count":     {ActiveID: 1, Size: 1, To: wire.Some(now), Count: wire.Some[int64](1001)},
			"from":      {ActiveID: 1, Size: 1, To: wire.Some(now), From: wire.Some(now.Add(time.Hour)), Count: wire.Some[int64](1)},
			"size":      {ActiveID: 1, Size: 7, To: wire.Some(now), Count: wire.Some[int64](1)},
			"active_id": {ActiveID: 4711, Size: 1, To: wire.Some(now), Count: wire.Some[int64](1)},
		} {
			_, err := c.GetHistoryCandles(t.Context(), req)
			require.ErrorIs(t, err, iqoption.ErrValidation, field)
			detail, ok := iqoption.ValidationDetail(err)
			require.True(t, ok, field)
			_, named := detail.Get(field)
			require.True(t, named, "%s in %v", field, detail)
		}
	})
}

func TestSeedsAndMoves(t *testing.T) {
	prices := func(seed uint64) (out []wire.Decimal) {
		bubble(t, func(t *testing.T, s *iqoptiontest.Server, _ *iqoption.Client) {
			for range 20 {
				p, ok := s.PriceOf(iqoptiontest.BTCUSD)
				require.True(t, ok)
				out = append(out, p)
				time.Sleep(time.Second)
			}
		}, iqoptiontest.WithSeed(seed))
		return out
	}
	a, b := prices(1), prices(2)
	require.Equal(t, a, prices(1))
	require.NotEqual(t, a, b)
	require.NotEqual(t, a[0], a[1])

	bubble(t, func(t *testing.T, s *iqoptiontest.Server, _ *iqoption.Client) {
		require.NoError(t, s.Move(iqoptiontest.BTCUSD, decimal(t, "-1000")))
		p, _ := s.PriceOf(iqoptiontest.BTCUSD)
		require.Equal(t, a[0], p, "the price of a moment never changes")
		time.Sleep(time.Second)
		p, _ = s.PriceOf(iqoptiontest.BTCUSD)
		require.InDelta(t, a[1].Float64()-1000, p.Float64(), 1e-6)
		require.Error(t, s.Move(4711, decimal(t, "1")))
	})
}
