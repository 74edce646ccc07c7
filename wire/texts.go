package wire

const (
	// maxSharedText is the length of the longest text that shares memory with others.
	maxSharedText = 32
	// maxTextChunk bounds what a kept text can hold back from the garbage collector.
	maxTextChunk = 512
)

// textCopies copies texts that come once, such as the ids of trades. Short ones share chunks.
type textCopies struct{ chunk chunk[byte] }

// copy returns a string equal to s in memory that nobody changes.
func (t *textCopies) copy(s []byte) string {
	if len(s) > maxSharedText {
		return string(s)
	}
	own := t.chunk.piece(len(s), maxTextChunk)
	copy(own, s)
	return viewString(own)
}
