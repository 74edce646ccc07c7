package bench_test

import (
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/bench/internal/contender"
	"github.com/venuewire/venuewire/bench/internal/feed"
)

// The rate of the latency benchmark: far below what the slowest contender can take, so that none has a queue.
const (
	latencyFrames = 500 // a second
	latencyEvents = 10  // a frame
)

// expected is what a number of frames of the feed holds, decoded by encoding/json.
func expected(tb testing.TB, events, frames int) expect {
	cycle := feed.Frames(events)
	var whole, rest feed.Sink
	for _, part := range []struct {
		sink   *feed.Sink
		frames [][]byte
	}{{&whole, cycle}, {&rest, cycle[:frames%len(cycle)]}} {
		read, err := contender.Std(part.sink)
		require.NoError(tb, err)
		for _, f := range part.frames {
			require.NoError(tb, read(f))
		}
	}
	return expect{frames: frames, sum: rest.Plus(whole.Sum, frames/len(cycle))}
}

func await(tb testing.TB, c *client) {
	tb.Helper()
	select {
	case <-c.done:
	case <-time.After(2 * time.Minute):
		require.FailNow(tb, "events are missing")
	}
	require.NoError(tb, c.err)
}

// All clients see all events of the frames, to the bit.
func TestClientsAgree(t *testing.T) {
	for _, events := range feed.Sizes {
		want := expected(t, events, 3000/events+7)
		for _, c := range clients {
			t.Run(strconv.Itoa(events)+"/"+c.name, func(t *testing.T) {
				key := newKey()
				cl := c.open(t, key, want)
				play(t, key, events, want.frames, 0)
				await(t, cl)
				if c.decodes {
					require.Equal(t, want.sum, cl.sink.Sum)
				}
				require.Empty(t, cl.sink.Delays)
			})
		}
	}
}

// All clients tell how late events with a time in them are, and none finds one in the future.
func TestClientsSeeDelays(t *testing.T) {
	want := expected(t, latencyEvents, 50)
	for _, c := range clients {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			key := newKey()
			cl := c.open(t, key, want)
			play(t, key, latencyEvents, want.frames, latencyFrames)
			await(t, cl)
			if c.decodes {
				require.Len(t, cl.sink.Delays, want.sum.Trades+want.sum.Quotes)
			}
			require.Greater(t, len(cl.sink.Delays), want.frames/2) // whoever does not decode finds most
			require.Positive(t, slices.Min(cl.sink.Delays))
			require.Less(t, slices.Max(cl.sink.Delays), (30 * time.Second).Nanoseconds())
		})
	}
}

// usage is what this process has used so far.
type usage struct {
	cpu     time.Duration
	mallocs uint64
}

func used() usage {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return usage{cpu: cpuTime(), mallocs: m.Mallocs}
}

// BenchmarkEndToEnd is from the socket to the handler; an operation is a frame. The server is another process, so the
// processor time is that of the client.
func BenchmarkEndToEnd(b *testing.B) {
	for _, events := range feed.Sizes {
		for _, c := range clients {
			b.Run(strconv.Itoa(events)+"/"+c.name, func(b *testing.B) {
				want, key := expected(b, events, b.N), newKey()
				cl := c.open(b, key, want)
				runtime.GC()
				before := used()
				b.ResetTimer()
				play(b, key, events, b.N, 0)
				await(b, cl)
				b.StopTimer()
				after := used()
				if c.decodes {
					require.Equal(b, want.sum, cl.sink.Sum)
				}
				report(b, events, before, after)
			})
		}
	}
}

func report(b *testing.B, events int, before, after usage) {
	all := float64(b.N * events)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "frames/s")
	b.ReportMetric(all/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64((after.cpu-before.cpu).Nanoseconds())/all, "cpu-ns/event")
	b.ReportMetric(float64(after.mallocs-before.mallocs)/all, "allocs/event")
}

// BenchmarkLatency is the time from just before the server's write of a frame to the handler of each of its trades and
// quotes, at a rate that all contenders can take.
func BenchmarkLatency(b *testing.B) {
	for _, c := range clients {
		b.Run(c.name, func(b *testing.B) {
			want, key := expected(b, latencyEvents, b.N), newKey()
			cl := c.open(b, key, want)
			cl.sink.Delays = make([]int64, 0, b.N*latencyEvents)
			runtime.GC()
			b.ResetTimer()
			play(b, key, latencyEvents, b.N, latencyFrames)
			await(b, cl)
			b.StopTimer()
			slices.Sort(cl.sink.Delays)
			b.ReportMetric(0, "ns/op") // the rate is given
			b.ReportMetric(float64(feed.Quantile(cl.sink.Delays, 0.50))/1e3, "p50-µs")
			b.ReportMetric(float64(feed.Quantile(cl.sink.Delays, 0.99))/1e3, "p99-µs")
		})
	}
}
