package protocol_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	. "github.com/venuewire/venuewire/stream/protocol"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ venue, frame, class string }{
		{"iqoption", `{"name":"timeSync","msg":1}`, "message"},
		{"iqoption", `[1]`, ""},
		{"iqoption", `x`, ""},
		{"kraken", `{"method":"pong","req_id":1}`, "reply"},
		{"kraken", `{"channel":"book","type":"update","data":[]}`, "push"},
		{"kraken", `{"channel":"book","method":"subscribe"}`, "reply"},
		{"kraken", `{"error":"x"}`, ""},
		{"polygon", `[{"ev":"T"}]`, "batch"},
		{"polygon", `{"ev":"T"}`, "event"},
		{"ibkr", `{"topic":"tic"}`, "topic"},
		{"ibkr", `{"message":"waiting for session"}`, "bare"},
		{"ibkr", `{"a":{"topic":1}}`, "bare"},
		{"ibkr", `ech+hb`, "plain"},
		{"ibkr", ``, ""},
		{"ibkr", ` `, ""},
		{"ibkr", `12`, ""},
		{"ibkr", `{"topic":`, ""},
		{"krakenv1", `[0,{},"ticker","XBT/USD"]`, "public"},
		{"krakenv1", `[0,{},{},"book-10","XBT/USD"]`, "public"},
		{"krakenv1", `[[],"openOrders",{"sequence":1}]`, "private"},
		{"krakenv1", `[[],"ownTrades"]`, "private"},
		{"krakenv1", `[1]`, ""},
		{"krakenv1", `[0,{},"ticker","XBT/USD"`, ""},
		{"krakenv1", `{"event":"heartbeat"}`, "event"},
		{"krakenv1", `{"Error":"x"}`, "bare"},
		{"krakenv1", `{"\u0065vent":"heartbeat"}`, "event"},
	} {
		p := drafts()[tt.venue]
		c, ok := p.Classify([]byte(tt.frame))
		require.Equal(t, tt.class != "", ok, "%s %s", tt.venue, tt.frame)
		if ok {
			require.Same(t, p.Class(tt.class), c, "%s %s", tt.venue, tt.frame)
		}
	}
}

func TestClassifyWithManyClasses(t *testing.T) {
	t.Parallel()
	var p Protocol
	for name := range strings.SplitSeq("a b c d e f g h i j k", " ") {
		p.Classes = append(p.Classes, Class{Name: name, Has: []string{name}, Payload: name})
	}
	h, err := p.Header([]byte(`{"z":1,"k":2}`))
	require.NoError(t, err)
	require.Equal(t, "k", h.Class.Name)
	require.Equal(t, "2", string(h.Payload))
}

// Every inbound sample fits a class, and its header holds the key that its class names.
func TestSamplesHaveAClassAndAKey(t *testing.T) {
	t.Parallel()
	for venue, p := range drafts() {
		for _, s := range samples(t, venue) {
			if s.dir != "in" {
				continue
			}
			c, ok := p.Classify(s.frame)
			require.True(t, ok, "%s %s", venue, s)
			err := p.Elements(c, s.frame, func(e []byte) bool {
				h, err := p.Header(e)
				require.NoError(t, err, "%s %s", venue, e)
				if len(h.Class.Key) > 0 && !strings.Contains(s.source, "disconnectGracefully") {
					require.NotEmpty(t, h.Key(0), "%s %s", venue, e)
				}
				return true
			})
			require.NoError(t, err)
		}
	}
}

func TestElements(t *testing.T) {
	t.Parallel()
	p := eventArray()
	read := func(frame string) (got []string, err error) {
		err = p.Elements(p.Class("batch"), []byte(frame), func(e []byte) bool {
			got = append(got, string(e))
			return len(got) < 3
		})
		return got, err
	}
	got, err := read(`[ {"ev":"A"} , 2,[3],4,5]`)
	require.NoError(t, err)
	require.Equal(t, []string{`{"ev":"A"}`, "2", "[3]"}, got)
	got, err = read(`[1,{"a"}]`)
	require.ErrorContains(t, err, "batch")
	require.Equal(t, []string{"1"}, got)
	_, err = read(`[1] x`)
	require.Error(t, err)
	got, err = read(`[]`)
	require.NoError(t, err)
	require.Empty(t, got)
	require.NoError(t, p.Elements(p.Class("event"), []byte(`{}`), func(e []byte) bool {
		require.Equal(t, "{}", string(e))
		return true
	}))
}

