package stream_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
)

const herdSize = 1000

// chiSquare999 is what a chi-square of 29 degrees of freedom exceeds once in a thousand times.
const chiSquare999 = 58.3

// chiSquare says how far 30 equal parts of a span are from being hit equally often.
func chiSquare(hits []time.Duration, from, span time.Duration) (sum float64) {
	var parts [30]float64
	for _, h := range hits {
		parts[min(int(30*(h-from)/span), 29)]++
	}
	want := float64(len(hits)) / 30
	for _, n := range parts {
		sum += (n - want) * (n - want) / want
	}
	return sum
}

// herd are clients, seeded, that all begin to dial at once and are all refused. It yields the times of their dials.
func herd(t *testing.T, v *venue, refusal error, lasts time.Duration) (at [][]time.Time) {
	at = make([][]time.Time, herdSize)
	var all sync.WaitGroup
	ctx, cancel := context.WithTimeout(t.Context(), lasts)
	defer cancel()
	for i := range at {
		c := v.idleClient(stream.LinkConfig{}, stream.WithRetryFirst(), stream.WithRandom(seeded(uint64(i)).Float64),
			stream.WithDialer(func(context.Context, string, string) (net.Conn, error) {
				at[i] = append(at[i], time.Now())
				return nil, refusal
			}))
		all.Go(func() { _ = c.Dial(ctx) })
	}
	all.Wait()
	synctest.Wait()
	return at
}

// A thousand clients of a server that went away: each of their waits is spread evenly over its span, and when the server
// is back they do not come at once.
func thunderingHerd(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		start := time.Now()
		at := herd(t, v, errors.New("refused"), 95*time.Second)
		for attempt, span := range doubling[:8] {
			var hits []time.Duration
			for _, times := range at {
				hits = append(hits, times[attempt+1].Sub(times[attempt]))
			}
			require.LessOrEqual(t, slices.Max(hits), span)
			require.Less(t, chiSquare(hits, 0, span), chiSquare999, "wait %d", attempt+1)
		}
		returns := start.Add(time.Minute)
		var second [40]int // after the return, the first dials of each
		for _, times := range at {
			require.LessOrEqual(t, inAnyMinute(times), 60)
			for _, dial := range times {
				if !dial.Before(returns) {
					second[int(dial.Sub(returns)/time.Second)]++
					break
				}
			}
		}
		for i, n := range second {
			require.LessOrEqual(t, n, herdSize/10, "second %d", i)
		}
	})
	t.Run("that was thrown out", func(t *testing.T) {
		bubble(t, func(t *testing.T, v *venue) {
			at := herd(t, v, &stream.RateLimitError{RetryAfter: time.Minute}, 2*time.Minute)
			var hits []time.Duration
			for _, times := range at {
				hits = append(hits, times[1].Sub(times[0]))
			}
			require.Less(t, chiSquare(hits, time.Minute, 6*time.Second), chiSquare999)
		})
	})
}
