package wire

// TailMember predicts where the last member of the object that is all of b has its value, if that is a string without
// escapes and the member's name with its colon is name: `"topic":`. It looks at the end of b alone; what it returns
// holds if b turns out to be valid. -1 is none.
func TailMember(b []byte, name string) int {
	start, ok := lastString(b, '}')
	if at := start - len(name) - 1; ok && at >= 0 && string(b[at+1:start]) == name && (b[at] == ',' || b[at] == '{') {
		return start
	}
	return -1
}

// TailElements predicts the offsets of the elements of the array that is all of b, if it has lead scalars, one element
// of any kind and trail strings without escapes: it writes them to at and returns their number, or 0. It skips none but
// the scalars; what it returns holds if the element in the middle turns out to end where the strings start.
func TailElements(b []byte, lead, trail int, at []int) int {
	n := lead + 1 + trail
	if n > len(at) {
		return 0
	}
	i, more := EnterArray(b, 0)
	for k := 0; k < lead; k++ {
		if !more || Kind(b, i) == '{' || Kind(b, i) == '[' {
			return 0
		}
		at[k] = i
		i, more = NextElement(b, Skip(b, i))
	}
	if !more {
		return 0
	}
	at[lead] = i
	end, closing := len(b), byte(']')
	for k := n - 1; k > lead; k-- {
		start, ok := lastString(b[:end], closing)
		if !ok || start <= i {
			return 0
		}
		at[k], end, closing = start, start, ','
	}
	return n
}

// lastString finds the start of the string before the byte that b ends with.
func lastString(b []byte, closing byte) (start int, ok bool) {
	end := len(b) - 2
	if end < 1 || b[end+1] != closing || b[end] != '"' {
		return 0, false
	}
	for start = end - 1; start >= 0; start-- { // a name: it is short
		switch b[start] {
		case '"':
			return start, true
		case '\\':
			return 0, false
		}
	}
	return 0, false
}
