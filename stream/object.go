package stream

import (
	"fmt"
	"slices"
	"strings"

	"github.com/venuewire/venuewire/wire"
)

// member is a member of a JSON object: its name without quotes and its value as it is spelled.
type member struct{ name, value string }

// object is a JSON object whose members keep their order.
type object []member

// parseObject takes an object apart; "" is an object without members.
func parseObject(text string) (object, error) {
	if text == "" {
		return nil, nil
	}
	b := []byte(text)
	var d wire.Decoder
	var out object
	next, more := wire.EnterObject(b, 0)
	for more {
		key, at := d.Key(b, next)
		if at < 0 {
			return nil, notObject(text)
		}
		if next = wire.Skip(b, at); next < 0 {
			return nil, notObject(text)
		}
		out = append(out, member{string(key), string(b[at:next])})
		next, more = wire.NextMember(b, next)
	}
	if wire.End(b, next) < 0 {
		return nil, notObject(text)
	}
	return out, nil
}

func notObject(text string) error { return fmt.Errorf("stream: %q is no JSON object", text) }

func (o object) get(name string) (string, bool) {
	for _, m := range o {
		if m.name == name {
			return m.value, true
		}
	}
	return "", false
}

// with returns the object with a member set, in its place if it was there.
func (o object) with(name, value string) object {
	for i := range o {
		if o[i].name == name {
			out := slices.Clone(o)
			out[i].value = value
			return out
		}
	}
	return append(slices.Clip(o), member{name, value})
}

func (o object) without(names ...string) object {
	return slices.DeleteFunc(slices.Clone(o), func(m member) bool { return slices.Contains(names, m.name) })
}

// only returns the named members that are there.
func (o object) only(names ...string) object {
	return slices.DeleteFunc(slices.Clone(o), func(m member) bool { return !slices.Contains(names, m.name) })
}

// sorted makes objects with the same members equal.
func (o object) sorted() object {
	out := slices.Clone(o)
	slices.SortFunc(out, func(a, b member) int { return strings.Compare(a.name, b.name) })
	return out
}

func (o object) String() string {
	if o == nil {
		return ""
	}
	out := []byte{'{'}
	for i, m := range o {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(wire.AppendString(out, m.name), ':')
		out = append(out, m.value...)
	}
	return string(append(out, '}'))
}

// bytes is the object for a template; nil for none.
func (o object) bytes() []byte {
	if o == nil {
		return nil
	}
	return []byte(o.String())
}

// elements lists the elements of a JSON list; another value counts as a list of one.
func elements(value string) []string {
	b := []byte(value)
	if wire.Kind(b, 0) != '[' {
		return []string{value}
	}
	var out []string
	next, more := wire.EnterArray(b, 0)
	for more {
		at := next
		if next = wire.Skip(b, at); next < 0 {
			return out
		}
		out = append(out, string(b[wire.Space(b, at):next]))
		next, more = wire.NextElement(b, next)
	}
	return out
}

// union is the list of all elements of two lists, in their first order.
func union(a, b string) string {
	all := elements(a)
	for _, e := range elements(b) {
		if !slices.Contains(all, e) {
			all = append(all, e)
		}
	}
	return "[" + strings.Join(all, ",") + "]"
}
