package polygon

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
)

const (
	tradeFrame  = `[{"ev":"T","sym":"MSFT","x":4,"i":"12345","z":3,"p":114.125,"s":100,"c":[0,12],"t":1536036818784,"q":3681328},{"ev":"Q","sym":"MSFT","bx":4,"bp":114.125,"bs":100,"ax":7,"ap":114.128,"as":160,"c":0,"i":[604],"t":1536036818784,"q":50385480,"z":3}]`
	statusFrame = `[{"ev":"status","status":"success","message":"subscribed to: T.MSFT"}]`
)

// What stands between the link and the decoders costs no memory.
func TestFramesDoNotAllocate(t *testing.T) {
	key := stream.NewSecret("key")
	raw, err := newClient(ClusterStocks, key, nil, func(stream.Conn) {}, nil)
	require.NoError(t, err)
	n := 0
	_, err = raw.DirectMessages(func(m *Message, _ stream.Meta) { n += len(m.Bytes) })
	require.NoError(t, err)

	typed := new(Stocks)
	typed.client, err = newClient(ClusterStocks, key, typed.inbound(), typed.stocksMethods.init, nil)
	require.NoError(t, err)

	rest := func([]byte, error) {}
	for name, c := range map[string]*client{"raw": raw, "typed": typed.client} { // ids of trades share memory
		frame := []byte(tradeFrame)
		require.Zero(t, testing.AllocsPerRun(100, func() { c.tap.Frame(frame, stream.Meta{}, rest) }), name)
	}
	require.NotZero(t, n)
	require.NoError(t, raw.CloseNow())
	require.NoError(t, typed.CloseNow())
}

func TestElementsOfFrames(t *testing.T) {
	for frame, want := range map[string][]string{
		`[]`:              nil,
		` [ {"a":1} , 2]`: {`{"a":1}`, `2`},
		`{"a":[1]}`:       {`{"a":[1]}`},
		statusFrame:       {strings.Trim(statusFrame, "[]")},
	} {
		var got []string
		require.True(t, eachElement([]byte(frame), func(e []byte) { got = append(got, string(e)) }), frame)
		require.Equal(t, want, got, frame)
	}
	for _, frame := range []string{``, `[`, `[1`, `[1,]`, `[1]x`, `{"a":1}{`, `{"a"`, "\xff"} {
		require.False(t, eachElement([]byte(frame), func([]byte) {}), frame)
	}
}

func TestStatusesAreTold(t *testing.T) {
	for elem, want := range map[string]bool{
		`{"ev":"status","status":"x"}`:   true,
		`{"status":"x","ev" : "status"}`: true,
		`{ "ev":"status"}`:               true,
		`{"ev":"T","sym":"status"}`:      false,
		`{"sym":"status"}`:               false,
		`7`:                              false,
	} {
		require.Equal(t, want, isStatus([]byte(elem)), elem)
	}
}
