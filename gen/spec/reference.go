package spec

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Reference writes the keys of the language as a Markdown page. The error is
// that of w.
func Reference(w io.Writer) error {
	buf := bufio.NewWriter(w)
	buf.WriteString("# Reference of the spec language\n\n" +
		"Every kind of map with its keys, in the order of the files. Generated from the tables of the loader; do not edit.\n" +
		"A key in *italics* stands for names of your own. `\"...\"` puts the members of other types in place.\n")
	lang := newLanguage()
	for i := range lang.sections {
		lang.sections[i].reference(buf)
	}
	origin := Section{Name: originSection, Doc: "What is allowed on everything that is named.", Keys: provenance()}
	origin.table(buf, origin.Keys)
	return buf.Flush()
}

const originSection = "provenance"

func (s *Section) reference(w *bufio.Writer) {
	if len(s.Cases) > 0 {
		s.heading(w)
		links := make([]string, len(s.Cases))
		for i, c := range s.Cases {
			links[i] = sectionLink(c)
		}
		fmt.Fprintf(w, "\nOne of %s.\n", orList(links))
		return
	}
	own := s.ownKeys()
	s.table(w, own)
	if len(own) < len(s.Keys) {
		fmt.Fprintf(w, "\nBesides, the keys of %s.\n", sectionLink(originSection))
	}
	for _, c := range s.Choices {
		fmt.Fprintf(w, "\n%s.\n", c.describe())
	}
}

// ownKeys returns the keys without those of provenance, if it has them all.
func (s *Section) ownKeys() []Key {
	all := provenance()
	for _, p := range all {
		if k := s.key(p.Name); k == nil || k.Doc != p.Doc {
			return s.Keys
		}
	}
	return slices.DeleteFunc(slices.Clone(s.Keys), func(k Key) bool {
		return slices.ContainsFunc(all, func(p Key) bool { return p.Name == k.Name })
	})
}

func (s *Section) heading(w *bufio.Writer) {
	fmt.Fprintf(w, "\n## %s\n\n%s\n", s.Name, s.Doc)
}

func (s *Section) table(w *bufio.Writer, keys []Key) {
	s.heading(w)
	if len(keys) == 0 {
		return
	}
	w.WriteString("\n| key | value | meaning | default |\n|---|---|---|---|\n")
	for _, k := range keys {
		fmt.Fprintf(w, "| `%s` | %s | %s | %s |\n", k.Name, cell(k.Shapes), escape(k.Doc), k.due())
	}
	if s.Free != nil {
		fmt.Fprintf(w, "| *%s* | %s | %s | |\n", s.Free.Noun, cell(s.Free.Values), escape(s.Free.Doc))
	}
}

// due says what holds when the key is left out.
func (k Key) due() string {
	switch {
	case (k.Required || k.Later) && len(k.Unless) > 0:
		return "required without " + orList(codeAll(k.Unless))
	case k.Required || k.Later:
		return "required"
	}
	return escape(k.Default)
}

func (c Choice) describe() string {
	names := orList(codeAll(c.Keys))
	switch {
	case c.AtLeast && c.AtMost:
		return "Exactly one of " + names
	case c.AtLeast:
		return "At least one of " + names
	}
	return "At most one of " + names
}

// cell describes shapes for a table cell.
func cell(shapes []Shape) string {
	parts := make([]string, len(shapes))
	for i, s := range shapes {
		parts[i] = s.reference()
	}
	return strings.Join(parts, ", or ")
}

func (s Shape) reference() string {
	switch s.Form {
	case FormWord:
		return strings.Join(codeAll(s.Words), " ")
	case FormList:
		return "list, each " + cell(s.Items)
	case FormMap:
		if s.Section != "" {
			return sectionLink(s.Section)
		}
		out := fmt.Sprintf("map of *%s* → %s", s.Each.Noun, cell(s.Each.Values))
		if s.Each.Spread != nil {
			out += "; `\"...\"` → type or list of types"
		}
		return out
	}
	return escape(s.Noun)
}

func sectionLink(name string) string {
	return fmt.Sprintf("[%s](#%s)", name, defName(name))
}

func codeAll(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = "`" + w + "`"
	}
	return out
}

// escaper keeps text from being read as a cell border or a tag.
var escaper = strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;")

func escape(s string) string { return escaper.Replace(s) }
