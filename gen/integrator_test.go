package gen_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestIntegrator is what somebody does who has a venue of their own: specs in their own module, protogen as a tool of
// it, and a client that dials, calls and receives.
func TestIntegrator(t *testing.T) {
	t.Parallel()
	files := readFiles(t, "testdata/integrator")
	files["acme/acme_test.go"] = files["acme/acme_test.go.txt"]
	delete(files, "acme/acme_test.go.txt")
	m := newModule(t, "acme.invalid/bot", files, "", "tool "+modulePath+"/cmd/protogen")

	require.Contains(t, m.run("tool", "protogen", "generate"), "wrote acme/market_gen.go")
	require.Contains(t, m.run("tool", "protogen", "generate"), "0 files changed", "a second run changes nothing")
	m.run("build", "./...")
	m.run("vet", "./...")
	m.run("test", "-count=1", "./...")

	for _, pkg := range strings.Fields(m.run("list", "-deps", "./acme")) {
		if strings.HasPrefix(pkg, modulePath) {
			require.NotContains(t, pkg, "/internal", "an integrator's code must need nothing internal")
			require.NotContains(t, pkg, "/gen", "a client must not pull the generator in")
		}
	}
}
