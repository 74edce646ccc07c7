package iqoptiontest

import (
	"strconv"
	"time"

	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// sellOptions sells options back. Each one has its own outcome, and the status is good whatever these are.
func (s *Server) sellOptions(p *peer, c *streamtest.Call) answer {
	var r iqoption.SellOptionsRequest
	if err := r.UnmarshalJSON(orEmpty(c.Request)); err != nil {
		return badRequest(err)
	}
	a, now := p.account, time.Now()
	a.mu.Lock()
	defer a.mu.Unlock()
	var sold []*option
	out := wire.Map[int64, iqoption.SoldOptionResult]{}
	for _, id := range r.OptionIDs {
		result := iqoption.SoldOptionResult{
			Kind: iqoption.SoldOptionResultKindOptionError, OptionError: &iqoption.OptionError{Error: "Unable to sell options"},
		}
		if o := a.option(id); o != nil && o.sellable(now) {
			o.sell(now)
			sold = append(sold, o)
			record := o.sold(now)
			result = iqoption.SoldOptionResult{Kind: iqoption.SoldOptionResultKindSoldOption, SoldOption: &record}
		}
		out = append(out, wire.Pair[int64, iqoption.SoldOptionResult]{Key: id, Value: result})
	}
	payload := wire.AppendEntries(nil, out,
		func(k *int64, dst []byte) []byte { return strconv.AppendInt(dst, *k, 10) },
		(*iqoption.SoldOptionResult).AppendJSON)
	return answer{payload: payload, pushes: func() { s.pushSold(a, sold) }}
}

func (s *Server) pushSold(a *account, sold []*option) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, o := range sold {
		s.pushBalance(a, o.balance)
		s.pushPosition(o)
	}
}

func (a *account) option(id int64) *option {
	for _, o := range a.options {
		if o.id == id {
			return o
		}
	}
	return nil
}

func (o *option) sellable(now time.Time) bool {
	return o.result == iqoption.PositionResultOpened && now.Add(buybackDeadtime).Before(o.expires)
}

// worth is what selling an option returns: less than an even chance would pay, as the venue lives from it.
func (o *option) worth(now time.Time) money {
	win := o.stake.percent(100 + o.payout)
	switch result, _ := o.outcome(o.asset.price(now.UnixMilli())); result {
	case iqoption.PositionResultWin:
		return win.percent(70)
	case iqoption.PositionResultEqual:
		return win.percent(24)
	}
	return win.percent(10)
}

func (o *option) sell(now time.Time) {
	o.timer.Stop()
	o.returned, o.closePrice = o.worth(now), o.asset.price(now.UnixMilli())
	o.result, o.closed = iqoption.PositionResultSold, now
	o.version++
	o.balance.amount += o.returned
	o.balance.index++
}

// sold is the record of a sold option.
func (o *option) sold(now time.Time) iqoption.SoldOption {
	t := termsOf[o.kind]
	v := iqoption.SoldOption{
		ID: o.id, StakeE6: int64(o.stake), Refund: o.returned.decimal(), Currency: "USD", CurrencyChar: "$",
		ActiveID: o.asset.ID, ActiveName: o.asset.Ticker, OpenPrice: o.asset.decimal(o.openPrice),
		ClosePriceE6: o.asset.e6(o.closePrice), Direction: o.direction, Created: o.opened, Expiration: o.expires,
		TypeName: t.kind, Type: t.code, Profit: o.returned.decimal(), ProfitAmount: o.returned.decimal(),
		WinAmount: o.stake.percent(100 + o.payout).decimal(), Stake: o.stake.decimal(), Result: o.result, Now: now,
		UserID: o.account.UserID, GameState: 1, ReturnPercent: wire.NewDecimal(100+o.payout, 0), OptionTypeID: o.kind,
		SiteID: 1, IsDemo: o.balance.kind == iqoption.BalanceTypeDemo, UserBalanceID: o.balance.id, ClientPlatformID: platform,
	}
	v.OptionID.Set(o.id)
	wire.SetNull(&v.ReTrack)
	v.BuybackState.Set(iqoption.BuybackStateSold)
	v.BuybackTime.Set(now)
	return v
}
