// Package wire is the runtime that generated decoders and encoders call: a
// cursor over JSON bytes, exact scalars, presence, drift counters and field
// errors. It uses no reflection and allocates nothing on the normal path.
//
// # Readers
//
// A reader takes a frame b and the offset i of a value; JSON white space before
// the value is allowed. It returns the value and the offset right behind it. A
// negative offset is an error code (see [Code]); the value is then zero.
// Readers accept nothing that encoding/json refuses, never panic and never look
// outside b. They do not look at what follows their value: [NextMember],
// [NextElement] and [End] do, so a decoder that uses them accepts valid JSON only.
//
//	next, more := wire.EnterObject(b, i)
//	for more {
//		var key []byte
//		key, next = d.Key(b, next)
//		if next < 0 {
//			return next
//		}
//		switch string(key) {
//		case "price":
//			v.Price, next = wire.Float64(b, next)
//		default:
//			next = d.Unknown(b, next, "Trade", key)
//		}
//		if next < 0 {
//			return next
//		}
//		next, more = wire.NextMember(b, next)
//	}
//	return next
//
// # Spellings
//
// Scalars have one reader for each spelling: the plain name reads the JSON form
// of the type, the suffix String the quoted form, Flex either, Human what people
// are shown ("$1,300.5", "1.2K", "-0.4%"), and Text a value inside other text,
// which reads as if it were quoted.
package wire
