package spectest

import "testing"

// BenchmarkFrames measures one way to read frames, one an operation.
func BenchmarkFrames(b *testing.B, name string, frames [][]byte, read func(frame []byte) error) {
	b.Helper()
	b.Run(name, func(b *testing.B) {
		b.SetBytes(int64(len(frames[0])))
		b.ReportAllocs()
		n := 0
		for b.Loop() {
			if err := read(frames[n%len(frames)]); err != nil {
				b.Fatal(err)
			}
			n++
		}
	})
}
