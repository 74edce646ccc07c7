package wire_test

import (
	"bytes"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

func TestUnixTimes(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339Nano, s)
		require.NoError(t, err)
		return v.UTC()
	}
	type reader = func([]byte, int) (time.Time, int)
	tests := []struct {
		read reader
		in   string
		want string
		code int
	}{
		{read: wire.UnixS, in: `0`, want: "1970-01-01T00:00:00Z"},
		{read: wire.UnixS, in: `1700000000`, want: "2023-11-14T22:13:20Z"},
		{read: wire.UnixS, in: `1700000000.123456789`, want: "2023-11-14T22:13:20.123456789Z"},
		{read: wire.UnixS, in: `1700000000.1234567899999`, want: "2023-11-14T22:13:20.123456789Z"},
		{read: wire.UnixS, in: `1700000000.99999999999999999999999`, want: "2023-11-14T22:13:20.999999999Z"},
		{read: wire.UnixS, in: `1534614057.321597`, want: "2018-08-18T17:40:57.321597Z"},
		{read: wire.UnixS, in: `1.7e9`, want: "2023-11-14T22:13:20Z"},
		{read: wire.UnixS, in: `17000000001e-1`, want: "2023-11-14T22:13:20.1Z"},
		{read: wire.UnixS, in: `-1.5`, want: "1969-12-31T23:59:58.5Z"},
		{read: wire.UnixS, in: `-0.0000000019`, want: "1969-12-31T23:59:59.999999999Z"},
		{read: wire.UnixS, in: `253402300799.999999999`, want: "9999-12-31T23:59:59.999999999Z"},
		{read: wire.UnixS, in: `-62135596800`, want: "0001-01-01T00:00:00Z"},
		{read: wire.UnixS, in: `0.0000000000000000000000000000017e39`, want: "2023-11-14T22:13:20Z"},
		{read: wire.UnixS, in: `1e-99999999999`, want: "1970-01-01T00:00:00Z"},
		{read: wire.UnixS, in: `253402300800`, code: wire.ErrRange},
		{read: wire.UnixS, in: `-62135596800.000000001`, code: wire.ErrRange},
		{read: wire.UnixS, in: `-62135596801`, code: wire.ErrRange},
		{read: wire.UnixS, in: `1e12`, code: wire.ErrRange},
		{read: wire.UnixS, in: `1e99999999999`, code: wire.ErrRange},
		{read: wire.UnixS, in: `18446744073709551617`, code: wire.ErrRange},
		{read: wire.UnixS, in: `"1"`, code: wire.ErrKind},
		{read: wire.UnixS, in: `null`, code: wire.ErrNull},
		{read: wire.UnixMs, in: `1700000000123`, want: "2023-11-14T22:13:20.123Z"},
		{read: wire.UnixMs, in: `1700000000123.4567891`, want: "2023-11-14T22:13:20.123456789Z"},
		{read: wire.UnixMs, in: `-1`, want: "1969-12-31T23:59:59.999Z"},
		{read: wire.UnixUs, in: `1700000000123456`, want: "2023-11-14T22:13:20.123456Z"},
		{read: wire.UnixNs, in: `1700000000123456789`, want: "2023-11-14T22:13:20.123456789Z"},
		{read: wire.UnixNs, in: `1700000000123456789.9`, want: "2023-11-14T22:13:20.123456789Z"},
		{read: wire.UnixNs, in: `253402300799999999999`, want: "9999-12-31T23:59:59.999999999Z"},
		{read: wire.UnixNs, in: `253402300800000000000`, code: wire.ErrRange},
		{read: wire.UnixSString, in: `"1534614057.321597"`, want: "2018-08-18T17:40:57.321597Z"},
		{read: wire.UnixSString, in: `1534614057`, code: wire.ErrKind},
		{read: wire.UnixSString, in: `""`, code: wire.ErrValue},
		{read: wire.UnixMsString, in: `"1700000000123"`, want: "2023-11-14T22:13:20.123Z"},
		{read: wire.UnixUsString, in: `"1700000000123456"`, want: "2023-11-14T22:13:20.123456Z"},
		{read: wire.UnixNsString, in: `"1700000000123456789"`, want: "2023-11-14T22:13:20.123456789Z"},
		{read: wire.UnixSFlex, in: `"1700000000"`, want: "2023-11-14T22:13:20Z"},
		{read: wire.UnixMsFlex, in: `1700000000123`, want: "2023-11-14T22:13:20.123Z"},
		{read: wire.UnixAuto, in: `0`, want: "0001-01-01T00:00:00Z"},
		{read: wire.UnixAuto, in: `1700000000`, want: "2023-11-14T22:13:20Z"},
		{read: wire.UnixAuto, in: `99999999999`, want: "5138-11-16T09:46:39Z"},
		{read: wire.UnixAuto, in: `1700000000123`, want: "2023-11-14T22:13:20.123Z"},
		{read: wire.UnixAuto, in: `1700000000123456`, want: "2023-11-14T22:13:20.123456Z"},
		{read: wire.UnixAuto, in: `170000000012345678`, want: "1975-05-22T14:13:20.012345678Z"},
		{read: wire.UnixAuto, in: `1700000000123456789`, want: "2023-11-14T22:13:20.123456789Z"},
		{read: wire.UnixAuto, in: `1.7e9`, want: "2023-11-14T22:13:20Z"},
		{read: wire.UnixAuto, in: `-1`, code: wire.ErrRange},
		{read: wire.UnixAuto, in: `1.5`, code: wire.ErrRange},
		{read: wire.UnixAuto, in: `10000000000000000000`, code: wire.ErrRange},
		{read: wire.UnixAutoString, in: `"1700000000"`, want: "2023-11-14T22:13:20Z"},
		{read: wire.UnixAutoFlex, in: `1700000000`, want: "2023-11-14T22:13:20Z"},
	}
	for _, tc := range tests {
		got, next := tc.read([]byte(tc.in), 0)
		if tc.code != 0 {
			require.Equal(t, tc.code, next, tc.in)
			require.True(t, got.IsZero(), tc.in)
			continue
		}
		require.Equal(t, len(tc.in), next, tc.in)
		require.Equal(t, at(tc.want), got, tc.in)
	}
}

