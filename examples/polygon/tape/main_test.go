package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		require.NoError(t, run(t.Context(), []string{"-n", "12", "-symbols", "aapl, brk.b"}, &out))
		require.Equal(t, 12, strings.Count(out.String(), "\n"), out.String())
		require.Equal(t, 6, strings.Count(out.String(), "BRK.B"), out.String())
	})
}

func TestRunEndsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var out strings.Builder
		require.NoError(t, run(t.Context(), []string{"-n", "0", "-duration", "3s"}, &out))
		require.Equal(t, 3*time.Second, time.Since(began))
		require.Error(t, run(t.Context(), []string{"-symbols", ""}, &out))
	})
}

func TestLiveNeedsAKey(t *testing.T) {
	t.Setenv("POLYGON_API_KEY", "")
	require.ErrorContains(t, run(t.Context(), []string{"-live"}, nil), "POLYGON_API_KEY")
}
