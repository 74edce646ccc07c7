package spectest

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/wire"
	"github.com/venuewire/venuewire/wire/wiretest"
)

// FuzzDispatch feeds any bytes to the dispatch of every connection of a venue: it never panics and never blocks, what it
// hands back is part of the frame, and what it did with one frame does not change what it does with the next. Seeds are
// the frames given and those of testdata/frames.jsonl.
func FuzzDispatch(f *testing.F, first func(*wire.Drift) stream.Inbound, frames []string, others ...func(*wire.Drift) stream.Inbound) {
	for _, s := range append(recordedFrames(f), frames...) {
		f.Add([]byte(s))
	}
	inbounds := append(others, first)
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, inbound := range inbounds {
			in := inbound(new(wire.Drift))
			fresh := handedBack(t, in, b)
			require.Equal(t, fresh, handedBack(t, in, b), "a frame is taken otherwise the second time")
		}
	})
}

// rest is one element that a dispatch handed back.
type rest struct{ elem, err string }

// handedBack feeds a frame to a dispatch and lists what comes back.
func handedBack(t *testing.T, in stream.Inbound, b []byte) (out []rest) {
	was := bytes.Clone(b)
	in.Frame(b, stream.Meta{}, func(elem []byte, err error) {
		require.True(t, bytes.Contains(b, elem), "%q is no part of the frame", elem)
		text := ""
		if err != nil {
			text = err.Error()
		}
		out = append(out, rest{string(elem), text})
	})
	require.Equal(t, was, b, "the frame was changed")
	return out
}

// recordedFrames are the frames of the recording of the package under test; a package need not have one.
func recordedFrames(t testing.TB) (frames []string) {
	if _, err := os.Stat(recording); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, r := range Recording(t) {
		frames = append(frames, string(r.Bytes(t)))
	}
	return frames
}

// FuzzTypes feeds any bytes to the decoders, the first argument picks one.
func FuzzTypes(f *testing.F, samples []Sample) {
	if len(samples) == 0 {
		f.Skip("no example of the specs holds a type")
	}
	for n, s := range samples {
		for _, text := range s.Texts {
			f.Add(uint16(n), []byte(text))
		}
	}
	f.Fuzz(func(t *testing.T, which uint16, b []byte) {
		wiretest.Check(t, samples[int(which)%len(samples)].Codec, b)
	})
}
