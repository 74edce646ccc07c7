package iqoptiontest

import (
	"fmt"
	"slices"
	"time"

	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// option is a bought option. It is guarded by its account.
type option struct {
	id        int64
	account   *account
	balance   *balance
	asset     *asset
	kind      iqoption.OptionType
	direction iqoption.Direction
	stake     money
	payout    int64 // percent
	openPrice int64
	opened    time.Time
	expires   time.Time
	version   int64
	timer     *time.Timer

	result     iqoption.PositionResult // opened as long as it is
	closed     time.Time
	closePrice int64
	returned   money
}

// openOption buys an option, or says why not.
func (s *Server) openOption(p *peer, c *streamtest.Call) answer {
	var r iqoption.OpenOptionRequest
	if err := r.UnmarshalJSON(orEmpty(c.Request)); err != nil {
		return badRequest(err)
	}
	if status, message := s.orderRefused(); status != 0 {
		return rejected(status, message)
	}
	now := time.Now()
	o, no := s.order(&r, now)
	if no != nil {
		return answer{no: no}
	}
	a := p.account
	a.mu.Lock()
	defer a.mu.Unlock()
	o.account, o.balance = a, a.balance(r.UserBalanceID)
	switch {
	case o.balance == nil:
		return invalid("user_balance_id", "is not a balance of the user")
	case o.balance.amount < o.stake:
		return rejected(4008, "Insufficient funds for this transaction.")
	}
	s.open(o)
	v := o.record()
	return answer{payload: streamtest.JSON(v), pushes: func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		s.pushBalance(a, o.balance)
		s.pushPosition(o)
	}}
}

func (s *Server) orderRefused() (status int, message string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.commands.take(&s.commands.refuseOrder) {
		return s.commands.orderStatus, s.commands.orderMessage
	}
	return 0, ""
}

// order checks what does not depend on the account.
func (s *Server) order(r *iqoption.OpenOptionRequest, now time.Time) (*option, *refusal) {
	a, ok := s.assetOf(r.ActiveID)
	if !ok {
		return nil, rejected(4103, "active_not_found").no
	}
	payout, ok := a.payout(r.OptionTypeID)
	switch {
	case a.isSuspended():
		return nil, rejected(4119, "Cannot purchase an option (active is suspended)").no
	case !ok:
		return nil, rejected(4103, "Cannot purchase an option (the asset is not available at the moment).").no
	case payout != r.PayoutPercent:
		return nil, mismatch(r, payout)
	}
	stake, ok := moneyOf(r.Stake)
	if !ok || stake < minStake || stake > maxStake {
		return nil, invalid("price", fmt.Sprintf("must be between %s and %s", minStake.decimal(), maxStake.decimal())).no
	}
	expires, no := termsOf[r.OptionTypeID].expiry(r, now)
	if no != nil {
		return nil, no
	}
	return &option{
		asset: a, kind: r.OptionTypeID, direction: r.Direction, stake: stake, payout: payout,
		openPrice: a.price(now.UnixMilli()), opened: now, expires: expires, result: iqoption.PositionResultOpened,
	}, nil
}

// mismatch is the refusal of an order whose payout is not the current one.
func mismatch(r *iqoption.OpenOptionRequest, payout int64) *refusal {
	v := iqoption.CommissionMismatch{Message: "The option has not been purchased because of the profit rate change."}
	v.Result.ActualCommission = iqoption.ActualCommission{
		ActiveID: r.ActiveID, Commission: 100 - payout, OptionType: r.OptionTypeID,
	}
	return &refusal{4117, streamtest.JSON(v)}
}

// expiry is when an option ends. Blitz counts from the order, whatever the order says; the others sit on a grid.
func (t *terms) expiry(r *iqoption.OpenOptionRequest, now time.Time) (time.Time, *refusal) {
	if t.grid == 0 {
		size, ok := r.ExpirationSize.Get()
		if !ok || !slices.Contains(t.sizes, size) {
			return time.Time{}, invalid("expiration_size", fmt.Sprintf("must be one of %d", t.sizes)).no
		}
		return now.Truncate(time.Second).Add(time.Duration(size) * time.Second), nil
	}
	first := t.nearest(now)
	last := first.Add(time.Duration(t.count-1) * t.grid)
	switch {
	case !r.Expiration.Equal(r.Expiration.Truncate(t.grid)), r.Expiration.After(last):
		return time.Time{}, invalid("expired", "is not an expiration time of the asset").no
	case r.Expiration.Before(first):
		return time.Time{}, rejected(4008, "Time for purchasing options is over, please try again later.").no
	}
	return r.Expiration, nil
}

// open takes the stake and waits for the expiry. The account is locked.
func (s *Server) open(o *option) {
	s.mu.Lock()
	s.orders++
	o.id = s.orders
	closed := s.closed
	s.mu.Unlock()
	o.balance.amount -= o.stake
	o.balance.index++
	o.account.options = append(o.account.options, o)
	if !closed {
		o.timer = time.AfterFunc(time.Until(o.expires), func() { s.expire(o) })
	}
}

// expire settles an option by the price of its expiry.
func (s *Server) expire(o *option) {
	o.account.mu.Lock()
	defer o.account.mu.Unlock()
	if o.result != iqoption.PositionResultOpened {
		return
	}
	price := o.asset.price(o.expires.UnixMilli())
	result, returned := o.outcome(price)
	s.settle(o, result, returned, price, o.expires)
}

// outcome is what the option brings at a price.
func (o *option) outcome(price int64) (iqoption.PositionResult, money) {
	gain := price - o.openPrice
	if o.direction == iqoption.DirectionPut {
		gain = -gain
	}
	switch {
	case gain > 0:
		return iqoption.PositionResultWin, o.stake.percent(100 + o.payout)
	case gain == 0:
		return iqoption.PositionResultEqual, o.stake
	}
	return iqoption.PositionResultLoss, 0
}

// settle closes an option and tells the account's sessions. The account is locked.
func (s *Server) settle(o *option, result iqoption.PositionResult, returned money, price int64, at time.Time) {
	o.result, o.returned, o.closePrice, o.closed = result, returned, price, at
	o.version++
	if returned > 0 {
		o.balance.amount += returned
		o.balance.index++
		s.pushBalance(o.account, o.balance)
	}
	s.pushPosition(o)
}

// cancelExpiries leaves open what is open.
func (s *Server) cancelExpiries() {
	for _, a := range s.accounts {
		a.mu.Lock()
		for _, o := range a.options {
			if o.timer != nil {
				o.timer.Stop()
			}
		}
		a.mu.Unlock()
	}
}

// record is the option as the order's answer has it.
func (o *option) record() iqoption.Option {
	v := iqoption.Option{
		ID: o.id, Stake: o.stake.decimal(), Expiration: o.expires, Created: o.opened,
		Type: termsOf[o.kind].kind, ActiveID: o.asset.ID, Direction: o.direction,
		ReturnPercent: wire.NewDecimal(100+o.payout, 0),
	}
	v.UserID.Set(o.account.UserID)
	v.RefundValue.Set(wire.Decimal{})
	v.CreatedMillisecond.Set(o.opened)
	v.TimeRate.Set(o.opened)
	v.OpenPriceE6.Set(o.asset.e6(o.openPrice))
	v.OpenPrice.Set(o.asset.decimal(o.openPrice))
	wire.SetNull(&v.RobotID)
	v.ClientPlatformID.Set(platform)
	return v
}
