package stream

const firstRing = 16

// slot is one queued event; gap is what was lost right before it.
type slot[K comparable, T any] struct {
	key       K
	meta      Meta
	gap       Gap
	conflated uint64
	raw       []byte
	data      T
}

// ring is a queue that starts small and doubles up to its bound. Places are counted from the first event on, so
// that a place stays the same while the ring grows.
type ring[K comparable, T any] struct {
	buf        []slot[K, T] // length is a power of two
	head, tail uint64
	bound      int
}

func (r *ring[K, T]) len() int { return int(r.tail - r.head) }

func (r *ring[K, T]) full() bool { return r.len() >= r.bound }

func (r *ring[K, T]) at(place uint64) *slot[K, T] { return &r.buf[place&uint64(len(r.buf)-1)] }

// add returns the next free slot; the caller has made sure that there is one.
func (r *ring[K, T]) add() *slot[K, T] {
	if r.len() == len(r.buf) {
		r.grow()
	}
	r.tail++
	return r.at(r.tail - 1)
}

func (r *ring[K, T]) grow() {
	old := *r
	r.buf = make([]slot[K, T], max(firstRing, 2*len(old.buf)))
	for p := old.head; p != old.tail; p++ {
		*r.at(p) = *old.at(p)
	}
}
