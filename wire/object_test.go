package wire_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
	"github.com/venuewire/venuewire/wire/wiretest"
)

// nbbo has a member of each kind: one that must come, one that may, plain ones.
type nbbo struct {
	bid, ask int64
	symbol   string
	size     wire.Opt[int64]
}

func (v *nbbo) JSONMembers(m *wire.Members) {
	m.String("symbol", &v.symbol).Must()
	m.Int64("bid", &v.bid)
	m.Int64("ask", &v.ask)
	m.OptInt64("size", &v.size)
	m.Beside("ev")
}

func TestObject(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in    string
		want  nbbo
		drift string
		err   string
	}{
		"all":            {in: `{"ev":"Q","symbol":"A","bid":1,"ask":2,"size":3}`, want: nbbo{1, 2, "A", wire.Some[int64](3)}},
		"optional":       {in: `{"symbol":"A","bid":1,"ask":2}`, want: nbbo{bid: 1, ask: 2, symbol: "A"}},
		"plain absent":   {in: `{"symbol":"A","bid":1}`, want: nbbo{bid: 1, symbol: "A"}, drift: "missing Quote.ask"},
		"plain null":     {in: `{"symbol":"A","bid":1,"ask":null}`, want: nbbo{bid: 1, symbol: "A"}, drift: "null Quote.ask"},
		"undeclared":     {in: `{"symbol":"A","x":[1],"bid":1,"ask":2}`, want: nbbo{bid: 1, ask: 2, symbol: "A"}, drift: "unknown-member Quote.x"},
		"must be there":  {in: `{"bid":1,"ask":2}`, err: "symbol"},
		"must have one":  {in: `{"symbol":null,"bid":1,"ask":2}`, err: "symbol"},
		"wrong type":     {in: `{"symbol":"A","bid":"x","ask":2}`, err: "bid"},
		"escaped key":    {in: `{"s\u0079mbol":"A","b\u0069d":1,"ask":2}`, want: nbbo{bid: 1, ask: 2, symbol: "A"}},
		"bad undeclared": {in: `{"symbol":"A","x":[1,,"bid":1}`, err: "x"},
		"truncated":      {in: `{"symbol":"A","bid":1`, err: "Quote"},
		"no object":      {in: `[1]`, err: "Quote"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var drift wire.Drift
			var got nbbo
			d := wire.Decoder{Drift: &drift}
			err := d.Finish([]byte(tc.in), d.Object([]byte(tc.in), 0, "Quote", &got), "Quote")
			if tc.err != "" {
				require.ErrorContains(t, err, tc.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tc.want, got)
			var seen []string
			for _, c := range drift.Snapshot() {
				seen = append(seen, fmt.Sprintf("%s %s.%s", c.Kind, c.Type, c.Name))
			}
			require.Equal(t, tc.drift, strings.Join(seen, ", "))
		})
	}
}

// wide has more members than a word of a mask has bits.
type wide struct {
	n       [70]int64
	present [2]uint64
}

func (v *wide) JSONMembers(m *wire.Members) {
	m.Mask(v.present[:])
	for k := range v.n {
		m.Int64(fmt.Sprintf("m%d", k), &v.n[k])
		if k == 3 {
			m.Also("three")
		}
	}
	m.Beside("ts")
}

// update is a partial update with a member that never changes.
type update struct {
	n       int64
	present [1]uint64
}

func (v *update) JSONMembers(m *wire.Members) {
	m.Mask(v.present[:])
	m.Const("type", `"update"`)
	m.Int64("n", &v.n)
	for range 64 {
		m.Beside("ts")
	}
}

func TestObjectWithMaskAndConstant(t *testing.T) {
	t.Parallel()
	var v update
	var d wire.Decoder
	in := []byte(`{"type":"update","ts":1}`)
	require.Equal(t, len(in), d.Object(in, 0, "Update", &v))
	require.Zero(t, v.present, "a constant is no news, and what stands beside is no member")
	require.Equal(t, `{"type":"update"}`, string(wire.AppendObject(nil, &v)))
}

func TestObjectWithMask(t *testing.T) {
	t.Parallel()
	var v wide
	var drift wire.Drift
	d := wire.Decoder{Drift: &drift}
	in := []byte(`{"m69":1,"three":2,"m5":null}`)
	require.Equal(t, len(in), d.Object(in, 0, "Wide", &v))
	require.Equal(t, [2]uint64{1 << 3, 1 << 5}, v.present, "a null is no value, and nothing changed")
	require.Equal(t, `{"m3":2,"m69":1}`, string(wire.AppendObject(nil, &v)))
	require.Len(t, drift.Snapshot(), 1, "the null; those that did not come are not counted")
}

