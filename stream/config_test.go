package stream_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	gojson "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

const canary = "c4n4ry-s3cret"

func TestSecretNeverShows(t *testing.T) {
	type config struct {
		Public  stream.Secret
		private stream.Secret
		ptr     *stream.Secret
	}
	secret := stream.NewSecret(canary)
	require.Equal(t, canary, secret.Reveal())
	require.False(t, secret.IsZero())
	require.True(t, stream.Secret{}.IsZero())
	require.Empty(t, stream.Secret{}.Reveal())
	c := config{secret, secret, &secret}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p", "%T"} {
		for _, x := range []any{secret, &secret, c, &c, []stream.Secret{secret}, map[string]stream.Secret{"k": secret}, errors.Join(fmt.Errorf("%v", c))} {
			_, _ = fmt.Fprintf(&out, verb+"\n", x)
		}
	}
	for _, marshal := range []func(any) ([]byte, error){json.Marshal, gojson.Marshal} {
		b, err := marshal(c)
		require.NoError(t, err)
		require.Contains(t, string(b), "REDACTED")
		out.Write(b)
		b, err = marshal(map[string]any{"k": secret, "p": &secret})
		require.NoError(t, err)
		out.Write(b)
	}
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("x", "secret", secret, "ptr", &secret, "config", c)
	}
	require.NotContains(t, out.String(), canary)
	require.NotContains(t, out.String(), base64.StdEncoding.EncodeToString([]byte(canary)))
	require.Contains(t, out.String(), "REDACTED")
}

// A secret goes through login, token, URL and header, and everything that can be seen is searched for it.
func TestSecretsStayOutOfLogsAndErrors(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		var seen lockedBuffer
		log := slog.New(slog.NewTextHandler(&seen, &slog.HandlerOptions{Level: slog.LevelDebug}))
		hook := &frameHook{out: &seen}
		v.onHTTP = func(n int, w http.ResponseWriter, r *http.Request) bool {
			if n != 2 {
				return false
			}
			w.WriteHeader(http.StatusBadGateway)
			_, _ = fmt.Fprintf(w, "cannot serve %s with %s", r.URL, r.Header.Get("Authorization"))
			return true
		}
		cfg := stream.LinkConfig{
			Target: func(context.Context) (string, http.Header, error) {
				return "ws://venue.test/ws?ssid=" + canary, http.Header{"Authorization": {"Bearer " + canary}}, nil
			},
			Login: func(ctx context.Context, c stream.Conn) error {
				_, err := c.Call(ctx, rpcLogin, []byte(`{"password":"`+canary+`"}`))
				return err
			},
		}
		v.handle = func(p *peer, req request) bool {
			p.send(`{"channel":"profile","token":"%s"}`, canary)
			return false
		}
		c := v.client(cfg, stream.WithLogger(log), stream.WithHooks(hook))
		_ = v.peer().NetConn().Close()
		for st := range c.Watch(t.Context()) {
			_, _ = fmt.Fprintf(&seen, "%+v\n", st)
			if st.Epoch == 2 && st.State == stream.Ready {
				break
			}
		}
		require.NoError(t, c.Close(t.Context()))
		_, _ = fmt.Fprintf(&seen, "%+v %+v %+v", c.Stats(), c.Unknown(), hook.dials)
		for _, u := range c.Unknown() {
			seen.Write(u.Bytes)
		}
		require.Contains(t, seen.String(), "status 502")
		require.Contains(t, seen.String(), "REDACTED")
		require.Contains(t, seen.String(), "stream: frame")
		require.NotContains(t, seen.String(), canary)
	})
}

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

// certificate makes one that is valid in the clock of the test.
func certificate(t *testing.T) (cert tls.Certificate, fingerprint string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	now := time.Now()
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "venue.test"}, DNSNames: []string{"venue.test"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	sum := sha256.Sum256(leaf.RawSubjectPublicKeyInfo)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, base64.StdEncoding.EncodeToString(sum[:])
}

func TestCertificates(t *testing.T) {
	tests := []struct {
		name  string
		opts  func(cert tls.Certificate, fingerprint string) []stream.Option
		check func(t *testing.T, err error)
	}{
		{"self-signed is refused", func(tls.Certificate, string) []stream.Option { return []stream.Option{stream.WithRetryFirst()} },
			func(t *testing.T, err error) {
				var bad *tls.CertificateVerificationError
				require.ErrorAs(t, err, &bad)
			}},
		{"trusted", func(cert tls.Certificate, _ string) []stream.Option {
			pool := x509.NewCertPool()
			pool.AddCert(cert.Leaf)
			return []stream.Option{stream.WithTLSConfig(&tls.Config{RootCAs: pool})}
		}, func(t *testing.T, err error) { require.NoError(t, err) }},
		{"pinned", func(_ tls.Certificate, fingerprint string) []stream.Option {
			return []stream.Option{stream.WithPin("sha256//" + fingerprint)}
		}, func(t *testing.T, err error) { require.NoError(t, err) }},
		{"pinned to another", func(tls.Certificate, string) []stream.Option {
			return []stream.Option{stream.WithPin("AAAA"), stream.WithRetryFirst()}
		}, func(t *testing.T, err error) {
			require.ErrorIs(t, err, stream.ErrPinMismatch)
			require.ErrorContains(t, err, "AAAA")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, v *venue) {
				cert, fingerprint := certificate(t)
				v.tls.Store(&tls.Config{Certificates: []tls.Certificate{cert}})
				c := v.idleClient(stream.LinkConfig{}, append(tt.opts(cert, fingerprint), stream.WithURL("wss://venue.test"))...)
				tt.check(t, c.Dial(t.Context()))
				require.Equal(t, 1, v.dialCount(), "a wrong certificate is for good on the first connect")
				require.NoError(t, c.Close(t.Context()))
			})
		})
	}
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

func TestServerTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := newClient(stream.LinkConfig{})
		require.NoError(t, err)
		_, ok := c.ServerTime()
		require.False(t, ok)
		c.SetServerTime(time.Now().Add(-3 * time.Second))
		time.Sleep(time.Minute)
		at, ok := c.ServerTime()
		require.True(t, ok)
		require.Equal(t, 3*time.Second, time.Since(at))
	})
}
