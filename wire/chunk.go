package wire

// chunk is memory that is handed out in pieces, one behind the other, so that few of them cost an allocation. Chunks grow
// from nothing: who takes one piece takes no more memory. What was handed out is never handed out again.
type chunk[E byte | int64] struct {
	memory []E
	size   int // of memory, when it was new
}

// piece returns memory for n elements, of which the capacity ends with them. No chunk is larger than limit, unless one
// piece is.
func (c *chunk[E]) piece(n, limit int) []E {
	if n > cap(c.memory)-len(c.memory) {
		c.size = max(min(2*c.size, limit), n)
		c.memory = make([]E, 0, c.size)
	}
	from := len(c.memory)
	c.memory = c.memory[:from+n]
	return c.memory[from : from+n : from+n]
}
