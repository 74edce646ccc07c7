package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/venuewire/venuewire/stream"
)

// report is what a soak found.
type report struct {
	took     time.Duration
	short    bool // a busy machine may take too few samples to compare
	clients  int
	handles  int
	keys     int
	kicks    [len(kinds)]int
	cuts     int
	made     uint64 // events, by the fakes
	read     uint64 // by the clients' sockets
	frames   uint64
	bytes    uint64
	drops    uint64 // by HookDrop
	quick    tally
	slow     map[stream.Overflow]*tally
	base     float64
	heap     []float64
	routines []float64
	left     int
	faults   []string
}

// How much more than in the first third the last one may have. What is in flight comes and goes, so heaps are compared by
// the least of each third, and goroutines, which come and go with sessions, by their mean.
const (
	heapGrowth, heapSlack       = 1.10, 2 << 20
	routineGrowth, routineSlack = 1.02, 40
	megabyte                    = 1 << 20
	enoughSamples               = 9
)

func (b *bench) report(watch *meter, took time.Duration) *report {
	r := &report{
		took: took, short: b.cfg.duration < shortRun, clients: len(b.clients), handles: len(b.followers), kicks: b.kicks,
		base: watch.base, heap: watch.heap, routines: watch.routines, slow: make(map[stream.Overflow]*tally),
	}
	made := make(map[string]int64)
	for i, c := range b.clients {
		r.client(c)
		for _, s := range c.symbols {
			made[s] = b.owners[i].made(s)
			r.made += uint64(made[s])
			if last := c.ledger.last(s); last != made[s] {
				r.fault("%s: %d events were made, the last that came in is %d", s, made[s], last)
			}
		}
	}
	for _, f := range b.followers {
		r.follower(f, made)
	}
	if dropped := r.dropped(); dropped != r.drops {
		r.fault("HookDrop told of %d events, gaps of %d", r.drops, dropped)
	}
	return r
}

func (r *report) client(c *client) {
	st := c.link.Stats()
	r.frames += st.FramesIn
	r.bytes += st.BytesIn
	r.keys += len(c.symbols)
	c.ledger.mu.Lock()
	defer c.ledger.mu.Unlock()
	r.read += c.ledger.events
	r.drops += c.ledger.drops
	r.cuts += c.ledger.cuts
	r.faults = append(r.faults, c.ledger.faults...)
	if st.DecodeErrors > 0 || len(st.Unknown) > 0 {
		r.fault("%d elements were not decoded, unknown: %v", st.DecodeErrors, st.Unknown)
	}
}

// follower checks that the sums of a consumer are those of its symbols.
func (r *report) follower(f *follower, made map[string]int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r.faults = append(r.faults, f.faults...)
	var want uint64
	for _, s := range f.symbols {
		want += uint64(made[s])
	}
	t := &f.sum
	if t.events() != want {
		r.fault("%s of %s…: %d events are accounted for, %d were made: %+v", policyNames[f.policy], f.symbols[0], t.events(), want, *t)
	}
	if t.missed != t.dropped+t.conflated || t.dropped != t.stats {
		r.fault("%s of %s…: %d events did not reach the consumer, gaps tell of %d and %d were conflated; Stats says %d",
			policyNames[f.policy], f.symbols[0], t.missed, t.dropped, t.conflated, t.stats)
	}
	sum := &r.quick
	if f.slow > 0 {
		if sum = r.slow[f.policy]; sum == nil {
			sum = new(tally)
			r.slow[f.policy] = sum
		}
	}
	sum.add(*t)
}

func (r *report) dropped() (n uint64) {
	n = r.quick.dropped
	for _, t := range r.slow {
		n += t.dropped
	}
	return n
}

func (r *report) fault(format string, args ...any) {
	r.faults = append(r.faults, fmt.Sprintf(format, args...))
}

// flat compares the last third with the first.
func (r *report) flat(what string, list []float64, of func([]float64) float64, growth, slack float64) {
	if len(list) < enoughSamples {
		if !r.short {
			r.fault("only %d samples of %s", len(list), what)
		}
		return
	}
	if first, last := thirds(list, of); last > first*growth+slack {
		r.fault("%s grew from %.0f to %.0f", what, first, last)
	}
}

// shortRun is a run from which on a machine that takes too few samples is too busy to be believed.
const shortRun = 30 * time.Second

