package main

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		require.NoError(t, run(t.Context(), []string{"-rows", "3", "-duration", "5s", "-plain"}, &out))
		pictures := strings.Split(strings.TrimSpace(out.String()), "BTC/USD\n")
		require.Greater(t, len(pictures), 10)
		last := strings.Split(strings.TrimSpace(pictures[len(pictures)-1]), "\n")
		require.Len(t, last, 3+1+3+1)
		require.Contains(t, last[7], "0 gaps, 0 new snapshots")
	})
}

func TestDepthsThatTheVenueDoesNotHave(t *testing.T) {
	require.Error(t, run(t.Context(), []string{"-depth", "42"}, nil))
}
