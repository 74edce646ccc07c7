package naming

import (
	"strings"
	"unicode"
)

// words cuts a wire name. A name of several words without a small letter (SIDE_BUY) is brought down first: its
// capitals say nothing.
func words(wire string) []string {
	parts := strings.FieldsFunc(wire, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(parts) > 1 && !strings.ContainsFunc(wire, unicode.IsLower) {
		for i, p := range parts {
			parts[i] = strings.ToLower(p)
		}
		return parts
	}
	var out []string
	for _, p := range parts {
		out = append(out, cutCase([]rune(p))...)
	}
	return out
}

// Words cuts a wire name into the words that make its Go name.
func Words(wire string) []string { return words(wire) }

// cutCase cuts between a small letter and a capital (conid|Ex) and before the last capital of a run that a small
// letter follows (FX|Conv). The plural s of a run of capitals stays with it (IDs).
func cutCase(p []rune) []string {
	var out []string
	start := 0
	for i := 1; i < len(p); i++ {
		up := unicode.IsUpper(p[i])
		switch {
		case up && !unicode.IsUpper(p[i-1]):
		case up && i+1 < len(p) && unicode.IsLower(p[i+1]) && !pluralEnd(p, i+1):
		default:
			continue
		}
		out = append(out, string(p[start:i]))
		start = i
	}
	return append(out, string(p[start:]))
}

// pluralEnd reports whether p[i] is a plural s after capitals, at the end of a word.
func pluralEnd(p []rune, i int) bool {
	return p[i] == 's' && (i+1 == len(p) || unicode.IsUpper(p[i+1]))
}
