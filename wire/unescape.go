package wire

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// needsRewrite tells whether the odd content s of a string differs from its value.
func needsRewrite(s []byte) bool {
	return bytes.IndexByte(s, '\\') >= 0 || !utf8.Valid(s)
}

// unescape appends the value of the validated string content s. Invalid UTF-8 and
// lone surrogates become U+FFFD, as in encoding/json; replaced counts them.
func unescape(dst, s []byte) (out []byte, replaced int) {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s):
			var r rune
			r, i = unescapeOne(s, i+1)
			if r < 0 {
				r = utf8.RuneError
				replaced++
			}
			dst = utf8.AppendRune(dst, r)
		case c < utf8.RuneSelf:
			dst = append(dst, c)
			i++
		default:
			r, size := utf8.DecodeRune(s[i:])
			if r == utf8.RuneError && size == 1 {
				replaced++
			}
			dst = utf8.AppendRune(dst, r)
			i += size
		}
	}
	return dst, replaced
}

// unescapeOne reads the escape whose letter is at i. The rune is negative for a
// lone surrogate.
func unescapeOne(s []byte, i int) (r rune, next int) {
	switch s[i] {
	case 'b':
		return '\b', i + 1
	case 'f':
		return '\f', i + 1
	case 'n':
		return '\n', i + 1
	case 'r':
		return '\r', i + 1
	case 't':
		return '\t', i + 1
	case 'u':
		return unescapeUnicode(s, i)
	}
	return rune(s[i]), i + 1
}

func unescapeUnicode(s []byte, i int) (r rune, next int) {
	r = hex4(s, i+1)
	i += 5
	if !utf16.IsSurrogate(r) {
		return r, i
	}
	if i+1 < len(s) && s[i] == '\\' && s[i+1] == 'u' {
		if pair := utf16.DecodeRune(r, hex4(s, i+2)); pair != utf8.RuneError {
			return pair, i + 6
		}
	}
	return -1, i
}

// hex4 reads four hex digits; it is negative where they are not there.
func hex4(s []byte, i int) rune {
	if i < 0 || len(s)-i < 4 {
		return -1
	}
	var r rune
	for _, c := range s[i : i+4] {
		v := hexValue(c)
		if v < 0 {
			return -1
		}
		r = r<<4 | rune(v)
	}
	return r
}

// quotedText returns the value of the string at i. It aliases b unless there
// are escapes or invalid UTF-8, which are rewritten into new memory.
func quotedText(b []byte, i int) (s []byte, next int) {
	i = Space(b, i)
	if uint(i) >= uint(len(b)) || b[i] != '"' {
		return nil, notKind(b, i)
	}
	start := i + 1
	end, odd := scanString(b, start)
	if end < 0 {
		return nil, end
	}
	s = b[start:end]
	if odd && needsRewrite(s) {
		s, _ = unescape(nil, s)
	}
	return s, end + 1
}
