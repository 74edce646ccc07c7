package wire

// Space returns the offset of the first byte at or behind i that is no JSON
// white space; it is at most len(b).
func Space(b []byte, i int) int {
	if uint(i) < uint(len(b)) && b[i] > ' ' {
		return i
	}
	return space(b, i)
}

func space(b []byte, i int) int {
	for uint(i) < uint(len(b)) {
		switch b[i] {
		case ' ', '\t', '\n', '\r':
			i++
		default:
			return i
		}
	}
	return i
}

// Kind tells what value starts at i by its first byte: one of { [ " t f n, or 0
// as a digit for numbers. It is the zero byte where no value can start.
func Kind(b []byte, i int) byte {
	i = Space(b, i)
	if uint(i) >= uint(len(b)) {
		return 0
	}
	return kinds[b[i]]
}

var kinds = [256]byte{
	'{': '{', '[': '[', '"': '"', 't': 't', 'f': 'f', 'n': 'n', '-': '0',
	'0': '0', '1': '0', '2': '0', '3': '0', '4': '0', '5': '0', '6': '0', '7': '0', '8': '0', '9': '0',
}

// notKind explains why the value at i was not of the wanted kind.
func notKind(b []byte, i int) Code {
	i = Space(b, i)
	if uint(i) >= uint(len(b)) {
		return ErrTruncated
	}
	switch kinds[b[i]] {
	case 0:
		return ErrSyntax
	case 'n':
		if end := Null(b, i); end < 0 {
			return end
		}
		return ErrNull
	}
	return ErrKind
}

// unexpected is the code for a structural byte at i that is not there.
func unexpected(b []byte, i int) Code {
	if uint(i) >= uint(len(b)) {
		return ErrTruncated
	}
	return ErrSyntax
}

// EnterObject steps into the object at i. With more set, next is at the key of
// its first member; otherwise next is behind the empty object or a code.
func EnterObject(b []byte, i int) (next int, more bool) {
	if i >= 0 && i+1 < len(b) && b[i] == '{' && b[i+1] == '"' {
		return i + 1, true
	}
	return enterObject(b, i)
}

func enterObject(b []byte, i int) (next int, more bool) {
	i = Space(b, i)
	if uint(i) >= uint(len(b)) || b[i] != '{' {
		return notKind(b, i), false
	}
	i = Space(b, i+1)
	if uint(i) < uint(len(b)) {
		switch b[i] {
		case '"':
			return i, true
		case '}':
			return i + 1, false
		}
	}
	return unexpected(b, i), false
}

// NextMember goes on from the offset behind a member's value. With more set,
// next is at the key of the next member; otherwise next is behind the object
// or a code.
func NextMember(b []byte, i int) (next int, more bool) {
	if uint(i) < uint(len(b)) && b[i] == ',' {
		if i++; uint(i) < uint(len(b)) && b[i] == '"' {
			return i, true
		}
		return memberKey(b, i)
	}
	return closing(b, i, '}')
}

// memberKey finds the key that must follow a comma, behind white space.
func memberKey(b []byte, i int) (int, bool) {
	i = space(b, i)
	if uint(i) < uint(len(b)) && b[i] == '"' {
		return i, true
	}
	return unexpected(b, i), false
}

// closing handles what follows a member or element other than an immediate comma.
func closing(b []byte, i int, end byte) (int, bool) {
	i = Space(b, i)
	if uint(i) < uint(len(b)) {
		switch {
		case b[i] == end:
			return i + 1, false
		case b[i] == ',' && end == '}':
			return memberKey(b, i+1)
		case b[i] == ',':
			return element(b, i+1)
		}
	}
	return unexpected(b, i), false
}

// EnterArray steps into the array at i. With more set, next is at its first
// element; otherwise next is behind the empty array or a code.
func EnterArray(b []byte, i int) (next int, more bool) {
	if i >= 0 && i+1 < len(b) && b[i] == '[' && kinds[b[i+1]] != 0 {
		return i + 1, true
	}
	i = Space(b, i)
	if uint(i) >= uint(len(b)) || b[i] != '[' {
		return notKind(b, i), false
	}
	i = Space(b, i+1)
	if uint(i) < uint(len(b)) && b[i] == ']' {
		return i + 1, false
	}
	return element(b, i)
}

// NextElement goes on from the offset behind an element. With more set, next is
// at the next element; otherwise next is behind the array or a code.
func NextElement(b []byte, i int) (next int, more bool) {
	if uint(i) < uint(len(b)) {
		switch b[i] {
		case ',':
			if i++; uint(i) < uint(len(b)) && kinds[b[i]] != 0 {
				return i, true
			}
			return element(b, i)
		case ']':
			return i + 1, false
		}
	}
	return closing(b, i, ']')
}

// element finds the value that must follow a bracket or comma.
func element(b []byte, i int) (int, bool) {
	i = Space(b, i)
	if uint(i) < uint(len(b)) && kinds[b[i]] != 0 {
		return i, true
	}
	return unexpected(b, i), false
}

// Null returns the offset behind the null at i, or ErrKind for another value.
func Null(b []byte, i int) int {
	i = Space(b, i)
	if uint(i) < uint(len(b)) && b[i] == 'n' {
		return literal(b, i, "null")
	}
	return notKind(b, i)
}

// literal returns the offset behind the word at i.
func literal(b []byte, i int, word string) int {
	if len(b)-i >= len(word) && string(b[i:i+len(word)]) == word {
		return i + len(word)
	}
	if rest := b[i:]; len(rest) < len(word) && string(rest) == word[:len(rest)] {
		return ErrTruncated
	}
	return ErrSyntax
}

// End checks that nothing but white space follows from i on. It returns len(b),
// or ErrSyntax.
func End(b []byte, i int) int {
	if i < 0 {
		return i
	}
	if i = Space(b, i); i < len(b) {
		return ErrSyntax
	}
	return i
}

// Valid tells whether b is exactly one JSON value, nested at most [MaxDepth]
// deep.
func Valid(b []byte) bool {
	i := Skip(b, 0)
	return i >= 0 && End(b, i) >= 0
}
