package protocol

import (
	"slices"

	"github.com/venuewire/venuewire/wire"
)

// tree is a JSON object under construction: members keep the order in which they were set.
type tree struct {
	names  []string
	values []treeValue
}

// treeValue is a leaf or a deeper object.
type treeValue struct {
	json []byte
	sub  *tree
}

// set puts a value at a path; false when something else is in the way. A list on the way gets one element.
func (t *tree) set(path Path, v []byte) bool {
	if i := slices.Index(path, Each); i > 0 {
		inner := v
		if i+1 < len(path) {
			sub := new(tree)
			if !sub.set(path[i+1:], v) {
				return false
			}
			inner = sub.append(nil)
		}
		return t.set(path[:i], joinArray([][]byte{inner}))
	}
	if len(path) == 0 || path[0] == Each {
		return false
	}
	i := slices.Index(t.names, path[0])
	if i < 0 {
		t.names, t.values = append(t.names, path[0]), append(t.values, treeValue{})
		i = len(t.values) - 1
	}
	at := &t.values[i]
	if len(path) == 1 {
		if at.json != nil || at.sub != nil {
			return false
		}
		at.json = v
		return true
	}
	if at.json != nil && !at.unfold() {
		return false
	}
	if at.sub == nil {
		at.sub = new(tree)
	}
	return at.sub.set(path[1:], v)
}

// unfold turns an object given as JSON into a tree, so that members can be added.
func (v *treeValue) unfold() bool {
	if wire.Kind(v.json, 0) != '{' {
		return false
	}
	v.sub = new(tree)
	eachMember(v.json, 0, func(key, value []byte) bool { return v.sub.set(Path{string(key)}, value) })
	v.json = nil
	return true
}

func (t *tree) has(path Path) bool {
	i := -1
	if len(path) > 0 {
		i = slices.Index(t.names, path[0])
	}
	switch {
	case i < 0:
		return false
	case len(path) == 1:
		return true
	case t.values[i].sub != nil:
		return t.values[i].sub.has(path[1:])
	}
	return follow(t.values[i].json, 0, path[1:]) >= 0
}

func (t *tree) append(dst []byte) []byte {
	dst = append(dst, '{')
	for i, name := range t.names {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(wire.AppendString(dst, name), ':')
		if t.values[i].sub != nil {
			dst = t.values[i].sub.append(dst)
			continue
		}
		dst = append(dst, t.values[i].json...)
	}
	return append(dst, '}')
}
