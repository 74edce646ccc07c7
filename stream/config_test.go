package stream_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

const canary = "c4n4ry-s3cret"

// lockedBuffer takes the output of several goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

type frameHook struct {
	out       io.Writer
	in, sent  int
	dials     []stream.ConnectInfo
	calls     []stream.CallInfo
	items     []stream.SubscriptionInfo
	gaps      []stream.Gap
	drops     uint64
	lastWords []error
}

func (h *frameHook) OnFrameIn(f stream.Frame)  { h.in += f.Size; _, _ = h.out.Write(f.Bytes()) }
func (h *frameHook) OnFrameOut(f stream.Frame) { h.sent += f.Size; _, _ = h.out.Write(f.Bytes()) }
func (h *frameHook) OnConnect(i stream.ConnectInfo) {
	h.dials = append(h.dials, i)
}
func (h *frameHook) OnCall(i stream.CallInfo)                 { h.calls = append(h.calls, i) }
func (h *frameHook) OnSubscription(i stream.SubscriptionInfo) { h.items = append(h.items, i) }
func (h *frameHook) OnGap(_ string, g stream.Gap)             { h.gaps = append(h.gaps, g) }
func (h *frameHook) OnDrop(_ string, n uint64)                { h.drops += n }
func (h *frameHook) OnDisconnect(_ uint64, err error)         { h.lastWords = append(h.lastWords, err) }

func TestHooks(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		h := &frameHook{out: io.Discard}
		c := v.client(stream.LinkConfig{}, stream.WithHooks(h), stream.WithUserAgent("bot/1"))
		_, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "", stream.WithQueue(1, stream.DropNewest))
		require.NoError(t, err)
		for n := range 4 {
			v.peer().tick("A", n)
		}
		_, err = c.Call(t.Context(), rpcGet, nil)
		require.NoError(t, err)
		_ = v.peer().NetConn().Close()
		synctest.Wait()
		require.Len(t, h.lastWords, 1)
		require.EqualValues(t, 3, h.drops)
		require.Equal(t, []stream.Gap{{Reason: stream.GapSlowConsumer, Count: 1}, {Reason: stream.GapReconnect}}, h.gaps, "when they open")
		require.NoError(t, waitEpoch(t.Context(), c, 2))
		synctest.Wait()
		require.Equal(t, []stream.ConnectInfo{{URL: "ws://venue.test/ws", Epoch: 1}, {URL: "ws://venue.test/ws", Epoch: 2}}, h.dials)
		require.Equal(t, []stream.CallInfo{{Method: "get", Version: "1.0", Effect: protocol.Read}}, h.calls)
		var events []stream.SubscriptionEvent
		for _, i := range h.items {
			require.Equal(t, key("A"), i.Key)
			events = append(events, i.Event)
		}
		require.Equal(t, []stream.SubscriptionEvent{stream.ItemSent, stream.ItemLive, stream.ItemSent, stream.ItemLive}, events)
		st := c.Stats()
		require.EqualValues(t, h.in, st.BytesIn)
		require.EqualValues(t, 3, st.FramesOut)
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestOptionsThatFitNothing(t *testing.T) {
	type venueConfig struct{ demo bool }
	type other struct{}
	var vc venueConfig
	demo := stream.OptionFor(func(c *venueConfig) { c.demo = true })
	c, err := newClient(stream.LinkConfig{Config: []any{&vc}}, demo, stream.WithQueue(7, stream.Fail))
	require.NoError(t, err)
	require.True(t, vc.demo)
	require.NoError(t, c.CloseNow())
	<-c.Done()

	for _, bad := range []stream.Option{
		stream.OptionFor(func(*other) {}),
		stream.WithConflate(func(*tick) string { return "" }), // is for subscriptions
		{},
	} {
		_, err := newClient(stream.LinkConfig{}, demo, bad)
		require.ErrorContains(t, err, "does not fit")
	}
	_, err = newClient(stream.LinkConfig{}, stream.OptionFor(func(*other) {}))
	require.ErrorContains(t, err, "stream_test.other")

	topic := newTopic(newFakeConn())
	for _, bad := range []stream.Option{
		stream.WithURL("ws://x"),
		stream.WithConflate(func(*other) string { return "" }),
		demo,
	} {
		_, err := topic.Subscribe(t.Context(), []string{"A"}, "", bad)
		require.ErrorContains(t, err, "does not fit", "%v", bad)
	}
	_, err = newClient(stream.LinkConfig{}, stream.WithHooks(other{}))
	require.ErrorContains(t, err, "no hook")
	_, err = stream.NewLink(stream.LinkConfig{})
	require.Error(t, err)
}

