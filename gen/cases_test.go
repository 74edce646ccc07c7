package gen_test

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen"
	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/ir"
)

var update = flag.Bool("update", false, "write the want directories of the cases")

const casesDir = "testdata/cases"

// TestCases compares what is generated from testdata/cases/<name>/specs with the files below want.
func TestCases(t *testing.T) {
	t.Parallel()
	for _, name := range caseNames(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, want := caseFiles(t, name), filepath.Join(casesDir, name, "want")
			if *update {
				require.NoError(t, os.RemoveAll(want))
				writeFiles(t, want, got)
			}
			requireSame(t, readFiles(t, want), got)
		})
	}
}

func caseNames(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(casesDir)
	require.NoError(t, err)
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	require.NotEmpty(t, out)
	return out
}

// caseFiles generates a case.
func caseFiles(t *testing.T, name string) gen.FileSet {
	t.Helper()
	files, err := gen.Generate(loadDir(t, filepath.Join(casesDir, name, "specs")), gen.Options{})
	require.NoError(t, err)
	return files
}

// loadDir loads a spec folder that must be free of errors.
func loadDir(t testing.TB, dir string) []*ir.Venue {
	t.Helper()
	m, found := gen.Load(os.DirFS(dir), gen.WithPrefix("specs"))
	if len(found.Errors()) > 0 {
		var text strings.Builder
		require.NoError(t, diag.PrintText(&text, found.Errors(), m.Tree))
		require.FailNow(t, "the specs have errors", text.String())
	}
	require.NotEmpty(t, m.Venues)
	return m.Venues
}

// requireSame fails with a unified diff of the files that differ.
func requireSame(t *testing.T, want, got map[string][]byte) {
	t.Helper()
	all := maps.Clone(want)
	maps.Copy(all, got)
	var diffs strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		diffs.WriteString(udiff.Unified("want/"+name, "got/"+name, string(want[name]), string(got[name])))
	}
	require.Empty(t, diffs.String(), "run go test ./gen -run TestCases -update if this is meant")
}

// readFiles reads a tree by slash paths.
func readFiles(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	require.NoError(t, filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		out[filepath.ToSlash(rel)], err = os.ReadFile(name)
		return err
	}))
	return out
}

// writeFiles writes files below a directory, by slash paths.
func writeFiles(t testing.TB, dir string, files map[string][]byte) {
	t.Helper()
	for name, content := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, content, 0o644))
	}
}
