package feed

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFramesAreTheSameEachTime(t *testing.T) {
	for _, size := range Sizes {
		frames := Frames(size)
		require.Equal(t, frames, Frames(size))
		for _, f := range frames {
			var events []map[string]any
			require.NoError(t, json.Unmarshal(f, &events))
			require.Len(t, events, size)
			require.Empty(t, Offsets(f))
			require.Zero(t, ReadStamp(f))
		}
	}
}

func TestStamps(t *testing.T) {
	now := time.Unix(1800000000, 123456789)
	for _, f := range StampedFrames(10) {
		at := Offsets(f)
		Stamp(f, at, now)
		var events []struct {
			Ev string
			Q  int64
		}
		require.NoError(t, json.Unmarshal(f, &events))
		stamped := 0
		for _, e := range events {
			if e.Ev != "AM" {
				stamped++
				require.EqualValues(t, now.UnixNano(), e.Q)
			}
		}
		require.Len(t, at, stamped)
		if stamped > 0 {
			require.EqualValues(t, now.UnixNano(), ReadStamp(f))
		}
	}
}

func TestSinkNotesDelaysOfStampedEventsOnly(t *testing.T) {
	var s Sink
	s.Trade("SYAA", 1, 2, 3, 50385480)
	require.Empty(t, s.Delays)
	s.Quote("SYAA", 1, 2, 3, time.Now().Add(-time.Second).UnixNano())
	require.Len(t, s.Delays, 1)
	require.GreaterOrEqual(t, s.Delays[0], time.Second.Nanoseconds())
	require.Equal(t, 2, s.Events())
}

func TestSumDiffersWithAnyMember(t *testing.T) {
	sums := map[Sum]bool{}
	for _, take := range []func(*Sink){
		func(s *Sink) { s.Quote("SYAA", 1, 2, 3, 4) },
		func(s *Sink) { s.Quote("SYAB", 1, 2, 3, 4) },
		func(s *Sink) { s.Quote("SYBA", 1, 2, 3, 4) },
		func(s *Sink) { s.Quote("SYAA", 2, 1, 3, 4) },
		func(s *Sink) { s.Quote("SYAA", 1, 2, 4, 4) },
		func(s *Sink) { s.Trade("SYAA", 1, 2, 3, 4) },
		func(s *Sink) { s.Bar("SYAA", 1, 2, 3) },
	} {
		var s Sink
		take(&s)
		require.False(t, sums[s.Sum], "%+v", s.Sum)
		sums[s.Sum] = true
	}
}

func TestQuantile(t *testing.T) {
	var values []int64
	for n := range int64(100) {
		values = append(values, n+1)
	}
	slices.Sort(values)
	require.EqualValues(t, 50, Quantile(values, 0.5))
	require.EqualValues(t, 99, Quantile(values, 0.99))
	require.EqualValues(t, 100, Quantile(values, 1))
	require.Zero(t, Quantile(nil, 0.5))
}
