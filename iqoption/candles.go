package iqoption

import (
	"context"
	"fmt"
	"iter"
	"sort"
	"time"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/wire"
)

// candlePage is the most candles that the venue returns at once.
const candlePage = 1000

// HistoryCandles yields the candles of an asset that lie within from and to, oldest first. size is in seconds. A candle
// is yielded only when it is closed, so a to in the future is the venue's now. The history of small sizes goes back some
// days only; what is older than the venue's oldest candle is left out without an error. The last pair holds an error if
// a call failed; what was yielded before is complete up to there.
//
// Times without trade have no candle and no id, so pages go by id: two calls find the ends, and one more is made for each
// 1000 candles, when the loop gets there.
func (c *Client) HistoryCandles(ctx context.Context, active ActiveID, size CandleSize, from, to time.Time) iter.Seq2[Candle, error] {
	return func(yield func(Candle, error) bool) {
		if now := c.venueTime(time.Now()); to.After(now) {
			to = now
		}
		if !from.Before(to) {
			return
		}
		id, last, err := c.candleRange(ctx, active, size, from, to)
		for err == nil && id <= last {
			var page []Candle
			if page, err = c.candlePage(ctx, active, size, id); err != nil {
				break
			}
			for _, candle := range page {
				if candle.OpenTime.Before(from) {
					continue
				}
				if candle.CloseTime.After(to) || !yield(candle, nil) {
					return
				}
			}
			id += candlePage
		}
		if err != nil {
			yield(Candle{}, err)
		}
	}
}

// candleRange finds the ids of the candles at or before two times. An id of the first that is greater than that of the
// last says that there are none.
func (c *Client) candleRange(ctx context.Context, active ActiveID, size CandleSize, from, to time.Time) (first, last int64, err error) {
	last, ok, err := c.candleAt(ctx, active, size, to.Add(-time.Second)) // not the one that opens then
	if err != nil || !ok {
		return 1, 0, err
	}
	first, ok, err = c.candleAt(ctx, active, size, from)
	if err != nil || ok {
		return first, last, err
	}
	oldest, err := c.GetFirstCandles(ctx, GetFirstCandlesRequest{ActiveID: active})
	if err != nil {
		return 1, 0, err
	}
	candle, ok := oldest.CandlesBySize.Get(size)
	if !ok {
		return 1, 0, nil
	}
	return candle.ID, last, nil
}

// candleAt finds the id of the last candle at or before t; false if there is none.
func (c *Client) candleAt(ctx context.Context, active ActiveID, size CandleSize, t time.Time) (id int64, ok bool, err error) {
	reply, err := c.GetCandles(ctx, GetCandlesRequest{
		ActiveID: active, Size: size, To: wire.Some(t), Count: wire.Some[int64](1),
	})
	if err != nil || len(reply.Candles) == 0 {
		return 0, false, err
	}
	return reply.Candles[len(reply.Candles)-1].ID, true, nil
}

// candlePage reads the candles from an id on, in order.
func (c *Client) candlePage(ctx context.Context, active ActiveID, size CandleSize, id int64) ([]Candle, error) {
	last := id + candlePage - 1
	reply, err := c.GetCandles(ctx, GetCandlesRequest{
		ActiveID: active, Size: size, FromID: wire.Some(id), ToID: wire.Some(last),
	})
	if err != nil {
		return nil, err
	}
	page := reply.Candles
	// Not by package slices, which would be compiled anew for candles, here and for positions in Reconcile.
	sort.SliceStable(page, func(i, j int) bool { return page[i].ID < page[j].ID })
	if n := len(page); n > 0 && (page[0].ID < id || page[n-1].ID > last) {
		reason := fmt.Sprintf("candles %d to %d in answer to %d to %d", page[0].ID, page[n-1].ID, id, last)
		return nil, &stream.ProtocolError{Venue: wireProtocol.Venue, Method: rpcGetCandles.Name, Reason: reason}
	}
	return page, nil
}
