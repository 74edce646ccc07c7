// Package docs_test keeps the generated pages of this folder equal to what the code says.
package docs_test

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen/spec"
)

var update = flag.Bool("update", false, "write the generated pages instead of comparing them")

// TestReferenceIsThatOfTheLoader compares spec-reference.md with the tables that files are checked by.
func TestReferenceIsThatOfTheLoader(t *testing.T) {
	var want bytes.Buffer
	require.NoError(t, spec.Reference(&want))
	if *update {
		require.NoError(t, os.WriteFile("spec-reference.md", want.Bytes(), 0o644))
	}
	have, err := os.ReadFile("spec-reference.md")
	require.NoError(t, err)
	require.Equal(t, want.String(), string(have), "go test ./docs -update writes the page anew")
}
