package streamtest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// endpoint is where a client would dial without the server's options.
var endpoint = protocol.Endpoint{Name: "main", Path: "/ws", Hosts: []protocol.Host{{Name: "prod", URL: "wss://nowhere.invalid"}}}

// connect makes a client of the engine with one topic.
func connect(t *testing.T, s *streamtest.Server, opts ...stream.Option) (*stream.Link, *candleAPI) {
	api := new(candleAPI)
	link, err := stream.NewLink(stream.LinkConfig{Protocol: s.Protocol(), Endpoint: &endpoint, Inbound: api}, append(s.Options(), opts...)...)
	require.NoError(t, err)
	api.candles.Init(link, stream.Routing[string]{
		Name: "candles", Feed: s.Protocol().Feeds[0],
		Item: func(k string) string { return `{"active_id":` + k + `}` },
	})
	require.NoError(t, link.Dial(ctxFor(t, time.Hour)))
	return link, api
}

func TestAClientOfTheEngine(t *testing.T) {
	for name, opts := range map[string][]streamtest.ServerOption{"plain": nil, "tls": {streamtest.WithTLS()}} {
		t.Run(name, func(t *testing.T) {
			bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
				s.Reply("get-candles", `{"candles":[]}`)
				s.Refuse("buy", "4117", "moved")
				link, api := connect(t, s)
				reply, err := link.Call(ctxFor(t, time.Hour), s.Protocol().RPCs[0], []byte(`{"id":1}`))
				require.NoError(t, err)
				require.Contains(t, string(reply.Frames[0]), `"msg":{"candles":[]}`)
				_, err = link.Call(ctxFor(t, time.Hour), s.Protocol().RPCs[1], []byte(`{}`))
				var venue *stream.VenueError
				require.ErrorAs(t, err, &venue)
				require.Equal(t, []string{"4117", "moved"}, []string{venue.Code, venue.Message})

				sub, err := stream.Subscribe(ctxFor(t, time.Hour), &api.candles, []string{"76"}, "", stream.Kind[int]{}, nil)
				require.NoError(t, err)
				require.Equal(t, []string{`{"active_id":76}`}, s.Sessions()[0].Subscribed("candle"))
				s.Push(`{"name":"candle","n":1}`)
				ev, err := sub.Next(ctxFor(t, time.Hour))
				require.NoError(t, err)
				require.Nil(t, ev.Gap)

				s.Fault(streamtest.Drop())
				require.NoError(t, s.WaitSubscribed(ctxFor(t, time.Minute), "candle", 1), "asked for again")
				s.Push(`{"name":"candle","n":2}`)
				ev, err = sub.Next(ctxFor(t, time.Hour))
				require.NoError(t, err)
				require.Equal(t, uint64(2), ev.Epoch)
				require.NotNil(t, ev.Gap)

				require.NoError(t, link.Close(ctxFor(t, time.Hour)))
				require.Empty(t, s.Problems())
			}, opts...)
		})
	}
}

func TestAClientWithoutAnAnswer(t *testing.T) {
	bubble(t, envelope(), func(t *testing.T, s *streamtest.Server) {
		link, _ := connect(t, s)
		s.Fault(streamtest.Mute())
		_, err := link.Call(ctxFor(t, 5*time.Second), s.Protocol().RPCs[1], []byte(`{}`))
		require.ErrorIs(t, err, stream.ErrOutcomeUnknown)
		synctest.Wait()
		require.Len(t, s.CallsOf("buy"), 1, "an order is never repeated")
		s.Fault(streamtest.Heal())
		require.NoError(t, link.CloseNow())
	})
}
