package main

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// output is written to by two goroutines.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

func TestOrdersStayWhileItRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out output
		require.NoError(t, run(t.Context(), []string{"-duration", "1m"}, &out))
		require.Contains(t, out.String(), "is new")
		require.NotContains(t, out.String(), "canceled")
		require.True(t, strings.HasSuffix(out.String(), "disarming\n"))
	})
}

func TestOrdersAreCancelledAfterACrash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out output
		require.NoError(t, run(t.Context(), []string{"-crash"}, &out))
		require.Contains(t, out.String(), "is canceled")
	})
}

func TestLiveNeedsAKey(t *testing.T) {
	t.Setenv("KRAKEN_KEY", "")
	t.Setenv("KRAKEN_SECRET", "")
	require.ErrorContains(t, run(t.Context(), []string{"-live"}, nil), "API key")
	require.Error(t, run(t.Context(), []string{"-live", "-crash"}, nil))
}
