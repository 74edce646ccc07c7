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
		require.NoError(t, run(t.Context(), []string{"-n", "12", "-size", "5"}, &out))
		require.Equal(t, 12, strings.Count(out.String(), "\n"), out.String())
		require.Contains(t, out.String(), "00:00:05.000")
	})
}

func TestRunEndsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var out strings.Builder
		require.NoError(t, run(t.Context(), []string{"-n", "0", "-duration", "3s"}, &out))
		require.Equal(t, 3*time.Second, time.Since(began))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		require.NoError(t, run(ctx, []string{"-n", "0"}, &out))
	})
}

func TestLiveNeedsCredentials(t *testing.T) {
	for _, name := range []string{"IQOPTION_SSID", "IQOPTION_IDENTIFIER", "IQOPTION_PASSWORD"} {
		t.Setenv(name, "")
	}
	require.ErrorContains(t, run(t.Context(), []string{"-live"}, nil), "IQOPTION_IDENTIFIER")
}
