package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"protogen": main})
}

// TestScripts runs each script in a copy of testdata/module; files of the script itself replace those of the copy.
func TestScripts(t *testing.T) {
	t.Parallel()
	module, err := filepath.Abs("testdata/module")
	require.NoError(t, err)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("GORACE", "atexit_sleep_ms=0") // a second for each run otherwise
			return copyMissing(e.WorkDir, module)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"replace": replaceText,
			"lines":   countLines,
		},
	})
}

// copyMissing copies the files of a tree that are not there yet.
func copyMissing(to, from string) error {
	return filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if d.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		if _, err := os.Stat(target); err == nil {
			return nil
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(target, content, 0o644)
	})
}

// replaceText is the script command "replace FILE OLD NEW": OLD must be in the file once; \n in both is a line feed.
func replaceText(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace file old new")
	}
	content := ts.ReadFile(args[0])
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], `\n`, "\n")
	}
	if n := strings.Count(content, args[1]); n != 1 {
		ts.Fatalf("%q is %d times in %s", args[1], n, args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(content, args[1], args[2], 1)), 0o644))
}

// countLines is the script command "lines FILE PREFIX N": N lines of the file begin so.
func countLines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: lines file prefix n")
	}
	n := 0
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if strings.HasPrefix(line, args[1]) {
			n++
		}
	}
	want, err := strconv.Atoi(args[2])
	ts.Check(err)
	if n != want {
		ts.Fatalf("%d lines of %s begin with %q, not %d", n, args[0], args[1], want)
	}
}

func TestUsageErrorsExitWithTwo(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{},
		{"nonsense"},
		{"--specs"},
		{"generate", "--nonsense"},
		{"lint", "--format", "xml"},
		{"ls", "--kind", "nonsense"},
		{"ls", "--venue", "nonsense"},
		{"show"},
		{"new", "rpc"},
		{"new", "nonsense", "x", "--venue", "demo"},
		{"new", "rpc", "x"},
		{"new", "rpc", "x", "--venue", "demo", "--domain", "market", "--effect", "maybe"},
		{"coverage", "--format", "pdf"},
		{"coverage", "--against", "--nonsense"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			require.Equal(t, exitBad, run(append([]string{"--specs=testdata/module/specs"}, args...), &stdout, &stderr))
			require.Contains(t, stderr.String(), "protogen: ")
			require.Empty(t, stdout.String())
		})
	}
}
