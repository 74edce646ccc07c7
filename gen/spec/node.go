// Package spec loads the YAML files of a spec folder into a checked tree.
//
// Every node knows its place. What the tree may hold is told by tables (see
// Sections); the same tables yield the JSON Schema for editors and the
// reference page. The package knows neither Go names nor what references mean:
// a loaded tree has the right shape, no more.
package spec

import (
	"strconv"

	"github.com/venuewire/venuewire/gen/diag"
)

// Kind tells the three kinds of nodes.
type Kind int

// The kinds of nodes.
const (
	Scalar Kind = iota
	Map
	List
)

// String returns "scalar", "map" or "list".
func (k Kind) String() string {
	switch k {
	case Map:
		return "map"
	case List:
		return "list"
	default:
		return "scalar"
	}
}

// Node is one value of a spec file.
type Node struct {
	Kind    Kind
	Span    diag.Span
	Value   string  // scalars: the text, unquoted and unescaped
	Quoted  bool    // scalars: quoted or a block scalar
	Tag     string  // scalars: str, int, float, bool or null as the YAML 1.2 core schema reads it; str when quoted
	Entries []Entry // maps: in file order
	Items   []*Node // lists

	flow     bool    // inside {…} or […]
	repeated []Entry // maps: members whose key was used before
}

// Entry is one member of a map.
type Entry struct {
	Key   *Node // always a scalar
	Value *Node // never nil; a key without value has a null scalar
}

// Get returns the value of a member of a map, nil when n is nil, no map, or
// has no such member. Of a repeated key it returns the first.
func (n *Node) Get(key string) *Node {
	if e := n.Entry(key); e != nil {
		return e.Value
	}
	return nil
}

// Entry returns a member of a map with its key node, nil as for Get.
func (n *Node) Entry(key string) *Entry {
	if n == nil || n.Kind != Map {
		return nil
	}
	for i := range n.Entries {
		if n.Entries[i].Key.Value == key {
			return &n.Entries[i]
		}
	}
	return nil
}

// Has reports whether n is a map with this member.
func (n *Node) Has(key string) bool { return n.Entry(key) != nil }

// Text returns the text of a scalar, "" for nil, null, maps and lists.
func (n *Node) Text() string {
	if n == nil || n.Kind != Scalar || n.IsNull() {
		return ""
	}
	return n.Value
}

// Bool returns the value of an unquoted true or false, and whether it is one.
func (n *Node) Bool() (value, ok bool) {
	if n == nil || n.Kind != Scalar || n.Tag != TagBool {
		return false, false
	}
	return n.Value[0] == 't' || n.Value[0] == 'T', true
}

// Int returns the value of an unquoted decimal integer, and whether it is one
// that fits int64.
func (n *Node) Int() (int64, bool) {
	if n == nil || n.Kind != Scalar || n.Tag != TagInt {
		return 0, false
	}
	v, err := strconv.ParseInt(n.Value, 10, 64)
	return v, err == nil
}

// IsNull reports whether n is an unquoted null or a key without value. It is
// false for nil: a member that is absent is not null.
func (n *Node) IsNull() bool { return n != nil && n.Kind == Scalar && n.Tag == TagNull }

// The values of Node.Tag.
const (
	TagStr   = "str"
	TagInt   = "int"
	TagFloat = "float"
	TagBool  = "bool"
	TagNull  = "null"
)
