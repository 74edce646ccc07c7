package wire

// The functions of this file read and write containers for generated code; the element's own reader comes as a
// function so that one copy serves every element type.

// Read decodes one value into v and returns the offset behind it; negative is an error code.
type Read[T any] = func(v *T, d *Decoder, b []byte, i int) int

// ReadText decodes one value from text that is already unquoted; 0 or a negative code.
type ReadText[T any] = func(v *T, d *Decoder, s []byte) int

// Match returns the offset behind lit when b holds it at i, else -1. i may be an error code.
func Match(b []byte, i int, lit string) int {
	if end := i + len(lit); i >= 0 && end <= len(b) && string(b[i:end]) == lit {
		return end
	}
	return -1
}

// MatchLong is [Match] for a literal of 9 to 16 bytes that comes in two parts: the compiler compares constants of up to
// eight bytes without a call.
func MatchLong(b []byte, i int, first, rest string) int {
	mid := i + len(first)
	if end := mid + len(rest); i >= 0 && end <= len(b) && string(b[i:mid]) == first && string(b[mid:end]) == rest {
		return end
	}
	return -1
}

// Onward is where the loop over members goes on behind the n members that were found in their documented order: at the
// key of the last of them, at start, if that could not be read, because i is an error code, else behind the value that
// ends at i. The members read are marked in seen.
func Onward(b []byte, start, i int, seen []uint64, n int) (next int, more bool) {
	if i < 0 {
		n--
	}
	for w := range seen {
		if n >= 64*(w+1) {
			seen[w] = ^uint64(0)
		} else if n > 64*w {
			seen[w] |= 1<<(n-64*w) - 1
		}
	}
	if i < 0 {
		return start, true
	}
	return NextMember(b, i)
}

// Sep returns the byte at i, or 0 when i is an error or behind the end: what follows a value without white space.
func Sep(b []byte, i int) byte {
	if i < 0 || i >= len(b) {
		return 0
	}
	return b[i]
}

// Letter returns the byte of a text of one byte at i, or 0 for any other value and for what is no plain letter.
func Letter(b []byte, i int) byte {
	if i < 0 || i+2 >= len(b) || b[i] != '"' || b[i+2] != '"' {
		return 0
	}
	return b[i+1]
}

// Literal returns the offset behind the value at i when its text is exactly lit, else a negative code.
func Literal(b []byte, i int, lit string) int {
	i = Space(b, i)
	next := Skip(b, i)
	if next < 0 {
		return next
	}
	if string(b[i:next]) != lit {
		return ErrKind
	}
	return next
}

// EmptyArray returns the offset behind `[]`, else a negative code: some servers write an empty map so.
func EmptyArray(b []byte, i int) int {
	if Kind(b, i) != '[' {
		return ErrKind
	}
	next, more := EnterArray(b, i)
	if more {
		return ErrKind
	}
	return next
}

// StringAs is what a reader of strings returned, in a type of the program's own.
func StringAs[T ~string](v string, next int) (T, int) { return T(v), next }

// Int64As is [StringAs] for integers.
func Int64As[T ~int64](v int64, next int) (T, int) { return T(v), next }

// Uint64As is [StringAs] for unsigned integers.
func Uint64As[T ~uint64](v uint64, next int) (T, int) { return T(v), next }

// Float64As is [StringAs] for floating-point numbers.
func Float64As[T ~float64](v float64, next int) (T, int) { return T(v), next }

// List reads an array into s, whose memory is used again.
func List[T any](d *Decoder, b []byte, i int, s []T, read Read[T]) ([]T, int) {
	s = s[:0]
	i, more := EnterArray(b, i)
	for more {
		s = grow(s)
		next := read(&s[len(s)-1], d, b, i)
		if next < 0 {
			return s[:len(s)-1], d.FailIndex(next, b, i, len(s)-1)
		}
		switch Sep(b, next) {
		case ',':
			i = next + 1 // what is there is checked by its reader
		case ']':
			return s, next + 1
		default:
			i, more = NextElement(b, next)
		}
	}
	return s, i
}

// Ints is [List] for integers.
func Ints[T ~int64](d *Decoder, b []byte, i int, s []T) ([]T, int) {
	s = s[:0]
	i, more := EnterArray(b, i)
	for more {
		n, next := Int64(b, i)
		if next < 0 {
			return s, d.FailIndex(next, b, i, len(s))
		}
		s = append(s, T(n))
		i, more = NextElement(b, next)
	}
	return s, i
}

// ListOrOne reads an array, or a single element in place of one.
func ListOrOne[T any](d *Decoder, b []byte, i int, s []T, read Read[T]) ([]T, int) {
	if Kind(b, i) == '[' {
		return List(d, b, i, s, read)
	}
	s = grow(s[:0])
	return s, read(&s[0], d, b, i)
}

// grow adds one element and keeps what the memory behind it held, so that a nested slice is used again.
func grow[T any](s []T) []T {
	if len(s) < cap(s) {
		return s[:len(s)+1]
	}
	return longer(s)
}

//go:noinline // see AppendName
func longer[T any](s []T) []T {
	var zero T
	return append(s, zero)
}

// Split reads a text of elements joined by sep; an empty sep takes one byte each. An empty text is an empty list.
func Split[T any](d *Decoder, b []byte, i int, s []T, sep string, read ReadText[T]) ([]T, int) {
	text, next := d.Text(b, i)
	if next < 0 {
		return s[:0], next
	}
	s, code := SplitText(d, text, s, sep, read)
	if code < 0 {
		return s, code
	}
	return s, next
}

