package book_test

import (
	"bufio"
	"bytes"
	"hash/crc32"
	"os"
	"strings"
	"testing"
	"time"

	json "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken/book"
	"github.com/venuewire/venuewire/wire"
)

func decimal(t testing.TB, text string) wire.Decimal {
	t.Helper()
	d, err := wire.ParseDecimal(text)
	require.NoError(t, err)
	return d
}

// fill sets levels written as price/qty.
func fill(t testing.TB, b *book.L2, side book.Side, levels string) {
	t.Helper()
	for _, level := range strings.Fields(levels) {
		price, qty, ok := strings.Cut(level, "/")
		require.True(t, ok)
		b.Set(side, decimal(t, price), decimal(t, qty))
	}
}

// equalQty gives each price the same quantity.
func equalQty(prices, qty string) string {
	var out []string
	for _, p := range strings.Fields(prices) {
		out = append(out, p+"/"+qty)
	}
	return strings.Join(out, " ")
}

// The worked examples of the venue's guides.
func TestWorkedChecksums(t *testing.T) {
	for _, c := range []struct {
		name, asks, bids string
		want             uint32
	}{
		{"spot-ws-book-v1",
			equalQty("0.05005 0.05010 0.05015 0.05020 0.05025 0.05030 0.05035 0.05040 0.05045 0.05050", "0.00000500"),
			equalQty("0.05000 0.04995 0.04990 0.04980 0.04975 0.04970 0.04965 0.04960 0.04955 0.04950", "0.00000500"), 974947235},
		{"spot-ws-book-v2",
			"45285.2/0.00100000 45286.4/1.54571953 45286.6/1.54571109 45289.6/1.54560911 45290.2/0.15890660 45291.8/1.54553491 45294.7/0.04454749 45296.1/0.35380000 45297.5/0.09945542 45299.5/0.18772827",
			"45283.5/0.10000000 45283.4/1.54582015 45282.1/0.10000000 45281.0/0.10000000 45280.3/1.54592586 45279.0/0.07990000 45277.6/0.03310103 45277.5/0.30000000 45277.3/1.54602737 45276.6/0.15445238", 3310070434},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := book.NewL2(10)
			fill(t, b, book.Bid, c.bids)
			fill(t, b, book.Ask, c.asks)
			require.Equal(t, c.want, b.Checksum())
			// What is beyond the tenth price counts for nothing.
			fill(t, b, book.Ask, "99999.9/1.00000000")
			fill(t, b, book.Bid, "0.00001/1.00000000")
			require.Equal(t, c.want, b.Checksum())
		})
	}
}

// sampleOrder is a row of a level3 message.
type sampleOrder struct {
	OrderID string    `json:"order_id"`
	Price   string    `json:"limit_price"`
	Qty     string    `json:"order_qty"`
	Time    time.Time `json:"timestamp"`
}

func TestWorkedChecksumOfOrders(t *testing.T) {
	data, err := os.ReadFile("../testdata/frames.jsonl")
	require.NoError(t, err)
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if !bytes.Contains(lines.Bytes(), []byte(`"checksum":1063832831`)) {
			continue
		}
		var line struct {
			Frame struct {
				Data []struct{ Bids, Asks []sampleOrder }
			}
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &line))
		b := book.NewL3(10)
		for i, side := range [][]sampleOrder{line.Frame.Data[0].Bids, line.Frame.Data[0].Asks} {
			for _, o := range side {
				b.Put(book.Side(i), book.Order{ID: o.OrderID, Price: decimal(t, o.Price), Qty: decimal(t, o.Qty), Time: o.Time})
			}
		}
		require.EqualValues(t, 1063832831, b.Checksum())
		return
	}
	t.Fatal("the sample is gone")
}

// The page of the book channel prints two messages whose trailing zeros a decoder has dropped.
func TestPrecisionPutsZerosBack(t *testing.T) {
	b := book.NewL2(10)
	fill(t, b, book.Ask, "0.5/1.5 12/0.25")
	b.SetPrecision(4, 8)
	require.Equal(t, crc32.ChecksumIEEE([]byte("5000"+"150000000"+"120000"+"25000000")), b.Checksum())
}

