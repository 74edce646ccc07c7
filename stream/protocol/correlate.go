package protocol

import (
	"slices"
	"strings"
)

// Answers tells whether a frame without an id can be the reply of a call: the call has On matches, one holds, a
// captured <name> is the call's own, and the class is the expected one. The oldest pending call that it answers
// takes the frame.
func Answers(r *RPC, c *Class, frame []byte) bool {
	if c != nil && r.ReplyClass != "" && c.Form == Object && c.Name != r.ReplyClass {
		return false
	}
	got, ok := Hold(r.On, c, frame)
	if !ok {
		return false
	}
	name, named := got.Get(HoleName)
	return !named || name == r.Name
}

// ReplyItem is the item that a reply of a call with Per is for; false when the frame does not say.
func ReplyItem(r *RPC, c *Class, frame []byte) (item string, ok bool) {
	item = firstText(c, frame, r.Item)
	return item, item != ""
}

// AckItem says what an acknowledgement is for: the value of the batched field at the first of Item's paths, or the
// holes of the On match that holds. An empty result with ok names nothing and stands for the whole request. It is
// not ok when the frame is for a feed of another name ("" is any), or when On is given and neither On nor Refused
// holds.
func AckItem(a *Ack, name string, c *Class, frame []byte) (item Captured, ok bool) {
	got, ok := a.item(c, frame)
	if !ok {
		return nil, false
	}
	if captured, named := got.Get(HoleName); named && name != "" && captured != name {
		return nil, false
	}
	return slices.DeleteFunc(got, func(k Capture) bool { return isBuiltin(k.Name) }), true
}

// item is AckItem before builtins are judged.
func (a *Ack) item(c *Class, frame []byte) (Captured, bool) {
	got, on := Hold(a.On, c, frame)
	if len(a.On) > 0 && !on && !holds(a.Refused, c, frame) {
		return nil, false
	}
	if a.Per == "" {
		return got, true
	}
	if v := firstText(c, frame, a.Item); v != "" {
		// The item comes first: it is what a refusal names.
		return append(Captured{{a.Per, v}}, slices.DeleteFunc(got, func(k Capture) bool { return k.Name == a.Per })...), true
	}
	return got, true
}

// LearnFrom reads the values that a feed keeps for its cancel out of an ack or event, as JSON; nil when it learns
// nothing there.
func LearnFrom(f *Feed, c *Class, frame []byte) map[string][]byte {
	var out map[string][]byte
	for _, l := range f.Learn {
		v, ok := At(c, frame, l.At)
		if !ok {
			continue
		}
		if out == nil {
			out = make(map[string][]byte, len(f.Learn))
		}
		out[l.Name] = slices.Clone(v)
	}
	return out
}

func isBuiltin(hole string) bool { return strings.HasPrefix(hole, "<") }
