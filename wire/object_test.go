package wire_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

// nbbo has a member of each kind: one that must come, one that may, plain ones.
type nbbo struct {
	bid, ask int64
	symbol   string
	size     wire.Opt[int64]
}

var nbboMembers = wire.Members{
	Type:     "Quote",
	Names:    []string{"symbol", "bid", "ask", "size", "ev"},
	Optional: [4]uint64{1<<3 | 1<<4},
	Must:     [4]uint64{1 << 0},
}

func readNBBOMember(into any, d *wire.Decoder, key, b []byte, at int) (i, member int) {
	v := into.(*nbbo)
	switch string(key) {
	case "symbol":
		v.symbol, i = d.String(b, at)
	case "bid":
		v.bid, i = wire.Int64(b, at)
		member = 1
	case "ask":
		v.ask, i = wire.Int64(b, at)
		member = 2
	case "size":
		var n int64
		if n, i = wire.Int64(b, at); i >= 0 {
			v.size.Set(n)
		}
		member = 3
	case "ev":
		i, member = wire.Skip(b, at), wire.UntrackedMember
	default:
		member = wire.UnknownMember
	}
	return i, member
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
			err := d.Finish([]byte(tc.in), d.Object([]byte(tc.in), 0, &nbboMembers, &got, readNBBOMember), "Quote")
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

// Members beyond the first word of the masks are told apart like the others.
func TestObjectOfManyMembers(t *testing.T) {
	t.Parallel()
	m := wire.Members{Type: "Wide"}
	for k := range 70 {
		m.Names = append(m.Names, fmt.Sprintf("m%d", k))
	}
	m.Optional = [4]uint64{^uint64(1), 1<<6 - 1 - 1<<3}
	read := func(_ any, _ *wire.Decoder, key, b []byte, at int) (int, int) {
		var k int
		_, err := fmt.Sscanf(string(key), "m%d", &k)
		require.NoError(t, err)
		return wire.Skip(b, at), k
	}
	var drift wire.Drift
	d := wire.Decoder{Drift: &drift}
	require.Equal(t, 11, d.Object([]byte(`{"m0":1   }`), 0, &m, nil, read))
	require.Len(t, drift.Snapshot(), 1)
	require.Equal(t, "m67", drift.Snapshot()[0].Name)
	require.Equal(t, 10, d.Object([]byte(`{"m67":1 }`), 0, &m, nil, read))
	require.Len(t, drift.Snapshot(), 2)
	m.Must = [4]uint64{0, 1 << 5}
	require.Negative(t, d.Object([]byte(`{"m0":1}`), 0, &m, nil, read))
	require.ErrorContains(t, d.Err("Wide"), "m69")
}

func TestAppendName(t *testing.T) {
	t.Parallel()
	b := wire.AppendInt64(wire.AppendName([]byte("{"), "a"), 1)
	b = wire.AppendString(wire.AppendName(b, `b\n`), "x")
	require.Equal(t, `{"a":1,"b\n":"x"`, string(b))
}
