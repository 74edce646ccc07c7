package krakentest

import (
	"github.com/venuewire/venuewire/kraken/book"
	"github.com/venuewire/venuewire/wire"
)

// view is the book of a client: what it should have after each message.
type view struct {
	k     *market
	depth int
	l2    *book.L2
	l3    *book.L3
}

func newView(k *market, depth int) *view {
	return &view{k: k, depth: depth, l2: book.NewL2(depth), l3: book.NewL3(depth)}
}

// message is a message of a book by price.
type message struct {
	snapshot bool
	levels   []level
	again    map[level]bool // prices that come into sight
	sum      uint32
}

// snapshot is the whole book.
func (v *view) snapshot() message {
	m := message{snapshot: true}
	v.l2.Reset()
	for _, side := range []book.Side{book.Bid, book.Ask} {
		for i := range min(v.depth, v.k.l2.Len(side)) {
			l := v.k.l2.At(side, i)
			v.l2.Set(side, l.Price, l.Qty)
			m.levels = append(m.levels, level{side, coef(l.Price), coef(l.Qty)})
		}
	}
	m.sum = v.l2.Checksum()
	return m
}

// update is what of some changes is in sight, and the prices that come into sight where others are gone; false when
// nothing is.
func (v *view) update(changes []level) (m message, ok bool) {
	m.again = make(map[level]bool)
	sees := v.sight(v.l2.Len, func(side book.Side, i int) wire.Decimal { return v.l2.At(side, i).Price })
	for _, l := range changes {
		if sees(l.side, v.k.price(l.price)) {
			v.l2.Set(l.side, v.k.price(l.price), v.k.amount(l.qty))
			m.levels = append(m.levels, l)
		}
	}
	v.l2.Truncate()
	for _, side := range []book.Side{book.Bid, book.Ask} {
		for i := v.l2.Len(side); i < min(v.depth, v.k.l2.Len(side)); i++ {
			full := v.k.l2.At(side, i)
			l := level{side, coef(full.Price), coef(full.Qty)}
			v.l2.Set(side, full.Price, full.Qty)
			m.levels, m.again[l] = append(m.levels, l), true
		}
	}
	m.sum = v.l2.Checksum()
	return m, len(m.levels) > 0
}

// sight tells whether a price is within what the client has before a message. What comes into sight by it is shown in
// one piece behind it.
func (v *view) sight(length func(book.Side) int, price func(book.Side, int) wire.Decimal) func(book.Side, wire.Decimal) bool {
	var worst [2]wire.Decimal
	var full [2]bool
	for _, side := range []book.Side{book.Bid, book.Ask} {
		if n := length(side); n >= v.depth {
			worst[side], full[side] = price(side, n-1), true
		}
	}
	return func(side book.Side, p wire.Decimal) bool {
		order := p.Cmp(worst[side])
		if side == book.Bid {
			order = -order
		}
		return !full[side] || order <= 0
	}
}

// queueMessage is a message of a book by order.
type queueMessage struct {
	snapshot bool
	events   []event
	sum      uint32
}

func (v *view) queueSnapshot() queueMessage {
	m := queueMessage{snapshot: true}
	v.l3.Reset()
	for _, side := range []book.Side{book.Bid, book.Ask} {
		for i := range min(v.depth, v.k.l3.Len(side)) {
			m.events = append(m.events, v.show(side, i)...)
		}
	}
	m.sum = v.l3.Checksum()
	return m
}

// show puts all orders of the i-th price into sight.
func (v *view) show(side book.Side, i int) (out []event) {
	for _, o := range v.k.l3.At(side, i).Orders {
		v.l3.Put(side, o)
		out = append(out, event{side, "add", o})
	}
	return out
}

func (v *view) queueUpdate(changes []event) (m queueMessage, ok bool) {
	sees := v.sight(v.l3.Len, func(side book.Side, i int) wire.Decimal { return v.l3.At(side, i).Price })
	for _, e := range changes {
		if !sees(e.side, e.Price) {
			continue
		}
		if e.kind == "delete" {
			v.l3.Remove(e.side, e.ID, e.Price)
		} else {
			v.l3.Put(e.side, e.Order)
		}
		m.events = append(m.events, e)
	}
	v.l3.Truncate()
	for _, side := range []book.Side{book.Bid, book.Ask} {
		for i := v.l3.Len(side); i < min(v.depth, v.k.l3.Len(side)); i++ {
			m.events = append(m.events, v.show(side, i)...)
		}
	}
	m.sum = v.l3.Checksum()
	return m, len(m.events) > 0
}
