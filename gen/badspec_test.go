package gen_test

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen"
	"github.com/venuewire/venuewire/gen/diag"
)

// A mistake is made in a domain file of its own, so that all of them can be made at once.
var mistakes = []struct {
	name, rule string
	// text is the domain file; » stands before the place that the finding must point at.
	text string
	// says is part of the message, hint of the hint.
	says, hint string
}{
	{
		name: "unknown key", rule: "UNKNOWN_KEY",
		text: rpc("a", "GetA", "»respons: {name: a}\n    version: \"1.0\"\n    effect: read"),
		says: `unknown key "respons"`, hint: "",
	},
	{
		name: "duplicate name", rule: "DUPLICATE_KEY",
		text: rpc("b", "GetB", "version: \"1.0\"\n    effect: read\n    response: {name: b, fields: {x: {type: int}, »x: {type: int}}}"),
		says: `"x"`, hint: "",
	},
	{
		name: "unresolved reference", rule: "UNRESOLVED_REF",
		text: rpc("c", "GetC", "version: \"1.0\"\n    effect: read\n    response: {name: c, type: »Pric}"),
		says: `"Pric"`, hint: `"Price"`,
	},
	{
		name: "two wire keys with one Go name", rule: "GO_NAME_COLLISION",
		text: rpc("d", "GetD", "version: \"1.0\"\n    effect: read\n    request: {user_id: {type: int}, »userId: {type: int}}"),
		says: "UserID", hint: "`go`",
	},
	{
		name: "unquoted version", rule: "SCALAR_QUOTED",
		text: rpc("e", "GetE", "version: »1.0\n    effect: read"),
		says: "1.0 without quotes is read as a number", hint: `"1.0"`,
	},
	{
		name: "demux field that does not exist", rule: "PATH_UNRESOLVED",
		text: "subscriptions:\n  f:\n    go: Fs\n    route: {symbol: {type: string}}\n    event: PriceChange\n    demux: {symbol: »sym}\n    source: manual\n",
		says: `"sym"`, hint: "",
	},
	{
		name: "missing effect", rule: "EFFECT_MISSING",
		text: strings.Replace(rpc("g", "GetG", "version: \"1.0\""), "  g:", "  »g:", 1),
		says: "has no `effect`", hint: "read may be repeated",
	},
	{
		name: "alias bomb", rule: "YAML_FORM",
		text: "a: »&a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\n" +
			"d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]\nf: [*e, *e, *e, *e, *e, *e, *e, *e, *e]\n",
		says: "an anchor (&) is not allowed", hint: "write the value out",
	},
	{
		name: "type that contains itself", rule: "TYPE_CYCLE",
		text: "types:\n  »Loop: {fields: {inner: {type: Loop}}}\n" + rpc("i", "GetI", "version: \"1.0\"\n    effect: read\n    response: {name: i, type: Loop}"),
		says: "contains itself", hint: "",
	},
	{
		name: "list where a map is wanted", rule: "WRONG_KIND",
		text: "rpcs: »[a, b]\n",
		says: "wants a map, this is a list", hint: none, // the message says what to write
	},
	{name: "empty file", rule: "YAML_FORM", text: "", says: "empty", hint: ""},
}

const none = "none"

func rpc(wire, goName, keys string) string {
	return "rpcs:\n  " + wire + ":\n    go: " + goName + "\n    " + keys + "\n    source: manual\n"
}

// mistake returns the file of a mistake and where its finding must point.
func mistake(n int) (name, text string, line, col int) {
	m := mistakes[n]
	name = "acme/part" + string(rune('a'+n)) + ".yaml"
	if m.rule == "YAML_FORM" { // what a file lacks that cannot be read, no other file of its venue is blamed for
		name = "beta/part" + string(rune('a'+n)) + ".yaml"
	}
	if m.text == "" {
		return name, "", 1, 1
	}
	text = "protogen: \"1\"\ndomain: part" + string(rune('a'+n)) + "\n" + m.text
	before, after, _ := strings.Cut(text, "»")
	line = strings.Count(before, "\n") + 1
	return name, before + after, line, len([]rune(before[strings.LastIndex(before, "\n")+1:])) + 1
}

// goodSpecs are two venues without a mistake.
func goodSpecs(t *testing.T) fstest.MapFS {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, content := range readFiles(t, "testdata/integrator/specs") {
		fsys[name] = &fstest.MapFile{Data: content}
		other := strings.NewReplacer("venue: acme", "venue: beta", "package: acme", "package: beta").Replace(string(content))
		fsys[strings.Replace(name, "acme/", "beta/", 1)] = &fstest.MapFile{Data: []byte(other)}
	}
	return fsys
}

// TestAllMistakesAreReportedInOneRun makes all of them at once.
func TestAllMistakesAreReportedInOneRun(t *testing.T) {
	t.Parallel()
	fsys := goodSpecs(t)
	for n := range mistakes {
		name, text, _, _ := mistake(n)
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	model, found := gen.Load(fsys, gen.WithPrefix("specs"))
	byFile := map[string]diag.Diagnostic{}
	for _, d := range found {
		byFile[d.Span.File] = d
	}
	require.Len(t, found, len(mistakes), "%v", found)
	require.Len(t, byFile, len(mistakes), "%v", found)
	for n := range mistakes {
		name, _, line, col := mistake(n)
		requireFinding(t, model, byFile["specs/"+name], n, "specs/"+name, line, col)
	}
	require.ErrorIs(t, found.Err(), diag.ErrFindings)
}

func requireFinding(t *testing.T, model *gen.Model, d diag.Diagnostic, n int, file string, line, col int) {
	t.Helper()
	m := mistakes[n]
	require.Equal(t, m.rule, d.Rule)
	require.Equal(t, diag.Error, d.Severity)
	require.Equal(t, diag.Position{File: file, Line: line, Col: col}, d.Span.Start())
	require.Contains(t, d.Message, m.says)
	if m.hint != none {
		require.NotEmpty(t, d.Hint)
		require.Contains(t, d.Hint, m.hint)
	}
	if m.text == "" {
		return // nothing to show
	}
	var text strings.Builder
	require.NoError(t, diag.PrintText(&text, diag.List{d}, model.Tree))
	require.Contains(t, text.String(), d.Span.String()+": "+d.Rule+": ")
	require.Contains(t, text.String(), "| "+strings.Repeat(" ", col-1)+"^", "the excerpt marks the place")
	require.Equal(t, m.hint != none, strings.Contains(text.String(), "  hint: "))
}

// A venue without its venue.yaml, or an empty folder, is a finding too.
func TestNothingToLoad(t *testing.T) {
	t.Parallel()
	without := goodSpecs(t)
	delete(without, "acme/venue.yaml")
	delete(without, "beta/venue.yaml")
	for name, fsys := range maps.All(map[string]fstest.MapFS{"empty": {}, "without venue.yaml": without}) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, found := gen.Load(fsys)
			require.Len(t, found, 1)
			require.Contains(t, found[0].Message, "venue.yaml")
		})
	}
}
