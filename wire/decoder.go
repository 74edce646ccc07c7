package wire

import "encoding/binary"

// Decoder is what generated decoders share while they read: drift counters, the
// table of interned strings, scratch memory and the record of the last failure.
// The zero value is ready. A Decoder is not for concurrent use: have one for each
// reading goroutine.
type Decoder struct {
	// Drift takes the counts of what the spec does not say; nil: not counted.
	Drift *Drift
	// Borrow lets [Decoder.String] return strings that alias the frame. They
	// are valid as long as the frame is.
	Borrow bool
	// InternLimit bounds the interned strings; 0 is DefaultInternLimit. It is
	// read when the first string is interned and rounded up to a power of two.
	InternLimit int

	interned internTable
	copies   textCopies
	date     lastDate
	text     []byte // scratch of values
	key      []byte // scratch of keys
	failure  failure
	element  int // place in a batch, from 1; 0 is none
	depth    int
	lists    []*Members // of the objects that are being read; the first `open` are in use
	open     int
}

// InElement says which element of a batch is read from now on, so that a [FieldError] can name it; -1 is none.
func (d *Decoder) InElement(i int) { d.element = i + 1 }

// content returns the value of the string at i. It aliases the frame unless it
// had to be rewritten, then scratch, which it may grow.
func (d *Decoder) content(b []byte, i int, scratch *[]byte) (s []byte, next int, rewritten bool) {
	i = Space(b, i)
	if uint(i) >= uint(len(b)) || b[i] != '"' {
		return nil, notKind(b, i), false
	}
	start := i + 1
	end := start
	if len(b)-start >= 8 { // most keys and symbols end here
		end += plainRun(binary.LittleEndian.Uint64(b[start:]))
	}
	if uint(end) < uint(len(b)) && b[end] != '"' {
		end = plainEnd(b, end)
	}
	if uint(end) < uint(len(b)) && b[end] == '"' {
		return b[start:end], end + 1, false
	}
	return d.oddContent(b, start, scratch)
}

func (d *Decoder) oddContent(b []byte, start int, scratch *[]byte) ([]byte, int, bool) {
	end, _ := scanString(b, start)
	if end < 0 {
		return nil, end, false
	}
	s := b[start:end]
	if !needsRewrite(s) {
		return s, end + 1, false
	}
	s, replaced := unescape((*scratch)[:0], s)
	*scratch = s
	if replaced > 0 {
		d.Drift.Add(DriftInvalidUTF8, "", "")
	}
	return s, end + 1, true
}

// Key reads the key at i and its colon; next is at the value. The key is valid
// until the next call of Key and as long as the frame.
func (d *Decoder) Key(b []byte, i int) (key []byte, next int) {
	i = Space(b, i)
	if uint(i) >= uint(len(b)) || b[i] != '"' {
		return nil, unexpected(b, i)
	}
	start := i + 1
	end := keyEnd(b, start)
	if uint(end) < uint(len(b)) && b[end] == '"' {
		key, i = b[start:end], end+1
		if uint(i) < uint(len(b)) && b[i] == ':' {
			return key, Space(b, i+1)
		}
	} else if key, i, _ = d.oddContent(b, start, &d.key); i < 0 {
		return nil, i
	}
	if i = colon(b, i); i < 0 {
		return nil, i
	}
	return key, i
}

// Text reads a string. The bytes are valid until the next read of text and as
// long as the frame; they must not be changed.
func (d *Decoder) Text(b []byte, i int) ([]byte, int) {
	s, next, _ := d.content(b, i, &d.text)
	return s, next
}

// TextFlex is [Decoder.Text] that takes a number too, as its raw text.
func (d *Decoder) TextFlex(b []byte, i int) ([]byte, int) {
	if Kind(b, i) != '0' {
		return d.Text(b, i)
	}
	i = Space(b, i)
	next := skipNumber(b, i)
	if next < 0 {
		return nil, next
	}
	return b[i:next], next
}

// String reads a string: a copy, or with Borrow set an alias of the frame. Invalid
// UTF-8 and lone surrogates are replaced by U+FFFD and counted. Copies of short
// strings share chunks of at most 512 bytes, which live as long as one of them does.
func (d *Decoder) String(b []byte, i int) (string, int) {
	if Sep(b, i) == '"' && Sep(b, i+1) == '"' {
		return "", i + 2
	}
	s, next, rewritten := d.content(b, i, &d.text)
	if d.Borrow && !rewritten {
		return viewString(s), next
	}
	return d.copies.copy(s), next
}

// StringFlex is [Decoder.String] that takes a number too, as its raw text.
func (d *Decoder) StringFlex(b []byte, i int) (string, int) {
	if Kind(b, i) != '0' {
		return d.String(b, i)
	}
	s, next := d.TextFlex(b, i)
	return d.CopyText(s), next
}

// Intern reads a string that comes again and again. It never aliases the frame.
func (d *Decoder) Intern(b []byte, i int) (string, int) {
	s, next, _ := d.content(b, i, &d.text)
	if next < 0 {
		return "", next
	}
	return d.InternText(s), next
}

// InternFlex is [Decoder.Intern] that takes a number too, as its raw text.
func (d *Decoder) InternFlex(b []byte, i int) (string, int) {
	s, next := d.TextFlex(b, i)
	if next < 0 {
		return "", next
	}
	return d.InternText(s), next
}

// InternText returns a string equal to s, without allocating if it was seen.
func (d *Decoder) InternText(s []byte) string {
	if d.interned.limit != d.InternLimit && d.InternLimit > 0 && d.interned.slots == nil {
		d.interned.limit = d.InternLimit
	}
	return d.interned.get(s)
}

// CopyText makes a string of bytes of the frame as [Decoder.String] does: a copy,
// or an alias with Borrow set. Text that may lie in scratch memory is no such bytes.
func (d *Decoder) CopyText(s []byte) string {
	if d.Borrow {
		return viewString(s)
	}
	return d.copies.copy(s)
}

// Raw reads any value as a validated copy of its bytes.
func (d *Decoder) Raw(b []byte, i int) (Raw, int) { return d.AppendRaw(nil, b, i) }

// AppendRaw is [Decoder.Raw] that reuses the memory of dst, whose content it
// replaces.
func (d *Decoder) AppendRaw(dst Raw, b []byte, i int) (Raw, int) {
	i = Space(b, i)
	next := Skip(b, i)
	if next < 0 {
		return dst[:0], next
	}
	return append(dst[:0], b[i:next]...), next
}

// Nest counts one level of a type that contains itself; it returns ErrDepth
// beyond [MaxDepth] and 0 otherwise. Every call is paired with [Decoder.Unnest],
// failed ones too.
func (d *Decoder) Nest() Code {
	if d.depth++; d.depth > MaxDepth {
		return ErrDepth
	}
	return 0
}

// Unnest undoes one [Decoder.Nest].
func (d *Decoder) Unnest() { d.depth-- }
