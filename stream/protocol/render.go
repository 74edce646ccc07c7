package protocol

import (
	"errors"
	"fmt"

	"github.com/venuewire/venuewire/wire"
)

// ErrNoTemplate is returned when nothing says how a call, a subscription or a cancel is written.
var ErrNoTemplate = errors.New("protocol: no template")

// AppendCall writes the frame of a call, after dst. It fails when the call has no template, when a hole that the
// frame cannot do without has no value, and when a text would not read back.
func (p *Protocol) AppendCall(dst []byte, r *RPC, v Values) ([]byte, error) {
	send := r.Send
	if send == nil {
		send = p.Call
	}
	return appendFirst(dst, send, p.source(r.Name, r.Version, nil, &v), "call "+r.Name)
}

// AppendSubscribe writes the frame that asks for a feed; see [Protocol.AppendCall].
func (p *Protocol) AppendSubscribe(dst []byte, f *Feed, v Values) ([]byte, error) {
	send := f.Send
	if send == nil {
		send = p.Subscribe
	}
	return appendFirst(dst, send, p.feedSource(f, &v), "subscribe to "+f.Name)
}

// AppendUnsubscribe writes the frame that cancels a feed; see [Protocol.AppendCall].
func (p *Protocol) AppendUnsubscribe(dst []byte, f *Feed, v Values) ([]byte, error) {
	send := f.Cancel
	if send == nil {
		send = p.Unsubscribe
	}
	return appendFirst(dst, send, p.feedSource(f, &v), "unsubscribe from "+f.Name)
}

func appendFirst(dst []byte, ts []Template, s *source, what string) ([]byte, error) {
	if len(ts) == 0 {
		return dst, fmt.Errorf("%s: %w", what, ErrNoTemplate)
	}
	out, ok, err := s.appendTemplate(dst, &ts[0])
	if err != nil {
		return dst, fmt.Errorf("%s: %w", what, err)
	}
	if !ok {
		return dst, fmt.Errorf("%s: the frame has holes without a value", what)
	}
	return out, nil
}

func (s *source) appendTemplate(dst []byte, t *Template) (out []byte, ok bool, err error) {
	if t.Text != nil {
		text, ok, err := s.text(t.Text)
		return append(dst, text...), ok, err
	}
	if t.Root == nil {
		return dst, false, ErrNoTemplate
	}
	out, ok, err = s.appendNode(dst, t.Root)
	if err == nil && !ok && t.Root.Members != nil {
		return append(dst, "{}"...), true, nil
	}
	return out, ok, err
}

// appendNode writes a value of a template; not ok when it has none, and then dst is as it was.
func (s *source) appendNode(dst []byte, n *Node) (out []byte, ok bool, err error) {
	switch {
	case n.JSON != "":
		return append(dst, n.JSON...), true, nil
	case n.Hole != "":
		v, err := s.leaf(n.Hole)
		return append(dst, v...), v != nil, err
	case n.Text != nil:
		v, err := s.textLeaf(n.Text)
		return append(dst, v...), v != nil, err
	}
	return s.appendMembers(dst, n.Members)
}

// leaf is the value of a leaf that is one hole.
func (s *source) leaf(hole string) ([]byte, error) {
	if s.batch == nil || hole != s.field {
		return s.hole(hole)
	}
	values := s.values()
	if len(values) == 0 {
		return nil, nil
	}
	return s.batchValue(values), nil
}

func (s *source) appendMembers(dst []byte, members []Member) (out []byte, ok bool, err error) {
	out = append(dst, '{')
	start := len(out)
	for i := range members {
		m := &members[i]
		if len(m.Spread) > 0 {
			out, err = s.appendSpread(out, m.Spread)
		} else {
			out, err = s.appendOne(out, m)
		}
		if err != nil {
			return dst, false, err
		}
	}
	if len(out) == start && len(members) > 0 {
		return dst, false, nil
	}
	return append(out, '}'), true, nil
}

func (s *source) appendOne(dst []byte, m *Member) ([]byte, error) {
	open := len(dst)
	if dst[open-1] != '{' {
		dst = append(dst, ',')
	}
	out, ok, err := s.appendNode(append(wire.AppendString(dst, m.Name), ':'), m.Value)
	if err != nil || !ok {
		return dst[:open], err
	}
	return out, nil
}

func (s *source) appendSpread(dst []byte, holes []string) ([]byte, error) {
	for _, hole := range holes {
		v, err := s.object(hole)
		if err != nil {
			return dst, err
		}
		eachMember(v, 0, func(key, value []byte) bool {
			dst = appendMember(dst, string(key), value)
			return true
		})
	}
	return dst, nil
}

// textLeaf is a leaf with text around its holes: a JSON string, or for a batch the list or the joined text of one
// string a value.
func (s *source) textLeaf(t *TextTemplate) ([]byte, error) {
	if s.batch != nil && s.batch.Array && t.has(s.field) {
		var list [][]byte
		for _, v := range s.values() {
			text, ok, err := s.textOf(t, v)
			if err != nil || !ok {
				return nil, err
			}
			list = append(list, wire.AppendString(nil, string(text)))
		}
		if len(list) == 0 {
			return nil, nil
		}
		return joinArray(list), nil
	}
	text, ok, err := s.text(t)
	if err != nil || !ok {
		return nil, err
	}
	return wire.AppendString(nil, string(text)), nil
}

// text is a text with its holes filled; for a batch the text is repeated for each value, joined by the separator.
func (s *source) text(t *TextTemplate) (text []byte, ok bool, err error) {
	if s.batch == nil || !t.has(s.field) {
		return s.textOf(t, nil)
	}
	for i, v := range s.values() {
		one, ok, err := s.textOf(t, v)
		if err != nil || !ok {
			return nil, false, err
		}
		if i > 0 {
			text = append(text, s.batch.Sep...)
		}
		text = append(text, one...)
	}
	return text, text != nil, nil
}

// textOf is a text with its holes filled, the batched one with the given value.
func (s *source) textOf(t *TextTemplate, batched []byte) (text []byte, ok bool, err error) {
	values := make([][]byte, len(t.Holes))
	for i, hole := range t.Holes {
		v := batched
		if s.batch == nil || hole != s.field || batched == nil {
			if v, err = s.hole(hole); err != nil {
				return nil, false, err
			}
		}
		if values[i], err = holeText(hole, v); err != nil {
			return nil, false, err
		}
		if values[i] == nil && !t.optional(i) {
			if !isObjectHole(hole) {
				return nil, false, nil
			}
			values[i] = []byte("{}")
		}
	}
	text, err = t.write(values)
	return text, err == nil, err
}

func isObjectHole(hole string) bool {
	return hole == HoleRequest || hole == HoleRoute || hole == HoleParams
}

// holeText is a JSON value as it stands in a text; nil for none.
func holeText(hole string, v []byte) ([]byte, error) {
	if isObjectHole(hole) {
		return v, nil
	}
	if k := wire.Kind(v, 0); k == '{' || k == '[' {
		return nil, fmt.Errorf("protocol: value of {%s} is a list or object, which no text can hold", hole)
	}
	return scalarText(v), nil
}
