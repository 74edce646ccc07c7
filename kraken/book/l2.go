package book

import (
	"hash/crc32"
	"iter"

	"github.com/venuewire/venuewire/wire"
)

// Level is one price of a book and the quantity there.
type Level struct {
	Price, Qty wire.Decimal
}

// L2 is a book by price. Make one with [NewL2].
type L2 struct {
	depth      int
	sides      [2]ladder[wire.Decimal]
	price, qty int // least digits behind the point in checksums
	digits     []byte
}

// NewL2 makes an empty book of a depth: that many prices on each side. Kraken has 10, 25, 100, 500 and 1000.
func NewL2(depth int) *L2 {
	b := &L2{depth: depth, digits: make([]byte, 0, 1024)}
	b.sides[Ask].side = Ask
	return b
}

// Reset empties the book, as before a snapshot.
func (b *L2) Reset() {
	b.sides[Bid].reset()
	b.sides[Ask].reset()
}

// SetPrecision says how many digits prices and quantities have behind the point, for data whose trailing zeros were lost
// on the way. As Kraken sends them they are complete, and a book needs no precision.
func (b *L2) SetPrecision(price, qty int) { b.price, b.qty = price, qty }

// Set makes qty the quantity at a price. A quantity of 0 takes the price away; if there is none, nothing happens.
func (b *L2) Set(side Side, price, qty wire.Decimal) {
	l := &b.sides[side]
	i, found := l.find(price)
	switch {
	case qty.IsZero():
		if found {
			l.remove(i)
		}
	case found:
		l.rungs[i] = rung[wire.Decimal]{price, qty}
	default:
		l.insert(i, rung[wire.Decimal]{price, qty})
	}
}

// Truncate drops what is beyond the depth. Call it when all changes of a message are applied, not after each.
func (b *L2) Truncate() {
	for i := range b.sides {
		l := &b.sides[i]
		l.dropWorst(l.excess(b.depth))
	}
}

// Depth returns how many prices a side has at most.
func (b *L2) Depth() int { return b.depth }

// Len returns how many prices a side has.
func (b *L2) Len(side Side) int { return len(b.sides[side].rungs) }

// At returns the i-th best price of a side, 0 being the best. Like indexing it panics unless 0 <= i < Len(side).
func (b *L2) At(side Side, i int) Level {
	r := b.sides[side].at(i)
	return Level{r.price, r.value}
}

// Best returns the best price of a side; false if there is none.
func (b *L2) Best(side Side) (Level, bool) {
	if b.Len(side) == 0 {
		return Level{}, false
	}
	return b.At(side, 0), true
}

// Qty returns the quantity at a price; 0 if there is none.
func (b *L2) Qty(side Side, price wire.Decimal) wire.Decimal {
	l := &b.sides[side]
	if i, found := l.find(price); found {
		return l.rungs[i].value
	}
	return wire.Decimal{}
}

// Levels yields the prices of a side from the best to the worst. The book must not change meanwhile.
func (b *L2) Levels(side Side) iter.Seq[Level] {
	return func(yield func(Level) bool) {
		for i := range b.Len(side) {
			if !yield(b.At(side, i)) {
				return
			}
		}
	}
}

// Checksum returns the CRC32 (IEEE) of the ten best asks, from low to high, and then the ten best bids, from high to low:
// price and quantity of each, without points and leading zeros. Fewer than ten count as they are.
//
// Source: guides spot-ws-book-v1 and spot-ws-book-v2 of docs.kraken.com.
func (b *L2) Checksum() uint32 {
	digits := b.digits[:0]
	for _, side := range [...]Side{Ask, Bid} {
		l := &b.sides[side]
		for i := range min(covered, len(l.rungs)) {
			r := l.at(i)
			digits = appendDigits(digits, r.price, b.price)
			digits = appendDigits(digits, r.value, b.qty)
		}
	}
	b.digits = digits
	return crc32.ChecksumIEEE(digits)
}