// policies is the order in which they are printed.
var policies = []stream.Overflow{stream.Block, stream.DropOldest, stream.DropNewest, stream.Conflate, stream.Fail}

var policyNames = map[stream.Overflow]string{
	stream.Block: "block", stream.DropOldest: "drop-oldest", stream.DropNewest: "drop-newest", stream.Conflate: "conflate", stream.Fail: "fail",
}

// did checks that the load was one: every policy had to do what it is for.
func (r *report) did() {
	for _, p := range policies {
		t := r.slow[p]
		if t == nil || t.received == 0 {
			r.fault("%s received nothing", policyNames[p])
			continue
		}
		worked := map[stream.Overflow]bool{
			stream.Block: t.missed == 0, stream.DropOldest: t.dropped > 0, stream.DropNewest: t.dropped > 0,
			stream.Conflate: t.conflated > 0, stream.Fail: t.ended > 0 && t.missed == 0,
		}
		if !worked[p] {
			r.fault("%s did not do what it is for: %+v", policyNames[p], *t)
		}
	}
	if r.cuts < slices.Max(r.kicks[:]) || slices.Min(r.kicks[:]) == 0 || r.quick.lost == 0 {
		r.fault("sessions were cut %v times, clients noticed %d, %d events were lost by it", r.kicks, r.cuts, r.quick.lost)
	}
}

// print writes the figures. It fails when something did not hold.
func (r *report) print(out io.Writer) error {
	r.flat("heap", r.heap, least, heapGrowth, heapSlack)
	r.flat("goroutines", r.routines, mean, routineGrowth, routineSlack)
	r.did()
	if r.left > 0 {
		r.fault("%d goroutines are left", r.left)
	}
	r.figures(out)
	if len(r.faults) == 0 {
		fmt.Fprintln(out, "\nall of it holds")
		return nil
	}
	const most = 30
	for _, f := range r.faults[:min(most, len(r.faults))] {
		fmt.Fprintln(out, "does not hold:", f)
	}
	return errors.New("soak: " + r.faults[0])
}

func (r *report) figures(out io.Writer) {
	fmt.Fprintf(out, "%v, %d clients, %d subscriptions, %d handles\n", r.took.Round(100*time.Millisecond), r.clients, r.keys, r.handles)
	fmt.Fprintf(out, "events made %d, read %d in %d frames, %.1f MB, %.0f a second\n",
		r.made, r.read, r.frames, float64(r.bytes)/1e6, float64(r.read)/r.took.Seconds())
	for i, k := range kinds {
		fmt.Fprintf(out, "sessions %s: %d\n", k.name, r.kicks[i])
	}
	fmt.Fprintf(out, "sessions that ended for the clients: %d\n\n", r.cuts)
	fmt.Fprintf(out, "%-18s %12s %12s %12s %12s %12s %8s %8s\n", "handles", "received", "dropped", "conflated", "in reconnect", "while ended", "gaps", "ended")
	r.quick.row(out, "1 key, drop-oldest")
	for _, p := range policies {
		if t := r.slow[p]; t != nil {
			t.row(out, "slow, "+policyNames[p])
		}
	}
	first, last := thirds(r.heap, least)
	fmt.Fprintf(out, "\nheap after collection, without the fakes' %.1f MiB: least of the first third %.1f MiB, of the last third %.1f MiB, highest %.1f MiB\n",
		r.base/megabyte, first/megabyte, last/megabyte, highest(r.heap)/megabyte)
	first, last = thirds(r.routines, mean)
	fmt.Fprintf(out, "goroutines: first third %.0f, last third %.0f, highest %.0f, left at the end %d\n", first, last, highest(r.routines), r.left)
	fmt.Fprintf(out, "dropped by gaps, Stats and HookDrop: %d, %d, %d\n", r.dropped(), r.byStats(), r.drops)
}

func (t *tally) row(out io.Writer, name string) {
	fmt.Fprintf(out, "%-18s %12d %12d %12d %12d %12d %8d %8d\n", name, t.received, t.dropped, t.conflated, t.lost, t.outside, t.gaps, t.ended)
}

func (r *report) byStats() (n uint64) {
	n = r.quick.stats
	for _, t := range r.slow {
		n += t.stats
	}
	return n
}

func least(list []float64) float64 { return slices.Min(list) }

func highest(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	return slices.Max(list)
}
