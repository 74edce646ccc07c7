package lint_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen"
	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/lint"
)

var update = flag.Bool("update", false, "write want.err of the cases")

const casesDir = "testdata/cases"

// cases returns the directories of testdata/cases; each is named after the rule it is about.
func cases(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(casesDir)
	require.NoError(t, err)
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// load returns the findings of one case, with file names below its directory.
func load(name string) diag.List {
	_, found := gen.Load(os.DirFS(casesDir), gen.WithDirs(name))
	for i := range found {
		found[i].Span.File = strings.TrimPrefix(found[i].Span.File, name+"/")
	}
	return found
}

func lines(found diag.List) string {
	var b strings.Builder
	for _, d := range found {
		fmt.Fprintf(&b, "%s %s %s\n", d.Span, d.Rule, d.Message)
	}
	return b.String()
}

func TestCases(t *testing.T) {
	t.Parallel()
	for _, name := range cases(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, file := lines(load(name)), filepath.Join(casesDir, name, "want.err")
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, string(want), got)
		})
	}
}

func TestEveryRuleHasACaseThatBreaksIt(t *testing.T) {
	t.Parallel()
	for _, r := range lint.Rules() {
		found := load(r.ID)
		broken := false
		for _, d := range found {
			broken = broken || d.Rule == r.ID
			if d.Rule == r.ID {
				require.Equal(t, r.Severity, d.Severity, r.ID)
			}
		}
		require.True(t, broken, "no case breaks %s; it has %s", r.ID, lines(found))
	}
}

func TestEveryFindingHasARuleAndAPlace(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, r := range lint.Rules() {
		require.False(t, known[r.ID], "%s is listed twice", r.ID)
		require.NotEmpty(t, r.Purpose, r.ID)
		require.NotEmpty(t, r.Category, r.ID)
		known[r.ID] = true
	}
	for _, name := range cases(t) {
		for _, d := range load(name) {
			require.True(t, known[d.Rule], "%s of %s is no rule", d.Rule, name)
			require.NotZero(t, d.Span.Line, "%s: %s has no place", name, d)
		}
	}
}
