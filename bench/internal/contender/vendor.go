package contender

import (
	"encoding/json"
	"fmt"
	_ "unsafe" // for go:linkname

	polygonws "github.com/polygon-io/client-go/websocket"
	"github.com/polygon-io/client-go/websocket/models"

	"github.com/venuewire/venuewire/bench/internal/feed"
)

// route is the unexported step of the vendor's client that decodes the elements of a frame and puts them into its
// output: without it, decoding could only be measured together with the network.
//
//go:linkname route github.com/polygon-io/client-go/websocket.(*Client).route
func route(c *polygonws.Client, msgs []json.RawMessage) error

// Vendor is the decoding of the vendor's client: what its process loop does with a frame, then the events taken from its
// output channel, which nobody else reads. It hands out all symbols alike.
func Vendor(sink *feed.Sink) (Reader, error) {
	c, err := polygonws.New(polygonws.Config{APIKey: "bench", Feed: "ws://127.0.0.1", Market: polygonws.Stocks})
	if err != nil {
		return nil, err
	}
	output := c.Output()
	return func(frame []byte) error {
		var msgs []json.RawMessage
		if err := json.Unmarshal(frame, &msgs); err != nil {
			return err
		}
		if err := route(c, msgs); err != nil {
			return err
		}
		for range len(output) {
			if err := VendorEvent(<-output, sink); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// VendorEvent hands what the vendor's client puts into its output to the sink.
func VendorEvent(event any, sink *feed.Sink) error {
	switch v := event.(type) {
	case models.EquityTrade:
		sink.Trade(v.Symbol, v.Price, float64(v.Size), v.Timestamp, v.SequenceNumber)
	case models.EquityQuote:
		sink.Quote(v.Symbol, v.BidPrice, v.AskPrice, v.Timestamp, v.SequenceNumber)
	case models.EquityAgg:
		sink.Bar(v.Symbol, v.Open, v.Close, v.StartTimestamp)
	default:
		return fmt.Errorf("the vendor's client put out %T", event)
	}
	return nil
}
