package stream_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/ibkr/ibkrtest"
	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/iqoption/iqoptiontest"
	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/krakentest"
	"github.com/venuewire/venuewire/kraken/krakenv1"
	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/polygon/polygontest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// script is one feed of each dialect, and how its venue writes an event of it. Faults of what frames say are shown
// through the generated client of each.
type script struct {
	name    string
	members []member // of an event, in the order of the venue
	frame   string   // with the members at %s
	tuple   bool     // members have no names
	quoted  bool     // numbers are text
	// Members that rows damage: an integer that tells events apart, a number, a text, and the one that routes.
	mark, number, text, key string
	feed                    string // its wire name
	unknown                 string // a frame of a name that nobody knows, with a number at %d
	start                   func(t *tape) (tapeClient, error)
}

type member struct{ name, json string }

var scripts = []script{
	{
		name: "polygon", frame: `[{%s}]`, feed: "T", mark: "q", number: "p", text: "i", key: "sym",
		members: []member{{"ev", `"T"`}, {"sym", `"AAPL"`}, {"x", `4`}, {"i", `"12345"`}, {"z", `3`}, {"p", `189.45`}, {"s", `100`}, {"c", `[0,12]`}, {"t", `1536036818784`}, {"q", `1`}},
		unknown: `[{"ev":"ZZ%d","sym":"AAPL"}]`,
		start: func(t *tape) (tapeClient, error) {
			s := polygontest.New()
			t.serve(s.Server, s.Close)
			c, err := polygon.DialStocks(t.Context(), s.Key(), t.options(s.Options())...)
			require.NoError(t, err)
			sub, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"AAPL"}, stream.WithQueue(10_000, stream.Fail))
			return c, play(t, sub, err)
		},
	},
	{
		name: "iqoption", frame: `{"name":"candle-generated","microserviceName":"quotes","msg":{%s}}`, feed: "candle-generated", mark: "id", number: "open", text: "phase", key: "active_id",
		members: []member{{"active_id", `76`}, {"size", `60`}, {"at", `1770899119000000000`}, {"from", `1770899100`}, {"to", `1770899160`}, {"id", `1`},
			{"open", `1.1`}, {"close", `1.2`}, {"min", `1.0`}, {"max", `1.3`}, {"ask", `1.21`}, {"bid", `1.19`}, {"volume", `0`}, {"phase", `"T"`}},
		unknown: `{"name":"zz-%d","msg":{}}`,
		start: func(t *tape) (tapeClient, error) {
			s := iqoptiontest.New()
			t.serve(s.Server, s.Close)
			c, err := iqoption.Dial(t.Context(), iqoption.StaticSSID(stream.NewSecret(s.NewSSID())), t.options(s.Options())...)
			require.NoError(t, err)
			sub, err := c.SubscribeCandles(t.Context(), []iqoption.CandlesKey{{ActiveID: 76, Size: iqoption.CandleSizeM1}}, stream.WithQueue(10_000, stream.Fail))
			return c, play(t, sub, err)
		},
	},
	{
		name: "ibkr", frame: `{"topic":"sld+` + ibkrtest.DefaultAccount + `","result":[{%s}]}`, feed: "sld", mark: "severity", number: "cashbalance", text: "key",
		members: []member{{"key", `"LedgerListUSD"`}, {"acctCode", `"` + ibkrtest.DefaultAccount + `"`}, {"timestamp", `1700248325`}, {"severity", `1`}, {"cashbalance", `206.45`}},
		unknown: `{"topic":"zz%d"}`,
		start: func(t *tape) (tapeClient, error) {
			s := ibkrtest.New()
			t.serve(s.Server, s.Close)
			c, err := ibkr.Dial(t.Context(), t.options(s.Options())...)
			require.NoError(t, err)
			sub, err := c.SubscribeLedger(t.Context(), []ibkr.AccountID{ibkrtest.DefaultAccount}, ibkr.LedgerParams{}, stream.WithQueue(10_000, stream.Fail))
			return c, play(t, sub, err)
		},
	},
	{
		name: "kraken", frame: `{"channel":"trade","type":"update","data":[{%s}]}`, feed: "trade", mark: "trade_id", number: "price", text: "ord_type", key: "symbol",
		members: []member{{"symbol", `"BTC/USD"`}, {"side", `"sell"`}, {"price", `65000.1`}, {"qty", `0.5`}, {"ord_type", `"market"`}, {"trade_id", `1`}, {"timestamp", `"2023-09-25T07:49:36.925603Z"`}},
		unknown: `{"channel":"zz%d","type":"update","data":[]}`,
		start: func(t *tape) (tapeClient, error) {
			s := krakentest.New(krakentest.WithTick(0))
			t.serve(s.Server, s.Close)
			c, err := kraken.DialPublic(t.Context(), t.options(s.Options())...)
			require.NoError(t, err)
			sub, err := c.SubscribeTrades(t.Context(), []kraken.Symbol{"BTC/USD"}, kraken.TradesParams{}, stream.WithQueue(10_000, stream.Fail))
			return c, play(t, sub, err)
		},
	},
	{
		name: "krakenv1", frame: `[119930881,[[%s]],"trade","XBT/USD"]`, tuple: true, quoted: true, feed: "trade", mark: "volume", number: "price", text: "misc",
		members: []member{{"price", `"5541.20000"`}, {"volume", `"1"`}, {"time", `"1534614057.321597"`}, {"side", `"s"`}, {"orderType", `"l"`}, {"misc", `""`}},
		unknown: `[0,{"a":[]},"zz%d","XBT/USD"]`,
		start: func(t *tape) (tapeClient, error) {
			s := krakentest.NewV1(krakentest.WithTick(0))
			t.serve(s.Server, s.Close)
			c, err := krakenv1.DialPublic(t.Context(), t.options(s.Options())...)
			require.NoError(t, err)
			sub, err := c.SubscribeTrades(t.Context(), []krakenv1.Pair{"XBT/USD"}, stream.WithQueue(10_000, stream.Fail))
			return c, play(t, sub, err)
		},
	},
}

