package lint

import (
	"slices"

	"github.com/venuewire/venuewire/gen/ir"
)

// frameOverlap reports pairs of classes that can take one frame. Elements of a batch are frames like others.
func frameOverlap(c *checker) {
	for i, a := range c.v.Wire.Classes {
		for _, b := range c.v.Wire.Classes[:i] {
			if overlap(a, b) {
				c.report(a.Span, "frame classes %q and %q can take one frame", b.Name, a.Name).
					WithHint("tell them apart with `has` in one and `lacks` in the other").WithRelated(b.Span, "the other class")
			}
		}
	}
}

func overlap(a, b *ir.Class) bool {
	isArray := func(k *ir.Class) bool { return k.Form == ir.FormArray || k.Form == ir.FormTuple }
	switch {
	case a.Form == ir.FormTuple && b.Form == ir.FormTuple:
		return false // their element counts tell them apart, or LAYOUT_AMBIGUOUS reports it
	case isArray(a) && isArray(b):
		return true
	case a.Form != b.Form:
		return false
	default:
		return !common(a.Has, b.Lacks) && !common(b.Has, a.Lacks)
	}
}

func common(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// layouts checks each layout by itself and the counts of all of them against each other.
func layouts(c *checker) {
	var done []*ir.Class
	for _, k := range c.v.Wire.Classes {
		if len(k.Layout) == 0 {
			continue
		}
		c.layout(k)
		for _, other := range done {
			if lo, ok := sameCount(k, other); ok {
				c.report(k.Span, "a frame of %d elements fits the layouts of %q and %q", lo, other.Name, k.Name).
					WithRelated(other.Span, "the other layout")
			}
		}
		done = append(done, k)
	}
}

func (c *checker) layout(k *ir.Class) {
	repeats := 0
	for i, e := range k.Layout {
		if e.Repeat {
			repeats++
		}
		if e.Optional && slices.ContainsFunc(k.Layout[i+1:], func(n ir.Element) bool { return !n.Optional }) {
			c.report(k.Span, "element %q of the layout may be absent, but others follow", e.Name).
				WithHint("only the last elements can be optional")
		}
	}
	if repeats > 1 {
		c.report(k.Span, "the layout of %q has %d elements that repeat", k.Name, repeats).WithHint("one element can repeat")
	}
}

// sameCount returns the least number of elements that both layouts admit.
func sameCount(a, b *ir.Class) (int, bool) {
	loA, hiA := counts(a)
	loB, hiB := counts(b)
	lo := max(loA, loB)
	return lo, lo <= min(hiA, hiB)
}

// manyElements stands for no bound.
const manyElements = 1 << 30

func counts(k *ir.Class) (lo, hi int) {
	for _, e := range k.Layout {
		if !e.Optional {
			lo++
		}
		hi++
		if e.Repeat {
			hi = manyElements
		}
	}
	return lo, min(hi, manyElements)
}

// onNotKeyed reports matches of events that test neither a key member of their class nor presence.
func onNotKeyed(c *checker) {
	for ev := range c.events() {
		for _, m := range ev.On {
			if ev.Class == nil || len(m.Has) > 0 || testsKey(m, ev.Class) {
				continue
			}
			d := c.report(m.Span, "the match of event %s tests neither a key member nor presence", ev.Go)
			if len(ev.Class.Key) > 0 {
				d.WithHint("test %q", ev.Class.Key[0])
			} else {
				d.WithHint("frames of class %q have no key: use `has`", ev.Class.Name)
			}
		}
	}
}

func testsKey(m *ir.Match, k *ir.Class) bool {
	return slices.ContainsFunc(m.Conds, func(x ir.Cond) bool {
		return len(x.Path) == 1 && slices.Contains(k.Key, x.Path[0].Member)
	})
}
