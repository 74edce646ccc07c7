package gen_test

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const modulePath = "github.com/venuewire/venuewire"

// module is a Go module in a temporary directory that uses this repository as a user would, from the checkout.
type module struct {
	t   testing.TB
	dir string
}

// newModule writes a module of that path. The extra lines go into its go.mod.
func newModule(t testing.TB, path string, files map[string][]byte, extra ...string) *module {
	t.Helper()
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	goMod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	goSum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	require.NoError(t, err)
	// The requirements of the repository are repeated, as go mod tidy would do it.
	_, requirements, found := strings.Cut(string(goMod), "\nrequire (")
	require.True(t, found)
	requirements, _, _ = strings.Cut(requirements, "\ntool ")
	lines := append([]string{"module " + path, "", "go 1.25.0", "", "require " + modulePath + " v0.0.0", "",
		"replace " + modulePath + " => " + root, "", "require (" + requirements}, extra...)
	all := map[string][]byte{"go.mod": []byte(strings.Join(lines, "\n") + "\n"), "go.sum": goSum}
	maps.Copy(all, files)
	m := &module{t, t.TempDir()}
	writeFiles(t, m.dir, all)
	return m
}

// run runs the go command in the module, without a network, and returns what it prints. It must succeed.
func (m *module) run(args ...string) string {
	m.t.Helper()
	cmd := exec.CommandContext(m.t.Context(), "go", args...)
	cmd.Dir = m.dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "PWD="+m.dir)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	require.NoErrorf(m.t, err, "go %s\n%s%s", strings.Join(args, " "), &stdout, &stderr)
	return stdout.String()
}

// TestCasesCompileAndPassTheirTests builds what is generated from all cases in one module and runs the tests that were
// generated with it, and those in the test directory of a case, which say how the code must behave.
func TestCasesCompileAndPassTheirTests(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{}
	for _, name := range caseNames(t) {
		maps.Copy(files, caseFiles(t, name))
		tests, err := filepath.Glob(filepath.Join(casesDir, name, "test", "*_test.go.txt"))
		require.NoError(t, err)
		for _, file := range tests {
			base := strings.TrimSuffix(filepath.Base(file), ".txt")
			files[name+"/"+base], err = os.ReadFile(file)
			require.NoError(t, err)
		}
	}
	m := newModule(t, "example.invalid/cases", files)
	m.run("vet", "./...")
	m.run("test", "-count=1", "./...")
}
