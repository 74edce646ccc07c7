package iqoptiontest

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"time"

	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// Members that a position has always, while it is open, and when it is closed.
var (
	commonFields = []iqoption.PositionField{
		iqoption.PositionFieldID, iqoption.PositionFieldExternalID, iqoption.PositionFieldUserID,
		iqoption.PositionFieldUserBalanceID, iqoption.PositionFieldPlatformID, iqoption.PositionFieldActiveID,
		iqoption.PositionFieldInstrumentID, iqoption.PositionFieldSource, iqoption.PositionFieldInstrumentType,
		iqoption.PositionFieldStatus, iqoption.PositionFieldOpenTime, iqoption.PositionFieldOpenPrice,
		iqoption.PositionFieldStake, iqoption.PositionFieldStakeEnrolled, iqoption.PositionFieldSwap,
		iqoption.PositionFieldPnL, iqoption.PositionFieldNetPnL, iqoption.PositionFieldVersion,
		iqoption.PositionFieldRawEvent,
	}
	openFields = []iqoption.PositionField{
		iqoption.PositionFieldSellProfit, iqoption.PositionFieldSellProfitEnrolled, iqoption.PositionFieldExpectedProfit,
		iqoption.PositionFieldExpectedProfitEnrolled, iqoption.PositionFieldCurrentPrice, iqoption.PositionFieldQuoteTime,
	}
	closedFields = []iqoption.PositionField{
		iqoption.PositionFieldClosePrice, iqoption.PositionFieldCloseReturn, iqoption.PositionFieldCloseReturnEnrolled,
		iqoption.PositionFieldCloseReason, iqoption.PositionFieldCloseTime, iqoption.PositionFieldRealizedPnL,
	}
	rawFields = []iqoption.RawBinaryField{
		iqoption.RawBinaryFieldIndex, iqoption.RawBinaryFieldOptionID, iqoption.RawBinaryFieldUserID,
		iqoption.RawBinaryFieldBalanceID, iqoption.RawBinaryFieldUserBalanceType, iqoption.RawBinaryFieldOptionTypeID,
		iqoption.RawBinaryFieldOptionType, iqoption.RawBinaryFieldActiveID, iqoption.RawBinaryFieldPlatformID,
		iqoption.RawBinaryFieldReturnPercent, iqoption.RawBinaryFieldCurrency, iqoption.RawBinaryFieldDirection,
		iqoption.RawBinaryFieldResult, iqoption.RawBinaryFieldStake, iqoption.RawBinaryFieldStakeEnrolled,
		iqoption.RawBinaryFieldReturn, iqoption.RawBinaryFieldOpenPrice, iqoption.RawBinaryFieldClosePrice,
		iqoption.RawBinaryFieldOpenTime, iqoption.RawBinaryFieldExpirationTime, iqoption.RawBinaryFieldActualExpiration,
		iqoption.RawBinaryFieldOpenTimeMillisecond, iqoption.RawBinaryFieldRequestedAt, iqoption.RawBinaryFieldCreatedAt,
		iqoption.RawBinaryFieldUpdatedAt, iqoption.RawBinaryFieldUserGroupID,
	}
)

// hash is the id of a position, as distinct from that of its option.
func (o *option) hash() string {
	sum := sha256.Sum256(strconv.AppendInt(nil, o.id, 10))
	return hex.EncodeToString(sum[:16])
}

// position is the option as the portfolio has it. Only the history's first version has the raw record flat.
func (o *option) position(now time.Time, flat bool) *iqoption.Position {
	p := &iqoption.Position{
		ID: o.hash(), ExternalID: o.id, UserID: o.account.UserID, UserBalanceID: o.balance.id, PlatformID: platform,
		ActiveID: o.asset.ID, InstrumentID: strconv.FormatInt(int64(o.asset.ID), 10),
		Source: iqoption.PositionSourceBinaryOptions, InstrumentType: termsOf[o.kind].family,
		OpenTime: o.opened, OpenPrice: o.asset.decimal(o.openPrice), Stake: o.stake.decimal(),
		StakeEnrolled: o.stake.decimal(), Version: o.version + 1,
		RawEvent: iqoption.RawEvent{Kind: iqoption.RawEventKindBinary, Binary: o.raw(now)},
	}
	if flat {
		p.RawEvent = iqoption.RawEvent{Kind: iqoption.RawEventKindFlatBinary, FlatBinary: o.raw(now)}
	}
	p.Mark(commonFields...)
	if o.result == iqoption.PositionResultOpened {
		o.openPart(p, now)
	} else {
		o.closedPart(p)
	}
	return p
}

func (o *option) openPart(p *iqoption.Position, now time.Time) {
	price, win := o.asset.price(now.UnixMilli()), o.stake.percent(100+o.payout)
	worth := o.worth(now)
	p.Status = iqoption.PositionStatusOpen
	p.PnL, p.NetPnL = (worth - o.stake).decimal(), (worth - o.stake).decimal()
	p.SellProfit, p.SellProfitEnrolled = worth.decimal(), worth.decimal()
	p.ExpectedProfit, p.ExpectedProfitEnrolled = win.decimal(), win.decimal()
	p.CurrentPrice = o.asset.decimal(price)
	p.QuoteTime.Set(now)
	p.Mark(openFields...)
}

