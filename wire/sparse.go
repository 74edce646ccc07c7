package wire

import "slices"

// MaxSparse is how many possible members a [Sparse] can tell apart.
const MaxSparse = 128

// Sparse holds the raw values of the few members that are present out of many
// possible ones. Members have ids from 0 to MaxSparse-1. The zero value is empty.
// A Sparse owns its memory; copy it with [Sparse.Clone], not by assignment.
type Sparse struct {
	mask    [MaxSparse / 64]uint64
	entries []sparseEntry
	buf     []byte
	spare   []byte        // memory for the next compaction
	habits  *sparseHabits // of the objects found
}

type sparseEntry struct {
	id, start, end uint32
}

// Reset empties s and keeps its memory.
func (s *Sparse) Reset() {
	s.mask = [MaxSparse / 64]uint64{}
	s.entries, s.buf = s.entries[:0], s.buf[:0]
}

// gather writes the values of all entries, which lie in from, one behind the other into buf.
func (s *Sparse) gather(from []byte) {
	s.buf = s.buf[:0]
	for i := range s.entries {
		e := &s.entries[i]
		s.store(e, from[e.start:e.end])
	}
}

// Add keeps a copy of the value of a member, in place of an earlier one. It is
// false, and nothing happens, for an id out of range.
func (s *Sparse) Add(id int, raw []byte) bool {
	if id < 0 || id >= MaxSparse {
		return false
	}
	if !s.Has(id) {
		s.mask[id>>6] |= 1 << (id & 63)
		s.entries = append(s.entries, sparseEntry{id: uint32(id)})
		s.store(&s.entries[len(s.entries)-1], raw)
		return true
	}
	e := s.find(id)
	if old := s.buf[e.start:e.end]; len(raw) <= len(old) {
		e.end = e.start + uint32(copy(old, raw))
		return true
	}
	e.end = e.start
	s.compact()
	s.store(e, raw)
	return true
}

func (s *Sparse) store(e *sparseEntry, raw []byte) {
	e.start = uint32(len(s.buf))
	s.buf = append(s.buf, raw...)
	e.end = uint32(len(s.buf))
}

// compact drops dead bytes once they are most of the buffer.
func (s *Sparse) compact() {
	if dead := len(s.buf) - s.used(); dead < 256 || dead < len(s.buf)/2 {
		return
	}
	old := s.buf
	s.buf, s.spare = s.spare, old
	s.gather(old)
}

// Has tells whether the member is present.
func (s *Sparse) Has(id int) bool {
	return id >= 0 && id < MaxSparse && s.mask[id>>6]>>(id&63)&1 != 0
}

// Raw returns the raw JSON value of a member, valid until s is changed.
func (s *Sparse) Raw(id int) (raw []byte, ok bool) {
	if !s.Has(id) {
		return nil, false
	}
	e := s.find(id)
	return s.buf[e.start:e.end:e.end], true
}

// find returns the entry of a present member.
func (s *Sparse) find(id int) *sparseEntry {
	for i := range s.entries {
		if int(s.entries[i].id) == id {
			return &s.entries[i]
		}
	}
	return nil
}

// Len is the number of present members.
func (s *Sparse) Len() int { return len(s.entries) }

// Size is the number of bytes that s keeps, those between its values included.
func (s *Sparse) Size() int { return len(s.buf) }

// At returns the n-th present member, in order of arrival; n lies within 0 and
// Len()-1. The value is valid until s is changed.
func (s *Sparse) At(n int) (id int, raw []byte) {
	e := s.entries[n]
	return int(e.id), s.buf[e.start:e.end:e.end]
}

// Mask returns the presence bits: bit id&63 of word id>>6.
func (s *Sparse) Mask() [MaxSparse / 64]uint64 { return s.mask }

// Keep drops every member that keep refuses.
func (s *Sparse) Keep(keep func(id int) bool) {
	kept := s.entries[:0]
	for _, e := range s.entries {
		if keep(int(e.id)) {
			kept = append(kept, e)
			continue
		}
		s.mask[e.id>>6] &^= 1 << (e.id & 63)
	}
	s.entries = kept
}

// Clone is a copy in memory of its own.
func (s *Sparse) Clone() Sparse {
	c := Sparse{mask: s.mask, entries: slices.Clone(s.entries)}
	if size := s.used(); size > 0 {
		c.buf = make([]byte, 0, size)
	}
	c.gather(s.buf)
	return c
}

// used is the number of bytes of the values.
func (s *Sparse) used() (n int) {
	for _, e := range s.entries {
		n += int(e.end - e.start)
	}
	return n
}

// CopyFrom makes s equal to other, reusing the memory of s.
func (s *Sparse) CopyFrom(other *Sparse) {
	s.Reset()
	s.mask = other.mask
	s.entries = append(s.entries, other.entries...)
	s.gather(other.buf)
}

// Merge adds all members of newer, which replace those of s.
func (s *Sparse) Merge(newer *Sparse) {
	for _, e := range newer.entries {
		s.Add(int(e.id), newer.buf[e.start:e.end])
	}
}
