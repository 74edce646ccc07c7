package protocol

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/venuewire/venuewire/wire"
)

// ErrNotDerivable is returned when the descriptors do not say enough to build a server's frame.
var ErrNotDerivable = errors.New("protocol: the frame cannot be derived")

// KV is a member beside the payload; Value is JSON. Name may be a path with dots.
type KV struct {
	Name  string
	Value []byte
}

// AppendReplyFrame builds a server's frame of a class: its first key member, the id in the form of the protocol,
// the extra members and the payload at its place. An empty key or id and a nil payload are left out. Members of the
// payload stand beside the others when the class has no payload member. For a tuple class the places of the layout
// come from key, extra and payload; for a text class the key is the frame; a batch class makes a batch of one.
func (p *Protocol) AppendReplyFrame(dst []byte, class, key, id string, payload []byte, extra ...KV) []byte {
	c := p.Class(class)
	switch {
	case c == nil:
		return dst
	case c.Form == Text:
		return append(dst, key...)
	case c.Form == Array:
		return append(p.AppendReplyFrame(append(dst, '['), c.Of, key, id, payload, extra...), ']')
	case c.Form == Tuple:
		return appendTuple(dst, c, key, payload, extra)
	}
	t := p.frame(c, key, id)
	for _, kv := range extra {
		t.set(splitPath(kv.Name), kv.Value)
	}
	t.payload(c, payload)
	return t.append(dst)
}

// frame starts an object frame with its key and id.
func (p *Protocol) frame(c *Class, key, id string) *tree {
	t := new(tree)
	if len(c.Key) > 0 && key != "" {
		t.set(Path{c.Key[0]}, quoted(key))
	}
	if c.ID != "" && id != "" {
		t.set(Path{c.ID}, p.idJSON(id))
	}
	return t
}

// keyOf is the name, else the key that the first match asks for.
func keyOf(c *Class, name string, on []Match) string {
	if name != "" || len(on) == 0 || len(c.Key) == 0 {
		return name
	}
	for _, cond := range on[0].Conds {
		if len(cond.Path) == 1 && cond.Path[0] == c.Key[0] && len(cond.Values) > 0 {
			text, _ := textAt([]byte(cond.Values[0].JSON), 0)
			return string(text)
		}
	}
	return ""
}

func (p *Protocol) idJSON(id string) []byte {
	if p.IDs.Kind == IntIDs {
		if _, err := strconv.ParseInt(id, 10, 64); err == nil {
			return []byte(id)
		}
	}
	return wire.AppendString(nil, id)
}

func (t *tree) payload(c *Class, payload []byte) {
	if c.Payload != "" {
		if payload != nil {
			t.set(Path{c.Payload}, payload)
		}
		return
	}
	eachMember(payload, 0, func(name, v []byte) bool {
		t.set(Path{string(name)}, v)
		return true
	})
}

func appendTuple(dst []byte, c *Class, key string, payload []byte, extra []KV) []byte {
	dst = append(dst, '[')
	start := len(dst)
	for _, place := range c.Layout {
		var v []byte
		switch {
		case len(c.Key) > 0 && place.Name == c.Key[0]:
			v = wire.AppendString(nil, key)
		case place.Name == c.payloadPlace():
			v = payload
		}
		for _, kv := range extra {
			if kv.Name == place.Name {
				v = kv.Value
			}
		}
		if v == nil {
			if place.Optional {
				continue
			}
			v = []byte("null")
		}
		if len(dst) > start {
			dst = append(dst, ',')
		}
		dst = append(dst, v...)
	}
	return append(dst, ']')
}

func splitPath(name string) Path {
	var path Path
	start := 0
	for i := range len(name) {
		if name[i] == '.' {
			path, start = append(path, name[start:i]), i+1
		}
	}
	return append(path, name[start:])
}

// AppendReply builds a reply that the protocol accepts: the call's name and class, the literals that its matches ask
// for, and the payload. The venue's own frames may hold more. It fails with [ErrNotDerivable] when what it builds is
// not accepted.
func (p *Protocol) AppendReply(dst []byte, r *RPC, id string, payload []byte, extra ...KV) ([]byte, error) {
	c := p.replyClass(r.ReplyClass)
	if c == nil {
		return dst, fmt.Errorf("reply of %s: %w: no class", r.Name, ErrNotDerivable)
	}
	if c.Form == Text {
		if text, ok := firstLiteral(r.On); ok {
			return append(dst, text...), nil
		}
		return append(dst, r.ReplyName...), nil
	}
	t := p.frame(c, keyOf(c, r.ReplyName, r.On), id)
	t.literals(r.On, nil)
	for _, kv := range extra {
		t.set(splitPath(kv.Name), kv.Value)
	}
	t.payload(c, payload)
	t.satisfy(r.Ok, c)
	t.satisfy(p.Errors.Ok, c)
	return p.finish(dst, c, t, Accepted, func(b []byte) Outcome { o, _ := p.ReplyOutcome(r, b); return o }, r.Name)
}

