package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out, progress strings.Builder
		require.NoError(t, run(t.Context(), []string{"-hours", "24"}, &out, &progress))
		rows, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, 1+24*60)
		require.Equal(t, "time", rows[0][0])
		require.Equal(t, "1999-12-31T00:00:00Z", rows[1][0])
		require.Contains(t, progress.String(), "done, 1440 candles")
	})
}

func TestRunToFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "candles.csv")
		var progress strings.Builder
		require.NoError(t, run(t.Context(), []string{"-n", "10", "-o", file}, nil, &progress))
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, 11, strings.Count(string(b), "\n"))
	})
}
