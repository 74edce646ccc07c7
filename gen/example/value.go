// Package example tries the sourced frames of a spec against its model: what was received must be an event or a reply
// that is declared, to the last member; what was sent must be what a template writes.
package example

import (
	"errors"
	"strings"

	json "github.com/goccy/go-json"
)

// Kind is the kind of a JSON value.
type Kind string

// The kinds, as a union names them.
const (
	Object Kind = "object"
	Array  Kind = "array"
	String Kind = "string"
	Number Kind = "number"
	Bool   Kind = "bool"
	Null   Kind = "null"
)

// Value is a JSON value that keeps the order of members and the text of numbers.
type Value struct {
	Kind    Kind
	Text    string // strings: unescaped; numbers and bools: as written
	Members []Member
	Items   []*Value
}

// Member is a member of an object.
type Member struct {
	Name  string
	Value *Value
}

// Get returns the first member of a name, nil when v is no object or has none.
func (v *Value) Get(name string) *Value {
	if v == nil {
		return nil
	}
	for _, m := range v.Members {
		if m.Name == name {
			return m.Value
		}
	}
	return nil
}

// errNotJSON says that a frame is no JSON.
var errNotJSON = errors.New("not valid JSON")

// Parse reads a JSON text.
func Parse(raw string) (*Value, error) {
	if !json.Valid([]byte(raw)) {
		return nil, errNotJSON
	}
	p := parser{s: raw}
	return p.value(), nil
}

// parser reads a text that is known to be valid.
type parser struct {
	s string
	i int
}

func (p *parser) space() {
	for p.i < len(p.s) && strings.IndexByte(" \t\r\n", p.s[p.i]) >= 0 {
		p.i++
	}
}

// next skips space and commas and returns the byte that follows.
func (p *parser) next() byte {
	p.space()
	if p.i < len(p.s) && p.s[p.i] == ',' {
		p.i++
		p.space()
	}
	if p.i >= len(p.s) {
		return 0
	}
	return p.s[p.i]
}

func (p *parser) value() *Value {
	switch p.next() {
	case '{':
		return p.object()
	case '[':
		p.i++
		v := &Value{Kind: Array}
		for c := p.next(); c != ']' && c != 0; c = p.next() {
			v.Items = append(v.Items, p.value())
		}
		p.i++
		return v
	case '"':
		return &Value{Kind: String, Text: p.text()}
	default:
		return p.word()
	}
}

func (p *parser) object() *Value {
	p.i++
	v := &Value{Kind: Object}
	for c := p.next(); c == '"'; c = p.next() {
		name := p.text()
		p.space()
		p.i++ // the colon
		v.Members = append(v.Members, Member{Name: name, Value: p.value()})
	}
	p.i++
	return v
}

func (p *parser) text() string {
	start := p.i
	for p.i++; p.i < len(p.s) && p.s[p.i] != '"'; p.i++ {
		if p.s[p.i] == '\\' {
			p.i++
		}
	}
	p.i++
	var out string
	if err := json.Unmarshal([]byte(p.s[start:p.i]), &out); err != nil {
		return p.s[start:p.i]
	}
	return out
}

func (p *parser) word() *Value {
	start := p.i
	for p.i < len(p.s) && strings.IndexByte(" \t\r\n,]}:", p.s[p.i]) < 0 {
		p.i++
	}
	if p.i == start { // cannot be in a valid text; keep going anyway
		p.i++
		return &Value{Kind: Null}
	}
	switch w := p.s[start:p.i]; w {
	case "true", "false":
		return &Value{Kind: Bool, Text: w}
	case "null":
		return &Value{Kind: Null}
	default:
		return &Value{Kind: Number, Text: w}
	}
}

// Equals reports whether a value is that of a JSON literal: of the same kind, with the same text.
func (v *Value) Equals(literal string) bool {
	w, err := Parse(literal)
	return err == nil && v != nil && len(v.Members)+len(v.Items) == 0 && v.Kind == w.Kind && v.Text == w.Text
}
