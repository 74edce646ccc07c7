package wire

// UnknownMember and UntrackedMember stand in place of the number of a member: the first is declared nowhere, the second
// may come or not without anyone counting it.
const (
	UnknownMember   = -1
	UntrackedMember = -2
)

// Find empties s and keeps the object at i in it, whose members it tells apart by id: the number of a member by its
// key, [UnknownMember] or [UntrackedMember]. Of repeated members the last counts. It returns the offset behind the
// object or a code; typ names the type in errors and counters. All calls for one Sparse have the same id.
func (s *Sparse) Find(d *Decoder, b []byte, i int, typ string, id func(key []byte) int) int {
	s.Reset()
	if s.habits == nil {
		s.habits = newSparseHabits()
	}
	f := sparseFinder{s: s, d: d, b: b, start: i, typ: typ, id: id}
	next := f.object()
	if next < 0 {
		s.Reset()
		return next
	}
	s.buf = append(s.buf, b[i:next]...)
	return next
}

// sparseFinder finds the members of one object.
type sparseFinder struct {
	s     *Sparse
	d     *Decoder
	b     []byte
	start int // of the object
	typ   string
	id    func(key []byte) int
}

// object notes where the values of the members lie. It returns the offset behind the object or a code.
func (f *sparseFinder) object() int {
	k, i := beforeFirst, f.start
	for {
		if k, i = f.follow(k, i); k == behindLast {
			return i
		}
		if k, i = f.lookUp(k, i); k == behindLast {
			return i
		}
	}
}

// follow notes members as long as they come as they came before. k is the number of the last one and i the offset
// behind its value, or behind the object. What most members need is compared here, without calls.
func (f *sparseFinder) follow(k, i int) (int, int) {
	b, s, habits := f.b, f.s, f.s.habits
	for {
		next := int(habits[k].next)
		h := &habits[next]
		at := i + int(h.lead)
		if at < 8 || at > len(b) || word(b, at-8)>>(h.leadShift&63) != h.tail || h.lead > 8 && word(b, i) != h.head {
			return k, i
		}
		if next == behindLast {
			return next, at
		}
		end := at + int(h.size)
		if h.quote == 0 || h.size > 8 || end >= len(b) || b[end] != '"' || oddText(word(b, end-8))>>(h.sizeShift&63) != 0 {
			if end = h.textEnd(b, at); end < 0 {
				return k, i
			}
		}
		start, behind := at-int(h.quote), end+int(h.quote)
		if id := int(h.id); id < MaxSparse {
			if s.Has(id) {
				return k, i
			}
			s.add(id, start-f.start, behind-f.start)
		}
		k, i = next, behind
	}
}

// lookUp notes the member that comes at i behind member k, and makes a habit of it. It returns what follow returns, and
// behindLast with a code.
func (f *sparseFinder) lookUp(k, i int) (habit, next int) {
	keyAt, more := f.key(k, i)
	if keyAt < 0 {
		return behindLast, f.d.Fail(keyAt, f.b, len(f.b), f.typ, "")
	}
	if !more {
		if k != beforeFirst {
			f.s.habits.learn(k, behindLast, f.b[i:keyAt], nil)
		}
		return behindLast, keyAt
	}
	key, at := f.d.Key(f.b, keyAt)
	if at < 0 {
		return behindLast, f.d.Fail(at, f.b, keyAt, f.typ, "")
	}
	id := f.id(key)
	if id == UnknownMember {
		if next = f.d.Unknown(f.b, at, f.typ, key); next < 0 {
			return behindLast, next
		}
		return unknownKey, next
	}
	if next = Skip(f.b, at); next < 0 {
		return behindLast, f.d.Fail(next, f.b, at, f.typ, string(key))
	}
	if id == UntrackedMember {
		id = untrackedKey
	} else {
		f.s.note(id, at-f.start, next-f.start)
	}
	return f.s.habits.learn(k, id, f.b[i:at], f.b[at:next]), next
}

// key finds the key at i behind member k; with more not set, at is behind the object or a code.
func (f *sparseFinder) key(k, i int) (at int, more bool) {
	if k == beforeFirst {
		return EnterObject(f.b, i)
	}
	return NextMember(f.b, i)
}

// note adds the member whose value lies from start to end, or puts it in place of an earlier one.
func (s *Sparse) note(id, start, end int) {
	if s.Has(id) {
		e := s.find(id)
		e.start, e.end = uint32(start), uint32(end)
		return
	}
	s.add(id, start, end)
}

// add adds a member that has not come yet.
func (s *Sparse) add(id, start, end int) {
	s.mask[id>>6&1] |= 1 << (id & 63)
	s.entries = append(s.entries, sparseEntry{uint32(id), uint32(start), uint32(end)})
}
