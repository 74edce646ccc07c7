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
		require.NoError(t, run(t.Context(), []string{"-n", "3"}, &out))
		require.Equal(t, 3, strings.Count(out.String(), "\n"), out.String())
		require.Contains(t, out.String(), "DU1234567.Core")
	})
}

func TestRunEndsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		require.NoError(t, run(t.Context(), []string{"-n", "0", "-duration", "30s"}, &out))
		require.NotEmpty(t, out.String())
	})
}

func TestBadGateway(t *testing.T) {
	require.ErrorContains(t, run(t.Context(), []string{"-gateway", "localhost:5000"}, nil), "https://localhost:5000")
}
