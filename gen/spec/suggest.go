package spec

import (
	"slices"
	"strings"
)

// unknownKey reports a key that the section does not have, with the nearest
// one, or with the sections that have it.
func (k *checker) unknownKey(e Entry, s *Section, o owner) {
	if k.comma(e, o) {
		return
	}
	names := make([]string, len(s.Keys))
	for i, def := range s.Keys {
		names[i] = def.Name
	}
	message := "unknown key " + quote(e.Key.Value) + " in " + o.label
	near := nearest(e.Key.Value, names)
	if near != "" {
		message += " (did you mean " + quote(near) + "?)"
	}
	d := k.diags.Errorf(RuleUnknownKey, e.Key.Span, "%s", message)
	k.meant[near] = true
	d.Hint = "keys of " + article(s.Name) + ": " + strings.Join(names, ", ")
	if others := k.lang.having(e.Key.Value); near == "" && len(others) > 0 {
		d.Hint = quote(e.Key.Value) + " is a key of " + strings.Join(others, ", ") + "; " + d.Hint
	}
}

// having returns the names of the sections that have a key.
func (l *language) having(key string) []string {
	var out []string
	for i := range l.sections {
		if l.sections[i].key(key) != nil {
			out = append(out, l.sections[i].Name)
		}
	}
	return out
}

// nearest returns the word that was probably meant, "" when none is near.
func nearest(got string, words []string) string {
	if len(got) > maxSuggest {
		return ""
	}
	best, bestDistance := "", min(len(got), max(1, len(got)/3)+1)
	for _, w := range words {
		if d := distance(strings.ToLower(got), w); d < bestDistance {
			best, bestDistance = w, d
		}
	}
	return best
}

const maxSuggest = 40 // bytes; a longer word is no slip of the pen

// distance counts the insertions, deletions, changes and swaps of neighbours
// that turn a into b.
func distance(a, b string) int {
	before, last := []int(nil), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = slices.Min([]int{last[j] + 1, row[j-1] + 1, last[j-1] + cost})
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
