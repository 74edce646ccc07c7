package iqoptiontest

import (
	"time"

	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/wire"
)

// candleSizes are the sizes that the venue makes candles of.
var candleSizes = [...]iqoption.CandleSize{
	iqoption.CandleSizeS1, iqoption.CandleSizeS5, iqoption.CandleSizeS10, iqoption.CandleSizeS15, iqoption.CandleSizeS30,
	iqoption.CandleSizeM1, iqoption.CandleSizeM2, iqoption.CandleSizeM5, iqoption.CandleSizeM10, iqoption.CandleSizeM15,
	iqoption.CandleSizeM30, iqoption.CandleSizeH1, iqoption.CandleSizeH2, iqoption.CandleSizeH4, iqoption.CandleSizeH8,
	iqoption.CandleSizeH12, iqoption.CandleSizeD1, iqoption.CandleSizeW1, iqoption.CandleSizeMonth,
}

func knownSize(size iqoption.CandleSize) bool {
	for _, s := range candleSizes {
		if s == size {
			return true
		}
	}
	return false
}

// frame is the time span of a candle; its index counts the spans of its size since 1970.
type frame struct {
	size     iqoption.CandleSize
	index    int64
	from, to int64 // ms
}

// mondays is how far the first Monday is from the start of Unix time.
const mondays = 4 * 24 * time.Hour

// frameAt is the span that a time falls into: weeks start on Monday and months with the calendar.
func frameAt(size iqoption.CandleSize, ms int64) frame {
	switch size {
	case iqoption.CandleSizeMonth:
		t := time.UnixMilli(ms).UTC()
		return monthFrame(int64(t.Year())*12 + int64(t.Month()) - 1)
	case iqoption.CandleSizeW1:
		ms -= mondays.Milliseconds()
	}
	length := int64(size) * 1000
	return frameOf(size, (ms-mod(ms, length))/length)
}

func frameOf(size iqoption.CandleSize, index int64) frame {
	if size == iqoption.CandleSizeMonth {
		return monthFrame(index)
	}
	from := index * int64(size) * 1000
	if size == iqoption.CandleSizeW1 {
		from += mondays.Milliseconds()
	}
	return frame{size, index, from, from + int64(size)*1000}
}

func monthFrame(index int64) frame {
	start := time.Date(int(index/12), time.Month(index%12+1), 1, 0, 0, 0, 0, time.UTC)
	return frame{iqoption.CandleSizeMonth, index, start.UnixMilli(), start.AddDate(0, 1, 0).UnixMilli()}
}

// first is the span of the oldest candle of a size; its id is 0.
func (a *asset) first(size iqoption.CandleSize) frame { return frameAt(size, a.listed) }

func (a *asset) id(f frame) int64 { return f.index - a.first(f.size).index }

// candle is the candle of a span as of now; while it is forming it has the time of its last tick.
func (a *asset) candle(f frame, now int64) iqoption.Candle {
	last := min(f.to, now-mod(now, a.tick))
	b := a.course(max(f.from, a.listed), last, now)
	c := iqoption.Candle{
		ID: a.id(f), OpenTime: time.UnixMilli(f.from), CloseTime: time.UnixMilli(f.to),
		Open: a.decimal(b.open), Close: a.decimal(b.close), Low: a.decimal(b.low), High: a.decimal(b.high),
	}
	if last < f.to {
		c.At.Set(time.UnixMilli(last))
		c.Phase.Set(iqoption.PhaseTrading)
	}
	return c
}

// live is the update of a span's candle by the tick at a time.
func (a *asset) live(f frame, at int64) iqoption.LiveCandle {
	b := a.course(max(f.from, a.listed), at, at)
	bid, ask := a.spread(b.close)
	c := iqoption.LiveCandle{
		ActiveID: a.ID, Size: f.size, At: time.UnixMilli(at), OpenTime: time.UnixMilli(f.from),
		CloseTime: time.UnixMilli(f.to), ID: a.id(f), Open: a.decimal(b.open), Close: a.decimal(b.close),
		Low: a.decimal(b.low), High: a.decimal(b.high), Ask: ask, Bid: bid, Phase: iqoption.PhaseTrading,
	}
	c.LowTime.Set(time.UnixMilli(b.lowAt))
	c.HighTime.Set(time.UnixMilli(b.highAt))
	return c
}

// spans are those that a tick belongs to: on a border it ends one candle and starts the next.
func (a *asset) spans(size iqoption.CandleSize, at int64) []frame {
	f := frameAt(size, at)
	if f.from == at && f.index > a.first(size).index {
		return []frame{frameOf(size, f.index-1), f}
	}
	return []frame{f}
}

func (a *asset) spread(p int64) (bid, ask wire.Decimal) {
	return a.decimal(p - a.half), a.decimal(p + a.half)
}

// allCandles is the update of all sizes by the tick at a time.
func (a *asset) allCandles(at int64) iqoption.AllCandles {
	p := a.price(at)
	bid, ask := a.spread(p)
	v := iqoption.AllCandles{
		ActiveID: a.ID, At: time.UnixMilli(at), Price: a.decimal(p), Bid: bid, Ask: ask, Phase: iqoption.PhaseTrading,
	}
	for _, size := range candleSizes {
		v.Candles = append(v.Candles, wire.Pair[iqoption.CandleSize, iqoption.ShortCandle]{
			Key: size, Value: short(a.candle(frameAt(size, at), at)),
		})
	}
	return v
}

func short(c iqoption.Candle) iqoption.ShortCandle {
	s := iqoption.ShortCandle{
		ID: c.ID, OpenTime: c.OpenTime, CloseTime: c.CloseTime, Open: c.Open, Close: c.Close, Low: c.Low, High: c.High,
		Volume: c.Volume,
	}
	s.Mark(iqoption.ShortCandleFieldID, iqoption.ShortCandleFieldOpenTime, iqoption.ShortCandleFieldCloseTime,
		iqoption.ShortCandleFieldOpen, iqoption.ShortCandleFieldClose, iqoption.ShortCandleFieldLow,
		iqoption.ShortCandleFieldHigh, iqoption.ShortCandleFieldVolume)
	return s
}
