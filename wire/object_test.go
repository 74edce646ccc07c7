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
		"plain absent":   {in: `{"symbol":"A","bid":1}`, want: nbbo{bid: 1, symbol: "A"}, drift: "missing nbbo.ask"},
		"plain null":     {in: `{"symbol":"A","bid":1,"ask":null}`, want: nbbo{bid: 1, symbol: "A"}, drift: "null nbbo.ask"},
		"undeclared":     {in: `{"symbol":"A","x":[1],"bid":1,"ask":2}`, want: nbbo{bid: 1, ask: 2, symbol: "A"}, drift: "unknown-member nbbo.x"},
		"must be there":  {in: `{"bid":1,"ask":2}`, err: "symbol"},
		"must have one":  {in: `{"symbol":null,"bid":1,"ask":2}`, err: "symbol"},
		"wrong type":     {in: `{"symbol":"A","bid":"x","ask":2}`, err: "bid"},
		"escaped key":    {in: `{"s\u0079mbol":"A","b\u0069d":1,"ask":2}`, want: nbbo{bid: 1, ask: 2, symbol: "A"}},
		"bad undeclared": {in: `{"symbol":"A","x":[1,,"bid":1}`, err: "x"},
		"truncated":      {in: `{"symbol":"A","bid":1`, err: "nbbo"},
		"no object":      {in: `[1]`, err: "nbbo"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var drift wire.Drift
			var got nbbo
			d := wire.Decoder{Drift: &drift}
			err := d.Finish([]byte(tc.in), d.Object([]byte(tc.in), 0, &got), "nbbo")
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
	require.Equal(t, len(in), d.Object(in, 0, &v))
	require.Zero(t, v.present, "a constant is no news, and what stands beside is no member")
	require.Equal(t, `{"type":"update"}`, string(wire.AppendObject(nil, &v)))
}

func TestObjectWithMask(t *testing.T) {
	t.Parallel()
	var v wide
	var drift wire.Drift
	d := wire.Decoder{Drift: &drift}
	in := []byte(`{"m69":1,"three":2,"m5":null}`)
	require.Equal(t, len(in), d.Object(in, 0, &v))
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
	quote              ownQuote
	quotes             []ownQuote
	object             nested
	objects            []nested
	size               wire.Opt[wire.Decimal]
	at                 wire.Opt[time.Time]
	note               wire.Opt[string]
	count              wire.Opt[int64]
	best               wire.Opt[ownQuote]
	worst              wire.Opt[[]ownQuote]
	option             wire.Opt[nested]
	options            wire.Opt[[]nested]
	sizes              wire.Map[int64, nested]
	names              wire.Opt[wire.Map[string, float64]]
	empty              nested
	tags               wire.Opt[[]string]
	seqs               wire.Opt[[]int64]
	extra              wire.Opt[wire.Raw]
	odd                int64
}

// nested is an object within another.
type nested struct {
	bid  int64
	deep []nested
}

func (v *nested) JSONMembers(m *wire.Members) {
	m.Int64("bid", &v.bid)
	wire.AddObjects(m, "deep", &v.deep).Optional()
}

// ownQuote reads and writes itself.
type ownQuote struct{ bid int64 }

func (v *ownQuote) DecodeJSON(d *wire.Decoder, b []byte, i int) int {
	var in nested
	next := d.Object(b, i, &in)
	v.bid = in.bid
	return next
}

func (v *ownQuote) AppendJSON(dst []byte) []byte {
	return append(wire.AppendInt64(append(dst, `{"bid":`...), v.bid), '}')
}

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
	m.Object("object", &v.object)
	wire.AddObjects(m, "objects", &v.objects)
	m.OptDecimal("size", &v.size)
	m.OptTime("at", &v.at, wire.InUnixNs).Expected().Null(`"0"`, "false")
	m.OptString("note", &v.note).Null()
	m.OptInt64("count", &v.count).Default("1")
	wire.AddOpt(m, "best", &v.best)
	wire.AddOptList(m, "worst", &v.worst)
	wire.AddOptObject(m, "option", &v.option)
	wire.AddOptObjects(m, "options", &v.options)
	wire.AddMap(m, "sizes", &v.sizes, func(e *wire.Members, k *int64, x *nested) {
		e.Int64("key", k).As(wire.Quoted)
		e.Object("value", x)
	})
	wire.AddOptMap(m, "names", &v.names, func(e *wire.Members, k *string, x *float64) {
		e.Symbol("key", k)
		e.Float64("value", x)
	}).OrEmptyArray()
	m.Object("empty", &v.empty).OrEmptyArray()
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

