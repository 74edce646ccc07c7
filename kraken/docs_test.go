package kraken_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// dedented leaves the indentation of lines out.
func dedented(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSpace(l)
	}
	return strings.Join(lines, "\n")
}

// TestSnippetsOfTheGuideAreCompiled: every Go block of docs/kraken.md stands in the examples of this package.
func TestSnippetsOfTheGuideAreCompiled(t *testing.T) {
	page, err := os.ReadFile("../docs/kraken.md")
	require.NoError(t, err)
	examples, err := os.ReadFile("example_test.go")
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)\n```go\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	require.Greater(t, len(blocks), 8)
	for _, b := range blocks {
		require.True(t, strings.Contains(dedented(string(examples)), dedented(b[1])), "in no example:\n%s", b[1])
	}
	for _, dir := range regexp.MustCompile(`\]\(\.\./([a-z0-9/-]+)\)`).FindAllStringSubmatch(string(page), -1) {
		require.DirExists(t, "../"+dir[1])
	}
}