func (o *option) closedPart(p *iqoption.Position) {
	gain := (o.returned - o.stake).decimal()
	p.Status = iqoption.PositionStatusClosed
	p.PnL, p.NetPnL, p.RealizedPnL = gain, gain, gain
	p.ClosePrice = o.asset.decimal(o.closePrice)
	p.CloseReturn, p.CloseReturnEnrolled = o.returned.decimal(), o.returned.decimal()
	p.CloseReason, p.CloseTime = o.result, o.closed
	p.Mark(closedFields...)
}

// raw is the record of the options service.
func (o *option) raw(now time.Time) *iqoption.RawBinary {
	v := &iqoption.RawBinary{
		Index: o.id<<4 + o.version, OptionID: o.id, UserID: o.account.UserID, BalanceID: o.balance.id,
		UserBalanceType: o.balance.kind, OptionTypeID: o.kind, OptionType: termsOf[o.kind].kind, ActiveID: o.asset.ID,
		PlatformID: platform, ReturnPercent: 100 + o.payout, Currency: "USD", Direction: o.direction, Result: o.result,
		Stake: o.stake.decimal(), StakeEnrolled: o.stake.decimal(), OpenPrice: o.asset.decimal(o.openPrice),
		OpenTime: o.opened, ExpirationTime: o.expires, ActualExpiration: o.expires, OpenTimeMillisecond: o.opened,
		RequestedAt: o.opened, CreatedAt: o.opened, UpdatedAt: now, UserGroupID: groupID,
	}
	v.Mark(rawFields...)
	wire.SetNull(&v.Return)
	wire.SetNull(&v.ClosePrice)
	if o.result != iqoption.PositionResultOpened {
		v.Return.Set(o.returned.decimal())
		v.ClosePrice.Set(o.asset.decimal(o.closePrice))
		v.ActualExpiration, v.UpdatedAt = o.closed, o.closed
	}
	return v
}

// pushPosition tells the account's sessions how a position is now. The account is locked.
func (s *Server) pushPosition(o *option) {
	p := o.position(time.Now(), false)
	for _, to := range s.peersOf(o.account) {
		for _, f := range to.filters("portfolio.position-changed") {
			if f.fits(p) {
				s.push(to.session, "portfolio", "position-changed", streamtest.JSON(p))
				break // one push, however many filters want it
			}
		}
	}
}

func (f *filter) fits(p *iqoption.Position) bool {
	return (f.UserID == 0 || f.UserID == p.UserID) &&
		(f.UserBalanceID == 0 || f.UserBalanceID == p.UserBalanceID) &&
		(f.InstrumentType == "" || f.InstrumentType == p.InstrumentType)
}

// page is what the three position calls ask for.
type page struct {
	types         []iqoption.InstrumentType
	balance       iqoption.BalanceID
	external      int64
	start, end    wire.Opt[time.Time]
	offset, limit int64
	open, flat    bool
}

// list returns a page of positions, newest first, and how many there are.
func (q *page) list(a *account, now time.Time) (out []iqoption.Position, total int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	out = []iqoption.Position{}
	for _, o := range slices.Backward(a.options) {
		if !q.wants(o) {
			continue
		}
		if total++; total > q.offset && (q.limit == 0 || int64(len(out)) < q.limit) {
			out = append(out, *o.position(now, q.flat))
		}
	}
	return out, total
}

func (q *page) wants(o *option) bool {
	start, end := q.start.Or(time.Time{}), q.end.Or(o.opened)
	return q.open == (o.result == iqoption.PositionResultOpened) &&
		contains(q.types, termsOf[o.kind].family) &&
		(q.balance == 0 || q.balance == o.balance.id) &&
		(q.external == 0 || q.external == o.id) &&
		!o.opened.Before(start) && !o.opened.After(end)
}

func (s *Server) getPositions(p *peer, c *streamtest.Call) answer {
	var r iqoption.GetPositionsV3Request // version 4.0 only lacks the user
	if err := r.UnmarshalJSON(orEmpty(c.Request)); err != nil {
		return badRequest(err)
	}
	q := page{types: r.InstrumentTypes, balance: r.UserBalanceID.Or(0), offset: r.Offset, limit: r.Limit, open: true}
	list, total := q.list(p.account, time.Now())
	reply := iqoption.GetPositionsReply{Positions: list, Total: total}
	reply.Limit.Set(r.Limit)
	return data(streamtest.JSON(reply))
}

func (s *Server) getHistoryPositions(p *peer, c *streamtest.Call) answer {
	var q page
	if c.Version == "2.0" {
		var r iqoption.GetHistoryPositionsV2Request
		if err := r.UnmarshalJSON(orEmpty(c.Request)); err != nil {
			return badRequest(err)
		}
		q = page{types: r.InstrumentTypes, external: r.ExternalID.Or(0), end: r.End, offset: r.Offset.Or(0), limit: r.Limit.Or(30)}
	} else {
		var r iqoption.GetHistoryPositionsRequest
		if err := r.UnmarshalJSON(orEmpty(c.Request)); err != nil {
			return badRequest(err)
		}
		q = page{types: r.InstrumentTypes, balance: r.UserBalanceID, start: r.Start, end: r.End, offset: r.Offset, limit: r.Limit, flat: true}
	}
	list, _ := q.list(p.account, time.Now())
	reply := iqoption.GetHistoryPositionsReply{Positions: list, Limit: q.limit}
	return data(streamtest.JSON(reply))
}

// getOrders returns none: options have no pending orders.
func (s *Server) getOrders(*peer, *streamtest.Call) answer {
	reply := iqoption.GetOrdersReply{Orders: []iqoption.Order{}}
	return data(streamtest.JSON(reply))
}
