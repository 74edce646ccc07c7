package gen_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen"
)

const specs = "../specs"

func TestTheSpecsOfTheRepositoryHaveNoErrors(t *testing.T) {
	t.Parallel()
	m, found := gen.Load(os.DirFS(specs), gen.WithPrefix("specs"))
	require.NotEmpty(t, m.Venues)
	require.NoError(t, found.Err())
}

func TestLoadTwiceFindsTheSame(t *testing.T) {
	t.Parallel()
	cases := os.DirFS("lint/testdata/cases")
	_, first := gen.Load(cases)
	_, second := gen.Load(cases)
	require.Equal(t, first, second)
}

func TestPrefixAndDirs(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{
		"a/venue.yaml": {Data: []byte("protogen: \"1\"\n")},
		"b/venue.yaml": {Data: []byte("protogen: \"1\"\n")},
	}
	m, found := gen.Load(fsys, gen.WithPrefix("etc/specs"), gen.WithDirs("b"))
	require.Len(t, m.Venues, 1)
	require.NotEmpty(t, found)
	for _, d := range found {
		require.True(t, strings.HasPrefix(d.Span.File, "etc/specs/b/"), d.Span.File)
	}
}

func TestSelect(t *testing.T) {
	t.Parallel()
	m, _ := gen.Load(os.DirFS("lint/testdata/cases"), gen.WithDirs("clean", "clean-text", "clean-tuple"))
	for _, v := range m.Venues {
		v.Name = "id-of-" + v.Dir
	}
	all, err := gen.Select(m)
	require.NoError(t, err)
	require.Equal(t, m.Venues, all)
	last := m.Venues[len(m.Venues)-1]
	got, err := gen.Select(m, last.Name, m.Venues[0].Dir)
	require.NoError(t, err)
	require.Equal(t, []string{last.Name, m.Venues[0].Name}, []string{got[0].Name, got[1].Name})
	_, err = gen.Select(m, "nowhere")
	require.ErrorContains(t, err, `no venue "nowhere"`)
	require.ErrorContains(t, err, last.Name)
}

// A spec is broken most of the time that somebody writes it: every phase must get through what is left of it.
func TestBrokenSpecsAreReportedNotFatal(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"krakenv1"} {
		files := read(t, dir)
		require.NotEmpty(t, files)
		for name, src := range files {
			lines := bytes.SplitAfter(src, []byte("\n"))
			for i := 7; i < len(lines); i += len(lines)/5 + 1 {
				without := bytes.Join(append(append([][]byte{}, lines[:i]...), lines[min(i+1, len(lines)):]...), nil)
				cut := bytes.Join(lines[:i], nil)
				for what, broken := range map[string][]byte{"line gone": without, "cut": cut} {
					load(t, fmt.Sprintf("%s/%s: %s at %d", dir, name, what, i+1), files, name, broken)
				}
			}
		}
	}
}

// read returns the files of a venue.
func read(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	entries, err := os.ReadDir(specs + "/" + dir)
	require.NoError(t, err)
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		src, err := os.ReadFile(specs + "/" + dir + "/" + e.Name())
		require.NoError(t, err)
		out[e.Name()] = src
	}
	return out
}

func load(t *testing.T, what string, files map[string][]byte, name string, src []byte) {
	t.Helper()
	fsys := fstest.MapFS{}
	for n, s := range files {
		fsys["v/"+n] = &fstest.MapFile{Data: s}
	}
	fsys["v/"+name] = &fstest.MapFile{Data: src}
	require.NotPanics(t, func() { gen.Load(fsys) }, what)
}

func FuzzLoad(f *testing.F) {
	dirs, err := filepath.Glob("lint/testdata/cases/*")
	require.NoError(f, err)
	for _, dir := range dirs {
		head, err := os.ReadFile(dir + "/venue.yaml")
		require.NoError(f, err)
		domain, err := os.ReadFile(dir + "/market.yaml")
		require.NoError(f, err)
		f.Add(head, domain)
	}
	f.Fuzz(func(t *testing.T, head, domain []byte) {
		m, found := gen.Load(fstest.MapFS{"v/venue.yaml": {Data: head}, "v/market.yaml": {Data: domain}})
		require.NotNil(t, m)
		for _, d := range found {
			require.NotEmpty(t, d.Rule)
		}
	})
}
