package wire

import "encoding/binary"

const (
	// DefaultInternLimit is how many strings a Decoder keeps unless told else.
	DefaultInternLimit = 4096
	// MaxInternLength is the length in bytes of the longest string it keeps.
	MaxInternLength = 64

	firstInternSize = 256
)

// internTable keeps recently seen strings. It is bounded for ever: it grows to its
// limit while strings push each other out, then they replace each other. A slot
// pair holds the two latest strings of a hash, so unique texts (order ids) that
// pass through do not drive the frequent ones out for good.
type internTable struct {
	slots   []string // length a power of two
	evicted int      // since the last growth
	limit   int
}

// get returns a string equal to s, an old one if there is one.
func (t *internTable) get(s []byte) string {
	if len(s) == 0 {
		return ""
	}
	if len(s) > MaxInternLength {
		return string(s)
	}
	if i := internHash(s) & (len(t.slots) - 2); i+1 < len(t.slots) {
		if t.slots[i] == string(s) {
			return t.slots[i]
		}
		if t.slots[i+1] == string(s) {
			return t.slots[i+1]
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
	i := internHash([]byte(v)) & (len(t.slots) - 2)
	if t.slots[i+1] != "" {
		t.evicted++
	}
	t.slots[i], t.slots[i+1] = v, t.slots[i]
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
	t.slots = make([]string, size)
	for _, v := range old {
		if v != "" {
			t.put(v)
		}
	}
	t.evicted = 0
}

// internHash mixes the length and up to 16 bytes from both ends; the low bit is
// not used.
func internHash(s []byte) int {
	const k = 0x9E3779B97F4A7C15
	var h uint64
	switch {
	case len(s) >= 8:
		h = binary.LittleEndian.Uint64(s)*k ^ binary.LittleEndian.Uint64(s[len(s)-8:])
	case len(s) >= 4:
		h = uint64(binary.LittleEndian.Uint32(s)) | uint64(binary.LittleEndian.Uint32(s[len(s)-4:]))<<32
	case len(s) > 0:
		h = uint64(s[0]) | uint64(s[len(s)/2])<<8 | uint64(s[len(s)-1])<<16
	}
	h = (h ^ uint64(len(s))) * k
	return int(h >> 32)
}
