package iqoptiontest

import (
	"sync"
	"time"

	"github.com/venuewire/venuewire/iqoption"
)

// asset is a traded asset with its price. Prices are whole numbers of the last decimal.
type asset struct {
	Asset
	base   int64 // price around which it moves
	half   int64 // half of the spread
	seed   uint64
	tick   int64 // ms between two prices
	listed int64 // ms; nothing exists before

	mu        sync.Mutex
	moves     []move
	minutes   map[int64]bar // whole minutes that have passed
	payouts   map[iqoption.OptionType]int64
	suspended bool
}

// move shifts the price for good, from behind the time on.
type move struct{ after, by int64 }

// bar is the course of a time span.
type bar struct {
	open, close, low, high int64
	lowAt, highAt          int64 // ms
}

// octave is a layer of the price: straight lines between points that are a period apart.
type octave struct {
	period int64 // ms
	swing  int64 // of the points, in billionths of the base
}

// octaves give prices the roughness of a random walk, but each price follows from its time alone: no two readers of
// one moment can disagree.
var octaves = [...]octave{
	{86_400_000, 4_000_000}, {21_600_000, 2_000_000}, {3_600_000, 900_000}, {900_000, 450_000}, {240_000, 230_000},
	{60_000, 110_000}, {15_000, 60_000}, {4_000, 30_000}, {1_000, 15_000}, {250, 8_000},
}

const minute = int64(time.Minute / time.Millisecond)

// price is the price of the tick at or before a time.
func (a *asset) price(ms int64) int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.priceLocked(ms - mod(ms, a.tick))
}

func (a *asset) priceLocked(ms int64) int64 {
	var sum int64
	for i := range octaves {
		o := &octaves[i]
		in := mod(ms, o.period)
		k := (ms - in) / o.period
		left, right := a.point(i, k), a.point(i, k+1)
		sum += left + (right-left)*in/o.period
	}
	p := a.base + a.base*sum/1_000_000_000
	for _, m := range a.moves {
		if ms > m.after {
			p += m.by
		}
	}
	return max(p, 1)
}

// point is where the lines of an octave meet.
func (a *asset) point(octave int, k int64) int64 {
	h := mix(a.seed ^ mix(uint64(a.ID)<<8|uint64(octave)) ^ uint64(k))
	swing := octaves[octave].swing
	return int64(h%uint64(2*swing+1)) - swing
}

// mix is the finish of splitmix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// course is the bar of the ticks in [from, to], both included: as at the venue, the tick on the border is the last
// one of the old candle and the first one of the new.
func (a *asset) course(from, to, now int64) bar {
	a.mu.Lock()
	defer a.mu.Unlock()
	from += mod(-from, a.tick)
	b := a.start(from)
	for at := from; at < to; {
		if whole := at + minute; mod(at, minute) == 0 && whole <= to && whole <= now {
			b.join(a.minute(at))
			at = whole
			continue
		}
		at = min(at+a.tick, to)
		b.add(at, a.priceLocked(at-mod(at, a.tick)))
	}
	return b
}

func (a *asset) minute(from int64) bar {
	b, ok := a.minutes[from]
	if ok {
		return b
	}
	b = a.start(from)
	for at := from + a.tick; at <= from+minute; at += a.tick {
		b.add(at, a.priceLocked(at))
	}
	a.minutes[from] = b
	return b
}

func (a *asset) start(ms int64) bar {
	p := a.priceLocked(ms)
	return bar{p, p, p, p, ms, ms}
}

func (b *bar) add(ms, p int64) {
	b.join(bar{p, p, p, p, ms, ms})
}

func (b *bar) join(next bar) {
	b.close = next.close
	if next.low < b.low {
		b.low, b.lowAt = next.low, next.lowAt
	}
	if next.high > b.high {
		b.high, b.highAt = next.high, next.highAt
	}
}

// mod is the remainder that is never negative.
func mod(a, b int64) int64 { return (a%b + b) % b }
