package lint

import (
	"slices"
	"strings"

	json "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/pattern"
)

// onCollisions reports pairs of events whose matches can hold for one frame without one of them being the closer one.
func onCollisions(c *checker) {
	all := slices.Collect(c.events())
	for i, a := range all {
		for _, b := range all[:i] {
			if a.Class == nil || a.Class != b.Class || !shared(a.Connections, b.Connections) {
				continue
			}
			if ma, mb := collision(a, b); ma != nil {
				c.report(ma.Span, "events %s and %s can take one frame", b.Go, a.Go).
					WithHint("tell them apart by a key member, `has` and `lacks`, or `connections`").
					WithRelated(mb.Span, "the match of %s", b.Go)
			}
		}
	}
}

func collision(a, b *ir.Event) (ma, mb *ir.Match) {
	for _, ma := range a.On {
		for _, mb := range b.On {
			if bothHold(ma, mb) {
				return ma, mb
			}
		}
	}
	return nil, nil
}

// bothHold reports whether two matches can hold for one frame and neither is closer to it than the other.
func bothHold(a, b *ir.Match) bool {
	if excludes(a, b) || excludes(b, a) {
		return false
	}
	closer := 0
	for _, x := range a.Conds {
		for _, y := range b.Conds {
			if x.Path.String() != y.Path.String() {
				continue
			}
			can, by := meet(x.Values, y.Values)
			if !can {
				return false
			}
			closer += by
		}
	}
	return closer == 0
}

// excludes reports whether a wants a member that b wants to be absent.
func excludes(a, b *ir.Match) bool {
	for _, l := range b.Lacks {
		same := func(p ir.Path) bool { return p.String() == l.String() }
		if slices.ContainsFunc(a.Has, same) || slices.ContainsFunc(a.Conds, func(x ir.Cond) bool { return same(x.Path) }) {
			return true
		}
	}
	return false
}

// meet reports whether one value can be among both lists, and which list is the closer one then: 1 the first, -1 the
// second, 0 neither.
func meet(a, b []ir.CondValue) (can bool, closer int) {
	for _, x := range a {
		for _, y := range b {
			if !valuesMeet(x, y) {
				continue
			}
			can = true
			if d := weight(x) - weight(y); d > 0 {
				closer = 1
			} else if d < 0 {
				closer = -1
			} else {
				return true, 0
			}
		}
	}
	return can, closer
}

// literalWeight makes a literal closer than every pattern.
const literalWeight = 1 << 20

// weight grows with how much of a value is said.
func weight(v ir.CondValue) int {
	switch {
	case v.Pattern != nil:
		return pattern.Literal(v.Pattern)
	case v.Range:
		return 0
	default:
		return literalWeight
	}
}

func valuesMeet(x, y ir.CondValue) bool {
	if x.Pattern == nil && (y.Pattern != nil || y.Range && !x.Range) {
		x, y = y, x
	}
	switch {
	case x.Pattern != nil && y.Pattern != nil:
		return pattern.MayMeet(x.Pattern, y.Pattern)
	case x.Pattern != nil:
		s, ok := text(y)
		return ok && pattern.Fits(x.Pattern, s)
	case x.Range && y.Range:
		return x.Min <= y.Max && y.Min <= x.Max
	case x.Range:
		return inRange(x, y.JSON)
	default:
		return x.JSON == y.JSON
	}
}

func inRange(r ir.CondValue, lit string) bool {
	var n int64
	return json.Unmarshal([]byte(lit), &n) == nil && r.Min <= n && n <= r.Max
}

// text returns the text of a literal that is one.
func text(v ir.CondValue) (string, bool) {
	if v.Range || !strings.HasPrefix(v.JSON, `"`) {
		return "", false
	}
	var s string
	return s, json.Unmarshal([]byte(v.JSON), &s) == nil
}
