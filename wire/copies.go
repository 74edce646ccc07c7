package wire

import "unsafe"

const (
	// maxSharedList is the length of the longest list that shares memory with others.
	maxSharedList = 8
	// maxListChunk bounds what a kept list can hold back from the garbage collector: 1 KiB.
	maxListChunk = 128
)

// Copies is the memory of the copies that a queue makes of events. Short lists of integers, such as the conditions of
// trades, share chunks. It is for one goroutine at a time.
type Copies struct{ ints chunk[int64] }

func (c *Copies) room(n int) []int64 {
	if n > maxSharedList {
		return make([]int64, n)
	}
	return c.ints.piece(n, maxListChunk)
}

// CloneInts copies a list of integers.
func CloneInts[T ~int64](c *Copies, s []T) []T {
	switch {
	case s == nil:
		return nil
	case len(s) == 0:
		return []T{}
	}
	out := c.room(len(s))
	for i, n := range s {
		out[i] = int64(n)
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&out[0])), len(out)) // the capacity ends there too
}
