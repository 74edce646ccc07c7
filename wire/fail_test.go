package wire_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/wire"
)

func TestFailurePath(t *testing.T) {
	var d wire.Decoder
	b := []byte(`{"candle":{"bids":[{"price":1},{"price": "abc"}]}}`)
	at := strings.Index(string(b), ` "abc"`)
	code := d.Fail(wire.ErrKind, b, at, "Level", "price")
	code = d.FailIndex(code, b, 31, 1)
	code = d.Fail(code, b, 18, "Candle", "bids")
	code = d.FailKey(code, b, 10, "a.b")
	code = d.Fail(code, b, 0, "Frame", "candles")
	require.Equal(t, wire.ErrKind, code)
	err := d.Err("LiveCandle")
	require.Equal(t, &wire.FieldError{Type: "LiveCandle", Path: "candles[a.b].bids[1].price", Offset: at + 1, Code: wire.ErrKind, Value: `"abc"`}, err)
	require.EqualError(t, err, `LiveCandle.candles[a.b].bids[1].price: another JSON kind than declared, got "abc" at offset `+fmt.Sprint(at+1))
	require.Equal(t, &wire.FieldError{Type: "LiveCandle", Code: wire.ErrValue}, d.Err("LiveCandle"), "a failure is returned once, but never nil")
	require.ErrorIs(t, fmt.Errorf("frame: %w", err), wire.ErrField)
	require.ErrorIs(t, err, wire.CodeError(wire.ErrKind))
	require.NotErrorIs(t, err, wire.CodeError(wire.ErrRange))
	err.HideValue()
	require.NotContains(t, err.Error(), "abc")
}

func TestFailureNamesTheElement(t *testing.T) {
	var d wire.Decoder
	b := []byte(`{"p":"x"}`)
	d.InElement(41)
	d.Fail(wire.ErrKind, b, 5, "Trade", "p")
	err := d.Err("Trade")
	require.Equal(t, wire.Some(41), err.Element)
	require.EqualError(t, err, `element 41: Trade.p: another JSON kind than declared, got "x" at offset 5`)
	require.Equal(t, wire.Some(41), d.Err("Trade").Element)
	d.InElement(-1)
	d.Fail(wire.ErrKind, b, 5, "Trade", "p")
	require.False(t, d.Err("Trade").Element.HasValue())
}

func TestFailureOfAnotherValueStartsOver(t *testing.T) {
	var d wire.Decoder
	b := []byte(`{"a":"x","b":"y"}`)
	d.Fail(wire.ErrKind, b, 5, "T", "a")
	d.Fail(wire.ErrKind, b, 13, "T", "b")
	require.Equal(t, "b", d.Err("T").Path)
	d.Fail(wire.ErrKind, b, 5, "T", "a")
	d.Fail(wire.ErrRange, b, 0, "T", "whole")
	require.Equal(t, "whole", d.Err("T").Path)
	d.Fail(wire.ErrKind, b, 5, "T", "a")
	d.Forget()
	require.Empty(t, d.Err("T").Path)
	d.Fail(wire.ErrKind, []byte(`[{"password":"x"}]`), 1, "T", "list")
	require.Equal(t, "{...}", d.Err("T").Value, "what is inside is nobody's business")
}

func TestFailureExcerptIsShortAndPrintable(t *testing.T) {
	var d wire.Decoder
	d.Fail(wire.ErrValue, []byte("\"\x01é"+strings.Repeat("x", 100)+`"`), 0, "T", "m")
	err := d.Err("")
	require.Equal(t, "T", err.Type)
	require.Len(t, err.Value, 32)
	require.True(t, strings.HasPrefix(err.Value, `"???xxx`), err.Value)
	for range 600 {
		d.Fail(wire.ErrSyntax, []byte("x"), 0, "T", "member")
	}
	require.LessOrEqual(t, len(d.Err("T").Path), 256)
	d.Fail(wire.ErrTruncated, []byte("{"), 1, "T", "m")
	require.Equal(t, &wire.FieldError{Type: "T", Path: "m", Offset: 1, Code: wire.ErrTruncated}, d.Err("T"))
}

func TestFailMissing(t *testing.T) {
	var d wire.Decoder
	code := d.FailMissing("Route", "active_id")
	require.Equal(t, wire.ErrMissing, code)
	d.Fail(code, []byte(`{"route":{}}`), 9, "Event", "route")
	require.EqualError(t, d.Err("Event"), "Event.route.active_id: required member missing at offset 9")
}

