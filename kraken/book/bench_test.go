package book_test

import (
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/venuewire/venuewire/kraken/book"
	"github.com/venuewire/venuewire/wire"
)

// traffic is a full book and changes that keep it full: nine of ten are among the ten best prices, and every price that
// goes comes back.
func traffic(depth int) (full, changes []change) {
	r := rand.New(rand.NewPCG(1, uint64(depth)))
	for i := range int64(depth) {
		full = append(full, change{book.Bid, 270_000 - i, 1 + r.Int64N(1e9)}, change{book.Ask, 270_001 + i, 1 + r.Int64N(1e9)})
	}
	for range 512 {
		i := r.Int64N(10)
		if r.IntN(10) == 0 {
			i = r.Int64N(int64(depth))
		}
		c := change{book.Bid, 270_000 - i, 1 + r.Int64N(1e9)}
		if r.IntN(2) == 0 {
			c = change{book.Ask, 270_001 + i, 1 + r.Int64N(1e9)}
		}
		if r.IntN(2) == 0 {
			changes = append(changes, change{c.side, c.price, 0})
		}
		changes = append(changes, c)
	}
	return full, changes
}

// BenchmarkL2 measures one change of a book: apply it, truncate, compute the checksum.
func BenchmarkL2(b *testing.B) {
	for _, depth := range []int{10, 100, 1000} {
		for _, sum := range []bool{true, false} {
			name := "depth-" + strconv.Itoa(depth)
			if !sum {
				name += "-apply-only"
			}
			b.Run(name, func(b *testing.B) {
				full, changes := traffic(depth)
				l2 := book.NewL2(depth)
				for _, c := range full {
					l2.Set(c.side, wire.NewDecimal(c.price, 1), wire.NewDecimal(c.qty, 8))
				}
				decimals := make([]book.Level, len(changes))
				for i, c := range changes {
					decimals[i] = book.Level{Price: wire.NewDecimal(c.price, 1), Qty: wire.NewDecimal(c.qty, 8)}
				}
				b.ReportAllocs()
				var sink uint32
				for i := 0; b.Loop(); i++ {
					at := i % len(changes)
					l2.Set(changes[at].side, decimals[at].Price, decimals[at].Qty)
					l2.Truncate()
					if sum {
						sink += l2.Checksum()
					}
				}
				_ = sink
			})
		}
	}
}

// BenchmarkL3 measures one change of a book of orders, eight at each price: apply it, truncate, compute the checksum.
func BenchmarkL3(b *testing.B) {
	for _, depth := range []int{10, 1000} {
		b.Run("depth-"+strconv.Itoa(depth), func(b *testing.B) {
			l3 := book.NewL3(depth)
			now := time.Now()
			var all []book.Order
			for i := range depth * 8 {
				o := book.Order{
					ID: "OABCDE-" + strconv.Itoa(i), Price: wire.NewDecimal(int64(270_001+i/8), 1),
					Qty: wire.NewDecimal(int64(100_000_000+i), 8), Time: now.Add(time.Duration(i)),
				}
				l3.Put(book.Ask, o)
				all = append(all, o)
			}
			b.ReportAllocs()
			var sink uint32
			for i := 0; b.Loop(); i++ {
				o := all[(i/2)%80]
				if i%2 == 0 {
					l3.Remove(book.Ask, o.ID, o.Price)
				} else {
					l3.Put(book.Ask, o)
				}
				l3.Truncate()
				sink += l3.Checksum()
			}
			_ = sink
		})
	}
}
