package ibkr

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/spectest"
	"github.com/venuewire/venuewire/wire"
)

var steadyTick = []byte(`{"server_id":"q1","conidEx":"265598","conid":265598,"_updated":1777552129156,"6119":"q1","84":"271.70","86":"271.80","topic":"smd+265598"}`)

// steady is a decoder that has seen a tick before.
func steady(t testing.TB) stream.Inbound {
	t.Helper()
	a := new(api)
	a.init(spectest.Conn{})
	in := a.inbound()
	in.UseDrift(new(wire.Drift))
	in.Frame(steadyTick, stream.Meta{}, fails(t))
	return in
}

func fails(t testing.TB) func([]byte, error) {
	return func(_ []byte, err error) { t.Error("not taken", err) }
}

func TestSteadyTickDoesNotAllocate(t *testing.T) {
	in, rest := steady(t), fails(t)
	require.Zero(t, testing.AllocsPerRun(200, func() { in.Frame(steadyTick, stream.Meta{}, rest) }))
}

func BenchmarkSteadyTick(b *testing.B) {
	in, rest := steady(b), fails(b)
	b.ReportAllocs()
	b.SetBytes(int64(len(steadyTick)))
	for b.Loop() {
		in.Frame(steadyTick, stream.Meta{}, rest)
	}
}