func TestNullOfPlainMember(t *testing.T) {
	d := wire.Decoder{Drift: new(wire.Drift)}
	b := []byte(`{"p": null,"q":"x","r":nul}`)
	_, code := wire.Float64(b, 5)
	require.Equal(t, 10, d.Null(b, 5, code, "T", "p"))
	_, code = wire.Float64(b, 15)
	require.Equal(t, wire.ErrKind, d.Null(b, 15, code, "T", "q"))
	require.Equal(t, "q", d.Err("T").Path)
	_, code = wire.Float64(b, 23)
	require.Equal(t, wire.ErrSyntax, d.Null(b, 23, code, "T", "r"))
	// A null further in is not this member's.
	require.Equal(t, wire.ErrNull, d.Null([]byte(`{"x":null}`), 0, wire.ErrNull, "T", "s"))
	require.Equal(t, []wire.DriftRow{{Kind: wire.DriftNull, Type: "T", Name: "p", Count: 1}}, d.Drift.Snapshot())
}

func TestDriftOfDecoder(t *testing.T) {
	d := wire.Decoder{Drift: new(wire.Drift)}
	b := []byte(`[1,{"a":[]}]`)
	require.Equal(t, 2, d.Unknown(b, 1, "T", []byte("new")))
	require.Equal(t, 11, d.Unknown(b, 3, "T", []byte("new")))
	require.Equal(t, wire.ErrSyntax, d.Unknown([]byte(`[01]`), 0, "T", []byte("bad")))
	require.Equal(t, "bad", d.Err("T").Path)
	names := make([]string, 70)
	for i := range names {
		names[i] = fmt.Sprintf("m%02d", i)
	}
	d.Missing("T", names, []uint64{1 << 3, 1<<5 | 1<<6})
	d.UnknownEnum("Side", []byte("short"))
	d.UnknownEnumString("Side", "short")
	d.UnknownEnumInt("Code", -7)
	d.UnknownVariant("Union", nil)
	d.Repeated("T", []byte("a"))
	require.Equal(t, []wire.DriftRow{
		{wire.DriftMissing, "T", "m03", 1},
		{wire.DriftMissing, "T", "m69", 1},
		{wire.DriftRepeatedKey, "T", "a", 1},
		{wire.DriftUnknownEnum, "Code", "-7", 1},
		{wire.DriftUnknownEnum, "Side", "short", 2},
		{wire.DriftUnknownMember, "T", "new", 2},
		{wire.DriftUnknownVariant, "Union", "", 1},
	}, d.Drift.Snapshot())
	var none wire.Decoder
	require.Equal(t, 2, none.Unknown(b, 1, "T", []byte("new")), "without Drift nothing is counted")
	require.Zero(t, none.Drift.Total())
	require.Zero(t, none.Drift.Overflow())
	require.Nil(t, none.Drift.Snapshot())
}

func TestDriftIsBounded(t *testing.T) {
	var drift wire.Drift
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 1000 {
				drift.Add(wire.DriftUnknownMember, "T", fmt.Sprint("member", w, "-", i, strings.Repeat("é", 100)))
			}
		})
	}
	wg.Wait()
	rows := drift.Snapshot()
	require.Len(t, rows, 512)
	for _, r := range rows {
		require.LessOrEqual(t, len(r.Name), 64)
		require.NotContains(t, r.Name, "\ufffd")
		require.Equal(t, r.Name, strings.ToValidUTF8(r.Name, "!"))
	}
	require.EqualValues(t, 4000, drift.Total())
	require.EqualValues(t, 4000-512, drift.Overflow())
}

func TestNest(t *testing.T) {
	var d wire.Decoder
	for range wire.MaxDepth {
		require.Zero(t, d.Nest())
	}
	require.Equal(t, wire.ErrDepth, d.Nest())
	for range wire.MaxDepth + 1 {
		d.Unnest()
	}
	require.Zero(t, d.Nest())
}

func TestCodeText(t *testing.T) {
	seen := map[string]bool{}
	for code := wire.ErrMissing; code <= wire.ErrSyntax; code++ {
		text := wire.CodeText(code)
		require.NotEmpty(t, text)
		require.False(t, seen[text], text)
		seen[text] = true
	}
	require.Empty(t, wire.CodeText(0))
	require.NotEmpty(t, wire.CodeText(-1000))
	require.True(t, errors.Is(&wire.FieldError{Code: wire.ErrDepth}, wire.CodeError(wire.ErrDepth)))
}
