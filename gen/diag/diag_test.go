package diag

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	stdjson "encoding/json"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the expectations in testdata")

func span(file string, line, col, length int) Span {
	return Span{File: file, Line: line, Col: col, EndLine: line, EndCol: col + length}
}

func TestSortOrdersAndRemovesRepetitions(t *testing.T) {
	var c Collector
	c.Errorf("B", span("b.yaml", 1, 1, 1), "x")
	c.Errorf("B", span("a.yaml", 2, 1, 1), "second")
	c.Errorf("B", span("a.yaml", 2, 1, 1), "first")
	c.Warnf("A", span("a.yaml", 2, 1, 1), "x")
	c.Errorf("Z", span("a.yaml", 1, 9, 1), "x")
	c.Errorf("B", span("a.yaml", 2, 1, 1), "second")
	c.Errorf("B", span("a.yaml", 2, 1, 1), "second").WithHint("another hint")
	require.Equal(t, 7, c.Len())
	var got []string
	for _, d := range c.List() {
		got = append(got, d.String())
	}
	require.Equal(t, []string{
		"a.yaml:1:9: Z: x", "a.yaml:2:1: A: x",
		"a.yaml:2:1: B: second", "a.yaml:2:1: B: first", "a.yaml:2:1: B: second", // the last has a hint of its own
		"b.yaml:1:1: B: x",
	}, got)
}

func TestListTellsErrorsFromWarnings(t *testing.T) {
	var c Collector
	require.NoError(t, c.List().Err())
	c.Warnf("W", span("a.yaml", 1, 1, 1), "only %s", "that")
	l := c.List()
	require.False(t, l.HasErrors())
	require.NoError(t, l.Err())
	require.Len(t, l.Warnings(), 1)
	c.Add(Diagnostic{Rule: "E", Span: span("a.yaml", 3, 4, 1), Message: "bad"})
	l = c.List()
	require.True(t, l.HasErrors())
	require.Len(t, l.Errors(), 1)
	require.ErrorIs(t, l.Err(), ErrFindings)
	require.EqualError(t, l.Err(), "spec has errors:\na.yaml:3:4: E: bad")
}

func TestErrNamesTheFirstFindings(t *testing.T) {
	var c Collector
	for i := range maxErrLines + 3 {
		c.Errorf("E", span("a.yaml", i+1, 1, 1), "bad")
	}
	text := c.List().Err().Error()
	require.Contains(t, text, "a.yaml:10:1: E: bad\nand 3 more")
	require.NotContains(t, text, "a.yaml:11:1")
}

func TestHintAndRelatedMayBeSetLater(t *testing.T) {
	var c Collector
	d := c.Errorf("E", span("a.yaml", 1, 1, 1), "bad")
	d.Hint = "do this"
	d.WithRelated(span("a.yaml", 2, 2, 1), "also %d", 1)
	require.Equal(t, "do this", c.List()[0].Hint)
	require.Equal(t, []Related{{Span: span("a.yaml", 2, 2, 1), Message: "also 1"}}, c.List()[0].Related)
}

func TestPositionLeavesOutWhatIsUnknown(t *testing.T) {
	require.Equal(t, "a.yaml", Position{File: "a.yaml"}.String())
	require.Equal(t, "a.yaml:3", Position{File: "a.yaml", Line: 3}.String())
	require.Equal(t, "a.yaml:3:4", Span{File: "a.yaml", Line: 3, Col: 4}.String())
	require.True(t, Span{}.IsZero())
}

func TestSeverityAsText(t *testing.T) {
	for _, s := range []Severity{Error, Warning} {
		text, err := s.MarshalText()
		require.NoError(t, err)
		var back Severity
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, s, back)
	}
	var s Severity
	require.Error(t, s.UnmarshalText([]byte("fatal")))
}

const source = "\ufeffprotogen: \"1\"\r\ndomain: a\r\n\r\nrpcs:\r\n  get-candles:\r\n    go: GetCandles\r\n    efect: read\r\n    version: \"2.0\"\r\n" +
	"  größe: {\tlong: x}\r\n"

