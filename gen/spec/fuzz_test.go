package spec

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen/diag"
)

func FuzzLoad(f *testing.F) {
	for _, pattern := range []string{"testdata/cases/*/*.yaml", "testdata/valid/*/*.yaml"} {
		names, err := filepath.Glob(pattern)
		require.NoError(f, err)
		for _, name := range names {
			src, err := os.ReadFile(name)
			require.NoError(f, err)
			f.Add(src)
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		tree, list := Load(fstest.MapFS{"x/venue.yaml": {Data: src}, "x/a.yaml": {Data: src}})
		requireSound(t, tree, list)
	})
}

// requireSound checks what holds for every input: places lie in the text, and
// what could not be read has a finding.
func requireSound(t *testing.T, tree *Tree, list diag.List) {
	t.Helper()
	require.NotEmpty(t, list, "the text cannot be venue.yaml and a domain at once")
	for _, v := range tree.Venues {
		for _, file := range append([]*File{v.Venue}, v.Domains...) {
			if file.Root != nil {
				requireSpans(t, file.Root, strings.Split(string(file.Source), "\n"))
			}
		}
	}
	require.NotEmpty(t, printed(t, list, tree))
}

func requireSpans(t *testing.T, n *Node, lines []string) {
	t.Helper()
	s := n.Span
	require.True(t, s.Line >= 1 && s.Line <= len(lines), "line %d of %d", s.Line, len(lines))
	require.True(t, s.Col >= 1 && s.Col <= len([]rune(lines[s.Line-1]))+2, "column %d of %q", s.Col, lines[s.Line-1])
	require.True(t, s.EndLine > s.Line || s.EndLine == s.Line && s.EndCol >= s.Col, "%+v", s)
	for _, e := range n.Entries {
		require.NotNil(t, e.Value)
		requireSpans(t, e.Key, lines)
		requireSpans(t, e.Value, lines)
	}
	for _, item := range n.Items {
		requireSpans(t, item, lines)
	}
}

// Hostile files are refused without unfolding or overflowing; work out of all proportion would end with the time of the
// whole test.
func TestHostileFiles(t *testing.T) {
	const big = maxFileSize
	files := map[string]string{
		"too big":        strings.Repeat("a", maxFileSize+1),
		"open brackets":  strings.Repeat("[", big-10),
		"open braces":    "a: " + strings.Repeat("{a: ", big/4-10),
		"dashes":         strings.Repeat("- ", big/2-10),
		"question marks": strings.Repeat("? ", big/2-10),
		"anchors":        strings.Repeat("&a ", big/3-10),
		"tags":           strings.Repeat("!a ", big/3-10),
		"one long line":  "a: " + strings.Repeat("x ", big/2-10),
		"long quote":     "a: \"" + strings.Repeat("x", big-10),
		"too many keys":  strings.Repeat("a:\n", big/3-10),
		"many keys":      strings.Repeat("a: b\n", maxEntries-1),
		"block list":     "a:\n" + strings.Repeat("- x\n", maxEntries-1),
		"block text":     "a: |\n" + strings.Repeat("  x\n", big/4-10),
		"comments":       strings.Repeat("# x\n", big/4-10),
		"indentation":    indented(1000),
		"colons":         strings.Repeat(": ", big/2-10),
		"commas":         "a: [" + strings.Repeat("x,", maxEntries-1) + "]",
		"too many items": "a: [" + strings.Repeat("x,", big/2-10) + "]",
		"blank lines":    strings.Repeat("\n", big-10),
	}
	for name, text := range files {
		t.Run(name, func(t *testing.T) {
			tree, list := Load(fstest.MapFS{"x/venue.yaml": {Data: []byte(text)}})
			require.True(t, list.HasErrors())
			require.NotEmpty(t, printed(t, list, tree))
		})
	}
}

func indented(depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

// Every scalar and key of real files lies where its span says.
func TestPositionsPointAtTheText(t *testing.T) {
	for _, root := range []string{"testdata/valid", "../../specs"} {
		tree, _ := Load(os.DirFS(root))
		for path, file := range tree.files {
			var lines [][]rune
			for _, l := range strings.Split(string(file.Source), "\n") {
				lines = append(lines, []rune(l))
			}
			if file.Root != nil {
				requireText(t, path, file.Root, lines)
			}
		}
	}
}

func requireText(t *testing.T, path string, n *Node, lines [][]rune) {
	t.Helper()
	if s := n.Span; n.Kind == Scalar && n.Value != "" && s.Line == s.EndLine {
		got := string(lines[s.Line-1][s.Col-1 : s.EndCol-1])
		if n.Quoted {
			require.Contains(t, `"'`, got[:1], "%s:%d:%d", path, s.Line, s.Col)
			require.Equal(t, got[:1], got[len(got)-1:])
		} else {
			require.Equal(t, n.Value, got, "%s:%d:%d", path, s.Line, s.Col)
		}
	}
	for _, e := range n.Entries {
		requireText(t, path, e.Key, lines)
		requireText(t, path, e.Value, lines)
	}
	for _, item := range n.Items {
		requireText(t, path, item, lines)
	}
}

func TestLoadReportsWhatCannotBeRead(t *testing.T) {
	base, err := os.ReadFile("testdata/base/venue.yaml")
	require.NoError(t, err)
	fsys := fstest.MapFS{"ok/venue.yaml": {Data: base}, "none/a.yaml": {Data: []byte("protogen: \"1\"\ndomain: a\n")}, "ok/dir.yaml/x": {}}
	for name, test := range map[string]struct {
		fsys fs.FS
		dirs []string
		want string
	}{
		"no venue at all":   {fstest.MapFS{}, nil, "specs: YAML_FORM: no directory here has a venue.yaml"},
		"missing directory": {fsys, []string{"gone"}, "specs/gone: YAML_FORM: cannot read the directory: "},
		"no venue file":     {fsys, []string{"none"}, "specs/none: YAML_FORM: the directory has no venue.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			tree, list := Options{Prefix: "specs"}.Load(test.fsys, test.dirs...)
			require.NotNil(t, tree)
			require.Contains(t, list.Err().Error(), test.want)
		})
	}
	tree, list := Load(fsys)
	require.Empty(t, list)
	require.Len(t, tree.Venues, 1, "only directories with a venue.yaml")
	_, found := tree.Source("ok/venue.yaml")
	require.True(t, found)
	_, found = tree.Source("none/a.yaml")
	require.False(t, found)
}
