package iqoptiontest

import (
	"time"

	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// maxCandles is how many candles the venue returns at most.
const maxCandles = 1000

// query is what both history calls ask for.
type query struct {
	asset      *asset
	size       iqoption.CandleSize
	fromID     wire.Opt[int64]
	toID       wire.Opt[int64]
	from, to   wire.Opt[time.Time]
	count      wire.Opt[int64]
	onlyClosed bool
}

func (s *Server) getCandles(_ *peer, c *streamtest.Call) answer {
	var r iqoption.GetHistoryCandlesRequest // the fields of get-candles and two more
	if err := r.UnmarshalJSON(orEmpty(c.Request)); err != nil {
		return badRequest(err)
	}
	a, ok := s.assetOf(r.ActiveID)
	if !ok {
		return invalid("active_id", "is not a known asset")
	}
	q := query{a, r.Size, r.FromID, r.ToID, r.From, r.To, r.Count, r.OnlyClosed.Or(false)}
	now := time.Now().UnixMilli()
	first, last, no := q.span(now)
	if no != nil {
		return answer{no: no}
	}
	reply := iqoption.GetCandlesReply{Candles: []iqoption.Candle{}}
	for i := first; i <= last; i++ {
		reply.Candles = append(reply.Candles, a.candle(frameOf(q.size, i), now))
	}
	return data(streamtest.JSON(reply))
}

// span is the range of spans that a query asks for, cut to those that exist.
func (q *query) span(now int64) (first, last int64, no *refusal) {
	if !knownSize(q.size) {
		return 0, 0, invalid("size", "is not a known size").no
	}
	oldest, newest := q.asset.first(q.size).index, frameAt(q.size, now).index
	if q.onlyClosed {
		newest--
	}
	toID, byID := q.toID.Get()
	to, byTime := q.to.Get()
	switch {
	case byID:
		first, last = oldest+q.fromID.Or(toID), oldest+toID
	case byTime:
		if last = frameAt(q.size, to.UnixMilli()).index; frameOf(q.size, last).from == to.UnixMilli() {
			last--
		}
		last = min(last, newest)
		first, no = q.start(last, now)
	default:
		no = invalid("to", "is required without to_id").no
	}
	if no == nil && last-first >= maxCandles {
		no = invalid("count", "must be less than or equal to 1000").no
	}
	return max(first, oldest), min(last, newest), no
}

// start is the first span of a query by time.
func (q *query) start(last, now int64) (int64, *refusal) {
	if from, ok := q.from.Get(); ok {
		if from.UnixMilli() > now {
			return 0, invalid("from", "must not be greater than current time").no
		}
		return frameAt(q.size, from.UnixMilli()).index, nil
	}
	count, ok := q.count.Get()
	if !ok || count < 1 {
		return 0, invalid("count", "must be greater than or equal to 1").no
	}
	return last - count + 1, nil
}

func (s *Server) getFirstCandles(_ *peer, c *streamtest.Call) answer {
	var r iqoption.GetFirstCandlesRequest
	if err := r.UnmarshalJSON(orEmpty(c.Request)); err != nil {
		return badRequest(err)
	}
	a, ok := s.assetOf(r.ActiveID)
	if !ok {
		return invalid("active_id", "is not a known asset")
	}
	var reply iqoption.GetFirstCandlesReply
	now := time.Now().UnixMilli()
	for _, size := range candleSizes {
		reply.CandlesBySize = append(reply.CandlesBySize, wire.Pair[iqoption.CandleSize, iqoption.Candle]{
			Key: size, Value: a.candle(a.first(size), now),
		})
	}
	return data(streamtest.JSON(reply))
}
