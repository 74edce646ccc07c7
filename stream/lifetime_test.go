package stream_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
)

func TestLifeLeft(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for v, want := range map[string]time.Duration{
		`600`:                              10 * time.Minute,
		`"90"`:                             90 * time.Second,
		`0.5`:                              500 * time.Millisecond,
		fmt.Sprint(now.Unix() + 60):        time.Minute,
		fmt.Sprint(now.UnixMilli() + 1500): 1500 * time.Millisecond,
		`"2026-05-01T12:05:00Z"`:           5 * time.Minute,
		`"soon"`:                           0,
		`-3`:                               0,
		`null`:                             0,
		`1e300`:                            0,
	} {
		require.Equal(t, want, stream.LifeLeft(v, now), v)
	}
}
