package wire_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

func TestTailMember(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{
		`{"a":1,"topic":"smd+1"}`:     15,
		`{"topic":""}`:                9,
		`{"a":1,"topic":"smd+1" }`:    -1,
		`{"a":1,"topic":"s\"md"}`:     -1,
		`{"a":",\"topic\":\"x"}`:      -1,
		`{"a":1,"subtopic":"x"}`:      -1,
		`{"a":1,"topic": "x"}`:        -1,
		`{"topic":"x","a":{"b":"c"}}`: -1,
		`{"topic":"x","a":"b"}`:       -1,
		`"topic":"x"}`:                -1,
		`}`:                           -1,
		``:                            -1,
	} {
		require.Equal(t, want, wire.TailMember([]byte(in), `"topic":`), in)
	}
}

func TestTailElements(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]int{
		`[993,[["1","2"]],"trade","XMR/USD"]`:   {1, 5, 17, 25},
		`[993,{"a":[]},"book-10","XMR/USD"]`:    {1, 5, 14, 24},
		`[993,[],"trade","XMR\/USD"]`:           nil,
		`[993,[],"trade","XMR/USD"] `:           nil,
		`[[],[],"trade","XMR/USD"]`:             nil,
		`[993,[],"trade",1]`:                    nil,
		`["trade","XMR/USD"]`:                   nil,
		`[993]`:                                 nil,
		`[]`:                                    nil,
		`{"event":"heartbeat","a":"b","c":"d"}`: nil,
	} {
		var at [16]int
		n := wire.TailElements([]byte(in), 1, 2, at[:])
		require.Equal(t, len(want), n, in)
		require.Equal(t, want, append([]int(nil), at[:n]...), in)
	}
	require.Zero(t, wire.TailElements([]byte(`[1,2,"a"]`), 1, 1, make([]int, 2)), "no room")
}