func TestHeader(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ venue, frame, id, key, second, payload string }{
		{"iqoption", `{"request_id":"7","name":"a","microserviceName":"b","msg": {"x":1} }`, "7", "a", "b", `{"x":1}`},
		{"iqoption", `{"request_id":"","name":"a"}`, "", "a", "", ""},
		{"iqoption", `{"request_id":null,"name":"a","msg":null}`, "", "a", "", "null"},
		{"iqoption", `{"request_id":{},"name":"\u0061","request_id":"2"}`, "", "a", "", ""},
		{"kraken", `{"method":"pong","req_id":12,"time_in":"x"}`, "12", "pong", "", ""},
		{"kraken", `{"channel":"book","type":"update","data":[]}`, "", "book", "update", `{"channel":"book","type":"update","data":[]}`},
		{"ibkr", `ech+hb`, "", "ech+hb", "", "ech+hb"},
		{"krakenv1", `[0,{"a":1},{"b":2},"book-10","XBT/USD"]`, "", "book-10", "", `{"a":1}`},
		{"krakenv1", `[[1],"openOrders",{"sequence":3}]`, "", "openOrders", "", `[1]`},
		{"polygon", `[{"ev":"T"}]`, "", "", "", `[{"ev":"T"}]`},
	} {
		h, err := drafts()[tt.venue].Header([]byte(tt.frame))
		require.NoError(t, err, tt.frame)
		require.Equal(t, []string{tt.id, tt.key, tt.second, tt.payload}, []string{h.ID, h.Key(0), h.Key(1), string(h.Payload)}, tt.frame)
	}
	_, err := methodChannel().Header([]byte(`{"error":1}`))
	require.ErrorIs(t, err, ErrNoClass)
	_, err = methodChannel().Header([]byte(`{"method":1]`))
	require.ErrorContains(t, err, "malformed")
	_, err = tupleChannel().Header([]byte(`[1,2`))
	require.ErrorContains(t, err, "malformed")
	_, err = methodChannel().Header([]byte(`hello`))
	require.ErrorIs(t, err, ErrNoClass)
}

func TestAt(t *testing.T) {
	t.Parallel()
	v1 := tupleChannel()
	book := []byte(`[0,{"a":[["1","2"],["3","4"]]},{"b":[],"c":"9"},"book-10","XBT/USD"]`)
	orders := []byte(`[[{"X":{"vol":"1"}}],"openOrders",{"sequence":3}]`)
	for _, tt := range []struct {
		c     *Class
		frame []byte
		path  string
		want  string
	}{
		{v1.Class("public"), book, "channelName", `"book-10"`},
		{v1.Class("public"), book, "pair", `"XBT/USD"`},
		{v1.Class("public"), book, "channelID", "0"},
		{v1.Class("public"), book, "payload.c", `"9"`},
		{v1.Class("public"), book, "payload.a[].[]", `"1"`},
		{v1.Class("public"), book, "payload", `{"a":[["1","2"],["3","4"]]}`},
		{v1.Class("public"), book, "payload.z", ""},
		{v1.Class("public"), book, "tail", ""},
		{v1.Class("private"), orders, "tail.sequence", "3"},
		{v1.Class("private"), orders[:0], "tail.sequence", ""},
		{v1.Class("private"), []byte(`[[],"ownTrades"]`), "tail", ""},
		{nil, []byte(`{"a":{"b":[{"c":1},{"c":2}]}}`), "a.b[].c", "1"},
		{nil, []byte(`{"a":{"b":[]}}`), "a.b[]", ""},
		{nil, []byte(`{"a":null}`), "a", "null"},
		{textTopic().Class("plain"), []byte(`say "hi"`), "text", `"say \"hi\""`},
		{textTopic().Class("plain"), []byte(`hi`), "topic", ""},
	} {
		got, ok := At(tt.c, tt.frame, path(tt.path))
		require.Equal(t, tt.want != "", ok, tt.path)
		require.Equal(t, tt.want, string(got), tt.path)
	}
}

func TestAllAt(t *testing.T) {
	t.Parallel()
	v1 := tupleChannel()
	all := func(c *Class, frame, at string) (got []string) {
		for v := range AllAt(c, []byte(frame), path(at)) {
			got = append(got, string(v))
		}
		return got
	}
	require.Equal(t, []string{"1", "2"}, all(nil, `{"a":[{"b":1},{},{"b":2}]}`, "a[].b"))
	require.Equal(t, []string{`{"a":1}`, `{"b":2}`}, all(v1.Class("public"), `[0,{"a":1},{"b":2},"book-10","X"]`, "payload"))
	require.Equal(t, []string{`"ech"`}, all(textTopic().Class("plain"), `ech`, "text"))
	for v := range AllAt(nil, []byte(`{"a":[1,2,3]}`), path("a[]")) {
		require.Equal(t, "1", string(v))
		break
	}
	require.Empty(t, all(nil, `{"a":3}`, "a[]"))
}

