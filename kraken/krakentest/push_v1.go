package krakentest

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/book"
	"github.com/venuewire/venuewire/kraken/krakenv1"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// v1 says things as API v1 does.
type v1 ServerV1

const statusCanceled = kraken.OrderStatusCanceled

func sideV2(s krakenv1.Side) kraken.Side           { return kraken.Side(s) }
func typeV2(t krakenv1.OrderType) kraken.OrderType { return kraken.OrderType(t) }

func (s *v1) status(state string, session int) string {
	e := krakenv1.SystemStatus{
		Status: krakenv1.SystemState(state), Version: "1.9.1", ConnectionID: wire.Some(uint64(18239578009413566000) + uint64(session)),
	}
	return `{"event":"systemStatus",` + string(streamtest.JSON(e)[1:])
}

func (s *v1) heartbeat() string { return `{"event":"heartbeat"}` }

func (s *v1) private(feed string) bool { return feed == "ownTrades" || feed == "openOrders" }

// public puts payloads into a frame of market data.
func public(k *market, name string, payloads ...string) string {
	return `[` + channel(k) + `,` + strings.Join(payloads, ",") + `,"` + name + `","` + k.Pair + `"]`
}

func (s *v1) snapshot(u *sub) []string {
	switch u.feed {
	case "book":
		return []string{s.bookSnapshot(u)}
	case "ticker":
		return []string{s.ticker(u.k)}
	case "trade":
		return []string{s.trades(u.k, u.k.trades)}
	case "spread":
		return []string{s.spread(u.k)}
	case "ohlc":
		return s.candle(u)
	case "ownTrades":
		u.seq++
		return []string{`[[],"ownTrades",{"sequence":1}]`}
	case "openOrders":
		u.seq++
		var rows []string
		for _, o := range s.openOrders() {
			row := wholeOrder(&orderEvent{order: *o, when: o.at})
			row.Status = krakenv1.OrderStatusOpen
			rows = append(rows, entry(o.id, streamtest.JSON(row)))
		}
		return []string{private("openOrders", u.seq, rows)}
	}
	return nil
}

func (s *v1) changes(u *sub, c *changes) (out []string) {
	switch u.feed {
	case "book":
		if m, ok := u.view.update(c.levels); ok {
			out = append(out, s.bookUpdate(u, m, c.at))
		}
	case "spread":
		out = append(out, s.spread(u.k))
	case "ticker":
		if len(c.trades) > 0 {
			out = append(out, s.ticker(u.k))
		}
	case "trade":
		if len(c.trades) > 0 {
			out = append(out, s.trades(u.k, c.trades))
		}
	case "ohlc":
		if len(c.trades) > 0 {
			out = append(out, s.candle(u)...)
		}
	}
	return out
}

// levels writes the levels of a side.
func levels(u *sub, m *message, side book.Side, at time.Time) string {
	list := []krakenv1.Level{}
	for _, l := range m.levels {
		if l.side != side {
			continue
		}
		row := krakenv1.Level{Price: u.k.price(l.price), Volume: u.k.amount(l.qty), Time: at.UTC().Truncate(time.Microsecond)}
		if m.again[l] {
			row.Republished.Set(krakenv1.LevelFlagRepublished)
		}
		list = append(list, row)
	}
	return string(wire.AppendList(nil, list, (*krakenv1.Level).AppendJSON))
}

func bookName(u *sub) string { return "book-" + strconv.Itoa(u.depth) }

func (s *v1) bookSnapshot(u *sub) string {
	m := u.view.snapshot()
	now := time.Now()
	return public(u.k, bookName(u), `{"as":`+levels(u, &m, book.Ask, now)+`,"bs":`+levels(u, &m, book.Bid, now)+`}`)
}

