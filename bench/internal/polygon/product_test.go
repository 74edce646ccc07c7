package polygon

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// What is measured is what users run: apart from the line that names the spec, the files are those of the library.
func TestFilesAreThoseOfTheLibrary(t *testing.T) {
	library, err := filepath.Glob("../../../polygon/*_gen.go")
	require.NoError(t, err)
	require.NotEmpty(t, library)
	for _, name := range library {
		theirs, err := os.ReadFile(name)
		require.NoError(t, err)
		ours, err := os.ReadFile(filepath.Base(name))
		require.NoError(t, err, "go generate . in the bench module writes it")
		require.True(t, bytes.Equal(body(theirs), body(ours)), "%s differs: go generate . in the bench module", filepath.Base(name))
	}
}

// body is a file without its first line.
func body(file []byte) []byte {
	_, rest, _ := bytes.Cut(file, []byte("\n"))
	return rest
}