// play takes the types out of a handle.
func play[K comparable, T any](t *tape, sub *stream.Sub[K, T], err error) error {
	if err != nil {
		return err
	}
	t.cancel = sub.Close
	t.next = func(ctx context.Context) (json.Marshaler, *stream.Gap, error) {
		ev, err := sub.Next(ctx)
		e, _ := any(&ev.Data).(json.Marshaler)
		return e, ev.Gap, err
	}
	return nil
}

// event writes a frame of one event with this mark; changes are pairs of a member and its JSON, "" leaves it out.
func (s *script) event(mark int, changes ...string) string {
	change := map[string]string{s.mark: s.literal(strconv.Itoa(mark))}
	for i := 0; i < len(changes); i += 2 {
		change[changes[i]] = changes[i+1]
	}
	return fmt.Sprintf(s.frame, strings.Join(s.written(change), ","))
}

// written are the members of an event with changes; members that it has not stand at the end.
func (s *script) written(change map[string]string) (out []string) {
	for _, m := range s.members {
		json, changed := change[m.name]
		delete(change, m.name)
		if !changed {
			json = m.json
		}
		if json != "" {
			out = append(out, s.member(m.name, json))
		}
	}
	for name, json := range change {
		out = append(out, s.member(name, json))
	}
	return out
}

func (s *script) member(name, json string) string {
	if s.tuple {
		return json
	}
	return `"` + name + `":` + json
}

// literal is a number as this venue writes numbers.
func (s *script) literal(number string) string {
	if s.quoted {
		return `"` + number + `"`
	}
	return number
}

// tapeClient is what all clients have.
type tapeClient interface {
	Stats() stream.Stats
	Status() stream.Status
	Unknown() []stream.UnknownElement
	Drift() *wire.Drift
	Close(context.Context) error
}

