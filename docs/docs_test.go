// Package docs_test holds the pages of this folder to the code that they describe.
package docs_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen"
	"github.com/venuewire/venuewire/gen/lint"
	"github.com/venuewire/venuewire/gen/spec"
)

var update = flag.Bool("update", false, "write the generated parts of the pages instead of comparing them")

const languagePage = "spec-language.md"

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}

// isCurrent compares a page with what it should be, or writes it.
func isCurrent(t *testing.T, name, want string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(name, []byte(want), 0o644))
	}
	require.Equal(t, want, read(t, name), "go test ./docs -update writes the page anew")
}

func TestReferenceIsThatOfTheLoader(t *testing.T) {
	var want bytes.Buffer
	require.NoError(t, spec.Reference(&want))
	isCurrent(t, "spec-reference.md", want.String())
}

func TestRulesAreThoseOfTheLinter(t *testing.T) {
	const begin, end = "<!-- rules -->\n", "<!-- /rules -->"
	page := read(t, languagePage)
	head, rest, ok := strings.Cut(page, begin)
	require.True(t, ok)
	_, tail, ok := strings.Cut(rest, end)
	require.True(t, ok)
	isCurrent(t, languagePage, head+begin+ruleTable()+end+tail)
}

func ruleTable() string {
	var b strings.Builder
	b.WriteString("| rule | | about |\n| --- | --- | --- |\n")
	for _, r := range lint.Rules() {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", r.ID, r.Severity, strings.NewReplacer("|", `\|`, "<", "&lt;").Replace(r.Purpose))
	}
	return b.String()
}

// blocks returns the fenced blocks of a language.
func blocks(page, language string) []string {
	var out []string
	for _, m := range regexp.MustCompile("(?s)\n```"+language+"\n(.*?)```").FindAllStringSubmatch(page, -1) {
		out = append(out, m[1])
	}
	return out
}

// specsOf are the spec files that a page shows; the first line of each is a comment with its path.
func specsOf(t *testing.T, page string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	for _, text := range blocks(page, "yaml") {
		name, ok := strings.CutPrefix(strings.SplitN(text, "\n", 2)[0], "# specs/")
		require.True(t, ok, "a block begins with # specs/…:\n%s", text)
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func TestTheExampleVenueYieldsTheGoBesideIt(t *testing.T) {
	page := read(t, languagePage)
	model, found := gen.Load(specsOf(t, page))
	require.Empty(t, found)
	files, err := gen.Generate(model.Venues, gen.Options{})
	require.NoError(t, err)
	var all bytes.Buffer
	for _, text := range files {
		all.Write(text)
	}
	shown := blocks(page, "go")
	require.NotEmpty(t, shown)
	for _, text := range shown {
		require.Contains(t, all.String(), strings.TrimSpace(text))
	}
}

var link = regexp.MustCompile(`\]\(([^)#]*)(#[^)]*)?\)`)

func TestLinksLead(t *testing.T) {
	for _, name := range []string{languagePage, "spec-reference.md"} {
		for _, m := range link.FindAllStringSubmatch(read(t, name), -1) {
			target := m[1]
			if target == "" {
				target = name
			}
			text := read(t, target)
			if m[2] != "" {
				require.Contains(t, anchors(text), m[2], "%s links to %s%s", name, m[1], m[2])
			}
		}
	}
}

var heading = regexp.MustCompile(`(?m)^#+ (.*)$`)

// anchors are the anchors of a page's headings as GitHub makes them.
func anchors(page string) []string {
	var out []string
	drop := regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	for _, m := range heading.FindAllStringSubmatch(page, -1) {
		out = append(out, "#"+strings.ReplaceAll(drop.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-"))
	}
	return out
}
