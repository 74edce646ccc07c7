package wire

import "time"

// The functions of this file append the parts of an object: its members' names and values at once. They are kept out of line for the
// reason that AppendName has.

// OpenObject begins an object.
//
//go:noinline
func OpenObject(dst []byte) []byte { return append(dst, '{') }

// CloseObject ends an object.
//
//go:noinline
func CloseObject(dst []byte) []byte { return append(dst, '}') }

// StringMember appends a string.
//
//go:noinline
func StringMember(dst []byte, name, v string) []byte { return AppendString(AppendName(dst, name), v) }

// Int64Member appends an integer.
//
//go:noinline
func Int64Member(dst []byte, name string, v int64) []byte {
	return AppendInt64(AppendName(dst, name), v)
}

// DecimalMember appends a number.
//
//go:noinline
func DecimalMember(dst []byte, name string, v Decimal) []byte {
	return AppendDecimal(AppendName(dst, name), v)
}

// BoolMember appends true or false.
//
//go:noinline
func BoolMember(dst []byte, name string, v bool) []byte { return AppendBool(AppendName(dst, name), v) }

// RawMember appends a value as it is, or null where it is empty.
//
//go:noinline
func RawMember(dst []byte, name string, v Raw) []byte { return AppendRaw(AppendName(dst, name), v) }

// UnixSMember appends a time as [AppendUnixS] does.
//
//go:noinline
func UnixSMember(dst []byte, name string, v time.Time) []byte {
	return AppendUnixS(AppendName(dst, name), v)
}

// UnixMsMember appends a time as [AppendUnixMs] does.
//
//go:noinline
func UnixMsMember(dst []byte, name string, v time.Time) []byte {
	return AppendUnixMs(AppendName(dst, name), v)
}
