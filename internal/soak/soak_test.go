package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
)

// TestSoak is the short form: the same load with fewer subscriptions, and a session that is cut ten times a second.
func TestSoak(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	err := run(t.Context(), []string{"-duration", "3s", "-kick", "100ms", "-pause", "50ms", "-subscriptions", "240", "-burst", "120"}, &out)
	t.Log(out.String())
	require.NoError(t, err)
	require.Contains(t, out.String(), "all of it holds")
}

// trial is a follower of one symbol whose socket has read some events.
func trial(policy stream.Overflow, read ...int64) *follower {
	l := newLedger(nil)
	for _, n := range read {
		l.note(numbered{"S", n})
	}
	return &follower{policy: policy, ledger: l, at: map[string]*place{"S": {}}}
}

// The judge must condemn, or what it lets pass says nothing.
func TestLossesAreNoticed(t *testing.T) {
	t.Parallel()
	reconnect := &stream.Gap{Reason: stream.GapReconnect}
	at := func(n int64, gap *stream.Gap, conflated uint64) received {
		return received{numbered{"S", n}, uint64(n), gap, conflated}
	}
	tests := map[string]struct {
		policy stream.Overflow
		read   []int64
		events []received
		fault  string
	}{
		"nothing is missing":      {stream.Block, []int64{1, 2}, []received{at(1, nil, 0), at(2, nil, 0)}, ""},
		"lost and marked":         {stream.Block, []int64{1, 4}, []received{at(1, nil, 0), at(4, reconnect, 0)}, ""},
		"lost in silence":         {stream.Block, []int64{1, 4}, []received{at(1, nil, 0), at(4, nil, 0)}, "no gap says so"},
		"marked once, lost twice": {stream.Block, []int64{1, 4, 6}, []received{at(1, nil, 0), at(4, reconnect, 0), at(6, nil, 0)}, "no gap says so"},
		"out of order":            {stream.Block, []int64{1, 2}, []received{at(2, nil, 0), at(1, nil, 0)}, "came after"},
		"twice":                   {stream.Block, []int64{1}, []received{at(1, nil, 0), at(1, nil, 0)}, "came after"},
		"conflated":               {stream.Conflate, []int64{1, 2, 3}, []received{at(1, nil, 0), at(3, nil, 1)}, ""},
		"conflated and not told":  {stream.Conflate, []int64{1, 2, 3}, []received{at(1, nil, 0), at(3, nil, 0)}, "are said to be conflated"},
		"of another symbol":       {stream.Block, nil, []received{{numbered: numbered{"X", 1}}}, "not subscribed"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := trial(tt.policy, tt.read...)
			for _, ev := range tt.events {
				f.see(ev)
			}
			if tt.fault == "" {
				require.Empty(t, f.faults)
				return
			}
			require.Len(t, f.faults, 1)
			require.Contains(t, f.faults[0], tt.fault)
		})
	}
}

func TestSumsAreCompared(t *testing.T) {
	t.Parallel()
	check := func(f *follower, made int64) []string {
		r := &report{slow: map[stream.Overflow]*tally{}}
		f.symbols = []string{"S"}
		r.follower(f, map[string]int64{"S": made})
		return r.faults
	}
	full := &stream.Gap{Reason: stream.GapSlowConsumer, Count: 2}
	f := trial(stream.DropOldest, 1, 2, 3)
	f.see(received{numbered{"S", 3}, 3, full, 0})
	f.sum.stats = 2
	require.Empty(t, check(f, 3))
	require.Len(t, check(f, 4), 1, "the last one never came")
	full.Count = 1
	f = trial(stream.DropOldest, 1, 2, 3)
	f.see(received{numbered{"S", 3}, 3, full, 0})
	require.Len(t, check(f, 3), 2, "the gap tells of one event, two are missing")
}

func TestGrowthIsNoticed(t *testing.T) {
	t.Parallel()
	r := new(report)
	r.flat("heap", []float64{1, 1, 1, 5, 5, 5, 9, 9, 9}, mean, 1.1, 2)
	require.Len(t, r.faults, 1)
	r = new(report)
	r.flat("heap", []float64{9, 9, 9, 5, 5, 5, 9, 10, 9}, least, 1.1, 0)
	require.Empty(t, r.faults)
	r.flat("heap", nil, mean, 1.1, 0)
	require.Len(t, r.faults, 1)
}
