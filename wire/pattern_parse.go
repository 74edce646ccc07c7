package wire

import (
	"fmt"
	"strings"
)

// ParsePattern reads the text of a pattern. Holes are {field} and <builtin>, whose
// names hold letters, digits and _ - . only; groups are in brackets and hold at
// least one hole. Everything else is literal, {} and brackets without a hole
// too. hole gives the index and characters of a hole by its name, which is
// "<builtin>" with its angle brackets for built-in ones; where ok is false, the
// hole is an error. Errors wrap [ErrPattern].
func ParsePattern(text string, hole func(name string) (index int, chars string, ok bool)) (Pattern, error) {
	p := patternParser{text: text, hole: hole}
	parts, err := p.parse(text, true)
	return Pattern{Parts: parts}, err
}

type patternParser struct {
	text string
	hole func(string) (int, string, bool)
}

// parse reads literals, holes and, where groups is set, groups.
func (p *patternParser) parse(s string, groups bool) (parts []Part, err error) {
	for s != "" {
		var part Part
		var size int
		if part, size, err = p.next(s, groups); err != nil {
			return nil, err
		}
		last := len(parts) - 1
		if part.Lit != "" && last >= 0 && parts[last].Lit != "" {
			parts[last].Lit += part.Lit
		} else {
			parts = append(parts, part)
		}
		s = s[size:]
	}
	return parts, nil
}

// next reads one part from the start of s and says how long it is.
func (p *patternParser) next(s string, groups bool) (Part, int, error) {
	if name, size := holeName(s); size > 0 {
		index, chars, ok := p.hole(name)
		if !ok {
			return Part{}, 0, fmt.Errorf("%w %q: no field for the hole %s", ErrPattern, p.text, s[:size])
		}
		return Part{Hole: index, Chars: chars}, size, nil
	}
	if s[0] == '[' {
		if size, ok := groupSize(s); ok {
			if !groups {
				return Part{}, 0, fmt.Errorf("%w %q: a group inside a group", ErrPattern, p.text)
			}
			opt, err := p.parse(s[1:size-1], false)
			return Part{Opt: opt}, size, err
		}
	}
	return Part{Lit: s[:1]}, 1, nil
}

// holeName reads the hole at the start of s; size is 0 where there is none.
func holeName(s string) (name string, size int) {
	var end int
	switch s[0] {
	case '{':
		end = strings.IndexByte(s, '}')
	case '<':
		end = strings.IndexByte(s, '>')
	}
	if end <= 1 || strings.Trim(s[1:end], holeChars) != "" {
		return "", 0
	}
	if s[0] == '<' {
		return s[:end+1], end + 1
	}
	return s[1:end], end + 1
}

const holeChars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."

// groupSize is the length of the bracketed text at the start of s; ok is false
// where it holds no hole or does not end.
func groupSize(s string) (size int, ok bool) {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return i + 1, ok
			}
		case '{', '<':
			if _, n := holeName(s[i:]); n > 0 {
				ok = true
				i += n - 1
			}
		}
	}
	return 0, false
}
