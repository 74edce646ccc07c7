package main

import (
	"fmt"
	"path/filepath"
	"strings"

	udiff "github.com/aymanbagabas/go-udiff"
)

// How many lines are shown of one file: less of one that is there or wanted as a whole.
const (
	maxHunkLines  = 80
	maxWholeLines = 12
)

// check shows what differs and says how to fix it.
func (c *generateCmd) check(e *env, changes []change) error {
	if len(changes) == 0 {
		fmt.Fprintln(e.stdout, "generated files are up to date")
		return nil
	}
	for _, ch := range changes {
		fmt.Fprintf(e.stdout, "%s: %s\n%s", filepath.ToSlash(ch.name), describe(ch), hunks(ch))
	}
	return finding("%s not up to date; run: %s", plural(len(changes), "file"), c.command(e))
}

func describe(c change) string {
	switch {
	case c.missing():
		return "missing"
	case c.stale():
		return "stale, no spec accounts for it"
	default:
		return "differs from the specs"
	}
}

// hunks returns the unified difference from what is there to what is generated.
func hunks(c change) string {
	name := filepath.ToSlash(c.name)
	from, to, limit := "a/"+name, "b/"+name, maxHunkLines
	if c.missing() {
		from, limit = "/dev/null", maxWholeLines
	}
	if c.stale() {
		to, limit = "/dev/null", maxWholeLines
	}
	lines := strings.SplitAfter(udiff.Unified(from, to, string(c.old), string(c.new)), "\n")
	if len(lines) <= limit {
		return strings.Join(lines, "")
	}
	return strings.Join(lines[:limit], "") + fmt.Sprintf("… %d more lines\n", len(lines)-limit)
}

// command is what the user runs to bring the files up to date.
func (c *generateCmd) command(e *env) string {
	words := []string{fixCommand, "generate"}
	if e.specs != "specs" {
		words = append(words, "--specs", quoteWord(e.specs))
	}
	if e.out != "." {
		words = append(words, "--out", quoteWord(e.out))
	}
	return strings.Join(append(words, c.Venues...), " ")
}

// quoteWord quotes a path for a shell if it needs that.
func quoteWord(s string) string {
	if strings.ContainsAny(s, " \t\n'\"\\$`&|;<>()*?[]#~!{}") {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	return s
}