func TestTarget(t *testing.T) {
	endpoint := &protocol.Endpoint{
		Name: "futures", Path: "/futures[/{exchange}]",
		Vars:  []protocol.Var{{Name: "exchange", Values: []string{"cme", "cbot"}}},
		Hosts: []protocol.Host{{Name: "live", URL: "wss://live.test/"}, {Name: "brand", URL: "wss://ws.{brand}"}},
	}
	tests := []struct {
		name string
		opts []stream.Option
		want string
		err  string
	}{
		{"first host", nil, "wss://live.test/futures", ""},
		{"group", []stream.Option{stream.WithVar("exchange", "cme")}, "wss://live.test/futures/cme", ""},
		{"closed values", []stream.Option{stream.WithVar("exchange", "lse")}, "", "one of cme, cbot"},
		{"host by name", []stream.Option{stream.WithHost("brand"), stream.WithVar("brand", "b.test")}, "wss://ws.b.test/futures", ""},
		{"missing hole", []stream.Option{stream.WithHost("brand")}, "", `WithVar("brand"`},
		{"unknown host", []stream.Option{stream.WithHost("paper")}, "", `no host "paper"`},
		{"host replaced", []stream.Option{stream.WithURL("http://127.0.0.1:80")}, "ws://127.0.0.1:80/futures", ""},
		{"path replaced", []stream.Option{stream.WithURL("ws://127.0.0.1:80/x?y=1")}, "ws://127.0.0.1:80/x?REDACTED", ""},
		{"bad scheme", []stream.Option{stream.WithURL("ftp://x")}, "", "neither ws nor wss"},
		{"no host", []stream.Option{stream.WithURL("ws:///x")}, "", "no host"},
		{"secret in a bad URL", []stream.Option{stream.WithURL("ws://[" + canary)}, "", "bad URL"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := &frameHook{}
			refused := errors.New("refused")
			opts := append([]stream.Option{stream.WithHooks(h), stream.WithProxy(nil), stream.WithDialer(
				func(context.Context, string, string) (net.Conn, error) { return nil, refused })}, tt.opts...)
			l, err := stream.NewLink(stream.LinkConfig{Protocol: testWire(), Endpoint: endpoint, Inbound: new(client)}, opts...)
			if tt.err != "" {
				require.ErrorContains(t, err, tt.err)
				require.NotContains(t, err.Error(), canary)
				return
			}
			require.NoError(t, err)
			require.ErrorIs(t, l.Dial(t.Context()), refused)
			require.Equal(t, tt.want, h.dials[0].URL)
		})
	}
}

func TestHandshakeAndHTTPClientShareTheirSettings(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		var agents, tags []string
		v.onHTTP = func(_ int, w http.ResponseWriter, r *http.Request) bool {
			agents = append(agents, r.UserAgent())
			tags = append(tags, r.Header.Get("X-Tag"))
			return r.URL.Path == "/login"
		}
		var c *client
		cfg := stream.LinkConfig{Login: func(ctx context.Context, _ stream.Conn) error {
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://venue.test/login", nil)
			if err != nil {
				return err
			}
			resp, err := c.HTTPClient().Do(req)
			if err != nil {
				return err
			}
			return resp.Body.Close()
		}}
		c = v.idleClient(cfg, stream.WithHeader(http.Header{"X-Tag": {"7"}}))
		require.NoError(t, c.Dial(t.Context()))
		require.Equal(t, []string{"venuewire/" + stream.Version, "venuewire/" + stream.Version}, agents)
		require.Equal(t, []string{"7", ""}, tags)
		require.Equal(t, 2, v.dialCount(), "both through the one dialer")
		require.NoError(t, c.Close(t.Context()))
	})
}

func TestProxy(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		var hosts []string
		c, err := newClient(stream.LinkConfig{},
			stream.WithProxy(http.ProxyURL(&url.URL{Scheme: "http", Host: "proxy.test:3128"})),
			stream.WithDialer(func(_ context.Context, _, addr string) (net.Conn, error) {
				hosts = append(hosts, addr)
				return nil, errors.New("down")
			}))
		require.NoError(t, err)
		require.Error(t, c.Dial(t.Context()))
		require.Equal(t, []string{"proxy.test:3128"}, hosts)
	})
}

func TestErrorTexts(t *testing.T) {
	wrapped := errors.New("EOF")
	for want, err := range map[string]error{
		"v: get 1.0 (request 7): outcome unknown: EOF":    &stream.CallError{Venue: "v", Method: "get", Version: "1.0", RequestID: "7", Err: fmt.Errorf("%w: %w", stream.ErrOutcomeUnknown, wrapped)},
		"refused: Busy (E2): try later":                   &stream.VenueError{Code: "E2", Message: "try later", Known: errBusy},
		"refused (9)":                                     &stream.VenueError{Code: "9"},
		"rate limited, retry after 2s: EOF":               &stream.RateLimitError{RetryAfter: 2 * time.Second, Err: wrapped},
		"rate limited: EOF":                               &stream.RateLimitError{Err: wrapped},
		"connection closed (1008): slow":                  &stream.CloseError{Code: 1008, Reason: "slow"},
		"connection closed (1006)":                        &stream.CloseError{Code: 1006},
		"upgrade answered with status 502":                &stream.UpgradeError{Status: 502},
		"subscribe t: 1 not confirmed; (no key): EOF":     &stream.SubscribeError{Feed: "t", Items: map[string]error{"": wrapped}},
		"client is read-only: not sent":                   stream.ErrReadOnly,
		"v: get: unexpected reply: neither this nor that": &stream.ProtocolError{Venue: "v", Method: "get", Reason: "neither this nor that"},
	} {
		require.EqualError(t, err, want)
	}
	many := &stream.SubscribeError{Feed: "t", Items: map[string]error{}}
	for i := range 9 {
		many.Items[fmt.Sprint(i)] = wrapped
	}
	require.ErrorContains(t, many, "and 4 more")
	require.Equal(t, "reconnect+expiry", (stream.GapReconnect | stream.GapExpiry).String())
	require.Equal(t, "none", stream.GapReason(0).String())
	require.Equal(t, "ready", stream.Ready.String())
}
