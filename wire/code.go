package wire

// Code is what a reader returns in place of an offset when it fails. Codes are
// negative, offsets are not.
type Code = int

// Codes of failed reads.
const (
	// ErrSyntax: the bytes are not JSON.
	ErrSyntax Code = -1 - iota
	// ErrTruncated: the frame ends inside the value.
	ErrTruncated
	// ErrKind: the value has another JSON kind than declared.
	ErrKind
	// ErrNull: null where a plain value is declared.
	ErrNull
	// ErrRange: overflow, a fraction in an integer, a number beyond the limits
	// of [Decimal], or a year outside 1 to 9999.
	ErrRange
	// ErrDepth: nested deeper than [MaxDepth].
	ErrDepth
	// ErrValue: text that does not fit the declared pattern or closed set, a
	// tuple of another shape, quoted text that is no number or time.
	ErrValue
	// ErrMissing: a member that is needed is absent.
	ErrMissing
)

// MaxDepth is how deep arrays and objects may nest.
const MaxDepth = 512

// CodeText says in words what a code means; it is empty for offsets.
func CodeText(code Code) string {
	switch code {
	case ErrSyntax:
		return "not valid JSON"
	case ErrTruncated:
		return "frame ends inside the value"
	case ErrKind:
		return "another JSON kind than declared"
	case ErrNull:
		return "null where a value is declared"
	case ErrRange:
		return "number or time out of range"
	case ErrDepth:
		return "nested too deep"
	case ErrValue:
		return "text or shape that does not fit"
	case ErrMissing:
		return "required member missing"
	}
	if code < 0 {
		return "unknown error"
	}
	return ""
}
