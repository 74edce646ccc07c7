// Package wiretest holds what decoders built on package wire must stand: every
// sample cut at every offset, thousands of damaged samples, used targets,
// overwritten frames, odd but valid spellings. Generated tests call it; decoders
// written by hand can too.
package wiretest

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/venuewire/venuewire/wire"
)

// Codec is one type under test. Make it with [Type] or [Object].
type Codec struct {
	// Name is the type's name, in messages and for the seed of the mutants.
	Name string
	// New makes a target, a fresh value of the type.
	New func() Target
	// Closed says that the type's own object has no room for foreign members:
	// a map, or an object of exactly one member. They are not added then.
	Closed bool
}

// Target is one value of the type under test.
type Target struct {
	// Decode reads the JSON value at i into the target and returns the offset
	// behind it or a code.
	Decode func(d *wire.Decoder, b []byte, i int) int
	// Encode appends the target as JSON.
	Encode func(dst []byte) []byte
}

// Type makes the Codec of T from its decoder and encoder; with generated types:
// wiretest.Type("Trade", (*Trade).DecodeJSON, (*Trade).AppendJSON).
func Type[T any](
	name string,
	decode func(v *T, d *wire.Decoder, b []byte, i int) int,
	encode func(v *T, dst []byte) []byte,
) Codec {
	return Codec{Name: name, New: func() Target {
		v := new(T)
		return Target{
			Decode: func(d *wire.Decoder, b []byte, i int) int { return decode(v, d, b, i) },
			Encode: func(dst []byte) []byte { return encode(v, dst) },
		}
	}}
}

// Object makes the Codec of a type that lists its members.
func Object[T any, P wire.ObjectPointer[T]]() Codec {
	return Type(reflect.TypeFor[T]().Name(), wire.ReadObject[T, P], wire.WriteObject[T, P])
}

// decode reads b as a whole.
func (t Target) decode(d *wire.Decoder, b []byte) int {
	next := t.Decode(d, b, 0)
	if next >= 0 {
		next = wire.End(b, next)
	}
	d.Forget()
	return next
}

// bench is a codec with the decoder and target that are used again and again.
type bench struct {
	codec Codec
	d     wire.Decoder
	used  Target
}

func newBench(c Codec) *bench { return &bench{codec: c, used: c.New()} }

// check runs one input through a used and a fresh target and returns what is
// wrong, if anything. strict says that the value must survive its encoding.
func (w *bench) check(b []byte, strict bool) error {
	next := w.used.decode(&w.d, b)
	fresh := w.codec.New()
	var d wire.Decoder
	if again := fresh.decode(&d, b); again != next {
		return fmt.Errorf("a used target gives %d, a fresh one %d", next, again)
	}
	if next < 0 {
		return nil
	}
	if !json.Valid(b) {
		return fmt.Errorf("accepted, but not valid JSON")
	}
	first := fresh.Encode(nil)
	if used := w.used.Encode(nil); string(used) != string(first) {
		return fmt.Errorf("a used target holds\n%s\na fresh one\n%s", used, first)
	}
	return w.stable(first, strict)
}

// stable checks that an encoding is JSON, reads back and is then written the same.
func (w *bench) stable(first []byte, strict bool) error {
	if !json.Valid(first) {
		return fmt.Errorf("the encoding is not valid JSON:\n%s", first)
	}
	var d wire.Decoder
	again := w.codec.New()
	if code := again.decode(&d, first); code < 0 {
		if strict {
			return fmt.Errorf("the encoding is refused: %s\n%s", wire.CodeText(code), first)
		}
		return nil
	}
	if second := again.Encode(nil); string(second) != string(first) {
		return fmt.Errorf("encoded as\n%s\nthen as\n%s", first, second)
	}
	return nil
}

// Checked makes one decoder of the two of a type that reads its members only when they are asked for: with generated
// types wiretest.Checked((*Tick).decode, (*Tick).check).
func Checked[T any](
	decode func(v *T, d *wire.Decoder, b []byte, i int) int,
	check func(v *T, d *wire.Decoder) int,
) func(v *T, d *wire.Decoder, b []byte, i int) int {
	return func(v *T, d *wire.Decoder, b []byte, i int) int {
		next := decode(v, d, b, i)
		if next < 0 {
			return next
		}
		if code := check(v, d); code < 0 {
			return code
		}
		return next
	}
}
