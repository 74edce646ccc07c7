package stream_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/wire"
)

// valueFaults are those of what members hold.
var valueFaults = []fault{
	{34, "numbers-that-are-none", "refuses the event, marks the gap, and makes neither 0 nor infinity of it", numbersThatAreNone},
	{35, "integers-out-of-range", "takes what is integral in any form, refuses the rest, and never wraps", integersOutOfRange},
	{36, "number-for-text-and-text-for-number", "takes both where the spec says so, else refuses the event and names the member", textForNumber},
	{37, "null-missing-and-extra-members", "gives zero and counts it, refuses what cannot be routed, skips the extra", absentMembers},
	{38, "tuples-of-another-length", "refuses a short one and names the place, takes a long one", tupleLengths},
}

// try pushes an event with changes. It returns what became of it: the event, or that it was refused.
func (t *tape) try(changes ...string) (event string, refused bool) {
	t.Helper()
	return t.tryFrame(t.event(t.fresh(), changes...))
}

func (t *tape) tryFrame(frame string) (event string, refused bool) {
	t.Helper()
	bad := t.client.Stats().DecodeErrors
	t.server.Push(frame)
	got, gap := t.wants()
	refused = t.client.Stats().DecodeErrors > bad
	if refused {
		require.Empty(t, got, frame)
		require.Equal(t, bad+1, t.client.Stats().DecodeErrors, frame)
		if json.Valid([]byte(frame)) {
			require.NotNil(t, gap, frame)
			require.Equal(t, stream.GapDecode, gap.Reason, frame)
		}
		return "", true
	}
	require.Nil(t, gap, frame)
	if len(got) == 0 {
		return "", false
	}
	require.Len(t, got, 1, frame)
	return got[0], false
}

// numbersThatAreNone holds the clients to encoding/json: a number that it refuses is refused, any other is read as the
// same value.
func numbersThatAreNone(t *testing.T) {
	literals := []string{
		`NaN`, `Infinity`, `-Infinity`, `nan`, `inf`, `1e999`, `-1e999`, `007`, `-01`, `1.`, `.5`, `-.5`, `+1`, `1e`, `1e+`, `--1`, `-`, `0x10`, `1_000`, `1 000`, `١`,
		`-0`, `0`, `0.0`, `-0.00`, `1E5`, `1e-5`, `5541.20000`, `123456789.125`, `2e0`,
	}
	eachScript(t, func(t *tape) {
		for _, literal := range literals {
			var want float64
			invalid := json.Unmarshal([]byte(literal), &want) != nil
			event, refused := t.try(t.number, t.literal(literal))
			require.Equal(t, invalid, refused, literal)
			if refused {
				if json.Valid([]byte(t.literal(literal))) {
					require.Contains(t, t.hook.err, t.number, "the error names the member")
				}
				continue
			}
			got, err := strconv.ParseFloat(t.value(event, t.number), 64)
			require.NoError(t, err, event)
			require.Equal(t, want, got, literal)
		}
	})
}

func integersOutOfRange(t *testing.T) {
	eachScript(t, func(t *tape) {
		if t.tuple {
			t.Skip("this venue's numbers are decimals")
		}
		for literal, want := range map[string]int64{
			`100500`: 100500, `100500.0`: 100500, `1.00501e5`: 100501, `100502e0`: 100502, `1005030e-1`: 100503, `8.652169e+06`: 8652169,
			`9223372036854775807`: 9223372036854775807, `1e18`: 1e18,
		} {
			event, refused := t.try(t.mark, literal)
			require.False(t, refused, literal)
			require.EqualValues(t, want, t.markOf(event), literal)
		}
		for _, literal := range []string{
			`9223372036854775808`, `18446744073709651616`, `-9223372036854775809`, `1e19`, `1e30`, `1e999`, `100500.5`, `1e-1`, `100500.00000000000000000001`,
		} {
			_, refused := t.try(t.mark, literal)
			require.True(t, refused, literal)
			require.Contains(t, t.hook.err, t.mark)
		}
	})
	t.Run("unsigned", func(t *testing.T) {
		playScript(t, "kraken", func(t *tape) {
			c := t.client.(*kraken.Public)
			status := func(id string) {
				t.server.Push(`{"channel":"status","type":"update","data":[{"api_version":"v2","connection_id":` + id + `,"system":"online","version":"2.0.10"}]}`)
				t.wants()
				synctest.Wait() // the client keeps it in a handler
			}
			for _, literal := range []string{`18446744073709551615`, `1.5e1`} {
				status(literal)
				require.Zero(t, c.Stats().DecodeErrors, literal)
			}
			state, _ := c.System()
			require.EqualValues(t, 15, state.ConnectionID.Or(0))
			for i, literal := range []string{`-1`, `18446744073709551616`, `1.5`} {
				status(literal)
				require.EqualValues(t, i+1, c.Stats().DecodeErrors, literal)
			}
			state, _ = c.System()
			require.EqualValues(t, 15, state.ConnectionID.Or(0), "never wrapped")
		})
	})
}

