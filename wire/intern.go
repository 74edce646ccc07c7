package wire

import (
	"encoding/binary"
	"unsafe"
)

const (
	// DefaultInternLimit is how many strings a Decoder keeps unless told else.
	DefaultInternLimit = 4096
	// MaxInternLength is the length in bytes of the longest string it keeps.
	MaxInternLength = 64

	firstInternSize = 256
)

// InternHash is a hash of a string by where it is, not by what it holds: interned strings are found by it at once, while
// equal strings from elsewhere may differ in it.
func InternHash(s string) uint {
	p := uint64(uintptr(unsafe.Pointer(unsafe.StringData(s))))
	return uint(p * hashFactor >> 32)
}

const hashFactor = 0x9E3779B97F4A7C15

// internTable keeps recently seen strings. It is bounded for ever: it grows to its
// limit while strings push each other out, then they replace each other. A slot
// pair holds the two latest strings of a hash, so unique texts (order ids) that
// pass through do not drive the frequent ones out for good.
type internTable struct {
	slots   []internSlot // length a power of two
	evicted int          // since the last growth
	limit   int
}

// internSlot holds a string and its first bytes, which tell most strings apart without a look at their memory.
type internSlot struct {
	head uint64
	s    string
}

// is tells whether the slot holds s, which starts with head.
func (t *internSlot) is(head uint64, s []byte) bool {
	return t.head == head && len(t.s) == len(s) && (len(s) <= 8 || t.s == string(s))
}

// get returns a string equal to s, an old one if there is one.
func (t *internTable) get(s []byte) string {
	if len(s) == 0 {
		return ""
	}
	if len(s) > MaxInternLength {
		return string(s)
	}
	head := headOf(s)
	if i := internHash(head, s) & (len(t.slots) - 2); i+1 < len(t.slots) {
		if t.slots[i].is(head, s) {
			return t.slots[i].s
		}
		if t.slots[i+1].is(head, s) {
			return t.slots[i+1].s
		}
	}
	return t.add(s)
}

func (t *internTable) add(s []byte) string {
	if len(t.slots) == 0 || t.evicted > len(t.slots)/4 && len(t.slots) < t.limit {
		t.grow()
	}
	v := string(s)
	t.put(v)
	return v
}

func (t *internTable) put(v string) {
	head := headOf([]byte(v))
	i := internHash(head, []byte(v)) & (len(t.slots) - 2)
	if t.slots[i+1].s != "" {
		t.evicted++
	}
	t.slots[i], t.slots[i+1] = internSlot{head, v}, t.slots[i]
}

func (t *internTable) grow() {
	if t.limit == 0 {
		t.limit = DefaultInternLimit
	}
	old := t.slots
	size := 2
	for size < 2*len(old) || size < min(firstInternSize, t.limit) {
		size *= 2
	}
	t.slots = make([]internSlot, size)
	for _, slot := range old {
		if slot.s != "" {
			t.put(slot.s)
		}
	}
	t.evicted = 0
}

// headOf is the first eight bytes of s, zeros behind its end.
func headOf(s []byte) uint64 {
	switch {
	case len(s) >= 8:
		return binary.LittleEndian.Uint64(s)
	case cap(s) >= 8: // what follows s is read and cut off
		return binary.LittleEndian.Uint64(s[:8]) & (1<<(8*len(s)) - 1)
	}
	var h uint64
	for i, c := range s {
		h |= uint64(c) << (8 * i)
	}
	return h
}

// internHash mixes the length and up to 16 bytes from both ends; the low bit is not used.
func internHash(head uint64, s []byte) int {
	h := head
	if len(s) > 8 {
		h = head*hashFactor ^ binary.LittleEndian.Uint64(s[len(s)-8:])
	}
	h = (h ^ uint64(len(s))) * hashFactor
	return int(h >> 32)
}
