package venuewire_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/venuewire/venuewire/"

// layers says which packages of the module each package may import, tests apart. A name with /... stands for the
// package and all below it. ARCHITECTURE.md has the same as a table; what is not listed is a venue.
var layers = []struct {
	of  string
	may []string
}{
	{"gen/diag", nil},
	{"gen/spec", []string{"gen/diag"}},
	{"gen/ir", []string{"gen/diag"}},
	{"gen/naming", nil},
	{"gen/pattern", []string{"gen/ir"}},
	{"gen/dialect", []string{"gen/ir"}},
	{"gen/resolve", []string{"gen/spec", "gen/ir", "gen/naming", "gen/diag"}},
	{"gen/example", []string{"gen/ir", "gen/resolve", "gen/pattern", "gen/diag"}},
	{"gen/lint", []string{"gen/ir", "gen/resolve", "gen/example", "gen/dialect", "gen/naming", "gen/pattern", "gen/diag"}},
	{"gen/emit/jenx", nil},
	{"gen/emit", []string{"gen/emit/jenx", "gen/ir", "gen/pattern", "wire"}},
	{"gen/coverage", []string{"gen/ir"}},
	{"gen", []string{"gen/..."}},
	{"cmd/protogen", []string{"gen/..."}},
	{"wire/wiretest", []string{"wire"}},
	{"wire", nil},
	{"stream/protocol", []string{"wire"}},
	{"stream/streamtest", []string{"stream", "stream/protocol", "wire"}},
	{"stream/spectest", []string{"stream", "stream/protocol", "wire", "wire/wiretest"}},
	{"stream", []string{"stream/protocol", "wire"}},
	{"kraken/...", []string{"kraken/...", "stream", "stream/protocol", "stream/streamtest", "wire"}},
	{"kraken/book", []string{"wire"}},
	{"docs", nil},
	{"internal/soak", []string{"polygon/...", "kraken/...", "stream", "stream/streamtest", "wire"}},
	{"examples/...", []string{"examples/...", "iqoption/...", "ibkr/...", "polygon/...", "kraken/...", "stream/...", "wire"}},
}

// of a venue's package and its fake.
var venueMay = []string{"stream", "stream/protocol", "stream/streamtest", "wire"}

// imports lists the imports of the module's packages among each other, test files and test data apart.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	require.NoError(t, filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		base := filepath.Base(name)
		if err != nil || d.IsDir() && (base == "testdata" || base != "." && strings.HasPrefix(base, ".") || nested(name)) {
			return skip(err)
		}
		if d.IsDir() || !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := path.Dir(filepath.ToSlash(name))
		for _, imp := range file.Imports {
			text, _ := strconv.Unquote(imp.Path.Value)
			if ours, ok := strings.CutPrefix(text, module); ok && !slices.Contains(out[pkg], ours) {
				out[pkg] = append(out[pkg], ours)
			}
		}
		return nil
	}))
	return out
}

// nested tells whether a folder is a module of its own.
func nested(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil && dir != "."
}

func skip(err error) error {
	if err != nil {
		return err
	}
	return filepath.SkipDir
}

func matches(pattern, pkg string) bool {
	below, ok := strings.CutSuffix(pattern, "/...")
	return pkg == pattern || ok && (pkg == below || strings.HasPrefix(pkg, below+"/"))
}

func TestImportsPointOneWay(t *testing.T) {
	found := imports(t)
	require.NotEmpty(t, found)
	for pkg, list := range found {
		may := append([]string{path.Dir(pkg)}, venueMay...) // the fake of a venue imports the venue
		for _, l := range layers {
			if matches(l.of, pkg) {
				may = l.may
			}
		}
		for _, imp := range list {
			require.True(t, slices.ContainsFunc(may, func(p string) bool { return matches(p, imp) }), "%s must not import %s", pkg, imp)
		}
	}
}
