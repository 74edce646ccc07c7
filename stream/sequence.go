package stream

// Sequence watches a counter that a venue puts into the events of one subscription. The zero value is ready; it is not
// for use by several goroutines.
type Sequence struct {
	epoch uint64
	next  int64
	begun bool
}

// Lost takes the counter of the next event, which starts at first in each session and grows by step, and returns how
// many events are missing before it: 0 for none, or for a counter that went back.
func (s *Sequence) Lost(m *Meta, n, first, step int64) uint64 {
	want, known := s.next, s.begun && s.epoch == m.Epoch
	if !known {
		want = first
	}
	s.epoch, s.next, s.begun = m.Epoch, n+step, true
	if step <= 0 || n <= want {
		return 0
	}
	return uint64((n - want + step - 1) / step)
}
