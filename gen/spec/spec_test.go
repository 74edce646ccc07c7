package spec

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen/diag"
)

var update = flag.Bool("update", false, "rewrite the expectations in testdata")

// validSpecs is a spec folder in which every key of the language is used.
func validSpecs() fs.FS { return os.DirFS("testdata/valid") }

func printed(t *testing.T, l diag.List, src diag.Sources) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, diag.PrintText(&b, l, src))
	return b.String()
}

func TestValidSpecsLoadWithoutFindings(t *testing.T) {
	tree, list := Load(validSpecs())
	require.Empty(t, list, printed(t, list, tree))
	require.Len(t, tree.Venues, 1)
	v := tree.Venues[0]
	require.Equal(t, "acme", v.Dir)
	require.Equal(t, "acme/venue.yaml", v.Venue.Path)
	require.False(t, v.Venue.Domain)
	require.Len(t, v.Domains, 1)
	require.True(t, v.Domains[0].Domain)
}

// The specs of this repository are the largest corpus there is.
func TestRepositorySpecsLoadWithoutFindings(t *testing.T) {
	tree, list := Options{Prefix: "specs"}.Load(os.DirFS("../../specs"))
	require.Empty(t, list, printed(t, list, tree))
	require.NotEmpty(t, tree.Venues)
}

// Each case is a directory of files and the findings they must have. A case
// without venue.yaml gets the valid one, so that it shows its fault alone.
func TestCases(t *testing.T) {
	base, err := os.ReadFile("testdata/base/venue.yaml")
	require.NoError(t, err)
	dirs, err := filepath.Glob("testdata/cases/*")
	require.NoError(t, err)
	require.NotEmpty(t, dirs)
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			tree, list := Options{Prefix: "specs"}.Load(caseFS(t, dir, base), "x")
			var got strings.Builder
			for _, d := range list {
				fmt.Fprintf(&got, "%s %s %s\n", d.Span, d.Rule, d.Message)
				if d.Hint != "" {
					fmt.Fprintf(&got, "\t%s\n", d.Hint)
				}
				for _, r := range d.Related {
					fmt.Fprintf(&got, "\t%s %s\n", r.Span, r.Message)
				}
			}
			want := filepath.Join(dir, "want.err")
			if *update {
				require.NoError(t, os.WriteFile(want, []byte(got.String()), 0o644))
			}
			text, err := os.ReadFile(want)
			require.NoError(t, err)
			require.NotEmpty(t, text, "a case without findings belongs to testdata/valid")
			require.Equal(t, string(text), got.String(), printed(t, list, tree))
		})
	}
}

func caseFS(t *testing.T, dir string, base []byte) fs.FS {
	t.Helper()
	files := fstest.MapFS{"x/venue.yaml": {Data: base}}
	names, err := filepath.Glob(filepath.Join(dir, "*.y*ml"))
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		src, err := os.ReadFile(name)
		require.NoError(t, err)
		files["x/"+filepath.Base(name)] = &fstest.MapFile{Data: src}
	}
	return files
}

// Every rule of the loader has a case.
func TestEveryRuleHasACase(t *testing.T) {
	wants, err := filepath.Glob("testdata/cases/*/want.err")
	require.NoError(t, err)
	var all strings.Builder
	for _, w := range wants {
		text, err := os.ReadFile(w)
		require.NoError(t, err)
		all.Write(text)
	}
	for _, rule := range []string{RuleYAMLForm, RuleDuplicateKey, RuleUnknownKey, RuleUnknownWord, RuleWrongKind,
		RuleMissingKey, RuleExclusiveKeys, RuleScalarQuoted} {
		require.Contains(t, all.String(), " "+rule+" ", "no case for %s", rule)
	}
}

func TestSpecKeysAreUsedInTestdata(t *testing.T) {
	tree, _ := Load(validSpecs())
	l := newLanguage()
	used := map[string]bool{}
	for _, v := range tree.Venues {
		markUsed(l, v.Venue.Root, l.byName[venueSection], used)
		for _, d := range v.Domains {
			markUsed(l, d.Root, l.byName[domainSection], used)
		}
	}
	for _, s := range l.sections {
		require.NotEmpty(t, s.Doc, "section %s", s.Name)
		for _, k := range s.Keys {
			require.NotEmpty(t, k.Doc, "%s.%s has no doc", s.Name, k.Name)
			require.NotEmpty(t, k.Shapes, "%s.%s has no shape", s.Name, k.Name)
			require.True(t, used[k.Name+k.Doc], "testdata/valid does not use %s.%s", s.Name, k.Name)
		}
	}
}

// markUsed notes keys by name and doc: what several sections share counts once.
func markUsed(l *language, n *Node, s *Section, used map[string]bool) {
	for len(s.Cases) > 0 {
		s = (&checker{lang: l}).pick(n, s)
	}
	for _, e := range n.Entries {
		if def := s.key(e.Key.Value); def != nil {
			used[def.Name+def.Doc] = true
			markShapes(l, e.Value, def.Shapes, used)
		}
	}
}

func markShapes(l *language, n *Node, shapes []Shape, used map[string]bool) {
	switch n.Kind {
	case Map:
		s := withForm(shapes, FormMap)
		if s == nil {
			return
		}
		if s.Section != "" {
			markUsed(l, n, l.byName[s.Section], used)
			return
		}
		for _, e := range n.Entries {
			markShapes(l, e.Value, s.Each.Values, used)
		}
	case List:
		for _, item := range n.Items {
			if s := withForm(shapes, FormList); s != nil {
				markShapes(l, item, s.Items, used)
			}
		}
	}
}

// The tables refer to sections by name; a wrong name would surface only when
// a spec gets there.
func TestTablesAreClosed(t *testing.T) {
	l := newLanguage()
	var visit func(where string, shapes []Shape)
	visit = func(where string, shapes []Shape) {
		forms := map[Form]int{}
		for _, s := range shapes {
			forms[s.Form]++
			if s.Section != "" {
				require.Contains(t, l.byName, s.Section, where)
			}
			if s.Each != nil {
				visit(where, s.Each.Values)
			}
			visit(where, s.Items)
		}
		require.LessOrEqual(t, forms[FormList], 1, "%s: a union has one list at most", where)
	}
	for _, s := range l.sections {
		seen := map[string]bool{}
		for _, k := range s.Keys {
			require.False(t, seen[k.Name], "%s.%s twice", s.Name, k.Name)
			seen[k.Name] = true
			visit(s.Name+"."+k.Name, k.Shapes)
		}
		for _, c := range s.Cases {
			require.Contains(t, l.byName, c)
		}
		for _, c := range s.Choices {
			for _, name := range c.Keys {
				require.NotNil(t, s.key(name), "%s: choice of %s", s.Name, name)
			}
		}
		if s.Free != nil {
			visit(s.Name, s.Free.Values)
		}
	}
}
