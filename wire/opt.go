package wire

// Opt is a member that may be absent or null. It is in one of three states: unset
// (absent), null, or a value. The zero Opt is unset. Opts of comparable types
// compare with ==; see [Unset] for the one exception.
type Opt[T any] struct {
	v     T
	state optState
}

type optState uint8

const (
	optUnset optState = iota
	optNull
	optValue
)

// Some is the Opt of a value.
func Some[T any](v T) Opt[T] { return Opt[T]{v, optValue} }

// None is the unset Opt.
func None[T any]() Opt[T] { return Opt[T]{} }

// NullOf is the Opt that is null.
func NullOf[T any]() Opt[T] { return Opt[T]{state: optNull} }

// Get returns the value; ok is false, and the value zero, where there is none.
func (o Opt[T]) Get() (v T, ok bool) {
	if o.state != optValue {
		return v, false
	}
	return o.v, true
}

// Or returns the value, or def where there is none.
func (o Opt[T]) Or(def T) T {
	if o.state != optValue {
		return def
	}
	return o.v
}

// IsSet tells whether the member is there: a value or null.
func (o Opt[T]) IsSet() bool { return o.state != optUnset }

// HasValue tells whether there is a value.
func (o Opt[T]) HasValue() bool { return o.state == optValue }

// IsNull tells whether the member is null.
func (o Opt[T]) IsNull() bool { return o.state == optNull }

// Set makes v the value.
func (o *Opt[T]) Set(v T) { o.v, o.state = v, optValue }

// What is asked for less often is a function: methods are compiled for every type that an Opt is of.

// SetNull makes o null and its memory zero.
func SetNull[T any](o *Opt[T]) { *o = Opt[T]{state: optNull} }

// Clear makes o unset and its memory zero.
func Clear[T any](o *Opt[T]) { *o = Opt[T]{} }

// Ptr returns a pointer to the value of o, or nil where there is none.
func Ptr[T any](o *Opt[T]) *T {
	if o.state != optValue {
		return nil
	}
	return &o.v
}

// The functions below are for decoders that read into the same struct again.

// Put makes o a value and returns the pointer to read it into. The value is what it was before, so that a reader can
// use its memory again.
func Put[T any](o *Opt[T]) *T {
	o.state = optValue
	return &o.v
}

// Unset makes o unset and keeps the memory of the old value. Two unset Opts may then differ under ==; where they are
// compared or used as map keys, use [Clear].
func Unset[T any](o *Opt[T]) { o.state = optUnset }

// Kept is o without a value but with its memory, which the next [Put] uses again.
func Kept[T any](o Opt[T]) Opt[T] {
	o.state = optUnset
	return o
}
