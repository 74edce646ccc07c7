package wire

import (
	"errors"
	"strconv"
)

// ErrField is matched by every [FieldError].
var ErrField = errors.New("wire: field error")

// FieldError says where and why a frame did not decode. It is matched by
// [ErrField], and by a [CodeError] of the same code.
type FieldError struct {
	Type   string // the event or reply that was decoded
	Path   string // the member below it: open, bids[3].price; "" for the whole
	Offset int    // in bytes from the start of the frame, or of the element
	// Element is the place of the event in a frame that holds several, from 0; not set where it holds one.
	Element Opt[int]
	Code    Code   // why
	Value   string // the start of the scalar, at most 32 bytes; {...} or [...]; "" when hidden or missing
}

// Error is of the form: LiveCandle.bids[3].price: another JSON kind than
// declared, got "abc" at offset 57; with "element 41: " before it where Element is set.
func (e *FieldError) Error() string {
	text := make([]byte, 0, 128)
	if i, ok := e.Element.Get(); ok {
		text = append(strconv.AppendInt(append(text, "element "...), int64(i), 10), ": "...)
	}
	text = append(text, e.Type...)
	if e.Path != "" {
		if e.Type != "" && e.Path[0] != '[' {
			text = append(text, '.')
		}
		text = append(text, e.Path...)
	}
	if len(text) > 0 {
		text = append(text, ": "...)
	}
	text = append(text, CodeText(e.Code)...)
	if e.Value != "" {
		text = append(append(text, ", got "...), e.Value...)
	}
	text = append(text, " at offset "...)
	return string(strconv.AppendInt(text, int64(e.Offset), 10))
}

// HideValue drops the excerpt, for members that are sensitive.
func (e *FieldError) HideValue() { e.Value = "" }

// Is matches [ErrField] and the [CodeError] of the same code.
func (e *FieldError) Is(target error) bool {
	if code, ok := target.(CodeError); ok {
		return e.Code == int(code)
	}
	return target == ErrField
}

// CodeError is a [Code] as an error; errors.Is(err, wire.CodeError(wire.ErrRange))
// tells the reason of a FieldError.
type CodeError Code

// Error says what the code means.
func (c CodeError) Error() string { return "wire: " + CodeText(Code(c)) }
