package diag

import "strings"

// Sources gives the text of a file by the path that spans name.
type Sources interface {
	// Source returns the text of a file, or false when it is not known.
	Source(file string) ([]byte, bool)
}

// MapSources is Sources held in a map from path to text.
type MapSources map[string][]byte

// Source implements Sources.
func (m MapSources) Source(file string) ([]byte, bool) {
	src, ok := m[file]
	return src, ok
}

// sourceLines splits a text as editors do: without byte order mark and without
// carriage returns.
func sourceLines(src []byte) []string {
	lines := strings.Split(strings.TrimPrefix(string(src), "\ufeff"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSuffix(l, "\r")
	}
	return lines
}
