package wire

import "strconv"

const (
	maxExcerpt = 32
	maxPath    = 256
)

// failure is the failed read that is being returned through the decoders: the
// innermost records it, the others put their member before the path.
type failure struct {
	set    bool
	code   Code
	offset int
	typ    string
	path   string
	value  string
}

// Fail records that the value at offset at, a member of typ, could not be read,
// and returns code. Decoders call it on their way out: the innermost call
// determines code, offset and excerpt, the others complete the path.
func (d *Decoder) Fail(code Code, b []byte, at int, typ, member string) Code {
	d.note(code, b, at, typ)
	d.within(member)
	return code
}

// FailIndex is [Decoder.Fail] for an element of a list or tuple.
func (d *Decoder) FailIndex(code Code, b []byte, at int, index int) Code {
	d.note(code, b, at, "")
	d.within("[" + strconv.Itoa(index) + "]")
	return code
}

// FailKey is [Decoder.Fail] for a value or key of a map.
func (d *Decoder) FailKey(code Code, b []byte, at int, key string) Code {
	d.note(code, b, at, "")
	d.within("[" + excerpt([]byte(key)) + "]")
	return code
}

// FailMissing records that a member that is needed is absent, and returns
// ErrMissing.
//
//go:noinline // see AppendName
func (d *Decoder) FailMissing(typ, name string) Code {
	d.failure = failure{set: true, code: ErrMissing, offset: -1, typ: typ, path: name}
	return ErrMissing
}

// note records a failure unless this is the same one further out: there the code
// is the same and the value starts no later.
func (d *Decoder) note(code Code, b []byte, at int, typ string) {
	f := &d.failure
	if f.set && f.code == code && (f.offset < 0 || at <= f.offset) {
		if f.offset < 0 {
			f.offset = at
		}
		if typ != "" {
			f.typ = typ
		}
		return
	}
	*f = failure{set: true, code: code, offset: at, typ: typ}
	if at >= 0 && at < len(b) {
		f.offset = Space(b, at)
		f.value = excerpt(token(b[f.offset:]))
	}
}

// within puts a step before the path.
func (d *Decoder) within(step string) {
	switch path := &d.failure.path; {
	case len(*path)+len(step) > maxPath || step == "":
	case *path == "":
		*path = step
	case (*path)[0] == '[':
		*path = step + *path
	default:
		*path = step + "." + *path
	}
}

// Err returns the failure of an event whose decoder returned a code, and forgets
// it. It is never nil, so that it can be returned as an error as it is; where no
// failure was recorded, it says no more than that the value does not fit.
func (d *Decoder) Err(event string) *FieldError {
	f := d.failure
	d.failure = failure{}
	d.depth = 0
	var element Opt[int]
	if d.element > 0 {
		element = Some(d.element - 1)
	}
	if !f.set {
		return &FieldError{Type: event, Element: element, Code: ErrValue}
	}
	if event == "" {
		event = f.typ
	}
	return &FieldError{Type: event, Path: f.path, Offset: max(f.offset, 0), Element: element, Code: f.code, Value: f.value}
}

// Forget drops the recorded failure, where a decoder tries another way.
func (d *Decoder) Forget() { d.failure = failure{} }

// token is the scalar that b starts with. Of objects and arrays only the kind is
// told: something sensitive may be in them.
func token(b []byte) []byte {
	switch Kind(b, 0) {
	case '{':
		return []byte("{...}")
	case '[':
		return []byte("[...]")
	}
	if end := Skip(b, 0); end > 0 {
		return b[:end]
	}
	return b
}

// excerpt is the start of a value in printable ASCII, at most maxExcerpt bytes.
func excerpt(s []byte) string {
	cut := len(s) > maxExcerpt
	if cut {
		s = s[:maxExcerpt-3]
	}
	out := make([]byte, 0, maxExcerpt)
	for _, c := range s {
		if c < ' ' || c > '~' {
			c = '?'
		}
		out = append(out, c)
	}
	if cut {
		out = append(out, "..."...)
	}
	return string(out)
}
