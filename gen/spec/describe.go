package spec

import (
	"slices"
	"strings"
)

// describe says in words what a value may be.
func describe(shapes []Shape) string {
	var parts []string
	for _, s := range shapes {
		if d := s.describe(); !slices.Contains(parts, d) {
			parts = append(parts, d)
		}
	}
	return orList(parts)
}

func (s Shape) describe() string {
	switch {
	case s.Form == FormWord:
		return orList(s.Words)
	case s.Form == FormList:
		return "a list"
	}
	return s.Noun
}

// orList joins parts as "a, b or c".
func orList(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	last := len(parts) - 1
	return strings.Join(parts[:last], ", ") + " or " + parts[last]
}

func quoteAll(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = quote(w)
	}
	return out
}

// wordsOf returns the closed list of a union of shapes.
func wordsOf(shapes []Shape) []string {
	var out []string
	for _, s := range shapes {
		switch s.Form {
		case FormWord:
			out = append(out, s.Words...)
		case FormBool:
			out = append(out, "true", "false")
		}
	}
	return out
}

// kindNoun says what a node is.
func kindNoun(n *Node) string {
	if n.Kind == Scalar {
		return tagNoun(n.Tag)
	}
	return "a " + n.Kind.String()
}

func tagNoun(tag string) string {
	switch tag {
	case TagInt, TagFloat:
		return "a number"
	case TagBool:
		return "true or false"
	case TagNull:
		return "null"
	}
	return "text"
}
