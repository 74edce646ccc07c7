package protocol

import (
	"fmt"
	"strconv"

	"github.com/venuewire/venuewire/wire"
)

// replyClass is the named class, else the class of replies: the first object class with an id, else the first one.
func (p *Protocol) replyClass(name string) *Class {
	if name != "" {
		return p.Class(name)
	}
	var first *Class
	for i := range p.Classes {
		c := &p.Classes[i]
		if c.Form != Object {
			continue
		}
		if c.ID != "" {
			return c
		}
		if first == nil {
			first = c
		}
	}
	return first
}

// finish writes the frame, in a batch where its class comes in batches, and checks that it means what it should.
func (p *Protocol) finish(dst []byte, c *Class, t *tree, want Outcome, judge func([]byte) Outcome, name string) ([]byte, error) {
	frame := t.append(nil)
	if got, ok := p.Classify(frame); !ok || got != c || judge(frame) != want {
		return dst, fmt.Errorf("frame of %s: %w: %s is not %s", name, ErrNotDerivable, frame, want)
	}
	for i := range p.Classes {
		if p.Classes[i].Form == Array && p.Classes[i].Of == c.Name {
			return append(append(append(dst, '['), frame...), ']'), nil
		}
	}
	return append(dst, frame...), nil
}

func (t *tree) holds(ms []Match, c *Class) bool { return holds(ms, c, t.append(nil)) }

// satisfy adds literals until one of the matches holds, preferring the one that needs none.
func (t *tree) satisfy(ms []Match, c *Class) {
	if len(ms) > 0 && !t.holds(ms, c) {
		for i := range ms {
			try := t.clone()
			try.literals(ms[i:i+1], nil)
			if try.holds(ms, c) {
				*t = *try
				return
			}
		}
	}
}

func (t *tree) clone() *tree {
	out := &tree{names: append([]string(nil), t.names...), values: append([]treeValue(nil), t.values...)}
	for i := range out.values {
		if out.values[i].sub != nil {
			out.values[i].sub = out.values[i].sub.clone()
		}
	}
	return out
}

// literals sets what the first match asks for, where nothing is set yet; fill gives the texts of holes.
func (t *tree) literals(ms []Match, fill func(hole string) []byte) {
	if len(ms) == 0 {
		return
	}
	for _, cond := range ms[0].Conds {
		if len(cond.Values) == 0 || t.has(cond.Path) {
			continue
		}
		if v := cond.Values[0].example(fill); v != nil {
			t.set(cond.Path, v)
		}
	}
	for _, path := range ms[0].Has {
		if !t.has(path) {
			t.set(path, []byte(`""`))
		}
	}
}

// example is a JSON value that a match takes; nil when its holes cannot be filled.
func (v *Value) example(fill func(hole string) []byte) []byte {
	switch {
	case v.Range:
		return strconv.AppendInt(nil, v.Min, 10)
	case v.Text == nil:
		return []byte(v.JSON)
	case fill == nil:
		return nil
	}
	values := make([][]byte, len(v.Text.Holes))
	for i, hole := range v.Text.Holes {
		values[i] = fill(hole)
	}
	text, err := v.Text.write(values)
	if err != nil {
		return nil
	}
	return wire.AppendString(nil, string(text))
}

// firstLiteral is the literal text of the first condition.
func firstLiteral(ms []Match) (string, bool) {
	if len(ms) == 0 || len(ms[0].Conds) == 0 || len(ms[0].Conds[0].Values) == 0 {
		return "", false
	}
	text, next := textAt([]byte(ms[0].Conds[0].Values[0].JSON), 0)
	return string(text), next >= 0
}
