package stream

const firstRing = 16

// slot is what a queue keeps of an event besides its data; gap is what was lost right before it.
type slot struct {
	key       string
	meta      Meta
	gap       Gap
	conflated uint64
	raw       []byte
}

// store holds the data of queued events by place, so that a queue need not know their type: values go in and out as
// pointers.
type store interface {
	// resize moves the places from head to tail into memory for size events, a power of two.
	resize(size int, head, tail uint64)
	// at is the pointer to the data of a place.
	at(place uint64) any
	// put copies what v points to into a place.
	put(place uint64, v any)
	// merge adds what v points to to a place; false where events replace each other.
	merge(place uint64, v any) bool
}

// events is the store of one type.
type events[T any] struct {
	buf  []T
	kind Kind[T]
}

func (e *events[T]) slot(place uint64) *T { return &e.buf[place&uint64(len(e.buf)-1)] }

func (e *events[T]) resize(size int, head, tail uint64) {
	old := *e
	e.buf = make([]T, size)
	for p := head; p != tail; p++ {
		*e.slot(p) = *old.slot(p)
	}
}

func (e *events[T]) at(place uint64) any { return e.slot(place) }

func (e *events[T]) put(place uint64, v any) { e.kind.copy(e.slot(place), v.(*T)) }

func (e *events[T]) merge(place uint64, v any) bool {
	if e.kind.Merge == nil {
		return false
	}
	var owned T // the older event may keep parts of it
	e.kind.copy(&owned, v.(*T))
	e.kind.Merge(e.slot(place), &owned)
	return true
}

// take moves the data out of a place; its receiver owns it then.
func (e *events[T]) take(place uint64) (v T) {
	s := e.slot(place)
	v, *s = *s, v
	return v
}

// ring is a queue that starts small and doubles up to its bound. Places are counted from the first event on, so
// that a place stays the same while the ring grows.
type ring struct {
	buf        []slot // length is a power of two
	data       store
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
	r.data.resize(len(r.buf), old.head, old.tail)
	for p := old.head; p != old.tail; p++ {
		*r.at(p) = *old.at(p)
	}
}