func TestChecksumOfShortAndLongNumbers(t *testing.T) {
	b := book.NewL2(10)
	require.Equal(t, crc32.ChecksumIEEE(nil), b.Checksum(), "an empty book")
	fill(t, b, book.Ask, "0.000074650000/0.10")
	fill(t, b, book.Bid, "0.0000000000000000000000000000120/123456789012345678901234567890.50")
	require.Equal(t, crc32.ChecksumIEEE([]byte("74650000"+"10"+"120"+"12345678901234567890123456789050")), b.Checksum())
}

func TestL2(t *testing.T) {
	b := book.NewL2(2)
	_, ok := b.Best(book.Bid)
	require.False(t, ok)

	fill(t, b, book.Bid, "100.0/1 101.0/2 99.0/3 101.0/4 50.0/0")
	fill(t, b, book.Ask, "103.0/1 102.0/2 104.0/3")
	best, ok := b.Best(book.Bid)
	require.True(t, ok)
	require.Equal(t, book.Level{Price: decimal(t, "101.0"), Qty: decimal(t, "4")}, best, "the later of two changes holds")
	require.Equal(t, 3, b.Len(book.Ask))

	b.Truncate()
	require.Equal(t, 2, b.Depth())
	require.Equal(t, []string{"101.0", "100.0"}, prices(b, book.Bid))
	require.Equal(t, []string{"102.0", "103.0"}, prices(b, book.Ask))
	require.Equal(t, "2", b.Qty(book.Ask, decimal(t, "102.00")).String(), "prices compare by value")
	require.True(t, b.Qty(book.Ask, decimal(t, "99")).IsZero())

	b.Reset()
	require.Zero(t, b.Len(book.Bid)+b.Len(book.Ask))
}

func prices(b *book.L2, side book.Side) (out []string) {
	for l := range b.Levels(side) {
		out = append(out, l.Price.String())
	}
	return out
}

func TestL3QueuesKeepTheOrderOfTime(t *testing.T) {
	b := book.NewL3(2)
	at := time.Date(2024, 1, 8, 12, 0, 0, 0, time.UTC)
	put := func(id, price, qty string, second int) {
		b.Put(book.Bid, book.Order{ID: id, Price: decimal(t, price), Qty: decimal(t, qty), Time: at.Add(time.Duration(second) * time.Second)})
	}
	queue := func(i int) (out []string) {
		for _, o := range b.At(book.Bid, i).Orders {
			out = append(out, o.ID+"="+o.Qty.String())
		}
		return out
	}
	put("late", "100", "1", 9)
	put("early", "100", "2", 1)
	put("twin", "100", "3", 1)
	require.Equal(t, []string{"early=2", "twin=3", "late=1"}, queue(0))

	put("early", "100", "1", 1)
	require.Equal(t, []string{"early=1", "twin=3", "late=1"}, queue(0), "less of an order keeps its place")
	put("early", "100", "5", 10)
	require.Equal(t, []string{"twin=3", "late=1", "early=5"}, queue(0), "a new time loses it")

	put("better", "101", "1", 1)
	put("worse", "99", "1", 1)
	b.Remove(book.Bid, "nobody", decimal(t, "100"))
	b.Remove(book.Bid, "late", decimal(t, "98"))
	b.Truncate()
	require.Equal(t, 2, b.Len(book.Bid))
	b.Remove(book.Bid, "better", decimal(t, "101"))
	best, ok := b.Best(book.Bid)
	require.True(t, ok)
	require.Equal(t, "100", best.Price.String(), "a price without orders is gone")
	put("twin", "100", "0", 1)
	require.Equal(t, []string{"late=1", "early=5"}, queue(0))
	for q := range b.Queues(book.Bid) {
		require.Equal(t, "100", q.Price.String())
	}
	b.Reset()
	require.Zero(t, b.Len(book.Bid))
}

func TestReadingDoesNotAllocate(t *testing.T) {
	b := book.NewL2(10)
	fill(t, b, book.Ask, "103.0/1 102.0/2 104.0/3")
	var sink wire.Decimal
	allocs := testing.AllocsPerRun(100, func() {
		best, _ := b.Best(book.Ask)
		sink = best.Price
		for i := range b.Len(book.Ask) {
			sink = b.At(book.Ask, i).Qty
		}
		for l := range b.Levels(book.Ask) {
			sink = l.Price
		}
		b.Checksum()
	})
	require.Zero(t, allocs)
	require.Equal(t, "104.0", sink.String())
}