// SplitText is Split for text that is already unquoted; its second result is 0 or a negative code.
func SplitText[T any](d *Decoder, text []byte, s []T, sep string, read ReadText[T]) ([]T, int) {
	s = s[:0]
	for len(text) > 0 {
		part, rest := cut(text, sep)
		s = grow(s)
		if code := read(&s[len(s)-1], d, part); code < 0 {
			return s[:len(s)-1], code
		}
		text = rest
	}
	return s, 0
}

func cut(text []byte, sep string) (part, rest []byte) {
	if sep == "" {
		return text[:1], text[1:]
	}
	for i := 0; i+len(sep) <= len(text); i++ {
		if string(text[i:i+len(sep)]) == sep {
			return text[:i], text[i+len(sep):]
		}
	}
	return text, nil
}

// Entries reads an object as an ordered map into m, whose memory is used again.
func Entries[K comparable, V any](d *Decoder, b []byte, i int, m Map[K, V], key ReadText[K], value Read[V]) (Map[K, V], int) {
	m = m[:0]
	i, more := EnterObject(b, i)
	for more {
		m = grow(m)
		next := readPair(d, b, i, &m[len(m)-1], key, value)
		if next < 0 {
			return m[:len(m)-1], next
		}
		i, more = NextMember(b, next)
	}
	return m, i
}

// OnePair reads an object of exactly one member.
func OnePair[K, V any](d *Decoder, b []byte, i int, p *Pair[K, V], key ReadText[K], value Read[V]) int {
	i, more := EnterObject(b, i)
	if !more {
		if i < 0 {
			return i
		}
		return ErrValue
	}
	next := readPair(d, b, i, p, key, value)
	if next < 0 {
		return next
	}
	if next, more = NextMember(b, next); more {
		return ErrValue
	}
	return next
}

func readPair[K, V any](d *Decoder, b []byte, i int, p *Pair[K, V], key ReadText[K], value Read[V]) int {
	name, at := d.Key(b, i)
	if at < 0 {
		return at
	}
	if code := key(&p.Key, d, name); code < 0 {
		return d.FailKey(code, b, i, d.CopyText(name))
	}
	next := value(&p.Value, d, b, at)
	if next < 0 {
		name, _ = d.Key(b, i)
		return d.FailKey(next, b, at, d.CopyText(name))
	}
	return next
}

// Finish ends the reading of all of b: next is the offset behind the value, or the error code, that a decoder of the
// named type returned. The error is a *FieldError.
func (d *Decoder) Finish(b []byte, next int, typ string) error {
	if next >= 0 {
		if next = End(b, next); next >= 0 {
			return nil
		}
		d.Fail(next, b, len(b), typ, "")
	}
	return d.Err(typ)
}

// AppendList writes an array.
//
//go:noinline // see AppendName
func AppendList[T any](dst []byte, s []T, write func(v *T, dst []byte) []byte) []byte {
	dst = append(dst, '[')
	for i := range s {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = write(&s[i], dst)
	}
	return append(dst, ']')
}

// AppendEntries writes an ordered map as an object; key writes text without quotes.
func AppendEntries[K comparable, V any](dst []byte, m Map[K, V], key func(k *K, dst []byte) []byte, value func(v *V, dst []byte) []byte) []byte {
	dst = append(dst, '{')
	for i := range m {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = AppendPair(dst, &m[i], key, value)
	}
	return append(dst, '}')
}

// AppendPair writes one member: a quoted key and its value.
func AppendPair[K, V any](dst []byte, p *Pair[K, V], key func(k *K, dst []byte) []byte, value func(v *V, dst []byte) []byte) []byte {
	dst = AppendQuoted(dst, key(&p.Key, nil))
	return value(&p.Value, append(dst, ':'))
}

// AppendJoined writes elements as one text joined by sep, without quotes.
func AppendJoined[T any](dst []byte, s []T, sep string, write func(v *T, dst []byte) []byte) []byte {
	for i := range s {
		if i > 0 {
			dst = append(dst, sep...)
		}
		dst = write(&s[i], dst)
	}
	return dst
}

// AppendQuoted writes text as a JSON string.
func AppendQuoted(dst, text []byte) []byte { return AppendString(dst, string(text)) }

// Clone writes a copy of src in memory of its own to dst; c has memory for small parts.
type Clone[T any] = func(src, dst *T, c *Copies)

// CloneEntries copies an ordered map; clone copies one value, nil when assignment does.
//
//go:noinline // see AppendName
func CloneEntries[K comparable, V any](c *Copies, m Map[K, V], clone Clone[V]) Map[K, V] {
	if m == nil {
		return nil
	}
	out := make(Map[K, V], len(m))
	copy(out, m)
	if clone != nil {
		for i := range m {
			clone(&m[i].Value, &out[i].Value, c)
		}
	}
	return out
}

// CloneList copies a list; clone copies one element, nil when assignment does.
//
//go:noinline // see AppendName
func CloneList[T any](c *Copies, s []T, clone Clone[T]) []T {
	if s == nil {
		return nil
	}
	out := make([]T, len(s))
	if clone == nil {
		copy(out, s)
		return out
	}
	for i := range s {
		clone(&s[i], &out[i], c)
	}
	return out
}

// CloneTo writes a copy in memory of its own to dst.
func (r *Raw) CloneTo(dst *Raw, _ *Copies) { *dst = r.Clone() }