// AppendRefusal builds a reply that the protocol takes for a refusal, with the code and message in their places.
func (p *Protocol) AppendRefusal(dst []byte, r *RPC, id, code, message string, extra ...KV) ([]byte, error) {
	c := p.replyClass(r.ReplyClass)
	if c == nil || c.Form != Object {
		return dst, fmt.Errorf("refusal of %s: %w: no class", r.Name, ErrNotDerivable)
	}
	t := p.frame(c, keyOf(c, r.ReplyName, r.On), id)
	p.refuse(t, c, r.Refused, r.ErrorText, code, message, extra)
	t.satisfy(r.On, c) // after what makes it a refusal: On admits good and bad replies
	return p.finish(dst, c, t, Refused, func(b []byte) Outcome { o, _ := p.ReplyOutcome(r, b); return o }, r.Name)
}

// refuse adds what makes a frame a refusal.
func (p *Protocol) refuse(t *tree, c *Class, own []Match, text Path, code, message string, extra []KV) {
	for _, kv := range extra {
		t.set(splitPath(kv.Name), kv.Value)
	}
	if code != "" {
		t.set(p.Errors.Code, codeJSON(code))
	}
	if len(text) == 0 {
		text = p.Errors.Text
	}
	if message != "" {
		t.set(text, wire.AppendString(nil, message))
	}
	if !t.holds(own, c) && !t.holds(p.Errors.Refused, c) {
		if t.literals(own, nil); !t.holds(own, c) {
			t.satisfy(p.Errors.Refused, c)
		}
	}
}

// codeJSON writes codes of digits as numbers.
func codeJSON(code string) []byte {
	if _, err := strconv.ParseInt(code, 10, 64); err == nil {
		return []byte(code)
	}
	return wire.AppendString(nil, code)
}

// AppendAck builds an acknowledgement that the protocol accepts, for one item: a JSON object of route fields whose
// values fill the holes of On and the place of the batched field.
func (p *Protocol) AppendAck(dst []byte, a *Ack, name, id string, item []byte, extra ...KV) ([]byte, error) {
	c, t, err := p.ack(a, name, id, item, extra)
	if err != nil {
		return dst, err
	}
	t.literals(a.Ok, nil)
	t.satisfy(p.Errors.Ok, c)
	return p.finish(dst, c, t, Accepted, func(b []byte) Outcome { o, _ := p.AckOutcome(a, b); return o }, name)
}

// AppendAckRefusal builds an acknowledgement that refuses an item.
func (p *Protocol) AppendAckRefusal(dst []byte, a *Ack, name, id string, item []byte, code, message string, extra ...KV) ([]byte, error) {
	own := *a
	if a.Mode != AckReply && len(a.Refused) > 0 {
		own.On = a.Refused // without an id, a refusal looks like nothing but itself
	}
	c, t, err := p.ack(&own, name, id, item, nil)
	if err != nil {
		return dst, err
	}
	p.refuse(t, c, a.Refused, a.Error, code, message, extra)
	return p.finish(dst, c, t, Refused, func(b []byte) Outcome { o, _ := p.AckOutcome(a, b); return o }, name)
}

func (p *Protocol) ack(a *Ack, name, id string, item []byte, extra []KV) (*Class, *tree, error) {
	c := p.replyClass(a.Class)
	if c == nil || c.Form != Object || a.Mode == AckFirstEvent || a.Mode == AckNone {
		return nil, nil, fmt.Errorf("acknowledgement of %s: %w", name, ErrNotDerivable)
	}
	t := p.frame(c, keyOf(c, a.Name, a.On), id)
	t.literals(a.On, func(hole string) []byte {
		if hole == HoleName {
			return []byte(name)
		}
		return scalarText(member(item, hole))
	})
	for _, kv := range extra {
		t.set(splitPath(kv.Name), kv.Value)
	}
	if a.Per != "" && len(a.Item) > 0 {
		if v := member(item, a.Per); v != nil {
			t.set(a.Item[0], v)
		}
	}
	return c, t, nil
}
