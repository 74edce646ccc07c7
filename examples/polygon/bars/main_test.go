package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	for _, every := range []string{"minute", "second"} {
		t.Run(every, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var progress strings.Builder
				file := filepath.Join(t.TempDir(), "bars.csv")
				require.NoError(t, run(t.Context(), []string{"-every", every, "-n", "9", "-o", file}, nil, &progress))
				f, err := os.Open(file)
				require.NoError(t, err)
				defer f.Close()
				rows, err := csv.NewReader(f).ReadAll()
				require.NoError(t, err)
				require.Len(t, rows, 10)
				require.Equal(t, "4110.0", rows[1][6], "volumes are exact")
				first, err := time.Parse(time.RFC3339, rows[1][0])
				require.NoError(t, err)
				last, err := time.Parse(time.RFC3339, rows[9][0])
				require.NoError(t, err)
				require.Equal(t, map[string]time.Duration{"minute": 2 * time.Minute, "second": 2 * time.Second}[every], last.Sub(first))
				require.Contains(t, progress.String(), "9 bars, up to ")
			})
		})
	}
}

func TestRunEndsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out, progress strings.Builder
		require.NoError(t, run(t.Context(), []string{"-every", "minute", "-duration", "90s", "-n", "0", "-symbols", "SPY"}, &out, &progress))
		require.Equal(t, 2, strings.Count(out.String(), "\n"), out.String())
		require.ErrorContains(t, run(t.Context(), []string{"-every", "hour"}, &out, &progress), "minute or second")
	})
}

func TestLiveNeedsAKey(t *testing.T) {
	t.Setenv("POLYGON_API_KEY", "")
	require.ErrorContains(t, run(t.Context(), []string{"-live"}, nil, nil), "POLYGON_API_KEY")
}
