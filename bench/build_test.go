package bench_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// compile builds a package of the library whose dependencies are in the cache and which itself is not: an overlay adds a
// line to it that no build has seen.
func compile(tb testing.TB, dir, pkg, line string) time.Duration {
	tb.Helper()
	doc, err := filepath.Abs(filepath.Join("..", pkg, "doc.go"))
	require.NoError(tb, err)
	text, err := os.ReadFile(doc)
	require.NoError(tb, err)
	changed, overlay := filepath.Join(dir, "doc.go"), filepath.Join(dir, "overlay.json")
	require.NoError(tb, os.WriteFile(changed, append(text, "\n// "+line+"\n"...), 0o600))
	list, err := json.Marshal(map[string]map[string]string{"Replace": {doc: changed}})
	require.NoError(tb, err)
	require.NoError(tb, os.WriteFile(overlay, list, 0o600))
	cmd := exec.CommandContext(tb.Context(), "go", "build", "-overlay", overlay, "./"+pkg)
	cmd.Dir = ".."
	out, err := cmd.CombinedOutput()
	require.NoError(tb, err, string(out))
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}

// BenchmarkBuild is how long the packages of the venues take to compile, dependencies cached.
func BenchmarkBuild(b *testing.B) {
	for _, pkg := range []string{"iqoption", "ibkr", "kraken", "kraken/krakenv1", "polygon"} {
		b.Run(filepath.Base(pkg), func(b *testing.B) {
			dir := b.TempDir()
			compile(b, dir, pkg, "the dependencies")
			var cpu time.Duration
			for b.Loop() {
				cpu += compile(b, dir, pkg, fmt.Sprint(time.Now().UnixNano()))
			}
			b.ReportMetric(float64(cpu.Milliseconds())/float64(b.N), "cpu-ms/op")
		})
	}
}
