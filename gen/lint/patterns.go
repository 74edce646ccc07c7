package lint

import (
	"slices"

	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/pattern"
)

// patterns calls fn for every pattern that is read.
func (c *checker) patterns(fn func(p *ir.Pattern)) {
	for t := range c.types() {
		for _, p := range t.Patterns {
			fn(p)
		}
	}
	for _, e := range c.v.Errors.Texts {
		if e.Pattern != nil {
			fn(e.Pattern)
		}
	}
	for _, ms := range c.matches() {
		for _, m := range ms {
			for p := range condPatterns(m) {
				fn(p)
			}
		}
	}
	for _, conn := range c.v.Connections {
		if conn.Path != nil {
			fn(conn.Path)
		}
	}
}

// matches returns all lists of matches of a venue.
func (c *checker) matches() [][]*ir.Match {
	out := [][]*ir.Match{c.v.Errors.Ok, c.v.Errors.Refused}
	ack := func(a *ir.Ack) {
		if a != nil {
			out = append(out, a.On, a.Ok, a.Refused)
		}
	}
	ack(c.v.Wire.AckCall)
	ack(c.v.Wire.AckSubscribe)
	ack(c.v.Wire.AckUnsubscribe)
	for ev := range c.events() {
		out = append(out, ev.On, ev.SnapshotOn)
	}
	for x := range c.rpcs() {
		if x.Response != nil {
			out = append(out, x.Response.On, x.Response.Ok, x.Response.Refused)
		}
	}
	for s := range c.subscriptions() {
		ack(s.Ack)
		ack(s.CancelAck)
	}
	return out
}

func condPatterns(m *ir.Match) func(yield func(*ir.Pattern) bool) {
	return func(yield func(*ir.Pattern) bool) {
		for _, x := range m.Conds {
			for _, v := range x.Values {
				if v.Pattern != nil && !yield(v.Pattern) {
					return
				}
			}
		}
	}
}

func patternAdjacent(c *checker) {
	c.patterns(func(p *ir.Pattern) {
		if a, b, ok := adjacent(p.Parts); ok {
			c.report(p.Span, "pattern %q has the holes %s and %s with nothing between them", p.Text, a, b).
				WithHint("put a literal between them, or give the first one `chars`")
		}
	})
}

// adjacent returns two holes that follow each other, in any reading of the optional groups, where neither has a set
// of characters.
func adjacent(parts []ir.Part) (a, b string, found bool) {
	for _, flat := range readings(parts) {
		for i := 1; i < len(flat); i++ {
			x, y := flat[i-1], flat[i]
			if isHole(x) && isHole(y) && x.Chars == "" && y.Chars == "" {
				return holeName(x), holeName(y), true
			}
		}
	}
	return "", "", false
}

// readings returns the parts with all groups in place, and with none.
func readings(parts []ir.Part) [][]ir.Part {
	var with, without []ir.Part
	for _, p := range parts {
		if p.Group != nil {
			with = append(with, p.Group...)
			continue
		}
		with, without = append(with, p), append(without, p)
	}
	return [][]ir.Part{with, without}
}

func isHole(p ir.Part) bool { return p.Hole != "" || p.Builtin != "" }

func holeName(p ir.Part) string {
	if p.Builtin != "" {
		return "<" + p.Builtin + ">"
	}
	return "{" + p.Hole + "}"
}

// patternHoles compares holes with the fields that they fill.
func patternHoles(c *checker) {
	for t := range c.types() {
		if t.Kind == ir.KindText {
			c.textHoles(t)
		}
	}
	for ev := range c.events() {
		for _, m := range ev.On {
			c.holesOf(m, fieldNames(ev.Envelope), "event "+ev.Go+" keeps no envelope member of this name")
		}
	}
	for s := range c.subscriptions() {
		c.ackHoles(s.Ack, c.v.Wire.AckSubscribe, s)
		c.ackHoles(s.CancelAck, c.v.Wire.AckUnsubscribe, s)
	}
	for _, conn := range c.v.Connections {
		c.pathHoles(conn)
	}
}

func (c *checker) textHoles(t *ir.Type) {
	used := map[string]bool{}
	for _, p := range t.Patterns {
		for _, h := range p.Holes() {
			used[h] = true
			if !slices.Contains(fieldNames(t.Fields), h) {
				c.report(p.Span, "hole {%s} of text type %s has no field", h, t.Go)
			}
		}
	}
	for _, f := range t.Fields {
		if !used[f.Wire] {
			c.report(f.Span, "field %q of text type %s has no hole", f.Wire, t.Go)
		}
	}
}

func fieldNames(fs []*ir.Field) []string {
	var out []string
	for _, f := range fs {
		out = append(out, f.Wire)
	}
	return out
}

func (c *checker) holesOf(m *ir.Match, known []string, why string) {
	for p := range condPatterns(m) {
		for _, h := range p.Holes() {
			if !slices.Contains(known, h) {
				c.report(p.Span, "hole {%s} has no field: %s", h, why)
			}
		}
	}
}

// ackHoles checks an ack of the entry's own; that of the wire may name fields which only some entries have.
func (c *checker) ackHoles(a, wire *ir.Ack, s *ir.Subscription) {
	if a == nil || a.Span == spanOfAck(wire) {
		return
	}
	known := entryFields(s.Route, s.Params)
	for _, l := range s.Learn {
		known = append(known, l.Name)
	}
	for _, m := range a.On {
		c.holesOf(m, known, "subscription "+s.Wire+" has none of this name in route, params or learn")
	}
}

func spanOfAck(a *ir.Ack) diag.Span {
	if a == nil {
		return diag.Span{}
	}
	return a.Span
}

// pathHoles checks that the closed values of a path are those of its holes.
func (c *checker) pathHoles(conn *ir.Connection) {
	for name := range conn.Vars {
		if conn.Path == nil || !slices.Contains(conn.Path.Holes(), name) {
			c.report(conn.Span, "connection %q gives values of %q, which is no hole of its path", conn.Name, name)
		}
	}
}

// patternShadowed reports alternatives that are never reached and error texts that are equal but for their holes.
func patternShadowed(c *checker) {
	for t := range c.types() {
		for i, p := range t.Patterns {
			for _, q := range t.Patterns[:i] {
				if pattern.Takes(q, p) && textHolesOnly(t, q) {
					c.report(p.Span, "alternative %q is never reached: %q takes every such text", p.Text, q.Text).
						WithHint("put the one with more literal text first")
					break
				}
			}
		}
	}
	for i, e := range c.v.Errors.Texts {
		for _, f := range c.v.Errors.Texts[:i] {
			if e.Pattern != nil && f.Pattern != nil && pattern.Takes(e.Pattern, f.Pattern) && pattern.Takes(f.Pattern, e.Pattern) {
				c.report(e.Span, "error texts %q and %q take the same texts", f.Pattern.Text, e.Pattern.Text).
					WithRelated(f.Span, "the other one")
			}
		}
	}
}

// textHolesOnly reports whether no hole of a pattern refuses a text: numbers do, and then the next alternative is
// tried.
func textHolesOnly(t *ir.Type, p *ir.Pattern) bool {
	for _, f := range t.Fields {
		if slices.Contains(p.Holes(), f.Wire) && !isText(f.Type) {
			return false
		}
	}
	return true
}
