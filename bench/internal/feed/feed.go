// Package feed makes the frames that all contenders read, and holds what all of them do with an event.
package feed

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// symbolsCount is the number of tickers in the frames.
const symbolsCount = 500

// Sizes are the numbers of events a frame that are measured.
var Sizes = [...]int{1, 10, 100}

// Symbols lists the tickers of the frames.
func Symbols() []string {
	out := make([]string, symbolsCount)
	for i := range out {
		out[i] = symbol(i)
	}
	return out
}

func symbol(n int) string { return fmt.Sprintf("SY%c%c", 'A'+n/26, 'A'+n%26) }

// Frames makes different frames of a number of events each: in ten, 3 trades, 6 quotes and 1 minute bar of the stocks
// cluster, as often as chance has it. There are so many of them that no branch predictor learns them. The same number
// gives the same frames, in every process.
func Frames(events int) [][]byte { return frames(events, false) }

// StampedFrames are the same with room for a time in the sequence number of trades and quotes; see [Stamp].
func StampedFrames(events int) [][]byte { return frames(events, true) }

func frames(events int, stamped bool) [][]byte {
	g := generator{r: rand.New(rand.NewPCG(1, 2)), stamped: stamped}
	out := make([][]byte, max(32, min(1024, 2560/events)))
	for i := range out {
		all := make([]string, events)
		for k := range all {
			all[k] = g.event()
		}
		out[i] = []byte("[" + strings.Join(all, ",") + "]")
	}
	return out
}

// generator makes events with the members, in the order and of the ranges of the vendor's documentation.
type generator struct {
	r       *rand.Rand
	stamped bool
}

func (g *generator) event() string {
	switch n := g.r.IntN(10); {
	case n < 3:
		return g.trade()
	case n < 9:
		return g.quote()
	}
	return g.bar()
}

func (g *generator) trade() string {
	r := g.r
	return fmt.Sprintf(`{"ev":"T","sym":%q,"x":%d,"i":"%d","z":3,"p":%s,"s":%d,"c":[%d,%d],"t":%d,"q":%s}`,
		g.symbol(), r.IntN(20), r.IntN(1e6), g.price(), r.IntN(1000), r.IntN(50), r.IntN(50), g.time(), g.sequence())
}

func (g *generator) quote() string {
	r := g.r
	return fmt.Sprintf(`{"ev":"Q","sym":%q,"bx":%d,"bp":%s,"bs":%d,"ax":%d,"ap":%s,"as":%d,"c":%d,"i":[%d],"t":%d,"q":%s,"z":3}`,
		g.symbol(), r.IntN(20), g.price(), r.IntN(1000), r.IntN(20), g.price(), r.IntN(1000), r.IntN(5), r.IntN(700), g.time(), g.sequence())
}

func (g *generator) bar() string {
	r, start := g.r, g.time()
	return fmt.Sprintf(`{"ev":"AM","sym":%q,"v":%d,"av":%d,"op":%s,"vw":%s,"o":%s,"c":%s,"h":%s,"l":%s,"a":%s,"z":%d,"s":%d,"e":%d}`,
		g.symbol(), r.IntN(1e5), r.IntN(1e7), g.price(), g.price(), g.price(), g.price(), g.price(), g.price(), g.price(), r.IntN(900), start, start+60000)
}

func (g *generator) symbol() string { return symbol(g.r.IntN(symbolsCount)) }

// price has up to four decimals.
func (g *generator) price() string {
	return strconv.FormatFloat(float64(1+g.r.IntN(50_000_000))/10_000, 'f', -1, 64)
}

func (g *generator) time() int64 { return 1767311940000 + g.r.Int64N(1e9) }

func (g *generator) sequence() string {
	n := g.r.IntN(1e8)
	if g.stamped {
		return strconv.FormatInt(noStamp, 10)
	}
	return strconv.Itoa(n)
}
