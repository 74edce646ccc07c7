package wire

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// AppendString appends s as a JSON string as encoding/json does without HTML
// escaping: invalid UTF-8 becomes \ufffd.
//
//go:noinline // see AppendName
func AppendString(dst []byte, s string) []byte { return appendQuoted(dst, s) }

// AppendBytesString is [AppendString] for bytes.
func AppendBytesString(dst, s []byte) []byte { return appendQuoted(dst, s) }

func appendQuoted[S string | []byte](dst []byte, s S) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		if plain(s[i]) {
			i++
			continue
		}
		size, esc := escapeFor(s, i)
		if esc != "" {
			dst = append(append(dst, s[start:i]...), esc...)
			if esc == controlEscape {
				dst = append(dst, hexDigits[s[i]>>4], hexDigits[s[i]&15])
			}
			start = i + size
		}
		i += size
	}
	return append(append(dst, s[start:]...), '"')
}

const (
	hexDigits     = "0123456789abcdef"
	controlEscape = `\u00`
)

// escapeFor returns how the character at i, which is not plain, is escaped, and
// its size. Line separators are escaped because JavaScript takes them for line ends.
func escapeFor[S string | []byte](s S, i int) (size int, esc string) {
	switch c := s[i]; {
	case c == '"':
		return 1, `\"`
	case c == '\\':
		return 1, `\\`
	case c == '\b':
		return 1, `\b`
	case c == '\f':
		return 1, `\f`
	case c == '\n':
		return 1, `\n`
	case c == '\r':
		return 1, `\r`
	case c == '\t':
		return 1, `\t`
	case c < ' ':
		return 1, controlEscape
	}
	r, size := utf8.DecodeRuneInString(string(s[i:min(len(s), i+utf8.UTFMax)]))
	switch {
	case r == utf8.RuneError && size == 1:
		return 1, `\ufffd`
	case r == '\u2028':
		return size, `\u2028`
	case r == '\u2029':
		return size, `\u2029`
	}
	return size, ""
}

// AppendInt64 appends v as digits.
//
//go:noinline // see AppendName
func AppendInt64(dst []byte, v int64) []byte { return strconv.AppendInt(dst, v, 10) }

// AppendUint64 appends v as digits.
func AppendUint64(dst []byte, v uint64) []byte { return strconv.AppendUint(dst, v, 10) }

// AppendFloat64 appends the shortest number that reads back as v, in the form of
// encoding/json. JSON has no infinities and no NaN: they are written as null.
func AppendFloat64(dst []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(dst, "null"...)
	}
	if abs := math.Abs(v); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		dst = strconv.AppendFloat(dst, v, 'e', -1, 64)
		// e-09 is written e-9.
		if n := len(dst); n >= 4 && dst[n-4] == 'e' && dst[n-3] == '-' && dst[n-2] == '0' {
			dst[n-2] = dst[n-1]
			dst = dst[:n-1]
		}
		return dst
	}
	return strconv.AppendFloat(dst, v, 'f', -1, 64)
}

// AppendBool appends true or false.
//
//go:noinline // see AppendName
func AppendBool(dst []byte, v bool) []byte { return strconv.AppendBool(dst, v) }

// AppendBoolNumber appends 1 or 0.
//
//go:noinline // see AppendName
func AppendBoolNumber(dst []byte, v bool) []byte {
	if v {
		return append(dst, '1')
	}
	return append(dst, '0')
}

// AppendName appends the name of an object's next member, and the comma before it; name is what stands
// between the quotes.
//
// It is kept out of line: generated encoders call it for every member, and its code in each of them makes packages of
// hundreds of types slow to build.
//
//go:noinline
func AppendName(dst []byte, name string) []byte {
	if n := len(dst); n > 0 && dst[n-1] != '{' {
		dst = append(dst, ',')
	}
	dst = append(dst, '"')
	dst = append(dst, name...)
	return append(dst, '"', ':')
}

// EndObject ends an object that was written as { and members with a comma behind
// each.
func EndObject(dst []byte) []byte { return end(dst, '}') }

// EndArray ends an array that was written as [ and elements with a comma behind
// each.
func EndArray(dst []byte) []byte { return end(dst, ']') }

func end(dst []byte, bracket byte) []byte {
	if n := len(dst); n > 0 && dst[n-1] == ',' {
		dst[n-1] = bracket
		return dst
	}
	return append(dst, bracket)
}
