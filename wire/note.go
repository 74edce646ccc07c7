package wire

import (
	"math/bits"
	"strconv"
)

// Null is for a plain member whose reader failed with code. If its value is null
// that is counted and the offset behind it is returned; otherwise the failure is
// recorded and the code returned.
func (d *Decoder) Null(b []byte, at int, code Code, typ, member string) int {
	if code == ErrNull {
		if next := Null(b, at); next >= 0 {
			d.Drift.Add(DriftNull, typ, member)
			return next
		}
	}
	return d.Fail(code, b, at, typ, member)
}

// Unknown validates and skips the value at i of an undeclared member, and counts
// the member.
func (d *Decoder) Unknown(b []byte, i int, typ string, key []byte) int {
	next := Skip(b, i)
	if next < 0 {
		return d.Fail(next, b, i, typ, excerpt(key))
	}
	countDrift(d.Drift, DriftUnknownMember, typ, key)
	return next
}

// Missing counts the plain members that were absent: bit k of word w in absent
// stands for names[64*w+k].
func (d *Decoder) Missing(typ string, names []string, absent []uint64) {
	for w, set := range absent {
		for ; set != 0; set &= set - 1 {
			if k := 64*w + bits.TrailingZeros64(set); k < len(names) {
				d.Drift.Add(DriftMissing, typ, names[k])
			}
		}
	}
}

// UnknownEnum counts a value that the enum does not list.
func (d *Decoder) UnknownEnum(typ string, text []byte) {
	countDrift(d.Drift, DriftUnknownEnum, typ, text)
}

// UnknownEnumString is [Decoder.UnknownEnum] for a value that is a string already.
func (d *Decoder) UnknownEnumString(typ, text string) { d.Drift.Add(DriftUnknownEnum, typ, text) }

// UnknownEnumInt is [Decoder.UnknownEnum] for enums of integers.
func (d *Decoder) UnknownEnumInt(typ string, v int64) {
	var buf [24]byte
	countDrift(d.Drift, DriftUnknownEnum, typ, strconv.AppendInt(buf[:0], v, 10))
}

// UnknownVariant counts a value of an open union that no variant but the last
// took; name tells the values apart and may be empty.
func (d *Decoder) UnknownVariant(typ string, name []byte) {
	countDrift(d.Drift, DriftUnknownVariant, typ, name)
}

// Repeated counts a member or map key that came twice.
func (d *Decoder) Repeated(typ string, key []byte) {
	countDrift(d.Drift, DriftRepeatedKey, typ, key)
}
