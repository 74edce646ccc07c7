package wire

const (
	// maxSharedText is the length of the longest text that shares memory with others.
	maxSharedText = 32
	// maxTextChunk bounds what a kept text can hold back from the garbage collector.
	maxTextChunk = 512
)

// textCopies copies texts that come once, such as the ids of trades. Short ones lie one behind the other in chunks, so
// that few of them cost an allocation. The chunks grow from nothing: a decoder that reads one text takes no more.
type textCopies struct {
	chunk []byte // what is written is never written again
	size  int    // of chunk, when it was new
}

// copy returns a string equal to s in memory that nobody changes.
func (t *textCopies) copy(s []byte) string {
	if len(s) > maxSharedText {
		return string(s)
	}
	if len(s) > cap(t.chunk)-len(t.chunk) {
		t.size = min(max(2*t.size, len(s)), maxTextChunk)
		t.chunk = make([]byte, 0, t.size)
	}
	start := len(t.chunk)
	t.chunk = append(t.chunk, s...)
	return viewString(t.chunk[start:])
}