const (
	allKinds = `{"type":"all","text":"a","symbol":"B","flex":"1.0","whole":-1,"quoted":"2","small":3,"real":0.5,"price":1.50,` +
		`"human":1200,"yes":true,"one":1,"s":1767311940,"ms":"1767311940001","day":"2026-11-20","rfc":"2026-11-20T01:02:03.004Z",` +
		`"raw":{"x":1},"words":["w"],"ids":[4,5],"quote":{"bid":6},"quotes":[{"bid":7},{"bid":8}],"object":{"bid":15,"deep":[{"bid":16,"deep":[]}]},"objects":[{"bid":17,"deep":[]}],"size":0.10,"at":1767311940000000000,` +
		`"note":"n","count":9,"best":{"bid":10},"worst":[{"bid":11}],"option":{"bid":18,"deep":[]},"options":[{"bid":19,"deep":[]}],"sizes":{"60":{"bid":20,"deep":[]},"5":{"bid":21,"deep":[]},"7":{"bid":22,"deep":[]}},"names":{"a\"b":1.5},"empty":{"bid":23,"deep":[]},"tags":["t"],"seqs":[12],"extra":[13],"odd":14}`
	noOptions = `{"type":"all","text":"","symbol":"","flex":"","whole":0,"quoted":"0","small":0,"real":0,"price":0,"human":0,` +
		`"yes":false,"one":0,"s":0,"ms":"0","day":"1970-01-01","rfc":"1970-01-01T00:00:00.000Z","raw":null,"words":[],"ids":[],` +
		`"quote":{"bid":0},"quotes":[],"object":{"bid":0,"deep":[]},"objects":[],"at":"0","count":1,"sizes":{},"empty":{"bid":0,"deep":[]},"odd":0}`
)

func TestObjectOfAllKinds(t *testing.T) {
	t.Parallel()
	human := strings.Replace(strings.Replace(allKinds, "1200", `"1.2K"`, 1), `"1.0"`, "1.0", 1)
	tests := map[string]struct{ in, out string }{
		"as it is written":   {allKinds, allKinds},
		"other forms":        {human, allKinds},
		"backwards":          {`{"odd":14,` + strings.TrimSuffix(allKinds[1:], `,"odd":14}`) + "}", allKinds},
		"repeated":           {strings.Replace(allKinds, `"size":0.10`, `"size":0.2,"size":0.10`, 1), allKinds},
		"repeated object":    {strings.Replace(noOptions, `"object":{"bid":0,"deep":[]}`, `"object":{"bid":1,"deep":[{"bid":2}]},"object":{"bid":0}`, 1), noOptions},
		"repeated list":      {strings.Replace(noOptions, `"objects":[]`, `"objects":[{"bid":1}],"objects":[]`, 1), noOptions},
		"repeated map":       {strings.Replace(noOptions, `"sizes":{}`, `"sizes":{"1":{"bid":1}},"sizes":{}`, 1), noOptions},
		"without options":    {noOptions, noOptions},
		"null for all":       {strings.Replace(noOptions, `"at":"0"`, `"at":null,"note":null,"extra":null`, 1), strings.Replace(noOptions, `"at":"0"`, `"at":"0","note":null`, 1)},
		"text that is null":  {strings.Replace(noOptions, `"at":"0"`, `"at":"\u0030"`, 1), noOptions},
		"empty arrays":       {strings.Replace(noOptions, `"sizes":{},"empty":{"bid":0,"deep":[]}`, `"sizes":{},"names":[],"empty":[ ]`, 1), strings.Replace(noOptions, `"empty"`, `"names":{},"empty"`, 1)},
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
			require.Positive(t, wire.ReadObject(&used, &d, []byte(allKinds), 0))
			for range 2 {
				require.NoError(t, d.Finish([]byte(tc.in), wire.ReadObject(&used, &d, []byte(tc.in), 0), "kinds"))
				require.Equal(t, tc.out, string(wire.AppendObject(nil, &used)))
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
		"object":         {`"object":{"bid":15`, `"object":{"bid":{}`, "object.bid"},
		"deep":           {`"deep":[{"bid":16`, `"deep":[{"bid":[]`, "object.deep[0].bid"},
		"key":            {`"5":{"bid":21`, `"x":{"bid":21`, "sizes[x]"},
		"of a map":       {`"5":{"bid":21`, `"5":{"bid":"21"`, "sizes[5].bid"},
		"map":            {`"names":{`, `"names":[1],"x":{`, "names"},
		"of options":     {`"options":[{"bid":19`, `"options":[{"bid":""`, "options[0].bid"},
		"list in option": {`"seqs":[12]`, `"seqs":[12,true]`, "seqs[1]"},
		"function":       {`"odd":14`, `"odd":true`, "odd"},
		"constant":       {`"type":"all"`, `"type":[,]`, "type"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var v kinds
			err := wire.UnmarshalObject([]byte(strings.Replace(allKinds, tc.old, tc.new, 1)), &v)
			var field *wire.FieldError
			require.ErrorAs(t, err, &field)
			require.Equal(t, tc.path, field.Path)
			require.Equal(t, "kinds", field.Type)
		})
	}
}

