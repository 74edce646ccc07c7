package wire_test

import (
	"encoding/json"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

func FuzzSkip(f *testing.F) {
	for _, s := range append(append(mutantSeeds, validOddities...), invalidOddities...) {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		next := wire.Skip(b, 0)
		if next == wire.ErrDepth {
			return
		}
		require.Equal(t, json.Valid(b), wire.Valid(b))
		for name, read := range readers {
			if n := read(b, 0); n >= 0 && wire.End(b, n) >= 0 && name != "Key" {
				require.Equal(t, next, n, "%s ends elsewhere", name)
			}
		}
	})
}

func FuzzString(f *testing.F) {
	for _, s := range stringPieces {
		f.Add([]byte(`"` + s + `"`))
	}
	var d wire.Decoder
	f.Fuzz(func(t *testing.T, b []byte) {
		var want string
		err := json.Unmarshal(b, &want)
		got, next := d.String(b, 0)
		ok := next >= 0 && wire.End(b, next) >= 0
		if kind := wire.Kind(b, 0); kind == '"' {
			require.Equal(t, err == nil, ok)
		}
		if ok {
			require.Equal(t, want, got)
			again, next := d.String(wire.AppendString(nil, got), 0)
			require.Positive(t, next)
			require.Equal(t, got, again)
		}
	})
}

func FuzzDecimal(f *testing.F) {
	for _, s := range []string{`0`, `-0.00`, `1.50`, `5e-05`, `1e64`, `123456789012345678901234567890.1`, `01`, `1.`, `1e`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := wire.ParseDecimal(s)
		if err != nil {
			return
		}
		require.True(t, json.Valid([]byte(s)), s)
		want, ok := new(big.Rat).SetString(s)
		require.True(t, ok)
		got, ok := new(big.Rat).SetString(d.String())
		require.True(t, ok)
		require.Zero(t, want.Cmp(got))
		again, err := wire.ParseDecimal(d.String())
		require.NoError(t, err)
		require.True(t, again == d)
		require.LessOrEqual(t, len(d.String()), 96)
	})
}

func FuzzPattern(f *testing.F) {
	f.Add("smd+{a}[@{b}]", "smd+1@X")
	f.Add("<n>.{s}", "T.BRK.B")
	f.Add("{a}[-{b}]-{c}", "1-2-3")
	f.Fuzz(func(t *testing.T, text, s string) {
		holes := 0
		p, err := wire.ParsePattern(text, func(string) (int, string, bool) { holes++; return holes - 1, "", true })
		if err != nil || holes > 8 || len(s) > 1000 {
			return
		}
		spans := make([]wire.Span, holes)
		if !p.Match([]byte(s), spans) {
			return
		}
		values := make([][]byte, holes)
		for i, sp := range spans {
			values[i] = sp.Of([]byte(s))
		}
		require.Equal(t, s, string(p.Append(nil, values)))
	})
}
