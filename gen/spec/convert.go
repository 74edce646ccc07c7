package spec

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/venuewire/venuewire/gen/diag"
)

// node converts a parsed value; flow says that it lies inside {…} or […].
func (r *reader) node(n ast.Node, flow bool) *Node {
	return r.nested(n, flow, 0)
}

func (r *reader) nested(n ast.Node, flow bool, depth int) *Node {
	if depth > maxDepth {
		pos := n.GetToken().Position
		r.tooDeep(pos.Line, pos.Column)
		return nullNode(r.at(pos.Line, pos.Column))
	}
	switch v := n.(type) {
	case *ast.MappingNode:
		return r.mapping(v, flow || v.IsFlowStyle, depth)
	case *ast.MappingValueNode:
		return r.entries([]*ast.MappingValueNode{v}, flow, depth)
	case *ast.SequenceNode:
		return r.sequence(v, flow || v.IsFlowStyle, depth)
	case *ast.LiteralNode:
		return r.block(v)
	}
	return r.scalar(n, flow)
}

func (r *reader) mapping(v *ast.MappingNode, flow bool, depth int) *Node {
	out := r.entries(v.Values, flow, depth)
	if v.IsFlowStyle {
		out.Span = r.between(v.Start, v.End)
	}
	return out
}

func (r *reader) entries(values []*ast.MappingValueNode, flow bool, depth int) *Node {
	out := &Node{Kind: Map, flow: flow, Span: diag.Span{File: r.file}}
	first := map[string]*Node{}
	for _, e := range values {
		key := r.key(e.Key, flow)
		entry := Entry{Key: key, Value: r.entryValue(e, key, flow, depth)}
		if prev, ok := first[key.Value]; ok {
			r.diags.Errorf(RuleDuplicateKey, key.Span, "the key %q is already used in this map", key.Value).
				WithHint("rename one of the two, or merge them").
				WithRelated(prev.Span, "first used here")
			out.repeated = append(out.repeated, entry)
			continue
		}
		first[key.Value] = key
		out.Entries = append(out.Entries, entry)
	}
	if n := len(out.Entries); n > 0 {
		out.Span = join(out.Entries[0].Key.Span, out.Entries[n-1].Value.Span)
	}
	return out
}

func (r *reader) entryValue(e *ast.MappingValueNode, key *Node, flow bool, depth int) *Node {
	if isImplicitNull(e.Value) {
		return nullNode(key.Span)
	}
	if flow && !key.Quoted && r.tightColon(e.Start) {
		r.form(key.Span, "the colon behind %q needs a space", key.Value).
			WithHint("write a space behind it, or quotes around the text; other YAML parsers read it as one text")
	}
	return r.nested(e.Value, flow, depth+1)
}

// tightColon reports whether text follows a colon without a space. YAML takes
// that for one text, the parser inside {…} for a key and its value.
func (r *reader) tightColon(colon *token.Token) bool {
	if colon == nil || colon.Position == nil || colon.Position.Line > len(r.lines) {
		return false
	}
	line := r.lines[colon.Position.Line-1]
	next := colon.Position.Column
	return next < len(line) && !strings.ContainsRune(" \t,[]{}\"'", line[next])
}

func isImplicitNull(n ast.Node) bool {
	if n == nil {
		return true
	}
	t := n.GetToken()
	return t == nil || t.Type == token.ImplicitNullType
}

func nullNode(span diag.Span) *Node {
	return &Node{Kind: Scalar, Tag: TagNull, Span: span}
}

// key converts a key; anything but a scalar is reported.
func (r *reader) key(n ast.Node, flow bool) *Node {
	switch n.(type) {
	case *ast.MappingNode, *ast.SequenceNode, *ast.MappingValueNode, *ast.LiteralNode:
		pos := n.GetToken().Position
		span := r.at(pos.Line, pos.Column)
		r.form(span, "a key must be a plain or quoted text")
		return &Node{Kind: Scalar, Tag: TagStr, Span: span}
	}
	return r.scalar(n, flow)
}

func (r *reader) sequence(v *ast.SequenceNode, flow bool, depth int) *Node {
	out := &Node{Kind: List, flow: flow}
	for _, item := range v.Values {
		out.Items = append(out.Items, r.nested(item, flow, depth+1))
	}
	switch {
	case v.IsFlowStyle:
		out.Span = r.between(v.Start, v.End)
	case len(out.Items) > 0:
		start := r.at(v.Start.Position.Line, v.Start.Position.Column)
		out.Span = join(start, out.Items[len(out.Items)-1].Span)
	default:
		out.Span = r.at(v.Start.Position.Line, v.Start.Position.Column)
	}
	return out
}

// scalar converts a value that is neither map, list nor block text.
func (r *reader) scalar(n ast.Node, flow bool) *Node {
	t := n.GetToken()
	pos := t.Position
	if t.Type == token.ImplicitNullType {
		return nullNode(r.at(pos.Line, pos.Column))
	}
	out := &Node{Kind: Scalar, Value: t.Value, flow: flow}
	switch t.Type {
	case token.SingleQuoteType, token.DoubleQuoteType:
		out.Quoted, out.Tag = true, TagStr
		out.Span = r.quotedSpan(pos.Line, pos.Column)
		return out
	}
	out.Tag = plainTag(out.Value)
	out.Span = r.plainSpan(pos.Line, pos.Column, out.Value)
	if strings.ContainsAny(firstRune(out.Value), ",[]{}") {
		r.form(out.Span, "text that begins with %s needs quotes", firstRune(out.Value))
	}
	if flow && strings.Contains(out.Value+" ", ": ") {
		r.form(out.Span, "a colon inside {…} or […] needs quotes around the text %q", out.Value).
			WithHint("other YAML parsers refuse this text")
	}
	return out
}

func firstRune(s string) string {
	for i := range s {
		if i > 0 {
			return s[:i]
		}
	}
	return s
}

// block converts a literal (|) or folded (>) text.
func (r *reader) block(v *ast.LiteralNode) *Node {
	pos := v.Start.Position
	out := &Node{Kind: Scalar, Quoted: true, Tag: TagStr, Span: r.blockSpan(pos.Line, pos.Column)}
	if v.Value != nil {
		out.Value = v.Value.Value
	}
	return out
}
