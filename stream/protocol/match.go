package protocol

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/venuewire/venuewire/wire"
)

// Capture is what a hole of a text held. Builtins keep their angle brackets in the name.
type Capture struct{ Name, Value string }

// Captured are the holes of a match in their order.
type Captured []Capture

// Get is the value captured under a name.
func (c Captured) Get(name string) (string, bool) {
	for i := range c {
		if c[i].Name == name {
			return c[i].Value, true
		}
	}
	return "", false
}

// Fits tells whether the captured fields agree with an item's key, a JSON object of route fields: every captured
// name that is a member has the same text. Builtins and names that the key lacks do not count.
func (c Captured) Fits(key []byte) bool {
	for i := range c {
		at := wire.Lookup(key, 0, c[i].Name)
		if at >= 0 && string(scalarText(valueAt(key, at))) != c[i].Value {
			return false
		}
	}
	return true
}

// Hold tells whether one of the matches holds for a frame of class c, and what its holes captured. An empty list
// does not hold. Literals are compared as JSON values: strings by text, numbers by value. Paths of a tuple start at
// a layout name, but Has and Lacks may name members of its first payload.
func Hold(ms []Match, c *Class, frame []byte) (Captured, bool) {
	for i := range ms {
		if got, ok := ms[i].holds(c, frame); ok {
			return got, true
		}
	}
	return nil, false
}

func (m *Match) holds(c *Class, frame []byte) (Captured, bool) {
	for _, path := range m.Has {
		if !present(c, frame, path) {
			return nil, false
		}
	}
	for _, path := range m.Lacks {
		if present(c, frame, path) {
			return nil, false
		}
	}
	var got Captured
	for i := range m.Conds {
		ok := false
		if got, ok = m.Conds[i].holds(c, frame, got); !ok {
			return nil, false
		}
	}
	return got, true
}

func present(c *Class, frame []byte, path Path) bool {
	if c != nil && c.Form == Tuple && len(path) > 0 && !c.hasPlace(path[0]) {
		at := tupleAt(c, frame, c.payloadPlace())
		return at >= 0 && follow(frame, at, path) >= 0
	}
	_, ok := At(c, frame, path)
	return ok
}

func (k *Cond) holds(c *Class, frame []byte, got Captured) (Captured, bool) {
	if c != nil && c.Form == Text {
		if len(k.Path) != 1 || k.Path[0] != textMember {
			return nil, false
		}
		return k.textHolds(frame, got)
	}
	v, ok := At(c, frame, k.Path)
	if !ok {
		return nil, false
	}
	for i := range k.Values {
		if got, ok = k.Values[i].holds(v, got); ok {
			return got, true
		}
	}
	return nil, false
}

// textHolds compares a text frame, which is its own value without quotes.
func (k *Cond) textHolds(frame []byte, got Captured) (Captured, bool) {
	for i := range k.Values {
		v := &k.Values[i]
		if v.Text != nil {
			if more, ok := v.Text.read(frame, got); ok {
				return more, true
			}
			continue
		}
		if s, next := textAt([]byte(v.JSON), 0); next >= 0 && bytes.Equal(s, frame) {
			return got, true
		}
	}
	return got, false
}

// holds compares one JSON value.
func (v *Value) holds(raw []byte, got Captured) (Captured, bool) {
	switch {
	case v.Range:
		n, ok := integerOf(raw)
		return got, ok && n >= v.Min && n <= v.Max
	case v.Text != nil:
		s, next := textAt(raw, 0)
		if next < 0 {
			return got, false
		}
		return v.Text.read(s, got)
	}
	return got, literalEqual(v.JSON, raw)
}

// literalEqual is jsonEqual of a literal; scalars are compared without a copy.
func literalEqual(literal string, raw []byte) bool {
	if string(raw) == literal {
		return true
	}
	if literal == "" {
		return false
	}
	switch wire.Kind(raw, 0) {
	case '"':
		if len(literal) < 2 || literal[0] != '"' || strings.IndexByte(literal, '\\') >= 0 {
			break
		}
		s, next := textAt(raw, 0)
		return next >= 0 && string(s) == literal[1:len(literal)-1]
	case '0':
		return isNumber(literal[0]) && numbersEqual([]byte(literal), bytes.TrimSpace(raw))
	case 't', 'f', 'n':
		return string(bytes.TrimSpace(raw)) == literal
	}
	return jsonEqual([]byte(literal), raw)
}

func isNumber(first byte) bool { return first == '-' || first >= '0' && first <= '9' }

// Fields lists the members of a JSON object as texts, so that they can be compared with those of another.
func Fields(object []byte) Captured {
	var out Captured
	eachMember(object, 0, func(key, v []byte) bool {
		out = append(out, Capture{string(key), string(scalarText(v))})
		return true
	})
	return out
}

// Merge adds members to a JSON object, those with new names only; they come in the order of their names.
func Merge(object []byte, members map[string][]byte) []byte {
	out := []byte{'{'}
	eachMember(object, 0, func(key, v []byte) bool {
		out = appendMember(out, string(key), v)
		return true
	})
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if member(object, name) == nil {
			out = appendMember(out, name, members[name])
		}
	}
	return append(out, '}')
}
