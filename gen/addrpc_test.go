package gen_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen"
	"github.com/venuewire/venuewire/gen/coverage"
)

// TestAddRPCBySpecOnly adds a call to the specs of the largest venue as text: the generated code changes in at most
// two files, coverage gains exactly that row, and the new method works against a fake venue.
func TestAddRPCBySpecOnly(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "specs")
	writeFiles(t, filepath.Join(dir, "iqoption"), readFiles(t, specs+"/iqoption"))
	before := loadDir(t, dir)
	old, err := gen.Generate(before, gen.Options{})
	require.NoError(t, err)

	addEntry(t, filepath.Join(dir, "iqoption", "marketdata.yaml"), "rpcs:\n", "testdata/addrpc/get-weather.yaml")
	after := loadDir(t, dir)
	files, err := gen.Generate(after, gen.Options{})
	require.NoError(t, err)

	require.Subset(t, []string{"iqoption/marketdata_gen.go", "iqoption/marketdata_gen_test.go"}, differing(old, files))
	diff := coverage.Compare(coverage.New(before), coverage.New(after))
	require.Len(t, diff.Gained, 1)
	require.Equal(t, "get-weather", diff.Gained[0].After.Name)
	require.Equal(t, coverage.Exampled, diff.Gained[0].After.Level)
	require.Empty(t, diff.Lost)
	require.Empty(t, diff.Changed)

	maps.Copy(files, handWritten(t, "iqoption"))
	test, err := os.ReadFile("testdata/addrpc/weather_test.go.txt")
	require.NoError(t, err)
	files["iqoption/weather_test.go"] = test
	m := newModule(t, "example.invalid/addrpc", files)
	m.run("test", "-count=1", "-run", "^(TestTheNewCallReachesTheVenue|TestMarketdataExamples)$", "./iqoption")
}

// addEntry puts the text of a file behind the only line of a spec that is so.
func addEntry(t *testing.T, file, line, entry string) {
	t.Helper()
	src, err := os.ReadFile(file)
	require.NoError(t, err)
	text, err := os.ReadFile(entry)
	require.NoError(t, err)
	require.Equal(t, 1, bytes.Count(src, []byte("\n"+line)))
	require.NoError(t, os.WriteFile(file, bytes.Replace(src, []byte("\n"+line), []byte("\n"+line+string(text)), 1), 0o644))
}

// differing lists the files that are not the same in both.
func differing(a, b gen.FileSet) []string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	var out []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !bytes.Equal(a[name], b[name]) {
			out = append(out, name)
		}
	}
	return out
}

// handWritten returns the Go files of a venue's package that are neither generated nor tests.
func handWritten(t *testing.T, pkg string) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("..", pkg, "*.go"))
	require.NoError(t, err)
	out := map[string][]byte{}
	for _, name := range names {
		if strings.HasSuffix(name, "_gen.go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		out[pkg+"/"+filepath.Base(name)], err = os.ReadFile(name)
		require.NoError(t, err)
	}
	return out
}
