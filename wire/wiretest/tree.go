package wiretest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// node is a JSON value with the order of its members.
type node struct {
	kind  byte // { [ " 0 t f n
	text  string
	keys  []string // of objects
	items []*node  // of objects and arrays
}

// parse reads one JSON value.
func parse(s string) (*node, error) {
	dec := json.NewDecoder(strings.NewReader(s))
	dec.UseNumber()
	n, err := parseNode(dec)
	if err != nil {
		return nil, fmt.Errorf("parse %q: %w", s, err)
	}
	return n, nil
}

func parseNode(dec *json.Decoder) (*node, error) {
	tok, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch v := tok.(type) {
	case json.Delim:
		return parseContainer(dec, byte(v))
	case string:
		return &node{kind: '"', text: v}, nil
	case json.Number:
		return &node{kind: '0', text: v.String()}, nil
	case bool:
		text := strconv.FormatBool(v)
		return &node{kind: text[0], text: text}, nil
	}
	return &node{kind: 'n', text: "null"}, nil
}

func parseContainer(dec *json.Decoder, open byte) (*node, error) {
	n := &node{kind: open}
	for dec.More() {
		if open == '{' {
			key, err := dec.Token()
			if err != nil {
				return nil, err
			}
			n.keys = append(n.keys, key.(string))
		}
		item, err := parseNode(dec)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
	}
	_, err := dec.Token()
	return n, err
}

// member returns the last member of that name.
func (n *node) member(name string) *node {
	for i := len(n.keys) - 1; i >= 0; i-- {
		if n.keys[i] == name {
			return n.items[i]
		}
	}
	return nil
}

// style is an odd but valid way to write a value.
type style struct {
	space    string // between all tokens
	reverse  bool   // members in reverse order
	escaped  bool   // every character of keys as \uXXXX
	verbatim bool   // strings too
}

func (n *node) render(st style) string {
	var out strings.Builder
	n.write(&out, st)
	return out.String()
}

func (n *node) write(out *strings.Builder, st style) {
	out.WriteString(st.space)
	defer out.WriteString(st.space)
	switch n.kind {
	case '"':
		writeString(out, n.text, st.verbatim)
		return
	case '{', '[':
	default:
		out.WriteString(n.text)
		return
	}
	order := make([]int, len(n.items))
	for i := range order {
		order[i] = i
	}
	if st.reverse && n.kind == '{' {
		slices.Reverse(order)
	}
	out.WriteByte(n.kind)
	for k, i := range order {
		if k > 0 {
			out.WriteString(",")
		}
		if n.kind == '{' {
			out.WriteString(st.space)
			writeString(out, n.keys[i], st.escaped)
			out.WriteString(st.space + ":")
		}
		n.items[i].write(out, st)
	}
	if len(order) == 0 {
		out.WriteString(st.space)
	}
	out.WriteByte(n.kind + 2) // '}' and ']' are two behind '{' and '['
}

func writeString(out *strings.Builder, s string, escaped bool) {
	if !escaped {
		b, _ := json.Marshal(s) // a string does not fail
		out.Write(b)
		return
	}
	out.WriteByte('"')
	for _, r := range s {
		if r > 0xffff {
			out.WriteRune(r)
			continue
		}
		fmt.Fprintf(out, `\u%04x`, r)
	}
	out.WriteByte('"')
}

// canonical is a value without regard to white space and member order.
func canonical(b []byte) (any, error) {
	dec := json.NewDecoder(strings.NewReader(string(b)))
	dec.UseNumber()
	var v any
	err := dec.Decode(&v)
	return v, err
}
