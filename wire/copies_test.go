package wire_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

type condition int64

func TestCopiesShareChunksAndNothingElse(t *testing.T) {
	t.Parallel()
	var c wire.Copies
	var made [][]condition
	for i := range 300 {
		made = append(made, wire.CloneInts(&c, []condition{condition(i), condition(-i)}[:i%3]))
	}
	for i := range made {
		made[i] = append(made[i], 7) // the receiver may do with its list what it likes
	}
	for i, list := range made {
		require.Equal(t, append([]condition{condition(i), condition(-i)}[:i%3], 7), list)
	}
}

func TestCopiesOfLists(t *testing.T) {
	t.Parallel()
	var c wire.Copies
	require.Nil(t, wire.CloneInts(&c, []condition(nil)), "an absent list stays one")
	require.Equal(t, []condition{}, wire.CloneInts(&c, []condition{}))
	long := make([]condition, 1000)
	long[999] = 1
	copied := wire.CloneInts(&c, long)
	long[999] = 2
	require.EqualValues(t, 1, copied[999])
	require.Len(t, copied, 1000)
}

func TestCopiesOfShortListsCostFewAllocations(t *testing.T) {
	var c wire.Copies
	list := []condition{12, 41}
	hundred := func() {
		for range 100 {
			wire.CloneInts(&c, list)
		}
	}
	require.LessOrEqual(t, testing.AllocsPerRun(100, hundred), 2.0)
}
