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
		require.NoError(t, run(t.Context(), []string{"-n", "12"}, &out))
		require.Equal(t, 2*50+10, strings.Count(out.String(), "\n"), "past trades of two pairs, and ten new ones")
		require.Contains(t, out.String(), "XRP/USD")
	})
}

func TestRunEndsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var out strings.Builder
		require.NoError(t, run(t.Context(), []string{"-n", "0", "-duration", "3s"}, &out))
		require.Equal(t, 3*time.Second, time.Since(began))
	})
}

func TestUnknownPairs(t *testing.T) {
	require.ErrorContains(t, run(t.Context(), []string{"-pairs", "BTC/USD"}, nil), "PairNotSupported")
}