// tape is a script in play.
type tape struct {
	*testing.T
	*script
	server *streamtest.Server
	client tapeClient
	hook   unknownHook
	next   func(context.Context) (json.Marshaler, *stream.Gap, error)
	cancel func(context.Context) error
	marks  int
	ready  func(*streamtest.Server) // runs before the client dials; nil nothing
	stop   func()
}

func (t *tape) serve(s *streamtest.Server, stop func()) {
	t.server, t.stop = s, stop
	if t.ready != nil {
		t.ready(s)
	}
}

func (t *tape) options(opts []stream.Option) []stream.Option {
	return append(opts, stream.WithHooks(&t.hook))
}

// eachScript plays every script in a bubble of its own.
func eachScript(t *testing.T, test func(t *tape)) {
	for _, s := range scripts {
		t.Run(s.name, func(t *testing.T) { playScript(t, s.name, test) })
	}
}

func playScript(t *testing.T, name string, test func(t *tape)) { playPrepared(t, name, nil, test) }

func playPrepared(t *testing.T, name string, ready func(*streamtest.Server), test func(t *tape)) {
	i := slices.IndexFunc(scripts, func(s script) bool { return s.name == name })
	synctest.Test(t, func(t *testing.T) {
		p := &tape{T: t, script: &scripts[i], marks: firstMark, ready: ready}
		defer func() { p.stop() }()
		var err error
		p.client, err = p.start(p)
		require.NoError(t, err)
		synctest.Wait()
		defer func() { require.NoError(t, p.client.Close(context.Background())) }()
		test(p)
		require.EqualValues(t, 1, p.client.Status().Epoch, "none of it ends a session")
	})
}

// firstMark is beyond the marks of what the fakes send by themselves.
const firstMark = 100_000

// fresh is a mark that no event had.
func (t *tape) fresh() int {
	t.marks++
	return t.marks
}

// wants pushes an event with a fresh mark and returns what the consumer got before it, then it; what the fakes send by
// themselves is left out.
func (t *tape) wants() (before []string, gap *stream.Gap) {
	t.Helper()
	mark := t.fresh()
	t.server.Push(t.event(mark))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		e, g, err := t.next(ctx)
		require.NoError(t, err, "the stream goes on")
		if g != nil {
			require.Nil(t, gap, "one gap")
			gap = g
		}
		text := string(streamtest.JSON(e))
		switch n := t.markOf(text); {
		case n == mark:
			return before, gap
		case n != 0:
			before = append(before, text)
		}
	}
}

// markOf is the mark of an event; 0 for one of the fake's own.
func (t *tape) markOf(event string) int {
	n, err := strconv.Atoi(t.value(event, t.mark))
	if err != nil || n < firstMark {
		return 0
	}
	return n
}

// value reads the scalar of a member out of an encoded event, without its quotes.
func (t *tape) value(event, name string) string {
	if !t.tuple {
		found := regexp.MustCompile(`"` + name + `":"?([^,"}\]]*)`).FindStringSubmatch(event)
		if found == nil {
			return ""
		}
		return found[1]
	}
	row := regexp.MustCompile(`\[\[(.*?)\]`).FindStringSubmatch(event)
	if row == nil {
		return ""
	}
	for i, json := range strings.Split(row[1], ",") {
		if i < len(t.members) && t.members[i].name == name {
			return strings.Trim(json, `"`)
		}
	}
	return ""
}

// counted is how many elements the client could not read or did not know.
func (t *tape) counted() (n int) {
	for _, count := range t.client.Stats().Unknown {
		n += int(count)
	}
	return n
}

// drifted counts what the venue sent and its spec does not say, by kind.
func (t *tape) drifted(kind wire.DriftKind) (n int) {
	for _, row := range t.client.Drift().Snapshot() {
		if row.Kind == kind {
			n += int(row.Count)
		}
	}
	return n
}
