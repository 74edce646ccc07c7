package wire

// Skip validates the value at i as encoding/json does and returns the offset
// behind it, or a code. Nesting beyond [MaxDepth] is ErrDepth.
func Skip(b []byte, i int) int {
	i = Space(b, i)
	if uint(i) >= uint(len(b)) {
		return ErrTruncated
	}
	switch c := b[i]; c {
	case '{', '[':
		return skipNested(b, i)
	default:
		return skipScalar(b, i, c)
	}
}

// skipScalar skips the scalar that starts with c at i.
func skipScalar(b []byte, i int, c byte) int {
	switch c {
	case '"':
		return skipString(b, i+1)
	case 't':
		return literal(b, i, "true")
	case 'f':
		return literal(b, i, "false")
	case 'n':
		return literal(b, i, "null")
	default:
		return skipNumber(b, i)
	}
}

// skipNested skips the array or object at i without recursion. inObject has a
// bit for each open level.
func skipNested(b []byte, i int) int {
	var inObject [MaxDepth / 64]uint64
	depth := 0
	for {
		// Here a value starts at i.
		if i = Space(b, i); uint(i) >= uint(len(b)) {
			return ErrTruncated
		}
		c := b[i]
		if c == '{' || c == '[' {
			if depth == MaxDepth {
				return ErrDepth
			}
			word, bit := depth>>6&7, uint64(1)<<(depth&63)
			depth++
			more := false
			if c == '{' {
				inObject[word] |= bit
				if i, more = EnterObject(b, i); more {
					i = skipKey(b, i)
				}
			} else {
				inObject[word] &^= bit
				i, more = EnterArray(b, i)
			}
			if i < 0 {
				return i
			}
			if more {
				continue
			}
			depth--
		} else if i = skipScalar(b, i, c); i < 0 {
			return i
		}
		// Here a value ended before i: leave all levels that end too.
		for {
			if depth == 0 {
				return i
			}
			top := depth - 1
			more := false
			if inObject[top>>6&7]>>(top&63)&1 != 0 {
				if i, more = NextMember(b, i); more {
					i = skipKey(b, i)
				}
			} else {
				i, more = NextElement(b, i)
			}
			if i < 0 {
				return i
			}
			if more {
				break
			}
			depth--
		}
	}
}

// skipKey skips the key whose opening quote is at i, and its colon.
func skipKey(b []byte, i int) int {
	end := keyEnd(b, i+1)
	if uint(end) < uint(len(b)) && b[end] == '"' {
		end++
	} else if end = skipString(b, end); end < 0 {
		return end
	}
	if uint(end) < uint(len(b)) && b[end] == ':' {
		return Space(b, end+1)
	}
	return colon(b, end)
}

// colon skips the colon at i and the white space around it.
func colon(b []byte, i int) int {
	i = Space(b, i)
	if uint(i) >= uint(len(b)) || b[i] != ':' {
		return unexpected(b, i)
	}
	return Space(b, i+1)
}

// skipNumber returns the offset behind the number at i.
func skipNumber(b []byte, i int) int {
	if uint(i) < uint(len(b)) && b[i] == '-' {
		i++
	}
	switch {
	case uint(i) >= uint(len(b)):
		return ErrTruncated
	case b[i] == '0':
		i++
	default:
		if i = skipDigits(b, i); i < 0 {
			return i
		}
	}
	if uint(i) < uint(len(b)) && b[i] == '.' {
		if i = skipDigits(b, i+1); i < 0 {
			return i
		}
	}
	if uint(i) < uint(len(b)) && b[i]|0x20 == 'e' {
		i++
		if uint(i) < uint(len(b)) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		return skipDigits(b, i)
	}
	return i
}

// skipDigits returns the offset behind one or more digits.
func skipDigits(b []byte, i int) int {
	start := i
	for uint(i) < uint(len(b)) && b[i]-'0' <= 9 {
		i++
	}
	if i == start {
		return unexpected(b, i)
	}
	return i
}
