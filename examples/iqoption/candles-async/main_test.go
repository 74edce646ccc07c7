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
		require.NoError(t, run(t.Context(), []string{"-n", "6", "-size", "5"}, &out))
		require.Equal(t, 6, strings.Count(out.String(), "expect it to rise"), out.String())
		require.Equal(t, 3, strings.Count(out.String(), "asset 816"), out.String())
	})
}
