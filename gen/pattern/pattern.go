// Package pattern reads texts by resolved patterns and compares patterns with each other.
package pattern

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/venuewire/venuewire/gen/ir"
)

// Read takes a text apart and returns what its holes hold, builtins by their name in angle brackets. A hole takes the
// shortest non-empty run that lets the rest fit, one with a set of characters the longest run of those. It reports
// false when the text does not fit.
func Read(p *ir.Pattern, text string) (map[string]string, bool) {
	holes := map[string]string{}
	if p == nil || !read(p.Parts, text, holes) {
		return nil, false
	}
	return holes, true
}

// Fits reports whether a text fits a pattern.
func Fits(p *ir.Pattern, text string) bool {
	_, ok := Read(p, text)
	return ok
}

func read(parts []ir.Part, text string, holes map[string]string) bool {
	if len(parts) == 0 {
		return text == ""
	}
	p, rest := parts[0], parts[1:]
	switch {
	case p.Group != nil:
		return read(slices.Concat(p.Group, rest), text, holes) || read(rest, text, holes)
	case p.Hole == "" && p.Builtin == "":
		after, ok := strings.CutPrefix(text, p.Lit)
		return ok && read(rest, after, holes)
	case p.Chars != "":
		n := len(text) - len(strings.TrimLeft(text, p.Chars))
		return n > 0 && keep(p, text[:n], holes) && read(rest, text[n:], holes)
	}
	for n := 0; n < len(text); {
		_, size := utf8.DecodeRuneInString(text[n:])
		n += size
		if read(rest, text[n:], holes) {
			return keep(p, text[:n], holes)
		}
	}
	return false
}

// keep notes what a hole holds; a hole that is there twice must hold the same.
func keep(p ir.Part, value string, holes map[string]string) bool {
	name := p.Hole
	if p.Builtin != "" {
		name = "<" + p.Builtin + ">"
	}
	if old, ok := holes[name]; ok && old != value {
		return false
	}
	holes[name] = value
	return true
}

// Fill returns the pattern with the given builtins, without brackets, put in as literal text.
func Fill(p *ir.Pattern, builtins map[string]string) *ir.Pattern {
	cp := *p
	cp.Parts = fill(p.Parts, builtins)
	return &cp
}

func fill(parts []ir.Part, builtins map[string]string) []ir.Part {
	var out []ir.Part
	for _, p := range parts {
		if v, ok := builtins[p.Builtin]; ok && p.Builtin != "" {
			p = ir.Part{Lit: v}
		}
		if p.Group != nil {
			p.Group = fill(p.Group, builtins)
		}
		out = append(out, p)
	}
	return out
}

// Literal returns how many bytes of literal text a pattern has; of two patterns the one with more is the closer one.
func Literal(p *ir.Pattern) int { return literal(p.Parts) }

func literal(parts []ir.Part) int {
	n := 0
	for _, p := range parts {
		n += len(p.Lit) + literal(p.Group)
	}
	return n
}

// MayMeet reports whether one text may fit both patterns. It is sure when it says no: their beginnings or ends differ.
func MayMeet(a, b *ir.Pattern) bool {
	headA, headB := head(a.Parts), head(b.Parts)
	tailA, tailB := tail(a.Parts), tail(b.Parts)
	return (strings.HasPrefix(headA, headB) || strings.HasPrefix(headB, headA)) &&
		(strings.HasSuffix(tailA, tailB) || strings.HasSuffix(tailB, tailA))
}

func head(parts []ir.Part) string {
	if len(parts) == 0 {
		return ""
	}
	return parts[0].Lit
}

func tail(parts []ir.Part) string {
	if len(parts) == 0 {
		return ""
	}
	return parts[len(parts)-1].Lit
}

// Takes reports whether every text that fits b fits a too, as far as that can be told from a text with one character
// in each hole of b.
func Takes(a, b *ir.Pattern) bool {
	for _, sample := range samples(b.Parts) {
		if !Fits(a, sample) {
			return false
		}
	}
	return true
}

// samples returns texts that fit: with every optional group, and without any.
func samples(parts []ir.Part) []string {
	return []string{sample(parts, true), sample(parts, false)}
}

func sample(parts []ir.Part, groups bool) string {
	var b strings.Builder
	for _, p := range parts {
		switch {
		case p.Group != nil:
			if groups {
				b.WriteString(sample(p.Group, groups))
			}
		case p.Chars != "":
			b.WriteString(p.Chars[:1])
		case p.Hole != "" || p.Builtin != "":
			b.WriteByte('x')
		default:
			b.WriteString(p.Lit)
		}
	}
	return b.String()
}