func findings() (List, MapSources) {
	long := "    request: {" + strings.Repeat("a: {type: int}, ", 20) + "b: {tipe: int}, " + strings.Repeat("c: {type: int}, ", 20) + "}"
	src := MapSources{"specs/x/a.yaml": []byte(source), "specs/x/long.yaml": []byte("one\n" + long + "\n\ntwo")}
	var c Collector
	c.Errorf("UNKNOWN_KEY", span("specs/x/a.yaml", 7, 5, 5), "unknown key %q (did you mean %q?)", "efect", "effect").
		WithHint("keys of an rpc: go, effect").WithRelated(span("specs/x/b.yaml", 1, 2, 3), "first used here")
	c.Warnf("UNUSED_TYPE", span("specs/x/a.yaml", 1, 1, 8), "nothing refers to it")
	c.Errorf("WRONG_KIND", span("specs/x/a.yaml", 9, 12, 4), "after a tab")
	c.Errorf("SPAN", Span{File: "specs/x/a.yaml", Line: 4, Col: 1, EndLine: 6, EndCol: 3}, "over several lines")
	c.Errorf("LONG", span("specs/x/long.yaml", 2, 335, 14), "far to the right: 100%%, a\nb\x1b[31m")
	c.Errorf("YAML_FORM", Span{File: "specs/y"}, "the directory has no venue.yaml")
	c.Errorf("END", span("specs/x/long.yaml", 4, 4, 0), "at the end of the text")
	c.Errorf("OUTSIDE", span("specs/x/long.yaml", 40, 4, 0), "behind the end of the text")
	return c.List(), src
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func TestPrintText(t *testing.T) {
	l, src := findings()
	var b bytes.Buffer
	require.NoError(t, PrintText(&b, l, src))
	require.NotContains(t, b.String(), "\x1b")
	golden(t, "text.golden", b.String())
	for line := range strings.Lines(b.String()) {
		require.Less(t, len([]rune(line)), 200)
	}
}

func TestPrintTextInColour(t *testing.T) {
	l, src := findings()
	var plain, colour bytes.Buffer
	require.NoError(t, PrintText(&plain, l, src))
	require.NoError(t, TextPrinter{Color: true}.Print(&colour, l, src))
	require.Contains(t, colour.String(), "\x1b[31;1mUNKNOWN_KEY\x1b[0m")
	stripped := colour.String()
	for _, code := range []string{codeBold, codeError, codeWarning, codeHint, "0"} {
		stripped = strings.ReplaceAll(stripped, "\x1b["+code+"m", "")
	}
	require.Equal(t, plain.String(), stripped)
}

func TestPrintTextWithoutSources(t *testing.T) {
	l, _ := findings()
	var b bytes.Buffer
	require.NoError(t, PrintText(&b, l, nil))
	require.NotContains(t, b.String(), "^")
	require.Contains(t, b.String(), "hint: keys of an rpc")
}

func TestPrintJSON(t *testing.T) {
	l, _ := findings()
	var b bytes.Buffer
	require.NoError(t, PrintJSON(&b, l))
	golden(t, "json.golden", b.String())
	var back []map[string]any
	require.NoError(t, stdjson.Unmarshal(b.Bytes(), &back))
	require.Len(t, back, len(l))

	b.Reset()
	require.NoError(t, PrintJSON(&b, nil))
	require.Equal(t, "[]\n", b.String())
}

func TestPrintGitHub(t *testing.T) {
	l, _ := findings()
	var b bytes.Buffer
	require.NoError(t, PrintGitHub(&b, l))
	golden(t, "github.golden", b.String())
	require.Equal(t, len(l), strings.Count(b.String(), "\n"), "one command a line")

	b.Reset()
	require.NoError(t, PrintGitHub(&b, List{{Rule: "R", Message: "m", Span: span("a,b:c.yaml", 1, 2, 1)}}))
	require.Equal(t, "::error file=a%2Cb%3Ac.yaml,line=1,col=2,title=R::m\n", b.String())
}

type brokenWriter struct{}

var errBroken = errors.New("broken pipe")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestPrintersReturnTheErrorOfTheWriter(t *testing.T) {
	l, src := findings()
	require.ErrorIs(t, PrintText(brokenWriter{}, l, src), errBroken)
	require.ErrorIs(t, PrintJSON(brokenWriter{}, l), errBroken)
	require.ErrorIs(t, PrintGitHub(brokenWriter{}, l), errBroken)
}
