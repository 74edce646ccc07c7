package stream_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

func TestPingCall(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		w := testWire()
		w.Liveness = protocol.Liveness{Events: []string{"Heartbeat"}, PingRPC: rpcPing, Every: 20 * time.Second, Deadline: 10 * time.Second}
		c := v.client(stream.LinkConfig{Protocol: w})
		time.Sleep(5*time.Minute + time.Second)
		require.EqualValues(t, 1, c.Status().Epoch, "its replies prove life")
		require.Len(t, v.requests("ping"), 15)
		v.set(func(v *venue) {
			v.handle = func(p *peer, _ request) bool { return p.n == 1 }
		})
		require.NoError(t, waitEpoch(t.Context(), c, 2))
		require.NoError(t, c.Close(t.Context()))
	})
}
