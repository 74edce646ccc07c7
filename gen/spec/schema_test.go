package spec

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	stdjson "encoding/json"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen/diag"
)

func compiledSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := JSONSchema()
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource(SchemaID, doc))
	schema, err := c.Compile(SchemaID)
	require.NoError(t, err)
	return schema
}

// jsonValue is what an editor makes of a node.
func jsonValue(n *Node) any {
	switch {
	case n.Kind == Map:
		out := map[string]any{}
		for _, e := range n.Entries {
			out[e.Key.Value] = jsonValue(e.Value)
		}
		return out
	case n.Kind == List:
		out := []any{}
		for _, item := range n.Items {
			out = append(out, jsonValue(item))
		}
		return out
	case n.Tag == TagNull:
		return nil
	case n.Tag == TagBool:
		v, _ := n.Bool()
		return v
	case n.Tag == TagInt, n.Tag == TagFloat:
		return stdjson.Number(n.Value)
	}
	return n.Value
}

func TestSchemaAcceptsValidSpecs(t *testing.T) {
	schema := compiledSchema(t)
	for _, root := range []string{"testdata/valid", "../../specs"} {
		tree, list := Load(os.DirFS(root))
		withFindings := map[string]bool{}
		for _, d := range list {
			withFindings[d.Span.File] = true
		}
		for path, f := range tree.files {
			if !withFindings[path] {
				require.NoError(t, schema.Validate(jsonValue(f.Root)), path)
			}
		}
	}
}

// What the loader finds wrong with the shape of a file, an editor shows too.
func TestSchemaRefusesWhatTheLoaderRefuses(t *testing.T) {
	const domain = "protogen: \"1\"\ndomain: a\n"
	tests := map[string]string{
		"unknown key":                  "efents: {}\n",
		"unknown key of an entry":      "rpcs: {get: {go: Get, effect: read, efect: read}}\n",
		"unknown key of a field":       "types: {T: {fields: {a: {type: int, optinal: true}}}}\n",
		"key of another case":          "types: {T: {is: string, partial: mask}}\n",
		"key of another kind of field": "rpcs: {get: {go: Get, effect: read, request: {a: {type: int, batch: array}}}}\n",
		"unknown word":                 "rpcs: {get: {go: Get, effect: reed}}\n",
		"unknown word in a list":       "types: {T: {is: string, accept: [singel]}}\n",
		"scalar for a list":            "tags: core\n",
		"list for a map":               "rpcs: [get]\n",
		"map for a scalar":             "doc: {a: b}\n",
		"missing go":                   "rpcs: {get: {effect: read}}\n",
		"missing type of a field":      "types: {T: {fields: {a: {}}}}\n",
		"missing payload":              "events: {E: {on: e}}\n",
		"two payloads":                 "events: {E: {on: e, type: json, fields: {}}}\n",
		"two events":                   "subscriptions: {s: {go: S, event: E, events: [E]}}\n",
		"bad duration":                 "subscriptions: {s: {go: S, event: E, lifetime: {ends: 10 minutes}}}\n",
		"bad type":                     "events: {E: {on: e, type: \"[]\"}}\n",
		"bad Go name of a type":        "types: {lower: {is: int}}\n",
		"version as a number":          "rpcs: {get: {go: Get, effect: read, version: 2.0}}\n",
		"bool as text":                 "enums: {E: {type: int, values: {A: 1}, closed: \"true\"}}\n",
		"text as a number":             "events: {E: {on: e, type: json, sequence: {at: s, first: \"1\"}}}\n",
		"no value":                     "events: {E: {on: e, type: }}\n",
		"step of neither side":         "rpcs: {get: {go: Get, effect: read, examples: [{name: a, kind: captured, source: x, steps: [{}]}]}}\n",
		"rest of a cut text":           "rpcs: {get: {go: Get, effect: read, doc: a, b: c}}\n",
		"value of a match":             "events: {E: {on: {a: {b: c}}, type: json}}\n",
	}
	schema := compiledSchema(t)
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			src := []byte(domain + text)
			_, list := Load(fstest.MapFS{"x/venue.yaml": {Data: src}, "x/a.yaml": {Data: src}})
			found := false
			for _, d := range list {
				found = found || d.Span.File == "x/a.yaml"
			}
			require.True(t, found, "the loader finds nothing")
			require.Error(t, schema.Validate(jsonValue(readYAML("a.yaml", src, &diag.Collector{}))))
		})
	}
	for name, text := range map[string]string{
		"venue with nothing":   "protogen: \"1\"\nvenue: a\n",
		"not the language":     "a: b\n",
		"later language":       "protogen: \"2\"\ndomain: a\n",
		"effect is left out":   domain + "rpcs: {get: {go: Get}}\n",
		"venue and domain key": domain + "venue: a\n",
	} {
		t.Run(name, func(t *testing.T) {
			require.Error(t, schema.Validate(jsonValue(readYAML("a.yaml", []byte(text), &diag.Collector{}))))
		})
	}
}

// An editor shows the doc of every key.
func TestSchemaDescribesEveryKey(t *testing.T) {
	text, err := JSONSchema()
	require.NoError(t, err)
	var doc struct {
		Defs map[string]struct {
			Description string
			Properties  map[string]struct{ Description string }
		} `json:"$defs"`
	}
	require.NoError(t, stdjson.Unmarshal(text, &doc))
	for _, s := range Sections() {
		def, ok := doc.Defs[defName(s.Name)]
		require.True(t, ok, s.Name)
		require.NotEmpty(t, def.Description, s.Name)
		for _, k := range s.Keys {
			require.Contains(t, def.Properties[k.Name].Description, k.Doc, "%s.%s", s.Name, k.Name)
		}
	}
}

func TestSchemaAndReferenceAreStable(t *testing.T) {
	first, err := JSONSchema()
	require.NoError(t, err)
	var page bytes.Buffer
	require.NoError(t, Reference(&page))
	for range 5 {
		again, err := JSONSchema()
		require.NoError(t, err)
		require.Equal(t, string(first), string(again))
		var other bytes.Buffer
		require.NoError(t, Reference(&other))
		require.Equal(t, page.String(), other.String())
	}
}

func TestReferenceListsEveryKeyAndItsLinksWork(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, Reference(&b))
	page := b.String()
	for _, s := range Sections() {
		require.Contains(t, page, "\n## "+s.Name+"\n")
		for _, k := range s.Keys {
			require.Contains(t, page, "\n| `"+k.Name+"` | ", "%s.%s", s.Name, k.Name)
		}
	}
	for _, part := range strings.Split(page, "](#")[1:] {
		target, _, _ := strings.Cut(part, ")")
		require.Contains(t, page, "\n## "+strings.ReplaceAll(target, "-", " ")+"\n")
	}
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "| ") {
			require.Equal(t, 5, strings.Count(strings.ReplaceAll(line, `\|`, ""), "|"), line)
		}
	}
}

// The committed schema is that of the tables.
func TestCommittedSchemaIsCurrent(t *testing.T) {
	committed, err := os.ReadFile(filepath.FromSlash("../../specs/protogen.schema.json"))
	require.NoError(t, err)
	current, err := JSONSchema()
	require.NoError(t, err)
	if *update {
		committed = current
		require.NoError(t, os.WriteFile(filepath.FromSlash("../../specs/protogen.schema.json"), current, 0o644))
	}
	require.Equal(t, string(committed), string(current), "run go test ./gen/spec -update")
}
