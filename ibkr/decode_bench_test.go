package ibkr

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	goccy "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/spectest"
)

func benchTargets() []Target {
	var out []Target
	for n := range 20 {
		out = append(out, Target(fmt.Sprint(265598+n)))
	}
	return out
}

// tickFrames makes 256 different ticks of four fields, in the form of captured ones.
func tickFrames() [][]byte { return ticksOf(func(*rand.Rand) bool { return true }) }

// deltaFrames makes ticks in which each of the four fields came or not, as toss a coin: the worst of what a feed of
// changes can be for a decoder that expects what came last.
func deltaFrames() [][]byte { return ticksOf(func(r *rand.Rand) bool { return r.IntN(2) == 0 }) }

func ticksOf(has func(*rand.Rand) bool) [][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	price := func() string { return fmt.Sprintf("%.2f", float64(r.IntN(1e5))/100) }
	out := make([][]byte, 256)
	for i := range out {
		conid := 265598 + r.IntN(20)
		b := fmt.Appendf(nil, `{"server_id":"q%d","conidEx":"%d","conid":%d,"_updated":%d,"6119":"q1"`, r.IntN(9), conid, conid, 1777552169161+r.Int64N(1e9))
		for _, f := range [...][2]string{{"31", price()}, {"84", price()}, {"85", fmt.Sprint(r.IntN(1000))}, {"86", price()}} {
			if has(r) {
				b = fmt.Appendf(b, `,"%s":"%s"`, f[0], f[1])
			}
		}
		out[i] = fmt.Appendf(b, `,"topic":"smd+%d"}`, conid)
	}
	return out
}

// tickSum is what a handler does with a tick: it looks at what came.
type tickSum struct{ ticks, prices int }

func directTicks(t testing.TB, sum *tickSum) stream.Inbound {
	a := new(api)
	a.init(spectest.Conn{})
	_, err := a.DirectMarketData(t.Context(), benchTargets(), MarketDataParams{}, func(v *MarketData, _ stream.Meta) {
		sum.ticks++
		if v.Value.Has(TickFieldLast) && v.Value.Has(TickFieldBid) {
			sum.prices++
		}
	})
	require.NoError(t, err)
	return a.inbound()
}

// plainTick is a tick of a program that knows which fields it asked for.
type plainTick struct {
	ServerID string `json:"server_id"`
	ConidEx  string `json:"conidEx"`
	Conid    int64  `json:"conid"`
	Updated  int64  `json:"_updated"`
	Source   string `json:"6119"`
	Last     string `json:"31"`
	Bid      string `json:"84"`
	AskSize  string `json:"85"`
	Ask      string `json:"86"`
}

// plainTicks finds the topic at the end of the frame by bytes and decodes by goccy into a reused struct.
type plainTicks struct {
	sum    tickSum
	wanted map[Target]bool
	tick   plainTick
	opts   []goccy.DecodeOptionFunc
}

func (p *plainTicks) peek(b []byte) error {
	at := bytes.LastIndex(b, []byte(`"topic":"smd+`))
	if at < 0 {
		return fmt.Errorf("another frame: %s", b)
	}
	p.tick = plainTick{}
	if err := goccy.UnmarshalWithOption(b, &p.tick, p.opts...); err != nil {
		return err
	}
	if p.wanted[Target(b[at+len(`"topic":"smd+`):len(b)-2])] {
		p.sum.ticks++
		if p.tick.Last != "" && p.tick.Bid != "" {
			p.sum.prices++
		}
	}
	return nil
}

func newPlainTicks(opts ...goccy.DecodeOptionFunc) *plainTicks {
	p := &plainTicks{wanted: map[Target]bool{}, opts: opts}
	for _, s := range benchTargets() {
		p.wanted[s] = true
	}
	return p
}

func TestDecodersOfTicksAgree(t *testing.T) {
	var own tickSum
	in, peek := directTicks(t, &own), newPlainTicks()
	frames, n := append(tickFrames(), deltaFrames()...), 0
	rest := func(elem []byte, err error) { require.Failf(t, "rest", "%s: %v", elem, err) }
	for _, f := range frames {
		in.Frame(f, stream.Meta{}, rest)
		require.NoError(t, peek.peek(f))
	}
	require.Equal(t, own, peek.sum)
	require.Zero(t, testing.AllocsPerRun(1000, func() { in.Frame(frames[n%len(frames)], stream.Meta{}, rest); n++ }))
}

// BenchmarkTicks is decoding and dispatch of ticks, one an operation.
func BenchmarkTicks(b *testing.B) { benchmarkTicks(b, tickFrames()) }

// BenchmarkTickDeltas is the same for ticks that are all of other fields than the one before.
func BenchmarkTickDeltas(b *testing.B) { benchmarkTicks(b, deltaFrames()) }

func benchmarkTicks(b *testing.B, frames [][]byte) {
	run := func(name string, read func([]byte) error) { spectest.BenchmarkFrames(b, name, frames, read) }
	var sum tickSum
	var failed error
	in, rest := directTicks(b, &sum), func(_ []byte, err error) { failed = err }
	run("generated", func(f []byte) error { in.Frame(f, stream.Meta{}, rest); return failed })
	run("goccy-peek", newPlainTicks().peek)
	run("goccy-peek-borrowed", newPlainTicks(goccy.DecodeNoCopyString()).peek)
}
