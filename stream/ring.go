package stream

const firstRing = 16

// slot is what a queue keeps of an event besides its data; gap is what was lost right before it.
type slot struct {
	data      any // pointer to the event, kept when the event is taken out of it; nil at first
	key       string
	meta      Meta
	gap       Gap
	conflated uint64
	raw       []byte
}

// ring is a queue that starts small and doubles up to its bound. Places are counted from the first event on, so
// that a place stays the same while the ring grows.
type ring struct {
	buf        []slot // length is a power of two
	head, tail uint64
	bound      int
}

func (r *ring) len() int { return int(r.tail - r.head) }

func (r *ring) full() bool { return r.len() >= r.bound }

func (r *ring) at(place uint64) *slot { return &r.buf[place&uint64(len(r.buf)-1)] }

// add returns the place of the next free slot; the caller has made sure that there is one.
func (r *ring) add() uint64 {
	if r.len() == len(r.buf) {
		r.grow()
	}
	r.tail++
	return r.tail - 1
}

func (r *ring) grow() {
	old := *r
	r.buf = make([]slot, max(firstRing, 2*len(old.buf)))
	for p := old.head; p != old.tail; p++ {
		*r.at(p) = *old.at(p)
	}
}
