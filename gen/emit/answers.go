package emit

import (
	"slices"

	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/pattern"
)

// answering reports whether a frame of the event may also answer a request without an id: then the transport must see
// it too.
func (g *generator) answering(e *ir.Event) bool {
	for _, d := range g.v.Domains {
		for _, r := range d.RPCs {
			if r.Response != nil && mayBe(e, r.Response.Class, r.Response.On) {
				return true
			}
		}
		for _, s := range d.Subscriptions {
			for _, a := range []*ir.Ack{s.Ack, s.CancelAck} {
				if a != nil && a.Mode == ir.AckFrame && (mayBe(e, a.Class, a.On) || mayBe(e, a.Class, a.Refused)) {
					return true
				}
			}
		}
	}
	return false
}

// mayBe reports whether a frame for which one of the matches holds can be the event.
func mayBe(e *ir.Event, c *ir.Class, ms []*ir.Match) bool {
	if c != nil && e.Class != c {
		return false
	}
	return slices.ContainsFunc(ms, func(m *ir.Match) bool {
		return slices.ContainsFunc(e.On, func(on *ir.Match) bool { return !exclude(on, m) })
	})
}

// exclude reports whether two matches test one member for different literals, or one of them for its absence.
func exclude(a, b *ir.Match) bool {
	if meets(a.Has, b.Lacks) || meets(b.Has, a.Lacks) {
		return true
	}
	for _, x := range a.Conds {
		for _, y := range b.Conds {
			if x.Path.String() == y.Path.String() && !shareValue(x.Values, y.Values) {
				return true
			}
		}
	}
	return false
}

// meets reports whether two lists share a path.
func meets(a, b []ir.Path) bool {
	return slices.ContainsFunc(a, func(x ir.Path) bool {
		return slices.ContainsFunc(b, func(y ir.Path) bool { return x.String() == y.String() })
	})
}

// mayAgree reports whether two values can hold for one member.
func mayAgree(x, y ir.CondValue) bool {
	switch {
	case x.Range || y.Range:
		return true
	case x.Pattern != nil && y.Pattern != nil:
		return pattern.MayMeet(x.Pattern, y.Pattern)
	case x.Pattern != nil:
		return pattern.Fits(x.Pattern, unquote(y.JSON))
	case y.Pattern != nil:
		return pattern.Fits(y.Pattern, unquote(x.JSON))
	}
	return x.JSON == y.JSON
}

// shareValue reports whether two lists of values may hold for one member.
func shareValue(a, b []ir.CondValue) bool {
	for _, x := range a {
		for _, y := range b {
			if mayAgree(x, y) {
				return true
			}
		}
	}
	return false
}
