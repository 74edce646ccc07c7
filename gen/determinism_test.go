package gen_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen"
)

// Maps iterate in another order each time, and files are rendered in parallel.
func TestGenerateIsDeterministic(t *testing.T) {
	t.Parallel()
	const runs = 20
	for _, name := range caseNames(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := caseFiles(t, name)
			for range runs - 1 {
				require.Empty(t, differing(first, caseFiles(t, name)))
			}
		})
	}
}

// What is committed is what the specs say.
func TestTheRepositoryIsGenerated(t *testing.T) {
	t.Parallel()
	files, err := gen.Generate(loadDir(t, specs), gen.Options{})
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for name, content := range files {
		have, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(name)))
		require.NoError(t, err)
		require.Equalf(t, string(content), string(have), "%s is stale: run go generate in the root", name)
	}
}

// Code that ends up in a user's program does not bring the testing package along.
func TestOnlyTestKitsImportTesting(t *testing.T) {
	t.Parallel()
	eachImport(t, func(pkg, file, imported string) {
		if imported == "testing" || strings.HasPrefix(imported, "testing/") || strings.Contains(imported, "testify") {
			require.Truef(t, isTestKit(pkg), "%s imports %s", file, imported)
		}
	})
}

// The generator works on what Load was given: only the loader sees a file system, and none of it the disk.
func TestTheGeneratorTouchesNoDisk(t *testing.T) {
	t.Parallel()
	eachImport(t, func(pkg, file, imported string) {
		if below(pkg, "gen") {
			for _, disk := range []string{"os", "io/ioutil", "path/filepath", "os/exec", "net", "net/http"} {
				require.NotEqualf(t, disk, imported, "%s imports %s", file, imported)
			}
		}
		if below(pkg, "gen/emit") || pkg == "gen/ir" {
			require.NotEqualf(t, "io/fs", imported, "%s imports %s", file, imported)
		}
	})
}

func isTestKit(pkg string) bool { return strings.HasSuffix(pkg, "test") }

func below(pkg, tree string) bool { return pkg == tree || strings.HasPrefix(pkg, tree+"/") }

// eachImport visits the imports of all Go files of the module that are no tests, nested modules excepted.
func eachImport(t *testing.T, visit func(pkg, file, imported string)) {
	t.Helper()
	n := 0
	require.NoError(t, filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name != ".." && skipDir(name, d.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		n++
		pkg := filepath.ToSlash(strings.TrimPrefix(filepath.Dir(name), ".."+string(filepath.Separator)))
		for _, spec := range f.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			visit(pkg, filepath.ToSlash(name), imported)
		}
		return nil
	}))
	require.Greater(t, n, 100)
}

// skipDir leaves out what the go command leaves out.
func skipDir(name, base string) bool {
	if base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	_, err := os.Stat(filepath.Join(name, "go.mod"))
	return err == nil
}
