package example

import (
	"slices"

	"github.com/venuewire/venuewire/gen/ir"
)

// body is what an entry finds in a frame.
type body struct {
	payload  *ir.Type // nil: nothing is kept of it
	envelope []*ir.Field
	at       ir.Path
	atSet    bool
	optional bool        // the payload may be absent
	on       []*ir.Match // whose members are known besides
	holes    holes
}

// frame checks a whole frame: its payload, the members beside it, and that there are no others.
func (d *decoder) frame(f *frame, b body) {
	v, whole := f.place(b.at, b.atSet)
	if whole {
		d.whole(f, b)
		return
	}
	d.beside(f, b)
	switch {
	case v == nil && (b.optional || b.payload == nil):
	case v == nil:
		d.fail(placeName(f, b), "is missing")
	case b.payload != nil:
		d.payload(b, v, placeName(f, b))
	}
}

func placeName(f *frame, b body) string {
	if b.atSet {
		return b.at.String()
	}
	return f.class.Payload
}

func (d *decoder) payload(b body, v *Value, path string) {
	k := elemCoding(b.payload)
	d.value(b.payload, k, v, path)
}

// whole checks a frame that is its own payload: what the frame class knows is taken out, unless the payload has it.
func (d *decoder) whole(f *frame, b body) {
	if f.class.Form == ir.FormText {
		d.payload(b, f.obj.Get(textMember), "")
		return
	}
	rest := &Value{Kind: Object}
	for _, m := range f.obj.Members {
		own := b.payload != nil && hasMember(b.payload, m.Name)
		if own || !d.known(f, b, m) {
			rest.Members = append(rest.Members, m)
		}
	}
	d.envelopeMissing(f, b)
	if b.payload == nil {
		for _, m := range rest.Members {
			d.fail(m.Name, "is not declared")
		}
		return
	}
	d.payload(b, rest, "")
}

func hasMember(t *ir.Type, name string) bool {
	for t != nil && t.Kind == ir.KindAlias {
		t = t.Elem
	}
	return t != nil && t.Kind == ir.KindStruct && member(t, name) != nil
}

// beside checks the members beside a payload that is one member.
func (d *decoder) beside(f *frame, b body) {
	place := f.class.Payload
	if b.atSet {
		place = b.at[0].Member
	}
	for _, m := range f.obj.Members {
		if m.Name != place && !d.known(f, b, m) {
			d.fail(m.Name, "is not declared beside the payload")
		}
	}
	d.envelopeMissing(f, b)
}

// known reports whether a member beside the payload is one that the class or the entry knows, and checks it.
func (d *decoder) known(f *frame, b body, m Member) bool {
	for _, fs := range [][]*ir.Field{b.envelope, f.class.Envelope} {
		for _, e := range fs {
			if e.Wire == m.Name {
				d.field(e, m.Value, m.Name)
				return true
			}
		}
	}
	if m.Name == f.class.ID || slices.Contains(f.class.Key, m.Name) || slices.Contains(f.class.Has, m.Name) {
		return true
	}
	if slices.ContainsFunc(f.class.Layout, func(e ir.Element) bool { return e.Name == m.Name }) {
		return true
	}
	return slices.ContainsFunc(b.on, func(x *ir.Match) bool {
		return slices.ContainsFunc(x.Conds, func(c ir.Cond) bool { return len(c.Path) > 0 && c.Path[0].Member == m.Name })
	})
}

// envelopeMissing checks the envelope members that are holes, and that none is missing.
func (d *decoder) envelopeMissing(f *frame, b body) {
	for _, e := range b.envelope {
		if f.obj.Get(e.Wire) != nil {
			continue
		}
		if text, ok := b.holes[e.Wire]; ok {
			d.text(e.Type, e.Coding, text, e.Wire)
			continue
		}
		if !e.Optional && !d.abridged {
			d.fail(e.Wire, "is missing")
		}
	}
	for _, e := range f.class.Envelope {
		if !e.Optional && !d.abridged && f.obj.Get(e.Wire) == nil {
			d.fail(e.Wire, "is missing")
		}
	}
}