func TestHold(t *testing.T) {
	t.Parallel()
	public := tupleChannel().Class("public")
	plain := textTopic().Class("plain")
	for _, tt := range []struct {
		name  string
		m     Match
		c     *Class
		frame string
		want  bool
	}{
		{"number by value", when(eq("s", "2000")), nil, `{"s":2.0e3}`, true},
		{"number is no text", when(eq("s", "2000")), nil, `{"s":"2000"}`, false},
		{"large numbers exactly", when(eq("s", "9007199254740993")), nil, `{"s":9007199254740992}`, false},
		{"negative zero", when(eq("s", "0")), nil, `{"s":-0.0}`, true},
		{"text by its characters", when(eq("s", `"a"`)), nil, `{"s":"\u0061"}`, true},
		{"bool", when(eq("s", "true")), nil, `{"s":false}`, false},
		{"null", when(eq("s", "null")), nil, `{"s":null}`, true},
		{"object in any order", when(is("s", `[{"a":1,"b":[2]}]`)), nil, `{"s":[{"b":[2.0],"a":1}]}`, true},
		{"object with more", when(is("s", `[{"a":1}]`)), nil, `{"s":[{"b":2,"a":1}]}`, false},
		{"range", when(between("s", 4000, 5999)), nil, `{"s":4.117e3}`, true},
		{"range wants integers", when(between("s", 4000, 5999)), nil, `{"s":4117.5}`, false},
		{"range end", when(between("s", 4000, 5999)), nil, `{"s":6000}`, false},
		{"negative range", when(between("s", -6, -1)), nil, `{"s":-6}`, true},
		{"any of", when(eq("s", `"a"`, `"b"`)), nil, `{"s":"b"}`, true},
		{"has", Match{Has: paths("a.b")}, nil, `{"a":{"b":null}}`, true},
		{"lacks", Match{Lacks: paths("a.b")}, nil, `{"a":{"b":1}}`, false},
		{"tuple member of the payload", Match{Conds: []Cond{eq("channelName", "book-{depth}")}, Has: paths("as")}, public, `[0,{"as":[]},"book-10","X"]`, true},
		{"tuple lacks", Match{Conds: []Cond{eq("channelName", "book-{depth}")}, Lacks: paths("as")}, public, `[0,{"as":[]},"book-10","X"]`, false},
		{"tuple place", Match{Has: paths("tail")}, tupleChannel().Class("private"), `[[],"x",{}]`, true},
		{"text frame", when(eq("text", `"ech+hb"`)), plain, `ech+hb`, true},
		{"text frame pattern", when(eq("text", "ech+{x}")), plain, `ech+hb`, true},
		{"text frame other", when(eq("topic", `"ech"`)), plain, `ech`, false},
		{"absent", when(eq("s", "null")), nil, `{}`, false},
		{"malformed", when(eq("s", "1")), nil, `{"s":1e}`, false},
	} {
		_, ok := Hold([]Match{when(eq("never", "1")), tt.m}, tt.c, []byte(tt.frame))
		require.Equal(t, tt.want, ok, tt.name)
	}
	_, ok := Hold(nil, nil, []byte(`{}`))
	require.False(t, ok)
}

func TestHoldCaptures(t *testing.T) {
	t.Parallel()
	p := eventArray()
	frame := []byte(`{"ev":"status","status":"success","message":"subscribed to: T.BRK.B"}`)
	got, ok := Hold(feedOf(t, p, "T").Ack.On, p.Class("event"), frame)
	require.True(t, ok)
	require.Equal(t, Captured{{Name: "<name>", Value: "T"}, {Name: "symbol", Value: "BRK.B"}}, got)
	require.True(t, got.Fits([]byte(`{"symbol":"BRK.B"}`)))
	require.True(t, got.Fits([]byte(`{}`)))
	require.False(t, got.Fits([]byte(`{"symbol":"BRK.A"}`)))
	require.True(t, Captured{{Name: "size", Value: "60"}}.Fits([]byte(`{"size":60}`)))
}

func TestSteadyStateAllocatesNothing(t *testing.T) {
	for venue, frame := range map[string]string{
		"iqoption": `{"name":"candle-generated","microserviceName":"quotes","msg":{"active_id":1,"open":1.1}}`,
		"kraken":   `{"channel":"ticker","type":"update","data":[{"symbol":"ALGO/USD","bid":0.10025}]}`,
		"polygon":  `{"ev":"T","sym":"MSFT","x":4}`,
		"ibkr":     `{"31":"271.71","topic":"smd+265598"}`,
		"krakenv1": `[336,{"a":[["1","2","3"]]},{"b":[],"c":"1"},"book-10","XBT/USD"]`,
	} {
		p, b := drafts()[venue], []byte(frame)
		require.Zero(t, testing.AllocsPerRun(100, func() {
			if c, ok := p.Classify(b); !ok || c == nil {
				t.Fatal(venue)
			}
		}), "%s classify", venue)
		require.Zero(t, testing.AllocsPerRun(100, func() {
			if _, err := p.Header(b); err != nil {
				t.Fatal(err)
			}
		}), "%s header", venue)
	}
	ms := any1(when(eq("status", "0", "2000")), Match{Lacks: paths("status")})
	b := []byte(`{"name":"x","status":2000}`)
	require.Zero(t, testing.AllocsPerRun(100, func() { Hold(ms, nil, b) }))
}

func BenchmarkHeader(b *testing.B) {
	p := methodChannel()
	frame := []byte(`{"channel":"ticker","type":"update","data":[{"symbol":"ALGO/USD","bid":0.10025,"bid_qty":740.0,"ask":0.10035,"ask_qty":740.0,"last":0.10035}]}`)
	b.SetBytes(int64(len(frame)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Header(frame); err != nil {
			b.Fatal(err)
		}
	}
}