// kinds has a member of every kind and form.
type kinds struct {
	text, symbol, flex string
	whole              int64
	quoted             uint64
	small              uint32
	real               float64
	price, human       wire.Decimal
	yes, one           bool
	s, ms, day, rfc    time.Time
	raw                wire.Raw
	words              []string
	ids                []int64
	quote              nested
	quotes             []nested
	size               wire.Opt[wire.Decimal]
	at                 wire.Opt[time.Time]
	note               wire.Opt[string]
	count              wire.Opt[int64]
	best               wire.Opt[nested]
	worst              wire.Opt[[]nested]
	tags               wire.Opt[[]string]
	seqs               wire.Opt[[]int64]
	extra              wire.Opt[wire.Raw]
	odd                int64
}

type nested struct{ Bid int64 }

func (v *nested) JSONMembers(m *wire.Members) { m.Int64("bid", &v.Bid) }

func (v *nested) DecodeJSON(d *wire.Decoder, b []byte, i int) int {
	*v = nested{}
	return d.Object(b, i, "Nested", v)
}

func (v *nested) AppendJSON(dst []byte) []byte { return wire.AppendObject(dst, v) }

func (v *kinds) JSONMembers(m *wire.Members) {
	m.Const("type", `"all"`)
	m.String("text", &v.text)
	m.Symbol("symbol", &v.symbol)
	m.String("flex", &v.flex).As(wire.Flex)
	m.Int64("whole", &v.whole)
	m.Uint64("quoted", &v.quoted).As(wire.Quoted)
	m.Uint32("small", &v.small)
	m.Float64("real", &v.real)
	m.Decimal("price", &v.price)
	m.Decimal("human", &v.human).As(wire.Human)
	m.Bool("yes", &v.yes)
	m.Bool("one", &v.one).As(wire.Numeric)
	m.Time("s", &v.s, wire.InUnixS)
	m.Time("ms", &v.ms, wire.InUnixMs).As(wire.Quoted)
	m.Time("day", &v.day, wire.InLayout).Layout("2006-01-02")
	m.Time("rfc", &v.rfc, wire.InRFC3339).Layout("ms")
	m.Raw("raw", &v.raw)
	m.Strings("words", &v.words)
	wire.AddInts(m, "ids", &v.ids)
	m.Value("quote", &v.quote)
	wire.AddList(m, "quotes", &v.quotes)
	m.OptDecimal("size", &v.size)
	m.OptTime("at", &v.at, wire.InUnixNs).Expected().Null(`"0"`, "false")
	m.OptString("note", &v.note).Null()
	m.OptInt64("count", &v.count).Default("1")
	wire.AddOpt(m, "best", &v.best)
	wire.AddOptList(m, "worst", &v.worst)
	m.OptStrings("tags", &v.tags)
	wire.AddOptInts(m, "seqs", &v.seqs)
	m.OptRaw("extra", &v.extra).Null()
	wire.AddFunc(m, "odd", &v.odd,
		func(v *int64, d *wire.Decoder, b []byte, i int) (next int) {
			*v, next = wire.Int64Flex(b, i)
			return next
		},
		func(v *int64, dst []byte) []byte { return wire.AppendInt64(dst, *v) },
	).Optional()
}

func (v *kinds) DecodeJSON(d *wire.Decoder, b []byte, i int) int {
	*v = kinds{}
	return d.Object(b, i, "Kinds", v)
}

func (v *kinds) AppendJSON(dst []byte) []byte { return wire.AppendObject(dst, v) }

const (
	allKinds = `{"type":"all","text":"a","symbol":"B","flex":"1.0","whole":-1,"quoted":"2","small":3,"real":0.5,"price":1.50,` +
		`"human":1200,"yes":true,"one":1,"s":1767311940,"ms":"1767311940001","day":"2026-11-20","rfc":"2026-11-20T01:02:03.004Z",` +
		`"raw":{"x":1},"words":["w"],"ids":[4,5],"quote":{"bid":6},"quotes":[{"bid":7},{"bid":8}],"size":0.10,"at":1767311940000000000,` +
		`"note":"n","count":9,"best":{"bid":10},"worst":[{"bid":11}],"tags":["t"],"seqs":[12],"extra":[13],"odd":14}`
	noOptions = `{"type":"all","text":"","symbol":"","flex":"","whole":0,"quoted":"0","small":0,"real":0,"price":0,"human":0,` +
		`"yes":false,"one":0,"s":0,"ms":"0","day":"1970-01-01","rfc":"1970-01-01T00:00:00.000Z","raw":null,"words":[],"ids":[],` +
		`"quote":{"bid":0},"quotes":[],"at":"0","count":1,"odd":0}`
)