// TestUnixAgainstBig compares with exact arithmetic, cut towards zero at 1 ns.
func TestUnixAgainstBig(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 10))
	first, last := big.NewInt(-62135596800), big.NewInt(253402300800)
	nano := big.NewInt(1e9)
	inRange := 0
	for range 40_000 {
		s := randomNumber(rnd)
		v, _ := new(big.Rat).SetString(s)
		v.Mul(v, new(big.Rat).SetInt(nano))
		ns := new(big.Int).Quo(v.Num(), v.Denom())
		got, next := wire.UnixS([]byte(s), 0)
		if ns.Cmp(new(big.Int).Mul(first, nano)) < 0 || ns.Cmp(new(big.Int).Mul(last, nano)) >= 0 {
			require.Equal(t, wire.ErrRange, next, s)
			continue
		}
		inRange++
		require.Equal(t, len(s), next, s)
		have := new(big.Int).Mul(big.NewInt(got.Unix()), nano)
		have.Add(have, big.NewInt(int64(got.Nanosecond())))
		require.Zero(t, ns.Cmp(have), "%s: %s", s, got)
		wrote := wire.AppendUnixS(nil, got)
		again, code := wire.UnixSText(wrote)
		require.Zero(t, code, "%s", wrote)
		require.Equal(t, got, again, "%s", wrote)
	}
	require.Greater(t, inRange, 4_000)
}

func TestUnixWritten(t *testing.T) {
	v := time.Unix(1700000000, 123456789)
	for want, got := range map[string][]byte{
		`1700000000.123456789`: wire.AppendUnixS(nil, v),
		`1700000000123.456789`: wire.AppendUnixMs(nil, v),
		`1700000000123456.789`: wire.AppendUnixUs(nil, v),
		`1700000000123456789`:  wire.AppendUnixNs(nil, v),
		`1700000000`:           wire.AppendUnixS(nil, time.Unix(1700000000, 0)),
		`1700000000050`:        wire.AppendUnixMs(nil, time.Unix(1700000000, 50e6)),
		`50`:                   wire.AppendUnixMs(nil, time.Unix(0, 50e6)),
		`0`:                    wire.AppendUnixNs(nil, time.Unix(0, 0)),
		`-0.5`:                 wire.AppendUnixS(nil, time.Unix(-1, 5e8)),
		`-1500`:                wire.AppendUnixMs(nil, time.Unix(-2, 5e8)),
	} {
		require.Equal(t, want, string(got))
	}
	require.Equal(t, "0", string(wire.AppendUnixMs(nil, time.Time{})), "the zero time is no time")
}

