package example

import (
	"slices"

	"github.com/venuewire/venuewire/gen/ir"
)

// frame is a received frame, or an element of a batch, of a known class.
type frame struct {
	class *ir.Class
	obj   *Value // members by name; those of a tuple have the names of its layout
	first *Value // what presence is asked of: obj, or the first piece of a tuple's payload
}

// frames takes a received text apart: one frame, or the elements of a batch. It is empty when no class takes it.
func frames(v *ir.Venue, raw string) []frame {
	val, err := Parse(raw)
	if err != nil {
		return textFrame(v, raw)
	}
	if f, ok := classify(v, val); ok {
		return []frame{f}
	}
	if val.Kind != Array || !slices.ContainsFunc(v.Wire.Classes, func(k *ir.Class) bool { return k.Form == ir.FormArray }) {
		return nil
	}
	var out []frame
	for _, it := range val.Items {
		f, ok := classify(v, it)
		if !ok {
			return nil
		}
		out = append(out, f)
	}
	return out
}

// textMember is the one member of a frame that is no JSON.
const textMember = "text"

func textFrame(v *ir.Venue, raw string) []frame {
	for _, k := range v.Wire.Classes {
		if k.Form == ir.FormText {
			obj := &Value{Kind: Object, Members: []Member{{textMember, &Value{Kind: String, Text: raw}}}}
			return []frame{{class: k, obj: obj, first: obj}}
		}
	}
	return nil
}

func classify(v *ir.Venue, val *Value) (frame, bool) {
	for _, k := range v.Wire.Classes {
		switch {
		case k.Form == ir.FormObject && val.Kind == Object && presence(k, val):
			return frame{class: k, obj: val, first: val}, true
		case k.Form == ir.FormTuple && val.Kind == Array:
			if f, ok := byLayout(k, val); ok {
				return f, true
			}
		}
	}
	return frame{}, false
}

func presence(k *ir.Class, val *Value) bool {
	for _, h := range k.Has {
		if val.Get(h) == nil {
			return false
		}
	}
	return !slices.ContainsFunc(k.Lacks, func(l string) bool { return val.Get(l) != nil })
}

// byLayout names the elements of a tuple from both ends; what repeats takes what is left.
func byLayout(k *ir.Class, val *Value) (frame, bool) {
	names := spread(k, len(val.Items))
	if names == nil {
		return frame{}, false
	}
	f := frame{class: k, obj: &Value{Kind: Object}}
	for i, name := range names {
		it := val.Items[i]
		if name == k.Payload && f.first == nil {
			f.first = it
		}
		f.obj.Members = append(f.obj.Members, Member{name, it})
	}
	f.joinPayload()
	if f.first == nil {
		f.first = f.obj
	}
	return f, true
}

// spread gives each of n elements its name; nil when the layout does not admit n.
func spread(k *ir.Class, n int) []string {
	fixed, optional, repeat := 0, 0, false
	for _, e := range k.Layout {
		repeat = repeat || e.Repeat
		if e.Optional {
			optional++
		} else {
			fixed++
		}
	}
	if n < fixed || !repeat && n > fixed+optional {
		return nil
	}
	extra := n - fixed // for optional elements and for the one that repeats
	var names []string
	for _, e := range k.Layout {
		count := 1
		switch {
		case e.Repeat:
			count += extra
		case e.Optional && len(names) >= n:
			count = 0
		}
		for range count {
			names = append(names, e.Name)
		}
	}
	return names
}

// joinPayload makes one value of several pieces of payload: objects add up their members.
func (f *frame) joinPayload() {
	var kept []Member
	var joined *Value
	for _, m := range f.obj.Members {
		if m.Name != f.class.Payload {
			kept = append(kept, m)
			continue
		}
		if joined == nil {
			cp := *m.Value
			joined = &cp
			kept = append(kept, Member{m.Name, joined})
			continue
		}
		joined.Members = append(slices.Clone(joined.Members), m.Value.Members...)
	}
	f.obj.Members = kept
}

// id is the request id that the frame carries, nil when it has none.
func (f *frame) id() *Value {
	if f.class.ID == "" {
		return nil
	}
	v := f.obj.Get(f.class.ID)
	if v == nil || v.Kind == Null || v.Kind == String && v.Text == "" {
		return nil
	}
	return v
}

// place returns the payload: at a path from the frame, at that of the class, or the frame itself.
func (f *frame) place(at ir.Path, atSet bool) (v *Value, whole bool) {
	if !atSet {
		at = nil
		if f.class.Payload != "" {
			at = ir.Path{{Member: f.class.Payload}}
		}
	}
	if len(at) == 0 {
		return f.obj, true
	}
	v = f.obj
	for _, s := range at {
		v = v.Get(s.Member)
	}
	return v, false
}

// Payload returns what an event finds in a received text, nil when the text is none of its frames.
func Payload(v *ir.Venue, ev *ir.Event, raw string) *Value {
	for _, f := range frames(v, raw) {
		if f.class == ev.Class && holdsAny(ev.On, &f, nil) {
			p, _ := f.place(ev.At, ev.AtSet)
			return p
		}
	}
	return nil
}
