package protocol

import (
	"bytes"

	"github.com/venuewire/venuewire/wire"
)

// textTemplate reads a text frame.
func (r *reading) textTemplate(t *TextTemplate, frame []byte) bool {
	r.textFrame = true
	if r.joined(t) {
		return r.pieceTexts(t, r.batch.pieces(frame))
	}
	return r.text(t, frame)
}

// textLeaf reads a leaf with text around its holes.
func (r *reading) textLeaf(t *TextTemplate, v []byte) bool {
	for _, name := range t.Holes {
		r.raw = append(r.raw, hole{name, v})
	}
	if wire.Kind(v, 0) == '[' && r.batch != nil && r.batch.Array && t.has(r.batch.Field) {
		var texts [][]byte
		for _, e := range elementsOf(v) {
			if wire.Kind(e, 0) != '"' {
				return false
			}
			texts = append(texts, scalarText(e))
		}
		return r.pieceTexts(t, texts)
	}
	if wire.Kind(v, 0) != '"' {
		return false
	}
	if r.joined(t) {
		return r.pieceTexts(t, r.batch.pieces(scalarText(v)))
	}
	return r.text(t, scalarText(v))
}

// joined tells whether a text is repeated for each value of the batch.
func (r *reading) joined(t *TextTemplate) bool {
	return r.batch != nil && !r.batch.Array && r.batch.Sep != "" && t.has(r.batch.Field)
}

// pieces cuts a joined text; blanks around the separator are allowed.
func (b *Batch) pieces(text []byte) [][]byte {
	var out [][]byte
	for {
		i := bytes.Index(text, []byte(b.Sep))
		if i < 0 {
			return append(out, bytes.TrimSpace(text))
		}
		out = append(out, bytes.TrimSpace(text[:i]))
		text = text[i+len(b.Sep):]
	}
}

// pieceTexts reads the texts that are of this entry; the others may be of another feed.
func (r *reading) pieceTexts(t *TextTemplate, texts [][]byte) bool {
	for _, text := range texts {
		one := *r
		if one.text(t, text) {
			*r = one
			r.fitting++
		}
	}
	r.pieces += len(texts)
	return r.fitting > 0
}

// text reads one text.
func (r *reading) text(t *TextTemplate, s []byte) bool {
	spans := make([]wire.Span, max(len(t.Holes), t.Pattern.Holes()))
	if !t.Pattern.Match(s, spans) {
		return false
	}
	for i, name := range t.Holes {
		v := spans[i].Of(s)
		switch {
		case v == nil:
			continue
		case isObjectHole(name):
			if !wire.Valid(v) || !r.set(name, v) {
				return false
			}
		case r.batch != nil && name == r.batch.Field:
			r.values = append(r.values, wire.AppendString(nil, string(v)))
		case !r.set(name, wire.AppendString(nil, string(v))):
			return false
		}
		if r.textFrame {
			r.raw = append(r.raw, hole{name, v})
		}
	}
	return true
}
