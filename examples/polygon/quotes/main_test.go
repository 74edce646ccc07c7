package main

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		require.NoError(t, run(t.Context(), []string{"-rounds", "4", "-every", "10100ms", "-symbols", "aapl,SPY"}, &out))
		require.Equal(t, 8, strings.Count(out.String(), "\n"), "one line for each symbol and look: %s", out.String())
		require.Regexp(t, `SPY .* (39|40) older ones`, out.String())
	})
}

func TestRunEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3500*time.Millisecond, cancel)
		var out strings.Builder
		require.NoError(t, run(ctx, []string{"-rounds", "0", "-every", "1100ms", "-symbols", "SPY"}, &out))
		require.Equal(t, 3, strings.Count(out.String(), "\n"))
	})
}

func TestLiveNeedsAKey(t *testing.T) {
	t.Setenv("POLYGON_API_KEY", "")
	require.ErrorContains(t, run(t.Context(), []string{"-live"}, nil), "POLYGON_API_KEY")
}
