package book

import (
	"slices"

	"github.com/venuewire/venuewire/wire"
)

// rung is what a book has at one price.
type rung[V any] struct {
	price wire.Decimal
	value V
}

// ladder is one side of a book: rungs in the order of their prices, the best one last.
type ladder[V any] struct {
	side  Side
	rungs []rung[V]
	buf   []rung[V] // all of the memory; rungs moves through it as worst prices fall off
}

// find returns the place of a price, or where it belongs.
func (l *ladder[V]) find(price wire.Decimal) (i int, found bool) {
	low, high := 0, len(l.rungs)
	for low < high {
		mid := int(uint(low+high) >> 1)
		order := l.rungs[mid].price.Cmp(price)
		if l.side == Ask {
			order = -order
		}
		switch {
		case order < 0:
			low = mid + 1
		case order > 0:
			high = mid
		default:
			return mid, true
		}
	}
	return low, false
}

func (l *ladder[V]) insert(i int, r rung[V]) {
	if len(l.rungs) == cap(l.rungs) {
		if len(l.buf) < 2*len(l.rungs) {
			l.buf = make([]rung[V], max(16, 4*len(l.rungs)))
		}
		n := copy(l.buf, l.rungs)
		l.rungs = l.buf[:n]
	}
	l.rungs = slices.Insert(l.rungs, i, r)
}

func (l *ladder[V]) remove(i int) { l.rungs = slices.Delete(l.rungs, i, i+1) }

// excess is how many of the worst rungs are beyond a depth.
func (l *ladder[V]) excess(depth int) int { return max(len(l.rungs)-depth, 0) }

// dropWorst takes the n worst rungs off; what they held is let go.
func (l *ladder[V]) dropWorst(n int) {
	clear(l.rungs[:n])
	l.rungs = l.rungs[n:]
}

// at is the i-th best rung.
func (l *ladder[V]) at(i int) *rung[V] { return &l.rungs[len(l.rungs)-1-i] }

func (l *ladder[V]) reset() {
	clear(l.rungs)
	l.rungs = l.buf[:0]
}
