package krakentest

import (
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/venuewire/venuewire/kraken/book"
	"github.com/venuewire/venuewire/wire"
)

const (
	bookDepth  = 1100 // prices that a side has at least
	queueDepth = 120  // the same of a book by order
	keptTrades = 50
	maxQty     = 5_00000000
)

// level is a change of a price, in units of the last digit; a quantity of 0 takes it away.
type level struct {
	side       book.Side
	price, qty int64
}

// market makes up a market: a book that changes at random, another one by order, trades at the best prices.
type market struct {
	Market
	random *rand.Rand
	l2     *book.L2
	l3     *book.L3
	orders int // ids given out
	trades []trade
	count  int64 // trades so far
	day    stats
	bars   map[int64]*bar // by minutes
}

type trade struct {
	id         int64
	sell       bool // side of the taker
	market     bool // order type of the taker
	price, qty int64
	at         time.Time
}

// stats are of all trades since the fake began, which is less than a day ago.
type stats struct {
	open, high, low, last int64
	volume                int64
	value                 float64 // of price times quantity
	trades                int64
}

func (s *stats) add(t trade) {
	if s.trades == 0 {
		s.open, s.high, s.low = t.price, t.price, t.price
	}
	s.high, s.low, s.last = max(s.high, t.price), min(s.low, t.price), t.price
	s.volume += t.qty
	s.value += float64(t.price) * float64(t.qty)
	s.trades++
}

func (s *stats) vwap() int64 {
	if s.volume == 0 {
		return s.last
	}
	return int64(s.value / float64(s.volume))
}

// bar is a candle.
type bar struct {
	stats
	begin time.Time
}

func newMarket(m Market, seed, index uint64, now time.Time) *market {
	k := &market{
		Market: m, random: rand.New(rand.NewPCG(seed, index)), bars: make(map[int64]*bar),
		l2: book.NewL2(4 * bookDepth), l3: book.NewL3(4 * queueDepth),
	}
	for i := range int64(bookDepth) {
		k.set(level{book.Bid, m.Price - 1 - i, k.qty()})
		k.set(level{book.Ask, m.Price + 1 + i, k.qty()})
	}
	for i := range int64(queueDepth) {
		for range 1 + k.random.IntN(3) {
			k.addOrder(book.Bid, m.Price-1-i, now)
			k.addOrder(book.Ask, m.Price+1+i, now)
		}
	}
	for i := range keptTrades {
		k.trade(now.Add(time.Duration(i-keptTrades) * time.Second))
	}
	return k
}

func (k *market) price(p int64) wire.Decimal  { return wire.NewDecimal(p, k.PriceDigits) }
func (k *market) amount(q int64) wire.Decimal { return wire.NewDecimal(q, k.QtyDigits) }

// qty is a quantity that somebody might want.
func (k *market) qty() int64 { return k.MinQty + k.random.Int64N(maxQty) }

func (k *market) set(l level) { k.l2.Set(l.side, k.price(l.price), k.amount(l.qty)) }

// best is the best price of a side; books of the fake are never empty.
func (k *market) best(side book.Side) int64 { return coef(k.l2.At(side, 0).Price) }

func coef(d wire.Decimal) int64 {
	c, _, _, _ := d.Parts() // numbers of the fake are short
	return int64(c)
}

// near is a price near the best one that does not cross the other side.
func (k *market) near(side book.Side, bid, ask int64) int64 {
	off := k.random.Int64N(14) - 1
	if side == book.Bid {
		return min(bid-off, ask-1)
	}
	return max(ask+off, bid+1)
}

// change makes up a few changes of the book by price and applies them.
func (k *market) change() (out []level) {
	for range 1 + k.random.IntN(4) {
		side := book.Side(k.random.IntN(2))
		l := level{side, k.near(side, k.best(book.Bid), k.best(book.Ask)), k.qty()}
		have := !k.l2.Qty(side, k.price(l.price)).IsZero()
		if have && k.l2.Len(side) > bookDepth && k.random.IntN(2) == 0 {
			l.qty = 0
		}
		k.set(l)
		out = append(out, l)
	}
	if k.random.IntN(8) == 0 { // the venue sends deletes of prices that nobody has
		out = append(out, level{book.Ask, k.best(book.Ask) - 1, 0})
	}
	for _, side := range []book.Side{book.Bid, book.Ask} {
		for k.l2.Len(side) <= bookDepth {
			worst := coef(k.l2.At(side, k.l2.Len(side)-1).Price)
			if side == book.Bid {
				worst -= 2
			}
			k.set(level{side, worst + 1, k.qty()})
		}
	}
	return out
}

// event is a change of a book by order.
type event struct {
	side book.Side
	kind string // add, modify, delete
	book.Order
}

// changeOrders makes up a few changes of the book by order and applies them.
func (k *market) changeOrders(now time.Time) (out []event) {
	for range 1 + k.random.IntN(3) {
		side := book.Side(k.random.IntN(2))
		queue := k.l3.At(side, k.random.IntN(12))
		o := queue.Orders[k.random.IntN(len(queue.Orders))]
		switch k.random.IntN(3) {
		case 0:
			best := k.l3.At(book.Bid, 0).Price
			price := k.near(side, coef(best), coef(k.l3.At(book.Ask, 0).Price))
			out = append(out, event{side, "add", k.addOrder(side, price, now)})
		case 1:
			o.Qty = k.amount(max(coef(o.Qty)/2, 1))
			k.l3.Put(side, o)
			out = append(out, event{side, "modify", o})
		default:
			if k.l3.Len(side) > queueDepth/2 {
				k.l3.Remove(side, o.ID, o.Price)
				out = append(out, event{side, "delete", o})
			}
		}
	}
	return out
}

func (k *market) addOrder(side book.Side, price int64, at time.Time) book.Order {
	k.orders++
	o := book.Order{
		ID: "OFAKE" + string(rune('A'+len(k.Symbol)%26)) + "-L3" + strconv.Itoa(100_000+k.orders), Price: k.price(price),
		Qty: k.amount(k.qty()), Time: at.UTC().Add(time.Duration(k.orders)),
	}
	k.l3.Put(side, o)
	return o
}

// trade makes up a trade at the best price of a side.
func (k *market) trade(at time.Time) trade {
	k.count++
	t := trade{id: k.count, sell: k.random.IntN(2) == 0, market: k.random.IntN(3) == 0, qty: k.MinQty + k.random.Int64N(maxQty/10), at: at.UTC().Truncate(time.Microsecond)}
	if t.price = k.best(book.Ask); t.sell {
		t.price = k.best(book.Bid)
	}
	k.keep(t)
	return t
}

// keep adds a trade to what is told about the market.
func (k *market) keep(t trade) {
	if k.trades = append(k.trades, t); len(k.trades) > keptTrades {
		k.trades = k.trades[1:]
	}
	k.day.add(t)
	for _, minutes := range intervals {
		begin := t.at.Truncate(time.Duration(minutes) * time.Minute)
		if b := k.bars[minutes]; b == nil || !b.begin.Equal(begin) {
			k.bars[minutes] = &bar{begin: begin}
		}
		k.bars[minutes].add(t)
	}
}

// intervals are the lengths of candles in minutes.
var intervals = [...]int64{1, 5, 15, 30, 60, 240, 1440, 10080, 21600}
