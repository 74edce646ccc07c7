package main

import (
	"cmp"
	"slices"
	"strings"
)

// nearest returns the names that are most like the wanted one, at most n, the best first. Names that have it as a part
// come before those that differ by a few letters.
func nearest(want string, names []string, n int) []string {
	want = strings.ToLower(want)
	type scored struct {
		name  string
		score int
	}
	var near []scored
	for _, name := range names {
		low := strings.ToLower(name)
		score := edits(want, low)
		switch {
		case len(want) >= 3 && strings.Contains(low, want):
			score = 0
		case score > len(want)/3+1:
			continue
		}
		near = append(near, scored{name, score})
	}
	slices.SortFunc(near, func(a, b scored) int {
		return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(len(a.name), len(b.name)), cmp.Compare(a.name, b.name))
	})
	var out []string
	for _, s := range near {
		if !slices.Contains(out, s.name) {
			out = append(out, s.name)
		}
	}
	return out[:min(n, len(out))]
}

// edits is the number of single edits between two texts.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(row[j+1]+1, row[j]+1, cost)
		}
	}
	return row[len(b)]
}