func TestObjectOfAllKinds(t *testing.T) {
	t.Parallel()
	human := strings.Replace(strings.Replace(allKinds, "1200", `"1.2K"`, 1), `"1.0"`, "1.0", 1)
	tests := map[string]struct{ in, out string }{
		"as it is written":   {allKinds, allKinds},
		"other forms":        {human, allKinds},
		"backwards":          {`{"odd":14,` + strings.TrimSuffix(allKinds[1:], `,"odd":14}`) + "}", allKinds},
		"repeated":           {strings.Replace(allKinds, `"size":0.10`, `"size":0.2,"size":0.10`, 1), allKinds},
		"without options":    {noOptions, noOptions},
		"null for all":       {strings.Replace(noOptions, `"at":"0"`, `"at":null,"note":null,"extra":null`, 1), strings.Replace(noOptions, `"at":"0"`, `"at":"0","note":null`, 1)},
		"text that is null":  {strings.Replace(noOptions, `"at":"0"`, `"at":"\u0030"`, 1), noOptions},
		"false that is null": {strings.Replace(noOptions, `"at":"0"`, `"at":false`, 1), noOptions},
	}
	// The extra member comes behind the default of count.
	null := tests["null for all"]
	null.out = strings.Replace(null.out, `,"odd"`, `,"extra":null,"odd"`, 1)
	tests["null for all"] = null
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var drift wire.Drift
			d := wire.Decoder{Drift: &drift}
			var used kinds
			require.Positive(t, used.DecodeJSON(&d, []byte(allKinds), 0))
			for range 2 {
				require.NoError(t, d.Finish([]byte(tc.in), used.DecodeJSON(&d, []byte(tc.in), 0), "Kinds"))
				require.Equal(t, tc.out, string(used.AppendJSON(nil)))
			}
			require.Empty(t, drift.Snapshot())
		})
	}
}

func TestObjectFailsWithAPath(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ old, new, path string }{
		"scalar":         {`"whole":-1`, `"whole":"x"`, "whole"},
		"form":           {`"quoted":"2"`, `"quoted":2`, "quoted"},
		"element":        {`{"bid":8}`, `{"bid":"8"}`, "quotes[1].bid"},
		"option":         {`"size":0.10`, `"size":[]`, "size"},
		"value":          {`"best":{"bid":10}`, `"best":{"bid":{}}`, "best.bid"},
		"list in option": {`"seqs":[12]`, `"seqs":[12,true]`, "seqs[1]"},
		"function":       {`"odd":14`, `"odd":true`, "odd"},
		"constant":       {`"type":"all"`, `"type":[,]`, "type"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var v kinds
			err := wire.Unmarshal([]byte(strings.Replace(allKinds, tc.old, tc.new, 1)), "Kinds", &v)
			var field *wire.FieldError
			require.ErrorAs(t, err, &field)
			require.Equal(t, tc.path, field.Path)
			require.Equal(t, "Kinds", field.Type)
		})
	}
}

// The list of members is made anew for every object, in memory that is used again.
func TestObjectListsCostNothing(t *testing.T) {
	var d wire.Decoder
	quote, b := new(nested), []byte(`{"bid":1}`)
	require.Zero(t, testing.AllocsPerRun(100, func() { quote.DecodeJSON(&d, b, 0) }))
}

// The name of a member may need escapes.
func TestObjectWithAnOddName(t *testing.T) {
	t.Parallel()
	var v oddName
	require.NoError(t, wire.Unmarshal([]byte(`{"a\"b":1}`), "Odd", &v))
	require.Equal(t, `{"a\"b":1}`, string(v.AppendJSON(nil)))
}

type oddName struct{ n int64 }

func (v *oddName) JSONMembers(m *wire.Members) { m.Int64(`a"b`, &v.n) }
func (v *oddName) DecodeJSON(d *wire.Decoder, b []byte, i int) int {
	return d.Object(b, i, "Odd", v)
}
func (v *oddName) AppendJSON(dst []byte) []byte { return wire.AppendObject(dst, v) }

func TestPayload(t *testing.T) {
	t.Parallel()
	var d wire.Decoder
	var v nested
	b := []byte(`{"msg":{"bid":1}}`)
	require.True(t, d.Payload(b, 7, "Quote", "msg", &v))
	require.EqualValues(t, 1, v.Bid)
	require.False(t, d.Payload(b, 0, "Quote", "msg", &v))
	require.ErrorContains(t, d.Err("Quote"), "msg")
	require.True(t, d.Payload(b[7:], 0, "Quote", "", &v), "the payload is the frame")
	require.False(t, d.Payload([]byte(`{"msg":{"bid":true}}`), 7, "Quote", "msg", &v))
	require.ErrorContains(t, d.Err("Quote"), "bid")
}

func TestAppendName(t *testing.T) {
	t.Parallel()
	b := wire.AppendInt64(wire.AppendName([]byte("{"), "a"), 1)
	b = wire.AppendString(wire.AppendName(b, `b\n`), "x")
	require.Equal(t, `{"a":1,"b\n":"x"`, string(b))
}

func TestKindsStandDamage(t *testing.T) {
	t.Parallel()
	wiretest.Exercise(t, wiretest.Type("Kinds", (*kinds).DecodeJSON, (*kinds).AppendJSON), allKinds, noOptions)
}
