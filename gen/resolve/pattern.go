package resolve

import (
	"slices"
	"strings"

	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/spec"
)

// builtins are the holes that the client fills by itself.
var builtins = []string{"id", "sub_id", "name", "version", "request", "route", "params", "token", "elapsed_ms"}

// pattern parses the text of a node; nil when there is none.
func pattern(n *spec.Node) *ir.Pattern {
	if n == nil || n.Kind != spec.Scalar || n.IsNull() {
		return nil
	}
	return ParsePattern(n.Value, n.Span)
}

// ParsePattern parses a text with {holes}, <builtins> and [optional groups]. Braces and brackets without a hole are
// literal, so every text is a pattern.
func ParsePattern(text string, span diag.Span) *ir.Pattern {
	return &ir.Pattern{Text: text, Parts: parts(text, true), Span: span}
}

func parts(text string, groups bool) []ir.Part {
	var out []ir.Part
	lit := strings.Builder{}
	flush := func() {
		if lit.Len() > 0 {
			out = append(out, ir.Part{Lit: lit.String()})
			lit.Reset()
		}
	}
	for i := 0; i < len(text); {
		p, n := special(text[i:], groups)
		if n == 0 {
			lit.WriteByte(text[i])
			i++
			continue
		}
		flush()
		out = append(out, p)
		i += n
	}
	flush()
	return out
}

// special reads a hole, a builtin or a group at the start of s; length 0 when there is none.
func special(s string, groups bool) (ir.Part, int) {
	switch s[0] {
	case '{':
		if name, ok := enclosed(s, '}'); ok && isName(name) {
			return ir.Part{Hole: name}, len(name) + 2
		}
	case '<':
		if name, ok := enclosed(s, '>'); ok && slices.Contains(builtins, name) {
			return ir.Part{Builtin: name}, len(name) + 2
		}
	case '[':
		in, ok := enclosed(s, ']')
		if !ok || !groups {
			break
		}
		if g := parts(in, false); hasHole(g) {
			return ir.Part{Group: g}, len(in) + 2
		}
	}
	return ir.Part{}, 0
}

func enclosed(s string, end byte) (string, bool) {
	i := strings.IndexByte(s, end)
	if i < 1 {
		return "", false
	}
	return s[1:i], true
}

func hasHole(ps []ir.Part) bool {
	return slices.ContainsFunc(ps, func(p ir.Part) bool { return p.Hole != "" || p.Builtin != "" || hasHole(p.Group) })
}

// isName reports whether a text can name a field in a hole.
func isName(s string) bool {
	if s == "" {
		return false
	}
	return !strings.ContainsFunc(s, func(c rune) bool {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		return !letter && (c < '0' || c > '9')
	})
}

// setChars copies the character sets of fields to the holes that they fill.
func setChars(ps []ir.Part, fields []*ir.Field) {
	for i := range ps {
		setChars(ps[i].Group, fields)
		if f := fieldNamed(fields, ps[i].Hole); f != nil && ps[i].Hole != "" {
			ps[i].Chars = f.Coding.Chars
		}
	}
}

func fieldNamed(fields []*ir.Field, wire string) *ir.Field {
	for _, f := range fields {
		if f.Wire == wire {
			return f
		}
	}
	return nil
}
