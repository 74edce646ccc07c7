package resolve

import (
	"strconv"
	"strings"

	json "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/spec"
)

// mapEntries returns the members of a map, none for anything else.
func mapEntries(n *spec.Node) []spec.Entry {
	if n == nil || n.Kind != spec.Map {
		return nil
	}
	return n.Entries
}

// list returns the items of a list; a value that stands for a list of one is that list.
func list(n *spec.Node) []*spec.Node {
	switch {
	case n == nil || n.IsNull():
		return nil
	case n.Kind == spec.List:
		return n.Items
	default:
		return []*spec.Node{n}
	}
}

// texts returns the texts of a list or of a single scalar.
func texts(n *spec.Node) []string {
	var out []string
	for _, it := range list(n) {
		if it.Kind == spec.Scalar {
			out = append(out, it.Value)
		}
	}
	return out
}

func truth(n *spec.Node) bool {
	b, ok := n.Bool()
	return ok && b
}

func integer(n *spec.Node) int64 {
	v, _ := n.Int()
	return v
}

// literal writes a scalar as JSON: text that is quoted or reads as text becomes a string.
func literal(n *spec.Node) string {
	switch {
	case n == nil || n.Kind != spec.Scalar:
		return ""
	case n.IsNull():
		return "null"
	case n.Tag == spec.TagBool:
		return strconv.FormatBool(truth(n))
	case (n.Tag == spec.TagInt || n.Tag == spec.TagFloat) && json.Valid([]byte(n.Value)):
		return n.Value
	default:
		return quote(n.Value)
	}
}

// quote writes text as a JSON string, with < > & as they are.
func quote(s string) string {
	b, err := json.MarshalWithOption(s, json.DisableHTMLEscape())
	if err != nil {
		return strconv.Quote(s)
	}
	return string(b)
}

func literals(n *spec.Node) []string {
	var out []string
	for _, it := range list(n) {
		out = append(out, literal(it))
	}
	return out
}

// prov reads what is said about the origin of a thing.
func prov(n *spec.Node) ir.Provenance {
	if n == nil || n.Kind != spec.Map {
		return ir.Provenance{}
	}
	p := ir.Provenance{
		Doc:        n.Get("doc").Text(),
		Note:       n.Get("note").Text(),
		Source:     sourceRefs(n.Get("source")),
		Confidence: confidences[n.Get("confidence").Text()],
	}
	if d := n.Get("deprecated"); d != nil {
		p.Deprecated = &ir.Deprecation{Since: d.Get("since").Text(), Use: d.Get("use").Text()}
	}
	return p
}

var confidences = map[string]ir.Confidence{
	"guessed": ir.Guessed, "inferred": ir.Inferred, "documented": ir.Documented, "captured": ir.Captured,
}

func sourceRefs(n *spec.Node) []ir.SourceRef {
	var out []ir.SourceRef
	for _, s := range texts(n) {
		id, place, _ := strings.Cut(s, "#")
		out = append(out, ir.SourceRef{ID: id, Place: place})
	}
	return out
}

// overlay returns n with the members of top put in place of its own; members that only top has are added.
func overlay(n, top *spec.Node) *spec.Node {
	out := *n
	out.Entries = nil
	for _, e := range mapEntries(n) {
		if t := top.Entry(e.Key.Value); t != nil {
			e = *t
		}
		out.Entries = append(out.Entries, e)
	}
	for _, e := range mapEntries(top) {
		if !n.Has(e.Key.Value) {
			out.Entries = append(out.Entries, e)
		}
	}
	return &out
}
