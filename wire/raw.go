package wire

import "bytes"

// Raw is one JSON value as its bytes, without the white space around it. nil
// stands for null when it is written.
type Raw []byte

// MarshalJSON returns the bytes, and never fails.
func (r Raw) MarshalJSON() ([]byte, error) {
	if len(r) == 0 {
		return []byte("null"), nil
	}
	return r, nil
}

// UnmarshalJSON keeps a copy of b; what is no JSON value is a [FieldError].
func (r *Raw) UnmarshalJSON(b []byte) error {
	var d Decoder
	v, next := d.AppendRaw((*r)[:0], b, 0)
	if next >= 0 {
		next = End(b, next)
	}
	if next < 0 {
		return &FieldError{Type: "Raw", Code: next, Value: excerpt(b)}
	}
	*r = v
	return nil
}

// DecodeJSON makes r [Decoder].Raw, in memory that is used again.
func (r *Raw) DecodeJSON(d *Decoder, b []byte, i int) (next int) {
	*r, next = d.AppendRaw(*r, b, i)
	return next
}

// AppendJSON is [AppendRaw].
func (r *Raw) AppendJSON(dst []byte) []byte { return AppendRaw(dst, *r) }

// String is the value as text.
func (r Raw) String() string { return string(r) }

// Clone is a copy in memory of its own.
//
//go:noinline // see AppendName
func (r Raw) Clone() Raw { return bytes.Clone(r) }

// AppendRaw appends r as it is, or null where it is empty.
//
//go:noinline // see AppendName
func AppendRaw(dst []byte, r Raw) []byte {
	if len(r) == 0 {
		return append(dst, "null"...)
	}
	return append(dst, r...)
}
