package wire_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

func TestOptStates(t *testing.T) {
	some, none, null := wire.Some(7), wire.None[int](), wire.NullOf[int]()
	require.Equal(t, wire.Opt[int]{}, none)
	for _, tc := range []struct {
		o                   wire.Opt[int]
		set, hasValue, null bool
		or                  int
	}{{some, true, true, false, 7}, {none, false, false, false, 9}, {null, true, false, true, 9}} {
		require.Equal(t, tc.set, tc.o.IsSet())
		require.Equal(t, tc.hasValue, tc.o.HasValue())
		require.Equal(t, tc.null, tc.o.IsNull())
		require.Equal(t, tc.or, tc.o.Or(9))
		v, ok := tc.o.Get()
		require.Equal(t, tc.hasValue, ok)
		require.Equal(t, tc.hasValue, v == 7)
		require.Equal(t, tc.hasValue, wire.Ptr(&tc.o) != nil)
	}
}

func TestOptChanges(t *testing.T) {
	var o wire.Opt[[]int]
	*wire.Put(&o) = append(*wire.Put(&o), 1, 2, 3)
	first := &o.Or(nil)[0]
	wire.Unset(&o)
	require.False(t, o.IsSet())
	_, ok := o.Get()
	require.False(t, ok)
	p := wire.Put(&o)
	*p = append((*p)[:0], 4)
	require.Equal(t, []int{4}, o.Or(nil))
	require.Same(t, first, &o.Or(nil)[0], "memory is used again")
	wire.SetNull(&o)
	require.True(t, o.IsNull())
	require.Empty(t, *wire.Put(&o))
	var k wire.Opt[int]
	k.Set(7)
	wire.Clear(&k)
	require.True(t, k == wire.None[int]())
	k.Set(7)
	wire.SetNull(&k)
	require.True(t, k == wire.NullOf[int]())
}

func TestMap(t *testing.T) {
	m := wire.Map[string, int]{{"a", 1}, {"b", 2}, {"a", 3}}
	v, ok := m.Get("a")
	require.Equal(t, []any{3, true}, []any{v, ok})
	_, ok = m.Get("c")
	require.False(t, ok)
	require.Len(t, m, 3)
	var keys []string
	for k := range m.All() {
		keys = append(keys, k)
		if len(keys) == 2 {
			break
		}
	}
	require.Equal(t, []string{"a", "b"}, keys)
	require.Equal(t, map[string]int{"a": 3, "b": 2}, maps.Collect(m.All()))
}

// TestSparseAgainstModel drives a Sparse and a map with the same random steps.
func TestSparseAgainstModel(t *testing.T) {
	rnd := rand.New(rand.NewPCG(17, 18))
	var s wire.Sparse
	model := map[int]string{}
	for n := range 5_000 {
		id := rnd.IntN(wire.MaxSparse)
		switch rnd.IntN(500) {
		case 0:
			s.Reset()
			clear(model)
		case 1:
			s = s.Clone()
		case 2:
			var newer wire.Sparse
			for k := range 3 {
				v := fmt.Sprint("merged", n, k)
				newer.Add(k*40, []byte(v))
				model[k*40] = v
			}
			s.Merge(&newer)
		case 3:
			var other wire.Sparse
			other.Add(1, []byte("old"))
			other.CopyFrom(&s)
			s = other
		case 4:
			s.Keep(func(id int) bool { return id%3 != 0 })
			maps.DeleteFunc(model, func(id int, _ string) bool { return id%3 == 0 })
		case 5:
			frame := []byte(fmt.Sprintf(`{"x":1,"y":22,"x":%d}`, 100+n%800))
			next := s.Find(new(wire.Decoder), frame, 0, "T", func(key []byte) int { return int(key[0] - 'w') })
			require.Equal(t, len(frame), next)
			model = map[int]string{1: string(frame[18:21]), 2: "22"}
		default:
			v := fmt.Sprintf("%0*d", 1+rnd.IntN(60), n)
			require.True(t, s.Add(id, []byte(v)))
			model[id] = v
		}
		require.Equal(t, len(model), s.Len())
		for k := range s.Len() {
			id, raw := s.At(k)
			require.Equal(t, model[id], string(raw))
		}
		want, present := model[id]
		raw, ok := s.Raw(id)
		require.Equal(t, present, ok)
		require.Equal(t, present, s.Has(id))
		require.Equal(t, want, string(raw))
	}
}

// TestSparseStaysSmall replaces values for a long time, as merging does.
func TestSparseStaysSmall(t *testing.T) {
	var s wire.Sparse
	ones := bytes.Repeat([]byte("1"), 200)
	grow := func() {
		for n := range 200 {
			s.Add(7, ones[:1+n])
			s.Add(9, []byte("9"))
			s.Add(7, []byte("1"))
		}
	}
	grow()
	require.Zero(t, testing.AllocsPerRun(50, grow))
	raw, _ := s.Raw(9)
	require.Equal(t, "9", string(raw))
	require.Equal(t, 2, s.Len())
	require.Less(t, s.Size(), 2000)
}

func TestSparseOwnsItsMemory(t *testing.T) {
	var s wire.Sparse
	b := []byte(`"one"`)
	s.Add(3, b)
	clear(b)
	c := s.Clone()
	s.Add(3, []byte(`"two"`))
	raw, _ := c.Raw(3)
	require.Equal(t, `"one"`, string(raw))
	require.False(t, s.Add(wire.MaxSparse, nil))
	require.False(t, s.Add(-1, nil))
	require.False(t, s.Has(-1))
	require.Equal(t, [2]uint64{1 << 3, 0}, s.Mask())
	ids := []int{}
	for _, id := range []int{100, 5, 64} {
		s.Add(id, []byte("1"))
	}
	for n := range s.Len() {
		id, _ := s.At(n)
		ids = append(ids, id)
	}
	require.Equal(t, []int{3, 100, 5, 64}, ids, "order of arrival")
	require.False(t, slices.Contains(ids, 0))
}

func TestRawEvent(t *testing.T) {
	in := wire.RawEvent{Value: wire.Raw(`{"a":[1]}`)}
	var out wire.RawEvent
	in.CloneTo(&out, new(wire.Copies))
	in.Value[2] = 'b'
	text, err := json.Marshal(out)
	require.NoError(t, err)
	require.Equal(t, `{"value":{"a":[1]}}`, string(text))
	var back wire.RawEvent
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, out, back)
}
