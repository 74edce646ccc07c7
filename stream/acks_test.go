package stream_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

// A refusal that names no item is charged to what stays unconfirmed, whichever request it came for.
func TestNamelessRefusals(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		named := protocol.Ack{
			Mode:    protocol.AckFrame,
			On:      []protocol.Match{{Has: []protocol.Path{{"result", "symbol"}}}},
			Refused: []protocol.Match{{Has: []protocol.Path{{"nobody"}}}},
			Per:     "symbol",
			Item:    itemPaths,
		}
		wire := testWire()
		wire.Feeds = []*protocol.Feed{{Name: "ticker", Ack: named, CancelAck: ackReply, Batch: feedTicker.Batch}}
		v.handle = func(p *peer, req request) bool {
			if req.Method != "subscribe" {
				return false
			}
			if len(v.requests("subscribe")) < 2 {
				return true
			}
			p.send(`{"method":"subscribe","nobody":true,"success":false,"code":"E1"}`)
			p.send(`{"method":"subscribe","success":true,"result":{"symbol":"A"}}`)
			return true
		}
		c := v.client(stream.LinkConfig{Protocol: wire})
		good := make(chan error, 1)
		go func() {
			_, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
			good <- err
		}()
		time.Sleep(time.Second)
		_, err := c.ticker.Subscribe(t.Context(), []string{"B"}, "")
		require.ErrorIs(t, err, errUnknownSymbol)
		require.NoError(t, <-good)
		require.NoError(t, c.Close(t.Context()))
	})
}
