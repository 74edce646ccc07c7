package resolve

import "github.com/venuewire/venuewire/gen/ir"

// Reached is what a path leads to.
type Reached struct {
	Field *ir.Field // nil when the path ends at a key, or inside something without declared members
	Owner *ir.Type  // the struct or tuple that holds Field
	Type  *ir.Type  // nil when nothing is known about it
	Loose bool      // something on the way may be absent or null
}

// Follow walks a path through a type and reports whether the type has it. Where nothing is declared (json) every
// path holds.
func Follow(t *ir.Type, p ir.Path) (Reached, bool) {
	return follow(t, p, Reached{Type: t})
}

func follow(t *ir.Type, p ir.Path, at Reached) (Reached, bool) {
	t = Base(t)
	if len(p) == 0 {
		return at, true
	}
	if t == nil || t.Kind == ir.KindScalar && t.Scalar == "json" {
		return Reached{Loose: true}, true
	}
	switch t.Kind {
	case ir.KindUnion:
		return followUnion(t, p)
	case ir.KindMap, ir.KindPair:
		return Reached{Type: t.Key, Loose: at.Loose}, p[0].Key && len(p) == 1
	case ir.KindList:
		return follow(t.Elem, p, Reached{Type: t.Elem, Loose: at.Loose})
	case ir.KindStruct, ir.KindTuple, ir.KindText:
		return followMember(t, p, at)
	default:
		return Reached{}, false
	}
}

func followUnion(t *ir.Type, p ir.Path) (Reached, bool) {
	for _, v := range t.Variants {
		if at, ok := Follow(v.Type, p); ok {
			at.Loose = true
			return at, true
		}
	}
	return Reached{}, false
}

func followMember(t *ir.Type, p ir.Path, at Reached) (Reached, bool) {
	f := fieldNamed(t.Fields, p[0].Member)
	if f == nil || p[0].Key {
		return Reached{}, false
	}
	next := Reached{
		Field: f, Owner: t, Type: f.Type,
		Loose: at.Loose || f.Optional || f.Coding.Nullable || t.Partial != ir.PartialNone,
	}
	many := container(Base(f.Type))
	if p[0].Each != many && !(len(p) == 1 && !p[0].Each) && !undeclared(f.Type) {
		return Reached{}, false
	}
	if p[0].Each && many {
		next.Type = Base(f.Type).Elem
	}
	return follow(next.Type, p[1:], next)
}

// container reports whether `[]` in a path makes sense for a type.
func container(t *ir.Type) bool {
	return t != nil && (t.Kind == ir.KindList || t.Kind == ir.KindMap)
}

func undeclared(t *ir.Type) bool {
	t = Base(t)
	return t == nil || t.Kind == ir.KindScalar && t.Scalar == "json"
}

// FollowEvent walks a path from what an event delivers: its members and envelope, the members of its payload, or the
// key of its payload.
func FollowEvent(ev *ir.Event, p ir.Path) (Reached, bool) {
	if at, ok := Follow(ev.Type, p); ok {
		return at, true
	}
	if ev.Payload != nil && ev.Payload != ev.Type {
		return Follow(ev.Payload, p)
	}
	return Reached{}, false
}

// Frame returns a struct that has the members of a frame of a class: its keys, id and envelope, the given envelope,
// and the payload where it lies.
func Frame(c *ir.Class, payload *ir.Type, envelope []*ir.Field, at ir.Path, atSet bool) *ir.Type {
	t := &ir.Type{Kind: ir.KindStruct}
	addFields(t, envelope...)
	if c == nil {
		return t
	}
	addPayload(t, payload, payloadMember(c, at, atSet))
	addFields(t, c.Envelope...)
	for _, name := range classMembers(c) {
		addFields(t, &ir.Field{Wire: name, Type: &ir.Type{Kind: ir.KindScalar, Scalar: "json"}})
	}
	return t
}

// addFields adds the fields whose names are not there yet.
func addFields(t *ir.Type, fs ...*ir.Field) {
	for _, f := range fs {
		if f.Wire != "" && fieldNamed(t.Fields, f.Wire) == nil {
			t.Fields = append(t.Fields, f)
		}
	}
}

// payloadMember is the member that holds the payload, "" when that is the frame itself.
func payloadMember(c *ir.Class, at ir.Path, atSet bool) string {
	switch {
	case !atSet:
		return c.Payload
	case len(at) > 0:
		return at[0].Member
	default:
		return ""
	}
}

func addPayload(t, payload *ir.Type, place string) {
	base := Base(payload)
	switch {
	case place != "":
		addFields(t, &ir.Field{Wire: place, Type: payload})
	case base != nil && base.Kind == ir.KindStruct:
		t.Partial = base.Partial
		addFields(t, base.Fields...)
	}
}

// classMembers lists the members that a class names by itself.
func classMembers(c *ir.Class) []string {
	out := append([]string{c.ID}, c.Key...)
	out = append(out, c.Has...)
	for _, e := range c.Layout {
		if e.Name != c.Payload {
			out = append(out, e.Name)
		}
	}
	return out
}
