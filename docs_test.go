package venuewire_test

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen"
	"github.com/venuewire/venuewire/gen/coverage"
	"github.com/venuewire/venuewire/gen/ir"
)

// The tests of this file hold the pages at the root to the code that they describe.

var update = flag.Bool("update", false, "write the coverage table of README.md instead of comparing it")

func page(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}

// blocks returns the fenced blocks of a language.
func blocks(page, language string) []string {
	var out []string
	for _, m := range regexp.MustCompile("(?s)\n```"+language+"\n(.*?)```").FindAllStringSubmatch(page, -1) {
		out = append(out, m[1])
	}
	return out
}

// section is the part of a page under a heading of the second level.
func section(t *testing.T, page, heading string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, "\n## "+heading+"\n")
	require.True(t, ok, "no section %q", heading)
	text, _, _ := strings.Cut(rest, "\n## ")
	return text
}

// dedented leaves the indentation of lines out, so that a snippet is found wherever it stands.
func dedented(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSpace(l)
	}
	return strings.Join(lines, "\n")
}

// testFiles joins the Go test files of the module: those whose name begins with example_, or all of them.
func testFiles(t *testing.T, all bool) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		base := filepath.Base(name)
		switch {
		case err != nil:
			return err
		case d.IsDir() && (base == "testdata" || base == ".git"):
			return filepath.SkipDir
		case strings.HasSuffix(base, "_test.go") && (all || strings.HasPrefix(base, "example_")):
			text, err := os.ReadFile(name)
			b.Write(text)
			return err
		}
		return nil
	}))
	return b.String()
}

func load(t *testing.T, specs fs.FS) []*ir.Venue {
	t.Helper()
	model, found := gen.Load(specs)
	require.Empty(t, found.Errors())
	return model.Venues
}

// goOf is the Go that specs yield, in one text.
func goOf(t *testing.T, venues []*ir.Venue) string {
	t.Helper()
	files, err := gen.Generate(venues, gen.Options{})
	require.NoError(t, err)
	var all bytes.Buffer
	for _, text := range files {
		all.Write(text)
	}
	return all.String()
}

// The sections whose Go blocks are generated from the YAML beside them.
var generated = []string{"Adding a call", "A venue of your own"}

func TestSnippetsAreCompiledAndRun(t *testing.T) {
	readme := page(t, "README.md")
	for _, name := range generated {
		readme = strings.Replace(readme, section(t, readme, name), "", 1)
	}
	snippets, examples := blocks(readme, "go"), dedented(testFiles(t, false))
	require.NotEmpty(t, snippets)
	for _, text := range snippets {
		require.Contains(t, examples, dedented(text), "a snippet of README.md stands in no example_*_test.go")
	}
}

// marketdata is the file that the walk-through changes.
const marketdata = "iqoption/marketdata.yaml"

// TestAddingACallWorksAsShown follows the walk-through on a copy of the specs.
func TestAddingACallWorksAsShown(t *testing.T) {
	text := section(t, page(t, "README.md"), generated[0])
	was := fstest.MapFS{}
	for _, name := range []string{"venue.yaml", "*.yaml"} {
		files, err := filepath.Glob(filepath.Join("specs", "iqoption", name))
		require.NoError(t, err)
		for _, f := range files {
			was["iqoption/"+filepath.Base(f)] = &fstest.MapFile{Data: []byte(page(t, f))}
		}
	}
	now := fstest.MapFS{}
	for name, f := range was {
		now[name] = f
	}
	changed := strings.Replace(string(was[marketdata].Data), "\nrpcs:\n", "\nrpcs:\n"+blocks(text, "yaml")[0], 1)
	now[marketdata] = &fstest.MapFile{Data: []byte(changed)}

	before, after := load(t, was), load(t, now)
	var shown bytes.Buffer
	require.NoError(t, coverage.Compare(coverage.New(before), coverage.New(after)).Text(&shown))
	require.Equal(t, blocks(text, "text")[0], shown.String())
	for _, snippet := range blocks(text, "go") {
		require.Contains(t, goOf(t, after), strings.TrimSpace(snippet))
	}
}

