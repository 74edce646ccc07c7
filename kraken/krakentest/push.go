package krakentest

import (
	"strconv"
	"time"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/book"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// v2 says things as API v2 does.
type v2 Server

func utcNow() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// framed puts the channel in front of an event.
func framed(channel string, event []byte) string {
	return `{"channel":"` + channel + `",` + string(event[1:])
}

func (s *v2) status(state string, session int) string {
	e := kraken.Status{Data: []kraken.SystemStatus{{
		System: kraken.SystemState(state), APIVersion: "v2", Version: "2.0.10",
		ConnectionID: wire.Some(uint64(13834774380200032000) + uint64(session)),
	}}}
	return `{"channel":"status","type":"update",` + string(streamtest.JSON(e)[1:])
}

func (s *v2) heartbeat() string { return `{"channel":"heartbeat"}` }

func (s *v2) private(feed string) bool {
	return feed == "executions" || feed == "balances" || feed == "level3"
}

func pushType(snapshot bool) kraken.PushType {
	if snapshot {
		return kraken.PushTypeSnapshot
	}
	return kraken.PushTypeUpdate
}

func (s *v2) snapshot(u *sub) []string {
	switch u.feed {
	case "book":
		return []string{s.book(u, u.view.snapshot(), utcNow())}
	case "level3":
		return []string{s.level3(u, u.view.queueSnapshot(), utcNow())}
	case "ticker":
		return []string{s.ticker(u.k, true)}
	case "trade":
		return []string{s.trades(u.k, u.k.trades, true)}
	case "ohlc":
		return []string{s.candle(u, true)}
	case "instrument":
		return []string{s.instruments()}
	case "balances":
		return []string{s.balances(u)}
	case "executions":
		u.seq++
		e := kraken.ExecutionUpdate{Type: kraken.PushTypeSnapshot, Sequence: u.seq, Data: []kraken.Execution{}}
		for _, o := range s.openOrders() {
			e.Data = append(e.Data, execution(&orderEvent{order: *o, kind: kraken.ExecTypeNew, when: o.at}, true))
		}
		return []string{framed("executions", streamtest.JSON(e))}
	}
	return nil
}

func (s *v2) changes(u *sub, c *changes) (out []string) {
	at := c.at.UTC().Truncate(time.Microsecond)
	switch u.feed {
	case "book":
		if m, ok := u.view.update(c.levels); ok {
			out = append(out, s.book(u, m, at))
		}
	case "level3":
		if m, ok := u.view.queueUpdate(c.events); ok {
			out = append(out, s.level3(u, m, at))
		}
	case "ticker":
		if len(c.trades) > 0 {
			out = append(out, s.ticker(u.k, false))
		}
	case "trade":
		if len(c.trades) > 0 {
			out = append(out, s.trades(u.k, c.trades, false))
		}
	case "ohlc":
		if len(c.trades) > 0 {
			out = append(out, s.candle(u, false))
		}
	}
	return out
}

func (s *v2) book(u *sub, m message, at time.Time) string {
	row := kraken.BookData{Symbol: kraken.Symbol(u.k.Symbol), Bids: []kraken.Level{}, Asks: []kraken.Level{}, Checksum: s.checksum(m.sum)}
	for _, l := range m.levels {
		side := &row.Asks
		if l.side == book.Bid {
			side = &row.Bids
		}
		*side = append(*side, kraken.Level{Price: u.k.price(l.price), Qty: u.k.amount(l.qty)})
	}
	if !m.snapshot {
		row.Timestamp = wire.Some(at)
	}
	e := kraken.BookUpdate{Type: pushType(m.snapshot), Data: []kraken.BookData{row}}
	return framed("book", streamtest.JSON(e))
}

func (s *v2) level3(u *sub, m queueMessage, at time.Time) string {
	row := kraken.Level3Data{Symbol: kraken.Symbol(u.k.Symbol), Bids: []kraken.BookOrder{}, Asks: []kraken.BookOrder{}, Checksum: s.checksum(m.sum)}
	for _, e := range m.events {
		side := &row.Asks
		if e.side == book.Bid {
			side = &row.Bids
		}
		o := kraken.BookOrder{OrderID: e.ID, LimitPrice: e.Price, OrderQty: e.Qty, Timestamp: e.Time}
		if !m.snapshot {
			o.Event = wire.Some(kraken.BookEvent(e.kind))
		}
		*side = append(*side, o)
	}
	if !m.snapshot {
		row.Timestamp = wire.Some(at)
	}
	e := kraken.Level3Update{Type: pushType(m.snapshot), Data: []kraken.Level3Data{row}}
	return framed("level3", streamtest.JSON(e))
}

func (s *v2) ticker(k *market, snapshot bool) string {
	bid, ask, d := k.l2.At(book.Bid, 0), k.l2.At(book.Ask, 0), &k.day
	percent := int64(0)
	if d.open != 0 {
		percent = (d.last - d.open) * 10_000 / d.open
	}
	e := kraken.TickerUpdate{Type: pushType(snapshot), Data: []kraken.Ticker{{
		Symbol: kraken.Symbol(k.Symbol), Bid: bid.Price, BidQty: bid.Qty, Ask: ask.Price, AskQty: ask.Qty,
		Last: k.price(d.last), Volume: k.amount(d.volume), VWAP: k.price(d.vwap()), Low: k.price(d.low), High: k.price(d.high),
		Change: k.price(d.last - d.open), ChangePct: wire.NewDecimal(percent, 2), Timestamp: wire.Some(utcNow()),
	}}}
	return framed("ticker", streamtest.JSON(e))
}

func (s *v2) trades(k *market, trades []trade, snapshot bool) string {
	e := kraken.TradeUpdate{Type: pushType(snapshot)}
	for _, t := range trades {
		row := kraken.Trade{
			Symbol: kraken.Symbol(k.Symbol), Side: kraken.SideBuy, Price: k.price(t.price), Qty: k.amount(t.qty),
			OrdType: kraken.OrderTypeLimit, TradeID: t.id, Timestamp: t.at,
		}
		if t.sell {
			row.Side = kraken.SideSell
		}
		if t.market {
			row.OrdType = kraken.OrderTypeMarket
		}
		e.Data = append(e.Data, row)
	}
	return framed("trade", streamtest.JSON(e))
}

func (s *v2) candle(u *sub, snapshot bool) string {
	e := kraken.OHLCUpdate{Type: pushType(snapshot), Data: []kraken.OHLC{}, SentAt: wire.Some(time.Now().UTC())}
	if b, k := u.k.bars[u.minutes], u.k; b != nil {
		e.Data = append(e.Data, kraken.OHLC{
			Symbol: kraken.Symbol(k.Symbol), Open: k.price(b.open), High: k.price(b.high), Low: k.price(b.low), Close: k.price(b.last),
			VWAP: k.price(b.vwap()), Trades: b.trades, Volume: k.amount(b.volume), IntervalBegin: b.begin,
			Interval: kraken.Interval(u.minutes),
			//lint:ignore SA1019 the venue still sends it
			Timestamp: b.begin.Add(time.Duration(u.minutes) * time.Minute),
		})
	}
	return framed("ohlc", streamtest.JSON(e))
}

func (s *v2) instruments() string {
	e := kraken.InstrumentUpdate{Assets: []kraken.Asset{}, Pairs: []kraken.Pair{}}
	seen := make(map[string]bool)
	for _, k := range s.markets {
		for _, id := range []string{k.base(), k.quote()} {
			if !seen[id] {
				e.Assets = append(e.Assets, kraken.Asset{ID: kraken.AssetID(id), Status: kraken.AssetStatusEnabled, Precision: 10, PrecisionDisplay: 5})
			}
			seen[id] = true
		}
		e.Pairs = append(e.Pairs, kraken.Pair{
			Symbol: kraken.Symbol(k.Symbol), Base: kraken.AssetID(k.base()), Quote: kraken.AssetID(k.quote()), Status: kraken.PairStatusOnline,
			QtyPrecision: int64(k.QtyDigits), QtyIncrement: k.amount(1), QtyMin: k.amount(k.MinQty),
			PricePrecision: int64(k.PriceDigits), PriceIncrement: k.price(1), CostPrecision: 5, CostMin: wire.NewDecimal(5, 1),
		})
	}
	return `{"channel":"instrument","type":"snapshot","data":` + string(streamtest.JSON(e)) + `}`
}

func (s *v2) balances(u *sub) string {
	u.seq++
	e := kraken.BalanceSnapshot{Sequence: u.seq, Data: []kraken.Balance{}}
	for _, asset := range sortedKeys(s.account.balances) {
		amount := cash(s.account.balances[asset])
		e.Data = append(e.Data, kraken.Balance{
			Asset: kraken.AssetID(asset), AssetClass: "currency", Balance: amount,
			Wallets: []kraken.Wallet{{Type: kraken.WalletTypeSpot, ID: kraken.WalletIDMain, Balance: amount}},
		})
	}
	return `{"channel":"balances","type":"snapshot",` + string(streamtest.JSON(e)[1:])
}

// orders tells events of orders: all of a moment in one message of executions, each change of a balance in one of
// balances.
func (s *v2) orders(u *sub, events []orderEvent) (out []string) {
	switch u.feed {
	case "executions":
		u.seq++
		e := kraken.ExecutionUpdate{Type: kraken.PushTypeUpdate, Sequence: u.seq}
		for i := range events {
			e.Data = append(e.Data, execution(&events[i], false))
		}
		out = append(out, framed("executions", streamtest.JSON(e)))
	case "balances":
		for i := range events {
			for _, row := range rowsOf(&events[i]) {
				u.seq++
				out = append(out, s.ledger(u.seq, &events[i], row))
			}
		}
	}
	return out
}

func rowsOf(e *orderEvent) []ledgerRow {
	if e.fill == nil {
		return nil
	}
	return e.fill.rows
}

func (s *v2) ledger(seq int64, e *orderEvent, row ledgerRow) string {
	u := kraken.BalanceUpdate{Sequence: seq, Data: []kraken.LedgerEntry{{
		LedgerID: row.id, RefID: e.fill.id, Timestamp: e.when, Type: kraken.LedgerTypeTrade, Asset: kraken.AssetID(row.asset),
		AssetClass: "currency", Category: kraken.LedgerCategoryTrade, WalletType: kraken.WalletTypeSpot, WalletID: kraken.WalletIDMain,
		Amount: cash(row.amount), Fee: cash(row.fee), Balance: cash(row.balance),
	}}}
	return `{"channel":"balances","type":"update",` + string(streamtest.JSON(u)[1:])
}

func ref(n int64) string { return strconv.FormatInt(n, 10) }
