package stream_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// fault is one thing that goes wrong with a venue, the network or the program, and what a client does then. Its number
// is that of the fault wherever it is tested: a venue whose own protocol changes the outcome has a row of the same
// number in its fault_test.go.
type fault struct {
	n    int
	name string
	does string // what the client does
	test func(t *testing.T)
}

// faults lists the rows of this package by their number.
func faults() []fault {
	all := slices.Concat(dialFaults, sessionFaults, dialectFaults, frameFaults, callFaults, subscribeFaults, useFaults, secretFaults)
	slices.SortStableFunc(all, func(a, b fault) int { return a.n - b.n })
	return all
}

func (f fault) String() string { return fmt.Sprintf("%02d-%s", f.n, f.name) }

func TestFault(t *testing.T) {
	for _, f := range faults() {
		t.Run(f.String(), func(t *testing.T) {
			t.Log(f.does)
			f.test(t)
		})
	}
}

// elsewhere says where a fault is tested that is none of a connection.
var elsewhere = map[int]string{
	63: "../gen/fault_test.go", // specs that cannot be right
}

func TestFaultsAreWhole(t *testing.T) {
	seen := map[int]bool{}
	names := map[string]bool{}
	for _, f := range faults() {
		require.NotEmpty(t, f.does, f)
		require.NotNil(t, f.test, f)
		require.False(t, names[f.String()], "two rows are called %s", f)
		seen[f.n], names[f.String()] = true, true
	}
	for n, file := range elsewhere {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Contains(t, string(text), fmt.Sprintf("%d-", n), file)
		seen[n] = true
	}
	for n := 1; n <= 65; n++ {
		require.True(t, seen[n], "fault %d has no test", n)
	}
}

// seeded is randomness that is the same in every run.
func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }
