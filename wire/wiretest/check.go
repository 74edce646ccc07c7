package wiretest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Check decodes any bytes and checks what [Exercise] checks of mutants: no panic, nothing accepted that is no JSON,
// used and fresh targets alike, a stable encoding.
func Check(t testing.TB, c Codec, b []byte) {
	t.Helper()
	require.NoError(t, newBench(c).check(b, false), "%s\n%s", c.Name, b)
}
