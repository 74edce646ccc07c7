package krakentest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/book"
	"github.com/venuewire/venuewire/wire"
)

const (
	unit     = 100_000_000 // amounts of money count in 10^-8
	takerFee = 26          // hundredths of a percent
	makerFee = 16
	maxOpen  = 80
)

// account has balances and orders. The venue is locked wherever it is used.
type account struct {
	balances map[string]int64
	orders   map[string]*order // open ones
	made     int               // orders so far
	fills    int
	ledger   int
	deadman  time.Time // when all orders are cancelled; zero: never
}

func newAccount(balances map[string]int64) account {
	return account{balances: maps.Clone(balances), orders: make(map[string]*order)}
}

// order is an order of the account. Price and quantities count in the last digit of the market.
type order struct {
	id, clOrdID      string
	ref              int64
	k                *market
	side             kraken.Side
	typ              kraken.OrderType
	tif              kraken.TimeInForce
	postOnly         bool
	qty, limit       int64
	filled           int64
	cost, fee, value int64 // cost and fee in money; value in price times quantity
	status           kraken.OrderStatus
	at               time.Time
}

// orderEvent is something that happened to an order, and the order as it was then.
type orderEvent struct {
	order
	kind   kraken.ExecType
	when   time.Time
	reason string
	fill   *fill
}

type fill struct {
	id         string
	trade      int64
	price, qty int64
	cost, fee  int64
	maker      bool
	rows       []ledgerRow
}

type ledgerRow struct {
	id, asset            string
	amount, fee, balance int64
}

func (k *market) base() string  { base, _, _ := strings.Cut(k.Symbol, "/"); return base }
func (k *market) quote() string { _, quote, _ := strings.Cut(k.Symbol, "/"); return quote }

// money is a cost in 10^-8.
func (k *market) money(price, qty int64) int64 {
	cost := float64(price) * float64(qty)
	for range k.PriceDigits + k.QtyDigits - 8 {
		cost /= 10
	}
	return int64(cost)
}

func (o *order) event(kind kraken.ExecType, reason string) orderEvent {
	return orderEvent{order: *o, kind: kind, when: time.Now().UTC(), reason: reason}
}

// place judges an order and places it; the text is the venue's refusal.
func (v *Venue) place(o *order, check bool) (events []orderEvent, refusal string) {
	if refusal := v.judge(o); refusal != "" || check {
		return nil, refusal
	}
	v.account.made++
	o.id = fmt.Sprintf("OFAKE%c-%05d-ORDERS", 'A'+v.account.made/100_000, v.account.made%100_000)
	o.at = time.Now().UTC()
	v.account.orders[o.id] = o
	o.status = kraken.OrderStatusPendingNew
	events = append(events, o.event(kraken.ExecTypePendingNew, ""))
	price, crosses := o.crosses()
	if crosses && o.postOnly {
		return append(events, v.finish(o, kraken.OrderStatusCanceled, "Post only order")), ""
	}
	o.status = kraken.OrderStatusNew
	events = append(events, o.event(kraken.ExecTypeNew, ""))
	switch {
	case crosses:
		events = append(events, v.fill(o, price, o.qty, false)...)
	case o.tif == kraken.TimeInForceIOC || o.tif == kraken.TimeInForceFOK:
		events = append(events, v.finish(o, kraken.OrderStatusCanceled, "Immediate or cancel"))
	}
	return events, ""
}

// judge says what is wrong with an order; "" for nothing.
func (v *Venue) judge(o *order) string {
	switch {
	case take(&v.commands.refuseOrders):
		return v.commands.orderText
	case v.system == string(kraken.SystemStateMaintenance):
		return "EService:Unavailable"
	case v.system == string(kraken.SystemStateCancelOnly):
		return "EService:Market in cancel_only mode"
	case v.system == string(kraken.SystemStatePostOnly) && !o.postOnly:
		return "EService:Market in post_only mode"
	case o.typ != kraken.OrderTypeMarket && o.limit <= 0:
		return "EGeneral:Invalid arguments:price"
	case o.qty < o.k.MinQty:
		return "EOrder:Order minimum not met"
	case len(v.account.orders) >= maxOpen:
		return "EOrder:Orders limit exceeded"
	}
	price, _ := o.crosses()
	have, need := v.account.balances[o.k.base()], o.qty
	if o.side == kraken.SideBuy {
		have, need = v.account.balances[o.k.quote()], o.k.money(price, o.qty)
	}
	if need > have {
		return "EOrder:Insufficient funds"
	}
	return ""
}

// crosses returns the price at which an order would trade, and whether it would at once.
func (o *order) crosses() (price int64, now bool) {
	ask, bid := o.k.best(book.Ask), o.k.best(book.Bid)
	switch {
	case o.typ == kraken.OrderTypeMarket && o.side == kraken.SideBuy:
		return ask, true
	case o.typ == kraken.OrderTypeMarket:
		return bid, true
	case o.typ != kraken.OrderTypeLimit: // triggered types wait
		return o.limit, false
	case o.side == kraken.SideBuy && o.limit >= ask:
		return ask, true
	case o.side == kraken.SideSell && o.limit <= bid:
		return bid, true
	}
	return o.limit, false
}

// match fills the resting orders that a market has reached.
func (v *Venue) match(k *market) (events []orderEvent) {
	for _, id := range slices.Sorted(maps.Keys(v.account.orders)) {
		o := v.account.orders[id]
		if o.k != k || o.typ != kraken.OrderTypeLimit {
			continue
		}
		if _, now := o.crosses(); now {
			events = append(events, v.fill(o, o.limit, o.qty-o.filled, true)...)
		}
	}
	return events
}

