package kraken

import (
	"testing"

	json "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken/book"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/spectest"
)

// update decodes the sample whose checksum is sum.
func update[T any](t *testing.T, sum string) *T {
	t.Helper()
	for _, s := range spectest.Recording(t) {
		if s.Dir != "in" || !json.Valid(s.Frame) {
			continue
		}
		var frame struct {
			Data []struct{ Checksum json.Number }
		}
		if json.Unmarshal(s.Frame, &frame) == nil && len(frame.Data) == 1 && frame.Data[0].Checksum.String() == sum {
			v := new(T)
			require.NoError(t, json.Unmarshal(s.Frame, v))
			return v
		}
	}
	require.Fail(t, "no such sample")
	return nil
}

// TestPrintedBookReproducesItsChecksums: the page of the book channel prints a snapshot and the update behind it, with
// numbers whose trailing zeros are gone; the pair has four digits of price and eight of quantity.
func TestPrintedBookReproducesItsChecksums(t *testing.T) {
	b := book.NewL2(10)
	b.SetPrecision(4, 8)
	for _, sum := range []string{"2439117997", "2114181697"} {
		u := update[BookUpdate](t, sum)
		applyBook(b, u)
		b.Truncate()
		require.Equal(t, u.describe().Sum, b.Checksum())
	}
}

// TestGuidesReproduceTheirChecksums decodes the worked examples of the guides, whose zeros are complete.
func TestGuidesReproduceTheirChecksums(t *testing.T) {
	l2 := book.NewL2(10)
	applyBook(l2, update[BookUpdate](t, "3310070434"))
	require.EqualValues(t, uint32(3310070434), l2.Checksum())
	l3 := book.NewL3(10)
	applyOrders(l3, update[Level3Update](t, "1063832831"))
	require.EqualValues(t, 1063832831, l3.Checksum())
}

// TestHotEventsDecodeWithoutAllocation: what comes all the time costs no memory once strings are known.
func TestHotEventsDecodeWithoutAllocation(t *testing.T) {
	a := new(publicMethods)
	a.init(spectest.Conn{})
	seen := 0
	_, err := a.DirectBook(t.Context(), []Symbol{"BTC/USD"}, BookParams{}, func(u *BookUpdate, _ stream.Meta) { seen += len(u.Data[0].Bids) })
	require.NoError(t, err)
	_, err = a.DirectTrades(t.Context(), []Symbol{"MATIC/USD"}, TradesParams{}, func(*TradeUpdate, stream.Meta) { seen++ })
	require.NoError(t, err)
	in, rest := a.inbound(), func([]byte, error) { seen = -1 << 20 }
	for _, frame := range [][]byte{
		[]byte(`{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[{"price":66786.5,"qty":0.00000000},{"price":66784.5,"qty":0.01470022}],"asks":[],"checksum":902440905,"timestamp":"2024-05-19T16:45:24.204654Z"}]}`),
		[]byte(`{"channel":"trade","type":"update","data":[{"symbol":"MATIC/USD","side":"sell","price":0.5117,"qty":40.0,"ord_type":"market","trade_id":4665906,"timestamp":"2023-09-25T07:49:37.708706Z"}]}`),
	} {
		require.Zero(t, testing.AllocsPerRun(200, func() { in.Frame(frame, stream.Meta{}, rest) }), "%s", frame)
	}
	require.Positive(t, seen)
}