func textForNumber(t *testing.T) {
	for _, tt := range []struct {
		script, member, json string
		want                 string // "" is refused
	}{
		{"polygon", "x", `"4"`, "4"}, {"polygon", "x", `4`, "4"}, {"polygon", "x", `"4.5"`, ""}, {"polygon", "x", `"four"`, ""},
		{"polygon", "i", `12345`, "12345"}, {"polygon", "i", `"12345"`, "12345"}, {"polygon", "i", `1e3`, "1e3"}, {"polygon", "i", `true`, ""},
		{"polygon", "p", `"1.5"`, ""}, {"polygon", "sym", `5`, ""},
		{"iqoption", "open", `"1.5"`, ""}, {"iqoption", "id", `"100000"`, ""}, {"iqoption", "phase", `5`, ""},
		{"ibkr", "cashbalance", `"1.5"`, ""}, {"ibkr", "key", `7`, ""},
		{"kraken", "price", `"1.5"`, "1.5"}, {"kraken", "trade_id", `"100000"`, ""}, {"kraken", "ord_type", `7`, ""},
		{"krakenv1", "price", `1.5`, ""}, {"krakenv1", "price", `"1.5"`, "1.5"}, {"krakenv1", "misc", `7`, ""},
	} {
		t.Run(tt.script+" "+tt.member+" "+tt.json, func(t *testing.T) {
			playScript(t, tt.script, func(t *tape) {
				event, refused := t.try(tt.member, tt.json)
				require.Equal(t, tt.want == "", refused, "%s", t.hook.err)
				if refused {
					require.Contains(t, t.hook.err, tt.member)
					return
				}
				require.Equal(t, tt.want, t.value(event, tt.member))
			})
		})
	}
}

func absentMembers(t *testing.T) {
	eachScript(t, func(t *tape) {
		zero := []string{"", "0", "0.0"}
		event, refused := t.try(t.number, `null`)
		require.False(t, refused)
		require.Contains(t, zero, t.value(event, t.number))
		require.Equal(t, 1, t.drifted(wire.DriftNull))
		if t.tuple {
			return // a place cannot be missing; see the next row
		}
		missing := t.drifted(wire.DriftMissing)
		event, refused = t.try(t.number, ``)
		require.False(t, refused)
		require.Contains(t, zero, t.value(event, t.number))
		if t.name != "ibkr" { // there rows hold what changed, and an absent member is not even zero
			require.Equal(t, missing+1, t.drifted(wire.DriftMissing))
		}
		extra := t.drifted(wire.DriftUnknownMember)
		_, refused = t.try("zz", `{"a":[1,{"b":null}]}`)
		require.False(t, refused)
		require.Equal(t, extra+1, t.drifted(wire.DriftUnknownMember))
	})
	eachScript(t, func(t *tape) {
		if t.key == "" {
			t.Skip("the frame names its topic")
		}
		for _, json := range []string{`null`, ``} {
			event, refused := t.try(t.key, json)
			require.True(t, refused, "nobody can tell whose it is: %s", event)
			require.Contains(t, t.hook.err, t.key)
		}
	})
}

func tupleLengths(t *testing.T) {
	playScript(t, "krakenv1", func(t *tape) {
		for n := range len(t.members) {
			row := make([]string, n)
			for i := range row {
				row[i] = t.members[i].json
			}
			event, refused := t.tryFrame(fmt.Sprintf(t.frame, strings.Join(row, ",")))
			require.True(t, refused, "%d places: %s", n, event)
			require.Contains(t, t.hook.err, "Trade", "which")
			require.Contains(t, t.hook.err, t.members[n].name, "the first that is not there")
		}
		event, refused := t.try("more", `"7"`, "still more", `{"8":9}`)
		require.False(t, refused)
		require.NotEmpty(t, event)

		// The frame itself: the name of the channel stands last but one.
		for frame, known := range map[string]bool{
			`[119930881,[["1","100001","3.5","s","l",""]],"trade","XBT/USD"]`: true,
			`[[["1","100001","3.5","s","l",""]],"trade","XBT/USD"]`:           false,
			`["trade","XBT/USD"]`: false,
			`["XBT/USD"]`:         false,
		} {
			counted := t.counted()
			t.server.Push(frame)
			got, _ := t.wants()
			require.Equal(t, known, len(got) == 1, frame)
			require.Equal(t, !known, t.counted() == counted+1, frame)
		}
	})
}
