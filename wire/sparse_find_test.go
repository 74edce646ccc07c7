package wire_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

// sparseID knows the keys a, bb and so on to 12 letters, which make leads of all lengths; x is the frame's own.
func sparseID(key []byte) int {
	if string(key) == "x" {
		return wire.UntrackedMember
	}
	if n := len(key); n > 0 && n <= 12 && string(key) == strings.Repeat(string(rune('a'+n-1)), n) {
		return n
	}
	return wire.UnknownMember
}

var sparseValues = []string{
	`""`, `"1"`, `"193.18"`, `"1234567"`, `"12345678"`, `"123456789"`, `"12345678901234"`, `"1234567890123456"`,
	`"12345678901234567"`, `"#"`, `"!"`, `"a\"b"`, `"\u0041"`, "\"\u00e9\"", "\"1\x01\"", `"\x"`,
	`0`, `7`, `07`, `-1`, `123`, `1234567`, `12345678`, `123456789`, `1777552169161`, `1234567890123456`, `12345678901234567`,
	`1.5`, `1e3`, `1x`, `true`, `null`, `nul`, `{"a":"1"}`, `["1",2]`, `{`, ``,
}

// randomObject writes an object that is mostly valid, with the members mostly in order.
func randomObject(r *rand.Rand) []byte {
	space := func() string {
		if r.IntN(40) == 0 {
			return " "
		}
		return ""
	}
	b := []byte(space() + "{")
	for n := r.IntN(3); n < 13; n += 1 + r.IntN(3)*r.IntN(3) {
		key := strings.Repeat(string(rune('a'+n-1)), n)
		if n == 0 {
			key = []string{"x", "y", ""}[r.IntN(3)]
		}
		value := sparseValues[1+r.IntN(4)]
		if r.IntN(12) == 0 {
			value = sparseValues[r.IntN(len(sparseValues))]
		}
		b = fmt.Appendf(b, `%s"%s"%s:%s%s%s,`, space(), key, space(), space(), value, space())
		if r.IntN(30) == 0 {
			n--
		}
	}
	if r.IntN(20) > 0 {
		b = b[:len(b)-1]
	}
	switch r.IntN(40) {
	case 0:
		b = b[:1]
	case 1:
		b = append(b, '{')
	}
	b = append(b, '}')
	if r.IntN(10) == 0 {
		b[r.IntN(len(b))] = "{}[]\",:\\ 0a"[r.IntN(11)]
	}
	if r.IntN(20) == 0 {
		b = b[:r.IntN(len(b))]
	}
	return b
}

// TestSparseHabits holds that what was found before changes nothing of what is found, refused, counted and reported.
func TestSparseHabits(t *testing.T) {
	var used wire.Sparse
	r := rand.New(rand.NewPCG(7, 7))
	accepted := 0
	for n := range 30_000 {
		b := randomObject(r)
		var fresh wire.Sparse
		var first, again wire.Decoder
		first.Drift, again.Drift = new(wire.Drift), new(wire.Drift)
		want := fresh.Find(&first, b, 0, "T", sparseID)
		got := used.Find(&again, b, 0, "T", sparseID)
		require.Equal(t, want, got, "%d: %s", n, b)
		require.Equal(t, fresh.Mask(), used.Mask())
		require.Equal(t, fresh.Len(), used.Len())
		require.Equal(t, first.Drift.Snapshot(), again.Drift.Snapshot(), "%s", b)
		if got < 0 {
			require.Equal(t, first.Err("T"), again.Err("T"), "%s", b)
			require.False(t, json.Valid(b), "%s", b)
			continue
		}
		accepted++
		require.True(t, json.Valid(b[:got]), "%s", b)
		requireMembers(t, b[:got], &used)
		for k := range fresh.Len() {
			id, raw := fresh.At(k)
			gotID, gotRaw := used.At(k)
			require.Equal(t, id, gotID)
			require.Equal(t, string(raw), string(gotRaw))
		}
	}
	require.Greater(t, accepted, 9_000)
}

// requireMembers compares a Sparse with what encoding/json finds.
func requireMembers(t *testing.T, b []byte, s *wire.Sparse) {
	t.Helper()
	var all map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(b, &all))
	n := 0
	for key, value := range all {
		if id := sparseID([]byte(key)); id >= 0 {
			raw, ok := s.Raw(id)
			require.True(t, ok, "%s: %s", key, b)
			require.Equal(t, string(value), string(raw), "%s", b)
			n++
		}
	}
	require.Equal(t, n, s.Len(), "%s", b)
}

// TestSparseHabitsOfPlaces holds that what came first in an object, or was all of it, is not taken for what comes later.
func TestSparseHabitsOfPlaces(t *testing.T) {
	for _, frames := range [][]string{
		{`{"a":"1234567","bb":"193.18"}`, `{"bb":"193.18"}`, `{"a":"1234567"{"bb":"193.18"}`},
		{`{"a":"1234567","bb":"193.18"}`, `,"bb":"193.18"}`},
		{`{"a":"1234567"}`, `{}`, `{"a":"1234567"{}`},
	} {
		var d wire.Decoder
		var s wire.Sparse
		for _, b := range frames {
			next := s.Find(&d, []byte(b), 0, "T", sparseID)
			require.Equal(t, json.Valid([]byte(b)), next == len(b), b)
		}
	}
}
