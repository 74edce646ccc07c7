package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestFault has the row of the catalogue in package stream that is none of a connection: of specs that cannot be right the
// command names the line, exits with 2 and writes nothing at all.
func TestFault(t *testing.T) {
	t.Parallel()
	const market = "specs/demo/market.yaml"
	for name, tt := range map[string]struct{ old, new, rule string }{
		"unknown-key":    {"response: {name: quote, type: Quote}", "respons: {name: quote, type: Quote}", "UNKNOWN_KEY"},
		"duplicate-name": {"rpcs:\n", "rpcs: {}\nrpcs:\n", "DUPLICATE_KEY"},
		"cycle":          {"types:\n", "types:\n  Loop: {fields: {inner: {type: Loop}}}\n", "TYPE_CYCLE"},
		"alias-bomb":     {"rpcs:\n", "a: &a [x, x]\nb: [*a, *a, *a, *a]\nrpcs:\n", "YAML_FORM"},
		"wrong-kind":     {"response: {name: quote, type: Quote}", "response: [quote]", "WRONG_KIND"},
		"unknown-type":   {"response: {name: quote, type: Quote}", "response: {name: quote, type: Qoute}", "UNRESOLVED_REF"},
	} {
		t.Run("63-spec-with-"+name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			require.NoError(t, copyMissing(dir, "testdata/module"))
			file := filepath.Join(dir, market)
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, 1, strings.Count("\n"+string(text), tt.old), "the place to damage")
			require.NoError(t, os.WriteFile(file, []byte(strings.Replace(string(text), tt.old, tt.new, 1)), 0o600))
			before := tree(t, dir)

			cmd := exec.Command("protogen", "generate") // of TestMain
			cmd.Dir = dir
			var out, diagnostics bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &diagnostics
			var exit *exec.ExitError
			require.True(t, errors.As(cmd.Run(), &exit), diagnostics.String())
			require.Equal(t, 2, exit.ExitCode(), diagnostics.String())
			require.Empty(t, out.String())
			require.Regexp(t, `(?m)^`+market+`:\d+:\d+: `+tt.rule+`: `, diagnostics.String())
			require.Equal(t, before, tree(t, dir), "nothing was written")
		})
	}
}

// tree lists the files below a folder.
func tree(t *testing.T, dir string) (out []string) {
	require.NoError(t, filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		out = append(out, name)
		return err
	}))
	return out
}
