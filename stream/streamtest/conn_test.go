package streamtest_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// candleAPI is what generated code looks like from a transport.
type candleAPI struct {
	candles stream.Topic[string]
}

func (a *candleAPI) Frame(b []byte, m stream.Meta, rest func(elem []byte, err error)) {
	switch {
	case bytes.HasPrefix(b, []byte(`{"name":"candle"`)):
		v := len(b)
		a.candles.Deliver("76", &v, &m)
	case !bytes.HasPrefix(b, []byte("{")):
		rest(b, errors.New("no object"))
	default:
		rest(b, nil)
	}
}

func newCandles(p *protocol.Protocol) (*streamtest.Conn, *candleAPI) {
	c, a := streamtest.NewConn(p), new(candleAPI)
	a.candles.Init(c, stream.Routing[string]{
		Name: "candles", Feed: p.Feeds[0],
		Item: func(k string) string { return `{"active_id":` + k + `}` },
	})
	c.Attach(a)
	return c, a
}

func TestConnAnswersCalls(t *testing.T) {
	t.Parallel()
	p := envelope()
	c := streamtest.NewConn(p)
	c.Reply("get-candles", `{"candles":[]}`)
	reply, err := c.Call(t.Context(), p.RPCs[0], []byte(`{"id":1}`))
	require.NoError(t, err)
	require.Len(t, reply.Frames, 1)
	require.Equal(t, `{"name":"candles","msg":{"candles":[]}}`, string(reply.Frames[0]))
	require.Equal(t, []streamtest.ConnCall{{Name: "get-candles", Version: "2.0", Body: []byte(`{"id":1}`)}}, c.Calls())

	_, err = c.Call(t.Context(), p.RPCs[1], nil)
	require.ErrorContains(t, err, "buy")
	c.Fail("buy", stream.ErrOutcomeUnknown)
	_, err = c.Call(t.Context(), p.RPCs[1], nil)
	require.ErrorIs(t, err, stream.ErrOutcomeUnknown)
	c.ReplyFrames("buy", "1", "2")
	reply, err = c.Call(t.Context(), p.RPCs[1], nil)
	require.NoError(t, err)
	require.Len(t, reply.Frames, 2)
	_, err = c.Call(t.Context(), p.RPCs[3], nil)
	require.NoError(t, err, "a call without a reply")
}

func TestConnDeliversToTopics(t *testing.T) {
	t.Parallel()
	c, api := newCandles(envelope())
	require.NoError(t, c.Push(`{"name":"candle"}`), "nobody wants it")
	sub, err := stream.Subscribe(t.Context(), &api.candles, []string{"76"}, "", stream.Kind[int]{}, nil)
	require.NoError(t, err)
	require.Equal(t, []stream.Item{{Key: `{"active_id":76}`}}, c.Items("candle"))

	require.NoError(t, c.Push(`{"name":"candle"}`))
	ev, err := sub.Next(t.Context())
	require.NoError(t, err)
	require.Equal(t, uint64(2), ev.Seq)
	require.Equal(t, uint64(1), ev.Epoch)
	require.Equal(t, 17, ev.Data)

	c.Lost(stream.GapReconnect, 3)
	require.NoError(t, c.Push(`{"name":"candle"}`))
	ev, err = sub.Next(t.Context())
	require.NoError(t, err)
	require.NotNil(t, ev.Gap)
	require.Equal(t, stream.GapReconnect, ev.Gap.Reason)

	require.NoError(t, c.Push(`{"name":"other"}`))
	require.ErrorContains(t, c.Push(`?`), "no object")
	require.Len(t, c.Rest(), 2)
	require.Equal(t, `{"name":"other"}`, string(c.Rest()[0].Elem))

	require.NoError(t, sub.Close(t.Context()))
	require.Empty(t, c.Items("candle"))
}

func TestConnEndsHandles(t *testing.T) {
	t.Parallel()
	c, api := newCandles(envelope())
	sub, err := stream.Subscribe(t.Context(), &api.candles, []string{"76"}, "", stream.Kind[int]{}, nil)
	require.NoError(t, err)
	c.End(stream.ErrAuth)
	_, err = sub.Next(t.Context())
	require.ErrorIs(t, err, stream.ErrAuth)
	require.Error(t, streamtest.NewConn(envelope()).Push("{}"))
}
