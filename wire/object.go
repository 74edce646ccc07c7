package wire

import "math/bits"

// memberWords is the size of the masks over an object's members.
const memberWords = 4

// MaxMembers is how many members an object type may have for [Decoder.Object].
const MaxMembers = 64 * memberWords

// UnknownMember and UntrackedMember stand in place of the number of a member: the first is declared nowhere, the second
// may come or not without anyone counting it.
const (
	UnknownMember   = -1
	UntrackedMember = -2
)

// Members are the members of an object type. Bit k of word w of a mask stands for Names[64*w+k].
type Members struct {
	// Type names the type in errors and counters.
	Type string
	// Names are the keys, in the order of the spec.
	Names []string
	// Optional are the members that may be absent; of the others the absence is counted.
	Optional [memberWords]uint64
	// Must are the members whose absence is an error.
	Must [memberWords]uint64
}

// ReadMember reads the value at offset `at` of the member named key into the struct that `into` points to. It returns
// the offset behind the value, or an error code, and which of the type's members it is, or [UnknownMember] or
// [UntrackedMember].
type ReadMember = func(into any, d *Decoder, key, b []byte, at int) (next, member int)

// Object reads the object at i into a struct by the reader of its members; nil knows no member. Undeclared members are
// validated, skipped and counted, a null where a value is due is counted.
func (d *Decoder) Object(b []byte, i int, m *Members, into any, read ReadMember) int {
	var seen [memberWords]uint64
	i, more := EnterObject(b, i)
	for more {
		key, at := d.Key(b, i)
		if at < 0 {
			return d.Fail(at, b, i, m.Type, "")
		}
		next, k := 0, UnknownMember
		if read != nil {
			next, k = read(into, d, key, b, at)
		}
		switch {
		case k == UnknownMember:
			next = d.Unknown(b, at, m.Type, key)
		case next < 0:
			next = d.nullMember(b, i, at, next, m, &k)
		}
		if next < 0 {
			return next
		}
		if k >= 0 {
			seen[k>>6&(memberWords-1)] |= 1 << (k & 63)
		}
		i, more = NextMember(b, next)
	}
	if i < 0 {
		return d.Fail(i, b, len(b), m.Type, "")
	}
	return d.absent(m, &seen, i)
}

// nullMember is for a member that could not be read. A null counts as having come, except where a value must.
func (d *Decoder) nullMember(b []byte, keyAt, at int, code Code, m *Members, k *int) int {
	key, _ := d.Key(b, keyAt) // nested objects have used the memory of the first reading
	next := d.Null(b, at, code, m.Type, string(key))
	if n := *k; n >= 0 && m.Must[n>>6&(memberWords-1)]&(1<<(n&63)) != 0 {
		*k = UntrackedMember
	}
	return next
}

// absent counts the members that did not come; i is returned unless one of them must.
func (d *Decoder) absent(m *Members, seen *[memberWords]uint64, i int) int {
	for w := range seen {
		left := len(m.Names) - 64*w
		if left <= 0 {
			break
		}
		due := ^uint64(0)
		if left < 64 {
			due = 1<<left - 1
		}
		if missing := m.Must[w] &^ seen[w]; missing != 0 {
			return d.FailMissing(m.Type, m.Names[64*w+bits.TrailingZeros64(missing)])
		}
		if missing := due &^ seen[w] &^ m.Optional[w]; missing != 0 {
			d.Missing(m.Type, m.Names[64*w:], []uint64{missing})
		}
	}
	return i
}
