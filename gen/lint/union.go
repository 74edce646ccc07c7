package lint

import (
	"slices"

	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/resolve"
)

// unionReach reports variants that are never taken, and unions told by the value of a member, which venues extend,
// that have no way out.
func unionReach(c *checker) {
	for t := range c.types() {
		if t.Kind != ir.KindUnion || len(t.Variants) == 0 {
			continue
		}
		for i, v := range t.Variants {
			if j := slices.IndexFunc(t.Variants[:i], func(u *ir.Variant) bool { return covers(u, v) }); j >= 0 {
				c.report(v.Span, "variant %s of %s is never taken: %s before it holds whenever it does", v.Go, t.Go, t.Variants[j].Go).
					WithHint("put the one that asks for more first").WithRelated(t.Variants[j].Span, "the earlier variant")
			}
		}
		last := t.Variants[len(t.Variants)-1]
		open := slices.ContainsFunc(t.Variants, func(v *ir.Variant) bool { return len(v.Eq) > 0 })
		if open && !(bare(last) && isJSON(last.Type)) {
			c.report(last.Span, "union %s is told by the value of a member and has no last {type: json}: a new value would be an error", t.Go).
				WithHint("end with {type: json, go: Other}")
		}
	}
}

func isJSON(t *ir.Type) bool {
	t = resolve.Base(t)
	return t != nil && t.Kind == ir.KindScalar && t.Scalar == "json"
}

func bare(v *ir.Variant) bool {
	return len(v.Has)+len(v.Lacks)+len(v.Eq) == 0 && v.JSON == "" && v.Is == nil
}

// covers reports whether u asks for nothing that v does not ask for too.
func covers(u, v *ir.Variant) bool {
	if u.Is != nil && (v.Is == nil || *u.Is != *v.Is) {
		return false
	}
	if u.JSON != "" && u.JSON != v.JSON && !(u.JSON == "string" && v.Is != nil) && !(u.JSON == "object" && len(v.Has) > 0) {
		return false
	}
	return subset(u.Has, v.Has) && subset(u.Lacks, v.Lacks) && !slices.ContainsFunc(u.Eq, func(x ir.Cond) bool {
		return !slices.ContainsFunc(v.Eq, func(y ir.Cond) bool { return sameCond(x, y) })
	})
}

func subset(a, b []string) bool {
	return !slices.ContainsFunc(a, func(s string) bool { return !slices.Contains(b, s) })
}

// sameCond reports whether y admits nothing that x does not.
func sameCond(x, y ir.Cond) bool {
	if x.Path.String() != y.Path.String() {
		return false
	}
	return !slices.ContainsFunc(y.Values, func(v ir.CondValue) bool {
		return !slices.ContainsFunc(x.Values, func(w ir.CondValue) bool {
			return w.JSON == v.JSON && w.Range == v.Range && w.Min == v.Min && w.Max == v.Max &&
				(w.Pattern == nil) == (v.Pattern == nil) && (w.Pattern == nil || w.Pattern.Text == v.Pattern.Text)
		})
	})
}