func TestAVenueOfYourOwnWorksAsShown(t *testing.T) {
	text := section(t, page(t, "README.md"), generated[1])
	specs := fstest.MapFS{}
	for _, file := range blocks(text, "yaml") {
		name, ok := strings.CutPrefix(strings.SplitN(file, "\n", 2)[0], "# specs/")
		require.True(t, ok, "a block begins with its path")
		specs[name] = &fstest.MapFile{Data: []byte(file)}
	}
	made := goOf(t, load(t, specs))
	for _, snippet := range blocks(text, "go") {
		require.Contains(t, made, strings.TrimSpace(snippet))
	}
}

var command = regexp.MustCompile(`(?m)go (run|tool) (\S+)(?: ([a-z]+))?`)

// TestCommandsExist looks at every go run and go tool of the pages.
func TestCommandsExist(t *testing.T) {
	verbs := regexp.MustCompile("(?m)^\t([A-Z][a-z]+) +[a-z]+Cmd ").FindAllStringSubmatch(page(t, "cmd/protogen/main.go"), -1)
	var known []string
	for _, v := range verbs {
		known = append(known, strings.ToLower(v[1]))
	}
	require.NotEmpty(t, known)
	for _, name := range []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "ARCHITECTURE.md", "docs/spec-language.md", "specs/README.md"} {
		for _, m := range command.FindAllStringSubmatch(page(t, name), -1) {
			tool := strings.TrimRight(m[2], "`.,;)")
			if m[1] == "run" {
				require.DirExists(t, tool, "%s: %s", name, m[0])
			} else {
				require.Equal(t, "protogen", tool, "%s: %s", name, m[0])
			}
			if m[3] != "" && strings.HasSuffix(tool, "protogen") {
				require.Contains(t, known, m[3], "%s: %s", name, m[0])
			}
		}
	}
}

func TestPromisesNameTestsThatExist(t *testing.T) {
	all, faults := testFiles(t, true), page(t, "docs/faults.md")
	names := regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9]+)(?:/([0-9a-z-]+))?`").FindAllStringSubmatch(section(t, page(t, "README.md"), "Promises"), -1)
	require.NotEmpty(t, names)
	for _, m := range names {
		require.Truef(t, strings.Contains(all, "func "+m[1]+"("), "README.md names %s, which does not exist", m[1])
		if m[2] != "" {
			require.Truef(t, strings.Contains(faults, "| `"+m[2]+"` |"), "README.md names the fault %s, which does not exist", m[2])
		}
	}
}

// TestCoverageTableIsComputed compares the summary of README.md with that of the specs.
func TestCoverageTableIsComputed(t *testing.T) {
	const begin, end = "<!-- coverage -->\n", "<!-- /coverage -->"
	report := string(coverage.New(load(t, os.DirFS("specs"))).Markdown())
	summary, _, _ := strings.Cut(strings.TrimPrefix(section(t, report, "All venues"), "\n"), "\n\n")
	summary = strings.ReplaceAll(strings.TrimSpace(summary), "](#", "](COVERAGE.md#") + "\n"

	readme := page(t, "README.md")
	head, rest, ok := strings.Cut(readme, begin)
	require.True(t, ok)
	_, tail, ok := strings.Cut(rest, end)
	require.True(t, ok)
	want := head + begin + summary + end + tail
	if *update {
		require.NoError(t, os.WriteFile("README.md", []byte(want), 0o644))
		return
	}
	require.Equal(t, want, readme, "go test . -update writes the table anew")
}

var (
	link    = regexp.MustCompile(`\]\(([^)#:]*)(#[^):]*)?\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	dropped = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// TestLinksLead follows the links of the pages to files and headings.
func TestLinksLead(t *testing.T) {
	for _, name := range []string{"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "specs/README.md"} {
		for _, m := range link.FindAllStringSubmatch(page(t, name), -1) {
			target := name
			if m[1] != "" {
				target = filepath.Join(filepath.Dir(name), m[1])
				_, err := os.Stat(target)
				require.NoError(t, err, "%s links to %s", name, m[1])
			}
			if m[2] != "" {
				require.Contains(t, anchors(page(t, target)), m[2], "%s links to %s%s", name, m[1], m[2])
			}
		}
	}
}

// anchors are the anchors of a page's headings as GitHub makes them.
func anchors(text string) []string {
	var out []string
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		out = append(out, "#"+strings.ReplaceAll(dropped.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-"))
	}
	return slices.Compact(out)
}
