package book_test

import (
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken/book"
	"github.com/venuewire/venuewire/wire"
)

// model is a book as simple as can be: a quantity for each price, sorted whenever somebody looks. Prices have one digit
// behind the point, quantities eight; the model counts both in their last digits.
type model struct {
	depth int
	sides [2]map[int64]int64
}

func newModel(depth int) *model {
	return &model{depth, [2]map[int64]int64{{}, {}}}
}

func (m *model) set(side book.Side, price, qty int64) {
	if qty == 0 {
		delete(m.sides[side], price)
		return
	}
	m.sides[side][price] = qty
}

// best lists the prices of a side, the best first.
func (m *model) best(side book.Side) []int64 {
	var out []int64
	for p := range m.sides[side] {
		out = append(out, p)
	}
	slices.Sort(out)
	if side == book.Bid {
		slices.Reverse(out)
	}
	return out
}

func (m *model) truncate() {
	for i := range m.sides {
		all := m.best(book.Side(i))
		for _, p := range all[min(m.depth, len(all)):] {
			delete(m.sides[i], p)
		}
	}
}

func (m *model) checksum() uint32 {
	var text strings.Builder
	for _, side := range []book.Side{book.Ask, book.Bid} {
		all := m.best(side)
		for _, p := range all[:min(10, len(all))] {
			text.WriteString(strconv.FormatInt(p, 10) + strconv.FormatInt(m.sides[side][p], 10))
		}
	}
	return crc32.ChecksumIEEE([]byte(text.String()))
}

// message is random traffic: prices near each other, so that they repeat, deletes of what is and what is not there.
func message(r *rand.Rand) (changes []change) {
	for range 1 + r.IntN(6) {
		c := change{side: book.Side(r.IntN(2)), price: 10_000 + int64(r.NormFloat64()*40), qty: 1 + r.Int64N(5e9)}
		if r.IntN(3) == 0 {
			c.qty = 0
		}
		if len(changes) > 0 && r.IntN(4) == 0 {
			c.side, c.price = changes[0].side, changes[0].price // the same price again in one message
		}
		changes = append(changes, c)
	}
	return changes
}

type change struct {
	side       book.Side
	price, qty int64
}

func TestL2EqualsTheModel(t *testing.T) {
	for _, depth := range []int{1, 10, 25, 100} {
		for seed := range uint64(4) {
			r := rand.New(rand.NewPCG(seed, uint64(depth)))
			b, m := book.NewL2(depth), newModel(depth)
			for range 300 {
				for _, c := range message(r) {
					b.Set(c.side, wire.NewDecimal(c.price, 1), wire.NewDecimal(c.qty, 8))
					m.set(c.side, c.price, c.qty)
				}
				b.Truncate()
				m.truncate()
				requireEqual(t, m, b)
			}
		}
	}
}

func requireEqual(t *testing.T, m *model, b *book.L2) {
	t.Helper()
	for _, side := range []book.Side{book.Bid, book.Ask} {
		all := m.best(side)
		require.Equal(t, len(all), b.Len(side))
		for i, p := range all {
			require.Equal(t, book.Level{Price: wire.NewDecimal(p, 1), Qty: wire.NewDecimal(m.sides[side][p], 8)}, b.At(side, i))
		}
	}
	require.Equal(t, m.checksum(), b.Checksum())
}

// TestL3EqualsTheModel compares a book of orders with lists of orders that are sorted whenever somebody looks.
func TestL3EqualsTheModel(t *testing.T) {
	const depth = 10
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 3))
		b, m := book.NewL3(depth), new(orders)
		for range 300 {
			for range 1 + r.IntN(5) {
				side := book.Side(r.IntN(2))
				if known := m[side]; len(known) > 0 && r.IntN(2) == 0 {
					o := known[r.IntN(len(known))]
					b.Remove(side, o.ID, o.Price)
					m.remove(side, o.ID)
					continue
				}
				o := book.Order{
					ID: "O" + strconv.Itoa(r.IntN(200)), Qty: wire.NewDecimal(1+r.Int64N(1e9), 8),
					Time: time.Unix(1_700_000_000, r.Int64N(50)),
				}
				o.Price = wire.NewDecimal(1000+int64(len(o.ID))+r.Int64N(20), 1)
				if have := m.find(side, o.ID); have != nil {
					o.Price = have.Price // an order does not change its price
				}
				b.Put(side, o)
				m.put(side, o)
			}
			b.Truncate()
			m.truncate(depth)
			require.Equal(t, m.digits(), digits(b))
		}
	}
}

// orders are the orders of both sides in the order of their coming.
type orders [2][]book.Order

func (m *orders) find(side book.Side, id string) *book.Order {
	for i := range m[side] {
		if m[side][i].ID == id {
			return &m[side][i]
		}
	}
	return nil
}

func (m *orders) remove(side book.Side, id string) {
	m[side] = slices.DeleteFunc(m[side], func(o book.Order) bool { return o.ID == id })
}

func (m *orders) put(side book.Side, o book.Order) {
	if have := m.find(side, o.ID); have != nil && have.Time.Equal(o.Time) {
		*have = o
		return
	}
	m.remove(side, o.ID)
	m[side] = append(m[side], o)
	slices.SortStableFunc(m[side], func(a, b book.Order) int {
		c := a.Price.Cmp(b.Price)
		if side == book.Bid {
			c = -c
		}
		if c == 0 {
			c = a.Time.Compare(b.Time)
		}
		return c
	})
}

func (m *orders) truncate(depth int) {
	for i := range m {
		prices := 0
		for j, o := range m[i] {
			if j == 0 || o.Price != m[i][j-1].Price {
				prices++
			}
			if prices > depth {
				m[i] = m[i][:j]
				break
			}
		}
	}
}

func (m *orders) digits() (out []string) {
	for _, side := range []book.Side{book.Ask, book.Bid} {
		for _, o := range m[side] {
			out = append(out, o.ID+" "+o.Price.String()+" "+o.Qty.String())
		}
	}
	return out
}

func digits(b *book.L3) (out []string) {
	for _, side := range []book.Side{book.Ask, book.Bid} {
		for q := range b.Queues(side) {
			for _, o := range q.Orders {
				out = append(out, o.ID+" "+o.Price.String()+" "+o.Qty.String())
			}
		}
	}
	return out
}
