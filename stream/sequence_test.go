package stream_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
)

func TestSequenceCountsWhatIsMissing(t *testing.T) {
	var s stream.Sequence
	for _, step := range []struct {
		epoch uint64
		n     int64
		lost  uint64
	}{
		{1, 1, 0}, {1, 2, 0}, {1, 5, 2}, {1, 6, 0},
		{1, 3, 0}, {1, 4, 0}, // the venue began anew
		{2, 3, 2}, {2, 4, 0}, // a new session starts at first
	} {
		require.Equal(t, step.lost, s.Lost(&stream.Meta{Epoch: step.epoch}, step.n, 1, 1), "%+v", step)
	}
}