// The list of members is made anew for every object, in memory that is used again.
func TestObjectListsCostNothing(t *testing.T) {
	var d wire.Decoder
	v, b := new(nested), []byte(`{"bid":1,"deep":[{"bid":2}]}`)
	d.Object(b, 0, v)
	require.Zero(t, testing.AllocsPerRun(100, func() { d.Object(b, 0, v) }))
}

// The name of a member may need escapes.
func TestObjectWithAnOddName(t *testing.T) {
	t.Parallel()
	var v oddName
	require.NoError(t, wire.UnmarshalObject([]byte(`{"a\"b":1}`), &v))
	require.Equal(t, `{"a\"b":1}`, string(wire.AppendObject(nil, &v)))
}

type oddName struct{ n int64 }

func (v *oddName) JSONMembers(m *wire.Members) { m.Int64(`a"b`, &v.n) }

func TestPayload(t *testing.T) {
	t.Parallel()
	var d wire.Decoder
	var object nested
	var value ownQuote
	tests := map[string]func(b []byte, at int, path string) bool{
		"object": func(b []byte, at int, path string) bool { return d.ObjectPayload(b, at, "Quote", path, &object) },
		"value":  func(b []byte, at int, path string) bool { return d.Payload(b, at, "Quote", path, &value) },
		"object as value": func(b []byte, at int, path string) bool {
			return d.Payload(b, at, "Quote", path, wire.ValueOf(&object))
		},
	}
	for name, payload := range tests {
		t.Run(name, func(t *testing.T) {
			object, value = nested{}, ownQuote{}
			b := []byte(`{"msg":{"bid":1}}`)
			require.True(t, payload(b, 7, "msg"))
			require.EqualValues(t, 1, object.bid+value.bid)
			require.False(t, payload(b, 0, "msg"))
			require.ErrorContains(t, d.Err("Quote"), "msg")
			require.True(t, payload(b[7:], 0, ""), "the payload is the frame")
			require.False(t, payload([]byte(`{"msg":{"bid":true}}`), 7, "msg"))
			require.ErrorContains(t, d.Err("Quote"), "bid")
		})
	}
}

// What nests without end is refused, and the decoder is as good as new.
func TestObjectsWithinObjects(t *testing.T) {
	t.Parallel()
	var d wire.Decoder
	nest := func(depth int) []byte {
		return []byte(strings.Repeat(`{"deep":[`, depth) + `{"bid":1}` + strings.Repeat(`]}`, depth))
	}
	var v nested
	deep := nest(wire.MaxDepth)
	err := d.Finish(deep, wire.ReadObject(&v, &d, deep, 0), "nested")
	require.ErrorContains(t, err, "deep")
	fits := nest(20)
	require.NoError(t, d.Finish(fits, wire.ReadObject(&v, &d, fits, 0), "nested"))
}

func TestAppendName(t *testing.T) {
	t.Parallel()
	b := wire.AppendInt64(wire.AppendName([]byte("{"), "a"), 1)
	b = wire.AppendString(wire.AppendName(b, `b\n`), "x")
	require.Equal(t, `{"a":1,"b\n":"x"`, string(b))
}

func TestKindsStandDamage(t *testing.T) {
	t.Parallel()
	wiretest.Exercise(t, wiretest.Object[kinds](), allKinds, noOptions)
}
