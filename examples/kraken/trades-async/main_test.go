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
		require.NoError(t, run(t.Context(), nil, &out))
		require.Equal(t, 2, strings.Count(out.String(), "main: "))
		require.Greater(t, strings.Count(out.String(), "handler: "), 20)
	})
}
