package resolve

import (
	"slices"

	"github.com/venuewire/venuewire/gen/diag"
)

// unresolved reports a name that nothing declares, with the nearest one that something does. When a file could not be
// read it says nothing: the name may be declared there.
func (r *resolver) unresolved(span diag.Span, kind, name string, known []string) {
	if r.partial {
		return
	}
	d := r.c.Errorf("UNRESOLVED_REF", span, "%s %q does not exist", kind, name)
	if s := nearest(name, known); s != "" {
		d.WithHint("did you mean %q?", s)
	} else if len(known) == 0 {
		d.WithHint("the venue declares no %s", kind)
	}
}

// nearest returns the known name that differs least, "" when none is near.
func nearest(name string, known []string) string {
	best, bestDist := "", len(name)/3+2
	for _, k := range slices.Sorted(slices.Values(known)) {
		if d := distance(name, k); d < bestDist {
			best, bestDist = k, d
		}
	}
	return best
}

// distance is the number of single edits between two texts.
func distance(a, b string) int {
	prev := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := range len(a) {
		cur := make([]int, len(b)+1)
		cur[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			cur[j+1] = min(prev[j+1]+1, cur[j]+1, prev[j]+cost)
		}
		prev = cur
	}
	return prev[len(b)]
}