func TestUnixAutoReadsBack(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 12))
	require.Equal(t, "0", string(wire.AppendUnixAuto(nil, time.Time{})))
	require.Equal(t, "1700000000123456789", string(wire.AppendUnixAuto(nil, time.Unix(1700000000, 123456789))))
	for range 20_000 {
		digits := 1 + rnd.IntN(19)
		s := "123456789"[rnd.IntN(9):][:1]
		for len(s) < digits {
			s += string(rune('0' + rnd.IntN(10)))
		}
		v, code := wire.UnixAutoText([]byte(s))
		require.Zero(t, code, s)
		wrote := wire.AppendUnixAuto(nil, v)
		again, code := wire.UnixAutoText(wrote)
		require.Zero(t, code, s)
		if v.Year() < 2262 || len(s) < 18 {
			require.Equal(t, v, again, "%s is written as %s", s, wrote)
		}
		require.Equal(t, string(wrote), string(wire.AppendUnixAuto(nil, again)), s)
	}
}

func TestRFC3339(t *testing.T) {
	for in, want := range map[string]string{
		`2026-04-29T13:30:00Z`:           `2026-04-29T13:30:00Z`,
		`2026-04-29T13:30:00`:            `2026-04-29T13:30:00Z`,
		`2026-04-29 13:30:00.5`:          `2026-04-29T13:30:00.5Z`,
		`2026-04-29t13:30:00.123456789z`: `2026-04-29T13:30:00.123456789Z`,
		`2026-04-29T13:30:00.1234567899`: `2026-04-29T13:30:00.123456789Z`,
		`2026-04-29T13:30:00+02:00`:      `2026-04-29T11:30:00Z`,
		`2026-12-31T23:30:00-01:30`:      `2027-01-01T01:00:00Z`,
		`2024-02-29T00:00:00Z`:           `2024-02-29T00:00:00Z`,
		`2000-02-29T00:00:00Z`:           `2000-02-29T00:00:00Z`,
		`0001-01-01T00:00:00Z`:           `0001-01-01T00:00:00Z`,
		`9999-12-31T23:59:59.999999999Z`: `9999-12-31T23:59:59.999999999Z`,
	} {
		got, next := wire.RFC3339([]byte(`"`+in+`"`), 0)
		require.Equal(t, len(in)+2, next, in)
		require.Equal(t, want, string(wire.AppendRFC3339(nil, got, "")), in)
		require.Equal(t, time.UTC, got.Location())
	}
	for in, code := range map[string]int{
		``: wire.ErrValue, `0`: wire.ErrValue, `2026-04-29`: wire.ErrValue, `2026-04-29T13:30`: wire.ErrValue, `2026-04-29T13:30:60Z`: wire.ErrValue, `2026-04-29T24:00:00Z`: wire.ErrValue,
		`2026-13-01T00:00:00Z`: wire.ErrValue, `2026-00-01T00:00:00Z`: wire.ErrValue, `2026-04-31T00:00:00Z`: wire.ErrValue, `2026-02-29T00:00:00Z`: wire.ErrValue, `1900-02-29T00:00:00Z`: wire.ErrValue,
		`2026-04-29T13:30:00.Z`: wire.ErrValue, `2026-04-29T13:30:00,5Z`: wire.ErrValue, `2026-04-29T13:30:00ZZ`: wire.ErrValue, `2026-04-29T13:30:00+0200`: wire.ErrValue,
		`2026-04-29T13:30:00+24:00`: wire.ErrValue, `2026-04-29T13:30:00 Z`: wire.ErrValue, `2026-4-29T13:30:00Z`: wire.ErrValue, `+026-04-29T13:30:00Z`: wire.ErrValue,
		`0000-01-01T00:00:00Z`: wire.ErrRange, `0001-01-01T00:00:00+01:00`: wire.ErrRange, `9999-12-31T23:59:59-00:01`: wire.ErrRange,
	} {
		_, next := wire.RFC3339([]byte(`"`+in+`"`), 0)
		require.Equal(t, code, next, in)
	}
	_, next := wire.RFC3339([]byte(`1700000000`), 0)
	require.Equal(t, wire.ErrKind, next)
}

