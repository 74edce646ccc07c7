package polygon_test

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/polygon"
)

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}

// dedented leaves the indentation out, so that a snippet is found wherever it stands.
func dedented(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSpace(l)
	}
	return strings.Join(lines, "\n")
}

// Every Go snippet of the guide is compiled and run.
func TestSnippetsOfTheGuideAreExamples(t *testing.T) {
	examples := dedented(read(t, "example_test.go"))
	snippets := regexp.MustCompile("(?s)\n```go\n(.*?)```").FindAllStringSubmatch(read(t, "../docs/polygon.md"), -1)
	require.Len(t, snippets, 14)
	for _, s := range snippets {
		require.True(t, strings.Contains(examples, dedented(s[1])), "not in example_test.go:\n%s", s[1])
	}
}

// The table of the guide names methods that exist, for all 32 of the callback client and its close_stream.
func TestMethodTableOfTheGuide(t *testing.T) {
	page := read(t, "../docs/polygon.md")
	_, table, ok := strings.Cut(page, "<!-- methods -->")
	require.True(t, ok)
	table, _, ok = strings.Cut(table, "<!-- /methods -->")
	require.True(t, ok)
	clients := map[string]reflect.Type{
		"Stocks": reflect.TypeFor[*polygon.Stocks](), "Options": reflect.TypeFor[*polygon.Options](), "Forex": reflect.TypeFor[*polygon.Forex](),
		"Crypto": reflect.TypeFor[*polygon.Crypto](), "Raw": reflect.TypeFor[*polygon.Raw](),
	}
	rows := regexp.MustCompile("\\| `([a-z0-9_]+)` \\| (\\w+) \\| (.*) \\|").FindAllStringSubmatch(table, -1)
	require.Len(t, rows, 33)
	seen := map[string]bool{}
	for _, r := range rows {
		require.False(t, seen[r[1]], r[1])
		seen[r[1]] = true
		names := regexp.MustCompile("`(\\w+)`").FindAllStringSubmatch(r[3], -1)
		name := names[len(names)-1][1]
		_, ok := clients[r[2]].MethodByName(name)
		require.True(t, ok, "%s has no method %s", r[2], name)
		require.True(t, strings.HasPrefix(r[1], "unsubscribe_") == strings.Contains(r[3], "`Remove`"), r[0])
	}
}
