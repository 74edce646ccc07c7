package wire

// Bool reads true or false.
func Bool(b []byte, i int) (bool, int) {
	i = Space(b, i)
	if uint(i) < uint(len(b)) {
		switch b[i] {
		case 't':
			next := literal(b, i, "true")
			return next >= 0, next
		case 'f':
			return false, literal(b, i, "false")
		}
	}
	return false, notKind(b, i)
}

// BoolNumber reads the numbers 0 and 1; others are ErrValue.
func BoolNumber(b []byte, i int) (bool, int) {
	n, next := Uint64(b, i)
	switch {
	case next < 0:
		return false, next
	case n > 1:
		return false, ErrValue
	}
	return n == 1, next
}

// BoolString reads "true", "false", "1" and "0" in quotes.
func BoolString(b []byte, i int) (bool, int) { return fromText(b, i, BoolText) }

// BoolFlex reads what [Bool] and [BoolString] read.
func BoolFlex(b []byte, i int) (bool, int) {
	if Kind(b, i) == '"' {
		return fromText(b, i, BoolText)
	}
	return Bool(b, i)
}

// BoolText reads the texts true, false, 1 and 0.
func BoolText(s []byte) (bool, Code) {
	switch string(s) {
	case "true", "1":
		return true, 0
	case "false", "0":
		return false, 0
	}
	return false, ErrValue
}
