package polygon

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
)

// What has ended is forgotten, whoever dials next.
func TestClaimsDoNotGrow(t *testing.T) {
	var c claims
	for range 1000 {
		l := new(lease)
		key := stream.NewSecret("key")
		require.NoError(t, c.take(key, ClusterStocks, 1, l))
		require.ErrorIs(t, c.take(key, ClusterStocks, 1, new(lease)), ErrKeyInUse)
		l.OnState(stream.Status{State: stream.Waiting})
		require.ErrorIs(t, c.take(key, ClusterStocks, 1, new(lease)), ErrKeyInUse)
		l.OnState(stream.Status{State: stream.Closed})
	}
	require.NoError(t, c.take(stream.NewSecret("other"), ClusterForex, 1, new(lease)))
	require.Len(t, c.held, 1)
}
