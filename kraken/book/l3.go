package book

import (
	"hash/crc32"
	"iter"
	"slices"
	"time"

	"github.com/venuewire/venuewire/wire"
)

// Order is an order in a book.
type Order struct {
	ID         string
	Price, Qty wire.Decimal
	// Time is that by which the order stands in the queue at its price.
	Time time.Time
}

// Queue is one price of a book and the orders there, the oldest first. The orders are borrowed until the book changes.
type Queue struct {
	Price  wire.Decimal
	Orders []Order
}

// L3 is a book by order. Make one with [NewL3].
type L3 struct {
	depth      int
	sides      [2]ladder[[]Order]
	free       [][]Order // of prices that are gone
	price, qty int       // least digits behind the point in checksums
	digits     []byte
}

// NewL3 makes an empty book of a depth: that many prices on each side. Kraken has 10, 100 and 1000.
func NewL3(depth int) *L3 {
	b := &L3{depth: depth, digits: make([]byte, 0, 4096)}
	b.sides[Ask].side = Ask
	return b
}

// Reset empties the book, as before a snapshot.
func (b *L3) Reset() {
	for i := range b.sides {
		for _, r := range b.sides[i].rungs {
			b.recycle(r.value)
		}
		b.sides[i].reset()
	}
}

// SetPrecision is [L2.SetPrecision].
func (b *L3) SetPrecision(price, qty int) { b.price, b.qty = price, qty }

// Put adds an order, or changes the one with its id at its price. Queues are in the order of time; among equals the one
// that came first is first.
func (b *L3) Put(side Side, o Order) {
	if o.Qty.IsZero() {
		b.Remove(side, o.ID, o.Price)
		return
	}
	l := &b.sides[side]
	i, found := l.find(o.Price)
	if !found {
		l.insert(i, rung[[]Order]{o.Price, append(b.fresh(), o)})
		return
	}
	queue := &l.rungs[i].value
	if at := place(*queue, o.ID); at >= 0 {
		if (*queue)[at].Time.Equal(o.Time) {
			(*queue)[at] = o
			return
		}
		*queue = slices.Delete(*queue, at, at+1)
	}
	at := len(*queue)
	for at > 0 && (*queue)[at-1].Time.After(o.Time) {
		at--
	}
	*queue = slices.Insert(*queue, at, o)
}

// Remove takes an order off its price. If there is no such order nothing happens.
func (b *L3) Remove(side Side, id string, price wire.Decimal) {
	l := &b.sides[side]
	i, found := l.find(price)
	if !found {
		return
	}
	queue := &l.rungs[i].value
	at := place(*queue, id)
	if at < 0 {
		return
	}
	if *queue = slices.Delete(*queue, at, at+1); len(*queue) == 0 {
		b.recycle(*queue)
		l.remove(i)
	}
}

// place returns where an order stands in a queue, or -1.
func place(queue []Order, id string) int {
	for i := range queue {
		if queue[i].ID == id {
			return i
		}
	}
	return -1
}

// fresh returns an empty queue.
func (b *L3) fresh() []Order {
	n := len(b.free)
	if n == 0 {
		return make([]Order, 0, 8)
	}
	queue := b.free[n-1]
	b.free = b.free[:n-1]
	return queue
}

func (b *L3) recycle(queue []Order) {
	if len(b.free) < 2*b.depth {
		clear(queue)
		b.free = append(b.free, queue[:0])
	}
}

// Truncate drops what is beyond the depth. Call it when all changes of a message are applied, not after each.
func (b *L3) Truncate() {
	for i := range b.sides {
		l := &b.sides[i]
		n := l.excess(b.depth)
		for _, r := range l.rungs[:n] {
			b.recycle(r.value)
		}
		l.dropWorst(n)
	}
}

// Depth returns how many prices a side has at most.
func (b *L3) Depth() int { return b.depth }

// Len returns how many prices a side has.
func (b *L3) Len(side Side) int { return len(b.sides[side].rungs) }

// At returns the i-th best price of a side, 0 being the best. Like indexing it panics unless 0 <= i < Len(side).
func (b *L3) At(side Side, i int) Queue {
	r := b.sides[side].at(i)
	return Queue{r.price, r.value}
}

// Best returns the best price of a side; false if there is none.
func (b *L3) Best(side Side) (Queue, bool) {
	if b.Len(side) == 0 {
		return Queue{}, false
	}
	return b.At(side, 0), true
}

// Queues yields the prices of a side from the best to the worst. The book must not change meanwhile.
func (b *L3) Queues(side Side) iter.Seq[Queue] {
	return func(yield func(Queue) bool) {
		for i := range b.Len(side) {
			if !yield(b.At(side, i)) {
				return
			}
		}
	}
}

// Checksum returns the CRC32 (IEEE) of all orders at the ten best asks, from low to high, and then at the ten best bids,
// from high to low, the orders of a price in the order of their queue: price and quantity of each, without points and
// leading zeros. Fewer than ten prices count as they are.
//
// Source: guide spot-ws-l3-v2 of docs.kraken.com.
func (b *L3) Checksum() uint32 {
	digits := b.digits[:0]
	for _, side := range [...]Side{Ask, Bid} {
		l := &b.sides[side]
		for i := range min(covered, len(l.rungs)) {
			for _, o := range l.at(i).value {
				digits = appendDigits(digits, o.Price, b.price)
				digits = appendDigits(digits, o.Qty, b.qty)
			}
		}
	}
	b.digits = digits
	return crc32.ChecksumIEEE(digits)
}
