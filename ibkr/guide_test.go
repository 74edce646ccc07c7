package ibkr_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSnippetsOfTheGuideAreCompiled holds the Go of docs/ibkr.md to the programs of example_guide_test.go.
func TestSnippetsOfTheGuideAreCompiled(t *testing.T) {
	page, err := os.ReadFile("../docs/ibkr.md")
	require.NoError(t, err)
	code, err := os.ReadFile("example_guide_test.go")
	require.NoError(t, err)
	snippets := regexp.MustCompile("(?s)\n```go\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	require.NotEmpty(t, snippets)
	for _, s := range snippets {
		require.True(t, strings.Contains(dedented(string(code)), dedented(s[1])), "not in example_guide_test.go:\n%s", s[1])
	}
}

// dedented leaves indentation out.
func dedented(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSpace(l)
	}
	return strings.Join(lines, "\n")
}
