package spec

import (
	"bytes"
	"slices"
	"strings"

	json "github.com/goccy/go-json"
)

// SchemaID is the $id of the JSON Schema.
const SchemaID = "https://github.com/venuewire/venuewire/specs/protogen.schema.json"

type object = map[string]any

// JSONSchema returns a JSON Schema (draft 2020-12) for the files of a venue,
// made for editors: one schema for venue.yaml and domain files. It knows the
// shape of the language, not which text YAML needs in quotes.
func JSONSchema() ([]byte, error) {
	lang := newLanguage()
	defs := object{"tree": object{"description": "What is written on the wire: text with {field} and <builtin> holes, or a tree of it."}}
	for i := range lang.sections {
		defs[defName(lang.sections[i].Name)] = lang.sectionSchema(&lang.sections[i])
	}
	root := object{
		"$schema":     "https://json-schema.org/draft/2020-12/schema",
		"$id":         SchemaID,
		"title":       "protogen spec",
		"description": "A venue.yaml or a domain file of the protogen spec language.",
		"type":        "object",
		"if":          object{"required": []string{"domain"}},
		"then":        refTo(domainSection),
		"else":        refTo(venueSection),
		"$defs":       defs,
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(root)
	return out.Bytes(), err
}

func defName(section string) string { return strings.ReplaceAll(section, " ", "-") }

func refTo(section string) object { return object{"$ref": "#/$defs/" + defName(section)} }

func (l *language) sectionSchema(s *Section) object {
	if len(s.Cases) > 0 {
		out := l.casesSchema(s.Cases)
		out["description"] = s.Doc
		return out
	}
	props, required := object{}, []string{}
	var all []object
	for _, def := range s.Keys {
		props[def.Name] = def.schema()
		switch {
		case (def.Required || def.Later) && len(def.Unless) == 0:
			required = append(required, def.Name)
		case def.Required || def.Later:
			all = append(all, anyRequired(append([]string{def.Name}, def.Unless...)))
		}
	}
	for _, c := range s.Choices {
		all = append(all, c.schema()...)
	}
	out := object{"type": "object", "description": s.Doc, "properties": props, "additionalProperties": false}
	if s.Free != nil {
		s.Free.schema(out)
	}
	if len(required) > 0 {
		out["required"] = required
	}
	if len(all) > 0 {
		out["allOf"] = all
	}
	return out
}

// casesSchema asks for the own key of each case in turn, so that an editor
// completes and explains the keys of the case at hand only.
func (l *language) casesSchema(cases []string) object {
	if len(cases) == 1 {
		return refTo(cases[0])
	}
	return object{
		"if":   object{"required": []string{l.byName[cases[0]].Case}},
		"then": refTo(cases[0]),
		"else": l.casesSchema(cases[1:]),
	}
}

func anyRequired(names []string) object {
	alternatives := make([]object, len(names))
	for i, n := range names {
		alternatives[i] = object{"required": []string{n}}
	}
	return object{"anyOf": alternatives}
}

func (c Choice) schema() []object {
	var out []object
	if c.AtLeast {
		out = append(out, anyRequired(c.Keys))
	}
	if !c.AtMost {
		return out
	}
	for i, a := range c.Keys {
		for _, b := range c.Keys[i+1:] {
			out = append(out, object{"not": object{"required": []string{a, b}}})
		}
	}
	return out
}

// schema adds the members with free keys to the schema of a map.
func (f *Free) schema(out object) {
	out["additionalProperties"] = anyOf(f.Values)
	if f.Spread != nil {
		props, ok := out["properties"].(object)
		if !ok {
			props = object{}
			out["properties"] = props
		}
		spread := anyOf(f.Spread)
		spread["description"] = "Puts the members of these types here."
		props[SpreadKey] = spread
	}
	if f.Pattern == "" {
		return
	}
	names := []object{{"pattern": whole(f.Pattern)}}
	if f.Spread != nil {
		names = append(names, object{"const": SpreadKey})
	}
	if props, ok := out["properties"].(object); ok && len(props) > 0 {
		fixed := make([]string, 0, len(props))
		for name := range props {
			fixed = append(fixed, name)
		}
		slices.Sort(fixed)
		names = append(names, object{"enum": fixed})
	}
	out["propertyNames"] = object{"anyOf": names}
}

func (k Key) schema() object {
	out := anyOf(k.Shapes)
	out["description"] = k.Doc
	if k.Default != "" {
		out["description"] = k.Doc + " Default: " + k.Default + "."
	}
	return out
}

func anyOf(shapes []Shape) object {
	if len(shapes) == 1 {
		return shapes[0].schema()
	}
	all := make([]object, len(shapes))
	for i, s := range shapes {
		all[i] = s.schema()
	}
	return object{"anyOf": all}
}

func (s Shape) schema() object {
	switch s.Form {
	case FormWord:
		return object{"enum": s.Words}
	case FormBool:
		return object{"type": "boolean"}
	case FormInt:
		return object{"type": "integer"}
	case FormLiteral:
		return object{"type": []string{"string", "number", "boolean"}}
	case FormTree:
		return object{"$ref": "#/$defs/tree"}
	case FormList:
		return object{"type": "array", "items": anyOf(s.Items)}
	case FormMap:
		if s.Section != "" {
			return refTo(s.Section)
		}
		out := object{"type": "object"}
		s.Each.schema(out)
		return out
	}
	out := object{"type": "string"}
	if s.Pattern != "" {
		out["pattern"] = whole(s.Pattern)
	}
	return out
}

func whole(pattern string) string { return "^(?:" + pattern + ")$" }
