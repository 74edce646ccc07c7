package main

import (
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	for _, args := range [][]string{{"-stake", "10"}, {"-stake", "2.5", "-seconds", "60", "-put"}} {
		synctest.Test(t, func(t *testing.T) {
			var out strings.Builder
			require.NoError(t, run(t.Context(), args, &out))
			require.Contains(t, out.String(), "balance 10000 USD, a win pays 89%")
			require.Regexp(t, regexp.MustCompile(`(?m)^closed: (win|loose|equal), 1\.\d+ -> 1\.\d+, profit -?\d`), out.String())
		})
	}
}

func TestRunRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		require.ErrorContains(t, run(t.Context(), []string{"-stake", "99999"}, &out), "Validation")
		require.ErrorContains(t, run(t.Context(), []string{"-active", "4711"}, &out), "no blitz options")
		require.ErrorContains(t, run(t.Context(), []string{"-real"}, &out), "Insufficient funds")
	})
}
