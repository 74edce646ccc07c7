package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen"
	"github.com/venuewire/venuewire/gen/coverage"
)

// TestReferenceRowsAreAllThere holds the catalogue of the one venue that has a reference with a count of its own:
// 5 client frames, 57 calls inside one of them and two frames that are calls themselves, 15 streams.
func TestReferenceRowsAreAllThere(t *testing.T) {
	t.Parallel()
	m, found := gen.Load(os.DirFS("../../specs"))
	require.NoError(t, found.Err())
	rows := map[string]int{}
	for _, c := range coverage.New(m.Venues).Categories("iqoption", coverage.Reference) {
		rows[c.Name] = c.Rows
	}
	require.Equal(t, 5, rows["Client frames"])
	require.Equal(t, 57+2, rows["RPCs, all"])
	require.Equal(t, 15, rows["Subscriptions, all"])
	require.GreaterOrEqual(t, rows["Server messages"], 25)
}