// TestRFC3339AgainstTime compares with package time on near misses.
func TestRFC3339AgainstTime(t *testing.T) {
	rnd := rand.New(rand.NewPCG(13, 14))
	const alphabet = "0123456789-:TZ.+ "
	accepted := 0
	for range 50_000 {
		v := time.Unix(rnd.Int64N(300e9)-60e9, rnd.Int64N(1e9)).In(time.FixedZone("", (rnd.IntN(48)-24)*1800))
		b := []byte(v.Format([]string{time.RFC3339, time.RFC3339Nano}[rnd.IntN(2)]))
		for range rnd.IntN(3) {
			b[rnd.IntN(len(b))] = alphabet[rnd.IntN(len(alphabet))]
		}
		want, err := time.Parse(time.RFC3339Nano, string(b))
		got, code := wire.RFC3339Text(b)
		if err != nil || bytes.Contains(b, []byte(":60")) || bytes.Contains(b[19:], []byte("24:")) {
			continue // some forms only one of both takes; package time takes zones of 24 hours and 60 minutes
		}
		if want = want.UTC(); want.Year() < 1 || want.Year() > 9999 {
			require.Equal(t, wire.ErrRange, code, "%s", b)
			continue
		}
		accepted++
		require.Zero(t, code, "%s", b)
		require.True(t, want.Equal(got), "%s: %s, not %s", b, got, want)
	}
	require.Greater(t, accepted, 10_000)
}

func TestRFC3339Precision(t *testing.T) {
	v := time.Date(2026, 4, 29, 13, 30, 0, 123456789, time.FixedZone("", 3600))
	for precision, want := range map[string]string{
		"s": "2026-04-29T12:30:00Z", "ms": "2026-04-29T12:30:00.123Z", "us": "2026-04-29T12:30:00.123456Z", "ns": "2026-04-29T12:30:00.123456789Z", "": "2026-04-29T12:30:00.123456789Z",
	} {
		require.Equal(t, want, string(wire.AppendRFC3339(nil, v, precision)))
	}
}

func TestLayout(t *testing.T) {
	const layout = "20060102-15:04:05"
	got, next := wire.Layout([]byte(` "20260429-13:30:00"`), 0, layout)
	require.Equal(t, 20, next)
	require.Equal(t, time.Date(2026, 4, 29, 13, 30, 0, 0, time.UTC), got)
	require.Equal(t, "20260429-13:30:00", string(wire.AppendLayout(nil, got, layout)))
	for in, code := range map[string]int{
		`"2026"`: wire.ErrValue, `20260429`: wire.ErrKind, `null`: wire.ErrNull, `"00000101-00:00:00"`: wire.ErrRange, `"` + strings.Repeat("9", 100) + `"`: wire.ErrValue,
	} {
		_, next := wire.Layout([]byte(in), 0, layout)
		require.Equal(t, code, next, in)
	}
}

// Every day of two cycles of leap years, and some of all others, against package time.
func TestRFC3339Days(t *testing.T) {
	t.Parallel()
	step := func(day time.Time) int {
		if y := day.Year(); y >= 1600 && y < 2400 {
			return 1
		}
		return 37
	}
	for day := time.Date(1, 1, 1, 23, 59, 58, 7, time.UTC); day.Year() < 10000; day = day.AddDate(0, 0, step(day)) {
		text := day.AppendFormat(nil, time.RFC3339Nano)
		got, code := wire.RFC3339Text(text)
		if code != 0 || got != day {
			require.Failf(t, "differs", "%s: %v, code %d", text, got, code)
		}
	}
	_, code := wire.RFC3339Text([]byte("0000-12-31T23:59:59Z"))
	require.Equal(t, wire.ErrRange, code)
	got, code := wire.RFC3339Text([]byte("0000-12-31T23:59:59-01:00"))
	require.Zero(t, code)
	require.Equal(t, time.Date(1, 1, 1, 0, 59, 59, 0, time.UTC), got)
}
