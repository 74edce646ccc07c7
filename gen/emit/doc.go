package emit

import (
	"strings"

	"github.com/venuewire/venuewire/gen/ir"
)

// sentence makes a doc comment: the Go name, then the spec's sentence.
func sentence(name, doc, fallback string) string {
	if doc == "" {
		doc = fallback
	}
	doc = strings.TrimSpace(doc)
	if doc == "" {
		return ""
	}
	if !strings.HasSuffix(doc, ".") {
		doc += "."
	}
	if startsWithVerb(doc) {
		return name + " " + doc
	}
	return name + ": " + doc
}

// startsWithVerb tells a sentence that continues the name ("returns …") from one that stands alone.
func startsWithVerb(doc string) bool {
	word, _, _ := strings.Cut(doc, " ")
	return word == strings.ToLower(word) && (strings.HasSuffix(word, "s") || word == "is" || word == "has")
}

// provenance adds where a fact came from, for methods, types and events.
func provenance(p ir.Provenance) string {
	var b strings.Builder
	if len(p.Source) > 0 {
		b.WriteString("Source: " + sourceList(p.Source))
		if c := confidence(p.Confidence); c != "" {
			b.WriteString(" (" + c + ")")
		}
		b.WriteString(".")
	}
	if p.Note != "" {
		b.WriteString("\n" + strings.TrimSuffix(p.Note, ".") + ".")
	}
	return strings.TrimSpace(b.String())
}

// deprecation is the paragraph that editors know.
func deprecation(d *ir.Deprecation) string {
	if d == nil {
		return ""
	}
	s := "Deprecated:"
	if d.Since != "" {
		s += " since " + d.Since
	}
	switch {
	case d.Use == "" && d.Since == "":
		return s + " the venue no longer documents it."
	case d.Use == "":
		return s + "."
	case d.Since != "":
		s += ","
	}
	return s + " use " + d.Use + "."
}

func sourceList(refs []ir.SourceRef) string {
	var out []string
	for _, r := range refs {
		s := r.ID
		if r.Place != "" {
			s += " " + r.Place
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

func confidence(c ir.Confidence) string {
	switch c {
	case ir.Captured:
		return "captured"
	case ir.Documented:
		return "documented"
	case ir.Inferred:
		return "inferred"
	case ir.Guessed:
		return "guessed"
	}
	return ""
}

// paragraphs joins the parts that are not empty, each a paragraph of its own.
func paragraphs(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "\n\n")
}

// fieldDoc is the comment above a field: meaning and unit.
func fieldDoc(f *ir.Field) string {
	doc := f.Prov.Doc
	if doc != "" {
		doc = sentence(f.Go, doc, "")
	}
	if u := f.Coding.Unit; u != "" {
		if doc != "" {
			doc += " "
		} else {
			doc = f.Go + " is in " + u + "."
			return withNote(doc, f)
		}
		doc += "Unit: " + u + "."
	}
	return withNote(doc, f)
}

func withNote(doc string, f *ir.Field) string {
	if f.Sensitive {
		doc = strings.TrimSpace(doc + " Sensitive: never shown in logs or errors.")
	}
	return paragraphs(doc, deprecation(f.Prov.Deprecated))
}
