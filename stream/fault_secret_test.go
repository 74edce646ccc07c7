package stream_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	gojson "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
	"github.com/venuewire/venuewire/stream/streamtest"
)

var secretFaults = []fault{
	{62, "secrets", "shows none of them: in logs, errors, states, hooks, what is kept of frames, or the stack of a panic", secretsStaySecret},
}

func secretsStaySecret(t *testing.T) {
	t.Run("of a value", secretNeverShows)
	t.Run("of a session", secretsOfASession)
	t.Run("of a panic", secretsOfAPanic)
	for name, v := range brokers {
		t.Run("of "+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &broker{t: t}
				b.more = []stream.Option{stream.WithLogger(debugLog(&b.seen)), stream.WithHooks(frameSink{&b.seen})}
				c, closeServer, err := v.start(b)
				defer closeServer()
				require.NoError(t, err)
				for _, rpc := range v.wire.RPCs {
					if rpc.Effect != protocol.Order || rpc.Send != nil {
						continue
					}
					b.onCall(rpc.Name, func(call *streamtest.Call) { call.Session.Drop() })
					_, err = c.Call(t.Context(), rpc, []byte(`{}`))
					_, _ = fmt.Fprintf(&b.seen, "%v %+v\n", err, c.Status())
					time.Sleep(5 * time.Second)
					require.NoError(t, c.WaitReady(t.Context()))
					break
				}
				require.NoError(t, c.Close(t.Context()))
				secrets := b.secrets()
				require.NotEmpty(t, secrets)
				shown := b.seen.String()
				require.Contains(t, shown, "stream: frame")
				for _, s := range secrets {
					require.NotContains(t, shown, s)
				}
			})
		})
	}
}

func debugLog(out *lockedBuffer) *slog.Logger {
	return slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// frameSink shows every frame, as a recorder does.
type frameSink struct{ out io.Writer }

func (s frameSink) OnFrameIn(f stream.Frame)  { _, _ = s.out.Write(f.Bytes()) }
func (s frameSink) OnFrameOut(f stream.Frame) { _, _ = s.out.Write(f.Bytes()) }

var secretMember = regexp.MustCompile(`"(?:ssid|token|session)":"([^"]{8,})"`)

// secrets are those that the fake got: of frames, of cookies and of URLs.
func (b *broker) secrets() (out []string) {
	for _, f := range b.Frames() {
		if found := secretMember.FindSubmatch(f.Data); found != nil && !f.Sent {
			out = append(out, string(found[1]))
		}
	}
	return append(out, b.known...)
}

// secretsOfAPanic: what a handler panics with, and its stack, hold nothing of the client's own.
func secretsOfAPanic(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		var seen lockedBuffer
		c := v.client(stream.LinkConfig{Login: func(ctx context.Context, conn stream.Conn) error {
			_, err := conn.Call(ctx, rpcLogin, []byte(`{"password":"`+canary+`"}`))
			return err
		}}, stream.WithRecoverHandlers(func(value any, stack []byte) { _, _ = fmt.Fprintf(&seen, "%v %s", value, stack) }))
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		sub.Handle(t.Context(), func(context.Context, stream.Event[tick]) { panic(fmt.Sprintf("%+v %+v", c.Status(), c.Stats())) })
		v.peer().tick("A", 1)
		synctest.Wait()
		require.Contains(t, seen.String(), "fault_secret_test.go")
		require.NotContains(t, seen.String(), canary)
		require.NoError(t, c.Close(t.Context()))
	})
}

func secretNeverShows(t *testing.T) {
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
func secretsOfASession(t *testing.T) {
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
