package wire

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// Pattern is text with holes and optional groups. Reading goes from left to right:
// a hole takes the shortest non-empty run that lets the rest fit, the last one
// takes the rest; a hole with Chars takes the longest run of those characters.
type Pattern struct {
	Parts []Part
}

// Part is one of three: a literal (Lit not empty), an optional group (Opt not
// nil), or a hole. Groups hold literals and holes, not groups.
type Part struct {
	Lit   string
	Hole  int    // index of the hole
	Chars string // characters of the hole, in ASCII; empty: any
	Opt   []Part
}

// Span is the run that a hole has taken. Start is -1 for a hole whose optional
// group is absent.
type Span struct{ Start, End int }

// Of returns the text of the span in s, nil for a hole that is absent.
func (p Span) Of(s []byte) []byte {
	if p.Start < 0 {
		return nil
	}
	return s[p.Start:p.End]
}

// ErrPattern is wrapped by the errors of patterns.
var ErrPattern = errors.New("wire: pattern")

// Match tells whether s fits the pattern as a whole and fills holes, which is as
// long as the highest hole index demands. Work is bounded: hostile text that
// would need dozens of passes does not fit.
func (p *Pattern) Match(s []byte, holes []Span) bool {
	for i := range holes {
		holes[i] = Span{-1, -1}
	}
	if lit, hole, ok := p.prefix(); ok && hole < len(holes) {
		if len(s) == len(lit) || !hasPrefix(s, lit) {
			return false
		}
		holes[hole] = Span{len(lit), len(s)}
		return true
	}
	m := matcher{s: s, holes: holes, fuel: 1024 + 64*len(s)}
	return m.match(p.Parts, nil, 0)
}

// prefix tells whether the pattern is a literal with a hole behind it, as most topics are.
func (p *Pattern) prefix() (lit string, hole int, ok bool) {
	if len(p.Parts) != 2 {
		return "", 0, false
	}
	first, last := &p.Parts[0], &p.Parts[1]
	ok = first.Lit != "" && last.Lit == "" && last.Opt == nil && last.Chars == ""
	return first.Lit, last.Hole, ok
}

// stepCost is what a step of the matcher counts in bytes looked at.
const stepCost = 16

type matcher struct {
	s     []byte
	holes []Span
	fuel  int // bytes that may still be looked at
}

// match fits parts and then after to what starts at i.
func (m *matcher) match(parts, after []Part, i int) bool {
	for {
		if m.fuel -= stepCost; m.fuel < 0 {
			return false
		}
		if len(parts) == 0 {
			if len(after) == 0 {
				return i == len(m.s)
			}
			parts, after = after, nil
		}
		p := &parts[0]
		switch {
		case p.Opt != nil:
			if m.match(p.Opt, parts[1:], i) {
				return true
			}
			m.forget(p.Opt)
		case p.Lit != "":
			if !hasPrefix(m.s[i:], p.Lit) {
				return false
			}
			i += len(p.Lit)
		case p.Chars != "":
			end := i
			for end < len(m.s) && strings.IndexByte(p.Chars, m.s[end]) >= 0 {
				end++
			}
			if end == i {
				return false
			}
			m.set(p.Hole, i, end)
			i = end
		default:
			return m.matchHole(p, parts[1:], after, i)
		}
		parts = parts[1:]
	}
}

// matchHole tries ever longer runs for a hole, those first that a literal follows.
func (m *matcher) matchHole(p *Part, rest, after []Part, i int) bool {
	if i >= len(m.s) {
		return false
	}
	if len(rest) == 0 && len(after) == 0 {
		m.set(p.Hole, i, len(m.s))
		return true
	}
	for end := i + 1; end <= len(m.s) && m.fuel >= 0; end++ {
		if len(rest) > 0 && rest[0].Lit != "" {
			skip := index(m.s[end:], rest[0].Lit)
			if skip < 0 {
				m.fuel -= len(m.s) - end
				return false
			}
			m.fuel -= skip
			end += skip
		}
		if m.match(rest, after, end) {
			m.set(p.Hole, i, end)
			return true
		}
	}
	return false
}

func (m *matcher) set(hole, start, end int) {
	if uint(hole) < uint(len(m.holes)) {
		m.holes[hole] = Span{start, end}
	}
}

// forget undoes the holes of a group that did not fit.
func (m *matcher) forget(parts []Part) {
	for i := range parts {
		if parts[i].Lit == "" {
			m.set(parts[i].Hole, -1, -1)
		}
	}
}

func hasPrefix(s []byte, lit string) bool {
	return len(s) >= len(lit) && string(s[:len(lit)]) == lit
}

// index is strings.Index of bytes in place; lit stays a string.
func index(s []byte, lit string) int { return strings.Index(viewString(s), lit) }

// Append writes the pattern with the values of its holes. An optional group is
// left out where one of its values is nil.
func (p *Pattern) Append(dst []byte, values [][]byte) []byte {
	return appendParts(dst, p.Parts, values)
}

func appendParts(dst []byte, parts []Part, values [][]byte) []byte {
	for i := range parts {
		switch p := &parts[i]; {
		case p.Opt != nil:
			if filled(p.Opt, values) {
				dst = appendParts(dst, p.Opt, values)
			}
		case p.Lit != "":
			dst = append(dst, p.Lit...)
		case uint(p.Hole) < uint(len(values)):
			dst = append(dst, values[p.Hole]...)
		}
	}
	return dst
}

// filled tells whether all holes of a group have values.
func filled(parts []Part, values [][]byte) bool {
	for i := range parts {
		p := &parts[i]
		if p.Lit == "" && (uint(p.Hole) >= uint(len(values)) || values[p.Hole] == nil) {
			return false
		}
	}
	return true
}

// CheckWrite refuses values that would not read back as they are: empty ones,
// nil outside of optional groups, and such that hold the text around their hole.
// The error wraps [ErrPattern].
func (p *Pattern) CheckWrite(values [][]byte) error {
	text := p.Append(nil, values)
	holes := make([]Span, max(len(values), p.Holes()))
	if !p.Match(text, holes) {
		return fmt.Errorf("%w: %q does not read back", ErrPattern, excerpt(text))
	}
	for k, v := range values {
		if got := holes[k].Of(text); !bytes.Equal(got, v) || (got == nil) != (v == nil) {
			return fmt.Errorf("%w: value %q in %q reads back as %q", ErrPattern, excerpt(v), excerpt(text), excerpt(got))
		}
	}
	return nil
}

// Holes is one more than the highest hole index: the length that Match wants.
func (p *Pattern) Holes() int { return countHoles(p.Parts) }

func countHoles(parts []Part) (n int) {
	for i := range parts {
		switch p := &parts[i]; {
		case p.Opt != nil:
			n = max(n, countHoles(p.Opt))
		case p.Lit == "":
			n = max(n, p.Hole+1)
		}
	}
	return n
}

// LiteralLen is the number of literal bytes outside of optional groups: of two
// patterns that fit, the one with more of them is the better.
func (p *Pattern) LiteralLen() (n int) {
	for i := range p.Parts {
		n += len(p.Parts[i].Lit)
	}
	return n
}