// fill trades a part of an order. What completes it is followed by an event of its own.
func (v *Venue) fill(o *order, price, qty int64, maker bool) (events []orderEvent) {
	v.account.fills++
	f := &fill{id: fmt.Sprintf("TFAKE%c-%05d-TRADES", 'A'+v.account.fills/100_000, v.account.fills%100_000), price: price, qty: qty, maker: maker}
	f.cost = o.k.money(price, qty)
	if f.fee = f.cost * takerFee / 10_000; maker {
		f.fee = f.cost * makerFee / 10_000
	}
	t := trade{sell: (o.side == kraken.SideSell) != maker, market: o.typ == kraken.OrderTypeMarket, price: price, qty: qty, at: time.Now().UTC()}
	o.k.count++
	t.id, f.trade = o.k.count, o.k.count
	o.k.keep(t)
	o.filled += qty
	o.cost, o.fee, o.value = o.cost+f.cost, o.fee+f.fee, o.value+price*qty
	base, quote := qty, -f.cost
	if o.side == kraken.SideSell {
		base, quote = -qty, f.cost
	}
	f.rows = []ledgerRow{v.book(o.k.base(), base, 0), v.book(o.k.quote(), quote, f.fee)}
	if o.status = kraken.OrderStatusPartiallyFilled; o.filled < o.qty {
		e := o.event(kraken.ExecTypeTrade, "")
		e.fill = f
		return []orderEvent{e}
	}
	e := o.event(kraken.ExecTypeTrade, "")
	e.fill = f
	return []orderEvent{e, v.finish(o, kraken.OrderStatusFilled, "")}
}

// book changes a balance.
func (v *Venue) book(asset string, amount, fee int64) ledgerRow {
	v.account.ledger++
	v.account.balances[asset] += amount - fee
	return ledgerRow{fmt.Sprintf("LFAKE0-%05d-LEDGER", v.account.ledger), asset, amount, fee, v.account.balances[asset]}
}

// finish ends an order.
func (v *Venue) finish(o *order, status kraken.OrderStatus, reason string) orderEvent {
	o.status = status
	delete(v.account.orders, o.id)
	kind := kraken.ExecTypeCanceled
	if status == kraken.OrderStatusFilled {
		kind = kraken.ExecTypeFilled
	}
	return o.event(kind, reason)
}

// find looks for an open order by id, the caller's id, or reference.
func (v *Venue) find(id string) *order {
	if o := v.account.orders[id]; o != nil || id == "" {
		return o
	}
	for _, key := range slices.Sorted(maps.Keys(v.account.orders)) {
		o := v.account.orders[key]
		if o.clOrdID == id || o.ref != 0 && strconv.FormatInt(o.ref, 10) == id {
			return o
		}
	}
	return nil
}

// cancel ends an order; false when there is none.
func (v *Venue) cancel(id string) ([]orderEvent, bool) {
	o := v.find(id)
	if o == nil {
		return nil, false
	}
	return []orderEvent{v.finish(o, kraken.OrderStatusCanceled, "User requested")}, true
}

func (v *Venue) cancelAll(reason string) (events []orderEvent) {
	for _, id := range slices.Sorted(maps.Keys(v.account.orders)) {
		events = append(events, v.finish(v.account.orders[id], kraken.OrderStatusCanceled, reason))
	}
	return events
}

// amend changes quantity and limit of an order; 0 leaves them.
func (v *Venue) amend(o *order, qty, limit int64) []orderEvent {
	if qty > 0 {
		o.qty = qty
	}
	if limit > 0 {
		o.limit = limit
	}
	return []orderEvent{o.event(kraken.ExecTypeAmended, "User requested")}
}

// arm sets the dead man's switch; 0 disarms it.
func (v *Venue) arm(seconds int64) (now, trigger time.Time) {
	now = time.Now().UTC().Truncate(time.Second)
	v.account.deadman = time.Time{}
	if seconds > 0 {
		v.account.deadman = time.Now().Add(time.Duration(seconds) * time.Second)
		trigger = now.Add(time.Duration(seconds) * time.Second)
	}
	return now, trigger
}

// Fill trades a part of an open order at its limit, or all of it for 0, and tells so. The quantity is in units of the last
// digit of the market.
func (v *Venue) Fill(id string, qty int64) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	o := v.find(id)
	if o == nil {
		return fmt.Errorf("krakentest: no open order %s", id)
	}
	if left := o.qty - o.filled; qty <= 0 || qty > left {
		qty = left
	}
	v.publish(v.fill(o, o.limit, qty, true))
	return nil
}

// Open lists the ids of the open orders.
func (v *Venue) Open() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Sorted(maps.Keys(v.account.orders))
}

// Placed counts the orders that were accepted so far.
func (v *Venue) Placed() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.account.made
}

// Balance is what the account has of an asset, in units of 10^-8.
func (v *Venue) Balance(asset string) int64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.account.balances[asset]
}

// scaled is a decimal in units of the last digit; false when it has more digits.
func scaled(d wire.Decimal, digits int) (int64, bool) {
	c, scale, neg, ok := d.Parts()
	for ; ok && scale < digits; scale++ {
		c *= 10
	}
	for ; ok && scale > digits; scale-- {
		ok = c%10 == 0
		c /= 10
	}
	return int64(c), ok && !neg && c < 1<<60
}

func cash(v int64) wire.Decimal { return wire.NewDecimal(v, 8) }
