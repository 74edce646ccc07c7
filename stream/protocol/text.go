package protocol

import (
	"slices"

	"github.com/venuewire/venuewire/wire"
)

const inlineHoles = 8

// read matches a text and adds what its holes held to got.
func (t *TextTemplate) read(s []byte, got Captured) (Captured, bool) {
	var inline [inlineHoles]wire.Span
	spans := inline[:]
	if n := max(len(t.Holes), t.Pattern.Holes()); n > inlineHoles {
		spans = make([]wire.Span, n)
	} else {
		spans = spans[:n]
	}
	if !t.Pattern.Match(s, spans) {
		return got, false
	}
	for i, name := range t.Holes {
		if v := spans[i].Of(s); v != nil {
			got = append(got, Capture{name, string(v)})
		}
	}
	return got, true
}

// fits is read without captures.
func (t *TextTemplate) fits(s string) bool {
	return t.Pattern.Match([]byte(s), make([]wire.Span, t.Pattern.Holes()))
}

// write fills the holes; it refuses values that would not read back.
func (t *TextTemplate) write(values [][]byte) ([]byte, error) {
	if err := t.Pattern.CheckWrite(values); err != nil {
		return nil, err
	}
	return t.Pattern.Append([]byte{}, values), nil
}

func (t *TextTemplate) has(hole string) bool { return slices.Contains(t.Holes, hole) }

// optional tells whether a hole stands in an optional group.
func (t *TextTemplate) optional(hole int) bool {
	for i := range t.Pattern.Parts {
		for _, part := range t.Pattern.Parts[i].Opt {
			if part.Lit == "" && part.Hole == hole {
				return true
			}
		}
	}
	return false
}