// bookUpdate has two objects when both sides change; the checksum is in the last one.
func (s *v1) bookUpdate(u *sub, m message, at time.Time) string {
	sum := `"c":"` + strconv.FormatUint(uint64(s.checksum(m.sum)), 10) + `"}`
	asks := slices.ContainsFunc(m.levels, func(l level) bool { return l.side == book.Ask })
	bids := slices.ContainsFunc(m.levels, func(l level) bool { return l.side == book.Bid })
	a, b := `{"a":`+levels(u, &m, book.Ask, at), `{"b":`+levels(u, &m, book.Bid, at)
	switch {
	case asks && bids:
		return public(u.k, bookName(u), a+"}", b+","+sum)
	case asks:
		return public(u.k, bookName(u), a+","+sum)
	}
	return public(u.k, bookName(u), b+","+sum)
}

func (s *v1) ticker(k *market) string {
	level := func(side book.Side) krakenv1.TickerLevel {
		l := k.l2.At(side, 0)
		return krakenv1.TickerLevel{Price: l.Price, WholeLots: coef(l.Qty) / unit, Lots: l.Qty}
	}
	day := func(v wire.Decimal) krakenv1.TodayText { return krakenv1.TodayText{Today: v, Last24h: v} }
	d, last := &k.day, k.trades[len(k.trades)-1]
	e := krakenv1.Ticker{
		Ask: level(book.Ask), Bid: level(book.Bid), Last: krakenv1.TickerLast{Price: k.price(last.price), Lots: k.amount(last.qty)},
		Volume: day(k.amount(d.volume)), VWAP: day(k.price(d.vwap())), Trades: krakenv1.TodayCount{Today: d.trades, Last24h: d.trades},
		Low: day(k.price(d.low)), High: day(k.price(d.high)), Open: day(k.price(d.open)),
	}
	return public(k, "ticker", string(streamtest.JSON(e)))
}

func (s *v1) trades(k *market, trades []trade) string {
	var list []krakenv1.Trade
	for _, t := range trades {
		row := krakenv1.Trade{Price: k.price(t.price), Volume: k.amount(t.qty), Time: t.at, Side: krakenv1.TradeSideBuy, OrderType: krakenv1.TradeOrderTypeLimit}
		if t.sell {
			row.Side = krakenv1.TradeSideSell
		}
		if t.market {
			row.OrderType = krakenv1.TradeOrderTypeMarket
		}
		list = append(list, row)
	}
	return public(k, "trade", string(wire.AppendList(nil, list, (*krakenv1.Trade).AppendJSON)))
}

func (s *v1) spread(k *market) string {
	bid, ask := k.l2.At(book.Bid, 0), k.l2.At(book.Ask, 0)
	row := krakenv1.SpreadRow{Bid: bid.Price, Ask: ask.Price, Time: utcNow(), BidVolume: bid.Qty, AskVolume: ask.Qty}
	return public(k, "spread", string(streamtest.JSON(row)))
}

func (s *v1) candle(u *sub) []string {
	b, k := u.k.bars[u.minutes], u.k
	if b == nil {
		return nil
	}
	row := krakenv1.OHLCRow{
		Time: utcNow(), End: b.begin.Add(time.Duration(u.minutes) * time.Minute), Open: k.price(b.open), High: k.price(b.high),
		Low: k.price(b.low), Close: k.price(b.last), VWAP: k.price(b.vwap()), Volume: k.amount(b.volume), Count: b.trades,
	}
	return []string{public(k, "ohlc-"+strconv.FormatInt(u.minutes, 10), string(streamtest.JSON(row)))}
}

func entry(id string, row []byte) string { return `{"` + id + `":` + string(row) + `}` }

func private(name string, seq int64, rows []string) string {
	return `[[` + strings.Join(rows, ",") + `],"` + name + `",{"sequence":` + strconv.FormatInt(seq, 10) + `}]`
}

func (s *v1) orders(u *sub, events []orderEvent) []string {
	var rows []string
	for i := range events {
		e := &events[i]
		switch {
		case u.feed == "openOrders":
			row := changedOrder(e)
			rows = append(rows, entry(e.id, streamtest.JSON(row)))
		case u.feed == "ownTrades" && e.fill != nil:
			row := ownTrade(e)
			rows = append(rows, entry(e.fill.id, streamtest.JSON(row)))
		}
	}
	if len(rows) == 0 {
		return nil
	}
	u.seq++
	return []string{private(u.feed, u.seq, rows)}
}
