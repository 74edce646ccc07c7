package resolve

import (
	"slices"
	"strconv"
	"strings"

	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/spec"
)

// matchWords are the keys of a match that are no member paths.
var matchWords = []string{"has", "lacks", "source", "confidence", "note", "doc", "deprecated"}

// unionWords are, besides, the keys of a union's variant that are no member paths.
var unionWords = []string{"json", "is", "type", "at", "go"}

// matches reads one match or a list of them. A bare text is a pattern on the first key member of the class.
func matches(n *spec.Node, c *ir.Class) []*ir.Match {
	var out []*ir.Match
	for _, it := range list(n) {
		if m := match(it, c); m != nil {
			out = append(out, m)
		}
	}
	return out
}

func match(n *spec.Node, c *ir.Class) *ir.Match {
	m := &ir.Match{Span: n.Span}
	switch n.Kind {
	case spec.Scalar:
		m.Conds = []ir.Cond{{Path: firstKey(c), Values: []ir.CondValue{condValue(n)}}}
	case spec.Map:
		m.Prov = prov(n)
		m.Has, m.Lacks = paths(n.Get("has")), paths(n.Get("lacks"))
		m.Conds = conds(n, matchWords)
	default:
		return nil
	}
	return m
}

// conds reads the members of a match that are conditions.
func conds(n *spec.Node, words []string) []ir.Cond {
	var out []ir.Cond
	for _, e := range mapEntries(n) {
		if slices.Contains(words, e.Key.Value) {
			continue
		}
		c := ir.Cond{Path: ParsePath(e.Key.Value)}
		for _, it := range list(e.Value) {
			c.Values = append(c.Values, condValue(it))
		}
		out = append(out, c)
	}
	return out
}

func firstKey(c *ir.Class) ir.Path {
	if c == nil || len(c.Key) == 0 {
		return nil
	}
	return ir.Path{{Member: c.Key[0]}}
}

func condValue(n *spec.Node) ir.CondValue {
	if n.Tag != spec.TagStr {
		return ir.CondValue{JSON: literal(n)}
	}
	if lo, hi, ok := rangeOf(n.Value); ok {
		return ir.CondValue{Min: lo, Max: hi, Range: true}
	}
	if p := pattern(n); hasHole(p.Parts) {
		return ir.CondValue{Pattern: p}
	}
	return ir.CondValue{JSON: quote(n.Value)}
}

// rangeOf reads an integer range such as "4000..5999".
func rangeOf(s string) (lo, hi int64, ok bool) {
	a, b, ok := strings.Cut(s, "..")
	if !ok {
		return 0, 0, false
	}
	lo, errLo := strconv.ParseInt(a, 10, 64)
	hi, errHi := strconv.ParseInt(b, 10, 64)
	return lo, hi, errLo == nil && errHi == nil && lo <= hi
}
