package contender

import (
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/bench/internal/feed"
)

// All ways to read the frames see the same events, to the bit.
func TestReadersAgree(t *testing.T) {
	for _, size := range feed.Sizes {
		frames := feed.Frames(size)
		var want feed.Sum
		for _, c := range Readers {
			var sink feed.Sink
			read, err := c.New(&sink)
			require.NoError(t, err)
			for _, f := range frames {
				require.NoError(t, read(f), c.Name)
			}
			if c.Name == NameOurs {
				want = sink.Sum
			}
			require.Equal(t, want, sink.Sum, "%s, %d events a frame", c.Name, size)
			require.Equal(t, size*len(frames), sink.Events(), c.Name)
		}
		require.NotZero(t, want.Bits)
		require.Greater(t, want.Quotes, want.Trades)
		require.Greater(t, want.Trades, want.Bars)
		require.NotZero(t, want.Bars)
	}
}

// A broken frame is an error for all but the vendor's client, which drops a broken element.
func TestBrokenFramesAreErrors(t *testing.T) {
	whole := string(feed.Frames(10)[0])
	for _, c := range Readers {
		for _, frame := range []string{whole[:len(whole)-1], whole[:len(whole)/2]} {
			read, err := c.New(new(feed.Sink))
			require.NoError(t, err)
			require.Error(t, read([]byte(frame)), c.Name)
		}
	}
}

// Trade ids are copied, three in ten events, whether they recur or not, and share memory; nothing else is copied.
func TestAllocations(t *testing.T) {
	frames := feed.Frames(10)
	var sink feed.Sink
	for _, c := range []struct {
		new  func(*feed.Sink) (Reader, error)
		most float64 // an event
	}{{Ours, 0.01}, {OursNewIDs, 0.01}} {
		read, err := c.new(&sink)
		require.NoError(t, err)
		for _, f := range frames {
			require.NoError(t, read(f))
		}
		n := 0
		allocs := testing.AllocsPerRun(4*len(frames), func() { _ = read(frames[n%len(frames)]); n++ })
		require.LessOrEqual(t, allocs/10, c.most)
	}
}

func TestIDsAreNew(t *testing.T) {
	n := idNumbers{frames: map[*byte]*numbered{}}
	frame := []byte(`[{"ev":"T","i":"12"},{"ev":"Q","i":[1]},{"ev":"T","i":"1234"}]`)
	require.Equal(t, `[{"ev":"T","i":"01"},{"ev":"Q","i":[1]},{"ev":"T","i":"0002"}]`, string(n.renumber(frame)))
	require.Equal(t, `[{"ev":"T","i":"03"},{"ev":"Q","i":[1]},{"ev":"T","i":"0004"}]`, string(n.renumber(frame)))
	require.Contains(t, string(frame), `"12"`, "the frames of the others stay as they are")
}

// BenchmarkDecode is decoding and dispatch; an operation is a frame.
func BenchmarkDecode(b *testing.B) {
	for _, size := range feed.Sizes {
		frames := feed.Frames(size)
		for _, c := range Readers {
			b.Run(strconv.Itoa(size)+"/"+c.Name, func(b *testing.B) {
				read, err := c.New(new(feed.Sink))
				require.NoError(b, err)
				decode(b, read, frames)
				events := float64(b.N) * float64(size)
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/events, "ns/event")
				b.ReportMetric(events/b.Elapsed().Seconds(), "events/s")
			})
		}
	}
}

func decode(b *testing.B, read Reader, frames [][]byte) {
	for _, f := range frames { // tables of strings fill once, not in the figures
		require.NoError(b, read(f))
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n := 0
	for b.Loop() {
		if err := read(frames[n%len(frames)]); err != nil {
			b.Fatal(err)
		}
		n++
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(b.N*len(eventsOf(frames[0]))), "allocs/event")
}
