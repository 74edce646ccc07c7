package wire

// sparseHabits are how the members of the objects came that a Sparse has found, by their numbers. Objects of one kind
// have their members in one order, with gaps, and in one form: to compare what comes with what is expected is quicker
// than to look keys up and to search for the ends of values.
type sparseHabits [behindLast + 1]sparseHabit

// Numbers of what is no member that is kept.
const (
	untrackedKey = MaxSparse + iota
	unknownKey
	beforeFirst
	firstMember // whatever it is: no comma comes before it
	behindLast
)

// newSparseHabits knows no member yet.
func newSparseHabits() *sparseHabits {
	t := new(sparseHabits)
	for i := range t {
		t[i].forget()
	}
	return t
}

// sparseHabit is how a member came last. The text of a value is what stands between its quotes, if it has any; the lead
// is all from the end of the member before, or the start of the object, to the text: `,"84":"`.
type sparseHabit struct {
	head      uint64 // the first eight bytes of a lead that is longer than that
	tail      uint64 // the last eight bytes of the lead
	id        uint8  // number of the member
	lead      uint8  // length of the lead
	leadShift uint8  // bits that it is shorter than eight bytes
	quote     uint8  // length of the quote before the text, 0 or 1
	size      uint8  // length of the text
	sizeShift uint8  // bits that it is shorter than eight bytes
	next      uint8  // habit of the member behind it
}

// Longer ones are not kept.
const (
	maxLead = 16
	maxText = 16
)

// textEnd returns the offset behind the text at i, which has a lead, or -1 if it is not plain or no whole number. It
// tries the length that the text had before first: the processor foresees that it is right and goes on at once.
func (h *sparseHabit) textEnd(b []byte, i int) (end int) {
	end = i + int(h.size)
	if h.holds(b, i, end) {
		return end
	}
	if h.quote == 0 {
		if end = digitsEnd(b, i); !isWhole(b, i, end) {
			return -1
		}
	} else if end = plainEnd(b, i); Sep(b, end) != '"' {
		return -1
	}
	h.measured(end - i)
	return end
}

// holds tells whether the text from i to end is whole.
func (h *sparseHabit) holds(b []byte, i, end int) bool {
	if h.size > maxText || end >= len(b) {
		return false
	}
	first, last := uint64(0), word(b, end-8)
	if h.quote == 0 {
		if h.size > 8 {
			first = noDigits(word(b, i))
		}
		return first == 0 && noDigits(last)>>(h.sizeShift&63) == 0 && isWhole(b, i, end)
	}
	if h.size > 8 {
		first = oddText(word(b, i))
	}
	return first == 0 && oddText(last)>>(h.sizeShift&63) == 0 && b[end] == '"'
}

// measured keeps the length of a text.
func (h *sparseHabit) measured(n int) {
	h.size = uint8(min(n, maxText+1))
	h.sizeShift = shortBy(n)
}

// shortBy is how many bits n bytes are shorter than eight.
func shortBy(n int) uint8 { return uint8(64 - 8*min(n, 8)) }

// forget makes the lead one that is never met.
func (h *sparseHabit) forget() { h.lead, h.leadShift, h.tail = 0, 8, ^uint64(0) }

// learn keeps how the member with this id came behind member k: all between the two values, and its value. It returns
// where it keeps it.
func (t *sparseHabits) learn(k, id int, between, value []byte) (habit int) {
	if habit = id; k == beforeFirst {
		habit = firstMember
	}
	t[k].next = uint8(habit)
	h := &t[habit]
	h.id, h.quote = uint8(id), 0
	if Sep(value, 0) == '"' {
		h.quote = 1
	}
	h.measured(len(value) - 2*int(h.quote))
	h.setLead(between)
	return habit
}

// setLead keeps the lead that is between two values, and the quote of the second.
func (h *sparseHabit) setLead(between []byte) {
	n := len(between) + int(h.quote)
	if n > maxLead {
		h.forget()
		return
	}
	var lead [maxLead]byte
	lead[maxLead-1] = '"'
	copy(lead[maxLead-n:], between)
	h.lead, h.leadShift = uint8(n), shortBy(n)
	h.tail = word(lead[:], maxLead-8) >> h.leadShift
	h.head = word(lead[:], (maxLead-n)&7)
}
