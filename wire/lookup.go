package wire

// Lookup returns the offset of the value at a path below the value at i. Each
// element names a member (exactly; the first of repeated ones wins), or indexes
// an array by decimal digits. It returns ErrMissing when there is no such value,
// also when a value on the way is neither object nor array. What lies before the
// value is validated, what lies behind it is not looked at. An empty path is
// the value itself.
func Lookup(b []byte, i int, path ...string) (at int) {
	at = Space(b, i)
	for _, name := range path {
		switch Kind(b, at) {
		case '{':
			at = lookupMember(b, at, name)
		case '[':
			at = lookupElement(b, at, name)
		default:
			if end := Skip(b, at); end < 0 {
				return end
			}
			return ErrMissing
		}
		if at < 0 {
			return at
		}
	}
	if uint(at) >= uint(len(b)) {
		return ErrTruncated
	}
	return at
}

func lookupMember(b []byte, i int, name string) int {
	next, more := EnterObject(b, i)
	for more {
		start := next + 1
		end, odd := scanString(b, start)
		if end < 0 {
			return end
		}
		if next = colon(b, end+1); next < 0 {
			return next
		}
		if keyIs(b[start:end], odd, name) {
			return next
		}
		if next = Skip(b, next); next < 0 {
			return next
		}
		next, more = NextMember(b, next)
	}
	if next < 0 {
		return next
	}
	return ErrMissing
}

// keyIs compares the raw content of a key with a name.
func keyIs(raw []byte, odd bool, name string) bool {
	if !odd || !needsRewrite(raw) {
		return string(raw) == name
	}
	var buf [64]byte
	s, _ := unescape(buf[:0], raw)
	return string(s) == name
}

func lookupElement(b []byte, i int, index string) int {
	n := arrayIndex(index)
	next, more := EnterArray(b, i)
	for k := 0; more; k++ {
		if k == n {
			return next
		}
		if next = Skip(b, next); next < 0 {
			return next
		}
		next, more = NextElement(b, next)
	}
	if next < 0 {
		return next
	}
	return ErrMissing
}

// arrayIndex reads an index; it is negative for text that is none.
func arrayIndex(s string) int {
	if s == "" || len(s) > 9 {
		return -1
	}
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}
