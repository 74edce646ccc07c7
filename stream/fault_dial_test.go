package stream_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

// What goes wrong between a dial and the first Ready.
var dialFaults = []fault{
	{1, "dns-failure", "the first dial fails at once with the resolver's error; the link can be dialled again", dnsFailure},
	{1, "dns-failure-later", "backs off for as long as it lasts, whatever the resolver says", dnsFailureLater},
	{2, "refused-dial", "with WithRetryFirst the waits double from 250 ms to 30 s", refusedDial},
	{2, "refused-for-an-hour", "at most 60 dials in any 60 s even with the least patient jitter, far fewer with the usual one", refusedForAnHour},
	{3, "bad-certificate", "fails for good on the first connect, and speaks nothing but TLS", badCertificate},
	{3, "bad-certificate-later", "stays away for a minute at a time", badCertificateLater},
	{4, "pinned-key-changed", "ends for good with both fingerprints", pinnedKeyChanged},
	{5, "upgrade-refused", "fails with the status and at most 1 KiB of the answer, without secrets", upgradeRefused},
	{5, "upgrade-refused-later", "401 and 403 are a rejected login, 429 waits as long as it is told, 4xx stays away, 5xx is tried again", upgradeRefusedLater},
	{6, "not-a-websocket", "names the status; a redirect is not followed, so nobody else gets the headers", notAWebSocket},
	{6, "proxy-page", "a proxy that answers with a page is an error with its status", proxyPage},
	{7, "slow-upgrade", "an upgrade that comes a byte a second ends with the budget of a dial", slowUpgrade},
	{8, "dial-cancelled", "Dial returns at once and leaves nothing behind, wherever it was", dialCancelled},
	{9, "silent-server", "a server that accepts and says nothing has 15 s, also when it is dialled again", silentServer},
	{10, "login-rejected", "logs in once more and then ends with ErrAuth; nothing is dialled any more", loginRejected},
	{10, "login-rejected-for-good", "no second login where the venue's code says that it is of no use", loginRejectedForGood},
	{11, "login-loop", "accepted and thrown out for an hour: a login counts as a dial, so 30 in any 60 s", loginLoop},
	{11, "login-loop-backs-off", "the waits grow, since no session was stable", loginLoopBacksOff},
	{11, "attempts-start-anew", "only a session that was Ready for a minute lets the waits begin anew", attemptsStartAnew},
}

// dialTimes has the venue note when it is dialled, and next decide; nil accepts.
func (v *venue) dialTimes(next func(n int) error) (at func() []time.Time) {
	var mu sync.Mutex
	var times []time.Time
	v.onDial = func(_ context.Context, n int) (net.Conn, error) {
		mu.Lock()
		defer mu.Unlock()
		times = append(times, time.Now())
		if next == nil {
			return nil, nil
		}
		return nil, next(n)
	}
	return func() []time.Time {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(times)
	}
}

// waits are the times between dials.
func waits(at []time.Time) (out []time.Duration) {
	for i := 1; i < len(at); i++ {
		out = append(out, at[i].Sub(at[i-1]))
	}
	return out
}

// inAnyMinute is the most that any 60 s saw.
func inAnyMinute(at []time.Time) (most int) {
	first := 0
	for i, t := range at {
		for t.Sub(at[first]) >= time.Minute {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}

// doubling are the waits between the first dials with the most patient jitter.
var doubling = []time.Duration{
	250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second,
	16 * time.Second, 30 * time.Second, 30 * time.Second,
}

var errNoHost = &net.DNSError{Err: "no such host", Name: "venue.test", IsNotFound: true}

func dnsFailure(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		at := v.dialTimes(func(n int) error {
			if n == 1 {
				return errNoHost
			}
			return nil
		})
		c := v.idleClient(stream.LinkConfig{})
		start := time.Now()
		err := c.Dial(t.Context())
		var dns *net.DNSError
		require.ErrorAs(t, err, &dns)
		require.ErrorContains(t, err, "venue.test")
		require.Zero(t, time.Since(start))
		require.Len(t, at(), 1)
		require.NoError(t, c.Dial(t.Context()))
		require.Error(t, c.Dial(t.Context()), "once at a time")
	})
}

func dnsFailureLater(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		var up atomic.Bool
		at := v.dialTimes(func(n int) error {
			if n > 1 && !up.Load() {
				return errNoHost
			}
			return nil
		})
		c := v.client(stream.LinkConfig{})
		_ = v.peer().NetConn().Close()
		time.Sleep(time.Hour)
		require.Equal(t, stream.Waiting, c.Status().State)
		require.ErrorIs(t, c.Status().Err, errNoHost)
		require.Equal(t, doubling, waits(at())[:len(doubling)])
		up.Store(true)
		require.NoError(t, waitEpoch(t.Context(), c, 2))
	})
}

func refusedDial(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		refused := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
		at := v.dialTimes(func(n int) error {
			if n < 10 {
				return refused
			}
			return nil
		})
		once := v.idleClient(stream.LinkConfig{})
		require.ErrorIs(t, once.Dial(t.Context()), syscall.ECONNREFUSED)
		v.set(func(v *venue) { v.dials = 0 })
		c := v.idleClient(stream.LinkConfig{}, stream.WithRetryFirst())
		require.NoError(t, c.Dial(t.Context()))
		require.Equal(t, doubling, waits(at()[1:]))
	})
}

func refusedForAnHour(t *testing.T) {
	for name, tt := range map[string]struct {
		random      func() float64
		most, least int // dials in any minute; in the hour
		total       int
	}{
		"least patient": {func() float64 { return 0 }, 60, 3500, 3661},
		"usual":         {seeded(2).Float64, 30, 200, 400},
		"most patient":  {func() float64 { return 0.999 }, 8, 110, 150},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, v *venue) {
				at := v.dialTimes(func(n int) error {
					if n > 1 {
						return syscall.ECONNREFUSED
					}
					return nil
				})
				c := v.client(stream.LinkConfig{}, stream.WithRandom(tt.random))
				_ = v.peer().NetConn().Close()
				time.Sleep(time.Hour)
				require.NoError(t, c.Close(t.Context()))
				require.LessOrEqual(t, inAnyMinute(at()), tt.most)
				require.GreaterOrEqual(t, len(at()), tt.least, "and yet it goes on")
				require.LessOrEqual(t, len(at()), tt.total)
			})
		})
	}
}

func upgradeRefused(t *testing.T) {
	tests := []struct {
		status int
		header string
		check  func(t *testing.T, err error)
	}{
		{503, "", func(t *testing.T, err error) {
			var up *stream.UpgradeError
			require.ErrorAs(t, err, &up)
			require.Equal(t, 503, up.Status)
			require.Equal(t, protocol.CloseRetry, up.Class)
			require.Contains(t, up.Body, "maintenance")
			require.LessOrEqual(t, len(up.Body), 1024)
		}},
		{401, "", func(t *testing.T, err error) { require.ErrorIs(t, err, stream.ErrAuth) }},
		{403, "", func(t *testing.T, err error) { require.ErrorIs(t, err, stream.ErrAuth) }},
		{404, "", func(t *testing.T, err error) { require.NotErrorIs(t, err, stream.ErrAuth) }},
		{429, "120", func(t *testing.T, err error) {
			var limited *stream.RateLimitError
			require.ErrorAs(t, err, &limited)
			require.Equal(t, 2*time.Minute, limited.RetryAfter)
		}},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.status), func(t *testing.T) {
			bubble(t, func(t *testing.T, v *venue) {
				v.onHTTP = func(_ int, w http.ResponseWriter, r *http.Request) bool {
					w.Header().Set("Retry-After", tt.header)
					w.WriteHeader(tt.status)
					_, _ = io.WriteString(w, "maintenance; you sent "+r.URL.RawQuery+strings.Repeat(" and more", 1000))
					return true
				}
				c := v.idleClient(stream.LinkConfig{}, stream.WithURL("ws://venue.test/ws?key="+canary))
				err := c.Dial(t.Context())
				tt.check(t, err)
				require.ErrorContains(t, err, fmt.Sprint(tt.status))
				require.NotContains(t, err.Error(), canary)
				require.Less(t, len(err.Error()), 1500)
				require.Equal(t, 1, v.dialCount())
			})
		})
	}
}

func upgradeRefusedLater(t *testing.T) {
	tests := []struct {
		status int
		wait   time.Duration // after the first refusal
		ends   error
	}{
		{401, 250 * time.Millisecond, stream.ErrAuth},
		{403, 250 * time.Millisecond, stream.ErrAuth},
		{404, 66 * time.Second, nil},
		{429, 132 * time.Second, nil},
		{500, 500 * time.Millisecond, nil},
		{503, 2 * time.Minute, nil}, // it asks for as much
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.status), func(t *testing.T) {
			bubble(t, func(t *testing.T, v *venue) {
				at := v.dialTimes(nil)
				v.onHTTP = func(n int, w http.ResponseWriter, _ *http.Request) bool {
					if n == 1 || n > 3 && tt.ends == nil {
						return false
					}
					if tt.status == 429 || tt.status == 503 {
						w.Header().Set("Retry-After", "120")
					}
					w.WriteHeader(tt.status)
					return true
				}
				c := v.client(stream.LinkConfig{})
				_ = v.peer().NetConn().Close()
				if tt.ends != nil {
					<-c.Done()
					require.ErrorIs(t, c.Err(), tt.ends)
					time.Sleep(time.Hour)
					require.Len(t, at(), 3, "one more try, then never again")
					return
				}
				require.NoError(t, waitEpoch(t.Context(), c, 2))
				require.Equal(t, tt.wait, waits(at())[1])
			})
		})
	}
}

func notAWebSocket(t *testing.T) {
	for _, status := range []int{200, 204, 301, 302, 307, 308} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			bubble(t, func(t *testing.T, v *venue) {
				v.onHTTP = func(_ int, w http.ResponseWriter, _ *http.Request) bool {
					w.Header().Set("Location", "http://elsewhere.test/")
					w.WriteHeader(status)
					return true
				}
				var hosts []string
				c := v.idleClient(stream.LinkConfig{}, stream.WithHeader(http.Header{"Authorization": {"Bearer " + canary}}),
					stream.WithDialer(func(ctx context.Context, network, addr string) (net.Conn, error) {
						hosts = append(hosts, addr)
						return v.dial(ctx, network, addr)
					}))
				err := c.Dial(t.Context())
				var up *stream.UpgradeError
				require.ErrorAs(t, err, &up)
				require.Equal(t, status, up.Status)
				require.Equal(t, []string{"venue.test:80"}, hosts)
			})
		})
	}
}

func proxyPage(t *testing.T) {
	proxy := stream.WithProxy(http.ProxyURL(&url.URL{Scheme: "http", Host: "proxy.test:3128", User: url.UserPassword("bot", canary)}))
	for answer, want := range map[string]string{
		"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n<html> you sent %s": "407",
		"HTTP/1.1 503\r\n\r\n":          "503",
		"HTTP/1.1 200 OK\r\n\r\n<html>": "malformed",
		"<html>":                        "malformed",
		"":                              "EOF",
	} {
		t.Run(want, func(t *testing.T) {
			bubble(t, func(t *testing.T, v *venue) {
				v.onDial = func(context.Context, int) (net.Conn, error) { return answering(answer), nil }
				c := v.idleClient(stream.LinkConfig{}, proxy)
				err := c.Dial(t.Context())
				require.ErrorContains(t, err, want)
				require.NotContains(t, err.Error(), canary)
				require.NotContains(t, err.Error(), base64.StdEncoding.EncodeToString([]byte("bot:"+canary)))
				require.Equal(t, 1, v.dialCount())
			})
		})
	}
}

// answering is a connection whose other end reads one request, answers with a text, in which %s is the request, and
// hangs up.
func answering(text string) net.Conn {
	ours, theirs := net.Pipe()
	go func() {
		defer func() { _ = theirs.Close() }()
		request := make([]byte, 4096)
		n, err := theirs.Read(request)
		if err == nil {
			_, _ = io.WriteString(theirs, strings.Replace(text, "%s", string(request[:n]), 1))
		}
	}()
	return ours
}

// silent is a connection whose other end takes everything and says nothing.
func silent() net.Conn {
	ours, theirs := net.Pipe()
	go func() {
		defer func() { _ = theirs.Close() }()
		_, _ = io.Copy(io.Discard, theirs)
	}()
	return ours
}

// slowConn gets a byte a second.
type slowConn struct {
	net.Conn
	closed context.Context
	close  func()
}

func newSlowConn(c net.Conn) net.Conn {
	s := &slowConn{Conn: c}
	s.closed, s.close = context.WithCancel(context.Background())
	return s
}

func (c *slowConn) Read(b []byte) (int, error) {
	select {
	case <-time.After(time.Second):
	case <-c.closed.Done():
	}
	return c.Conn.Read(b[:min(1, len(b))])
}

func (c *slowConn) Close() error {
	c.close()
	return c.Conn.Close()
}

// slowly is a dialer whose connections are slow.
func slowly(dial func(context.Context, string, string) (net.Conn, error)) stream.Option {
	return stream.WithDialer(func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return newSlowConn(conn), nil
	})
}

func slowUpgrade(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.idleClient(stream.LinkConfig{}, slowly(v.dial))
		start := time.Now()
		require.ErrorIs(t, c.Dial(t.Context()), context.DeadlineExceeded)
		require.Equal(t, stream.DialTimeout, time.Since(start))
		require.Equal(t, 1, v.dialCount())
	})
}

// A Dial is cancelled, or its time is over, at each of its moments.
func dialCancelled(t *testing.T) {
	hang := func(ctx context.Context) error {
		<-ctx.Done()
		return errors.New("cancelled, in other words")
	}
	deaf := func(context.Context, int) (net.Conn, error) { return silent(), nil }
	unanswered := func(ctx context.Context, c stream.Conn) error {
		_, err := c.Call(ctx, rpcFire, nil)
		if err == nil {
			_, err = c.Call(ctx, &protocol.RPC{Name: "fire"}, nil) // a venue that fires answers nothing
		}
		return err
	}
	moments := map[string]struct {
		cfg  stream.LinkConfig
		url  string
		dial func(context.Context, int) (net.Conn, error)
	}{
		"target": {cfg: stream.LinkConfig{Target: func(ctx context.Context) (string, http.Header, error) { return "", nil, hang(ctx) }}},
		// The resolver and the connect are both the dialer's.
		"dns or tcp": {dial: func(ctx context.Context, _ int) (net.Conn, error) { return nil, hang(ctx) }},
		"tls":        {url: "wss://venue.test", dial: deaf},
		"upgrade":    {dial: deaf},
		"token":      {cfg: stream.LinkConfig{Protocol: testWire(), Token: func(ctx context.Context) (stream.Secret, error) { return stream.Secret{}, hang(ctx) }}},
		"login":      {cfg: stream.LinkConfig{Login: unanswered}},
	}
	for name, tt := range moments {
		for _, ending := range []error{context.Canceled, context.DeadlineExceeded} {
			t.Run(name+"/"+ending.Error(), func(t *testing.T) {
				bubble(t, func(t *testing.T, v *venue) {
					v.onDial = tt.dial
					var opts []stream.Option
					if tt.url != "" {
						opts = append(opts, stream.WithURL(tt.url))
					}
					c := v.idleClient(tt.cfg, opts...)
					if tt.cfg.Token != nil {
						c = v.tokenClient(tt.cfg)
					}
					ctx, cancel := context.WithCancel(t.Context())
					if ending == context.DeadlineExceeded {
						ctx, cancel = context.WithTimeout(t.Context(), time.Second)
					}
					defer cancel()
					if ending == context.Canceled {
						time.AfterFunc(time.Second, cancel)
					}
					start := time.Now()
					require.ErrorIs(t, c.Dial(ctx), ending)
					require.Equal(t, time.Second, time.Since(start))
					require.Equal(t, stream.Idle, c.Status().State)
				})
			})
		}
	}
}

func silentServer(t *testing.T) {
	unanswered := stream.LinkConfig{Login: func(ctx context.Context, c stream.Conn) error {
		_, err := c.Call(ctx, &protocol.RPC{Name: "fire"}, nil)
		return err
	}}
	deaf := func(context.Context, int) (net.Conn, error) { return silent(), nil }
	for name, tt := range map[string]struct {
		cfg  stream.LinkConfig
		dial func(context.Context, int) (net.Conn, error)
	}{"no upgrade": {dial: deaf}, "no answer to the login": {cfg: unanswered}} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, v *venue) {
				v.onDial = tt.dial
				c := v.idleClient(tt.cfg)
				start := time.Now()
				require.ErrorIs(t, c.Dial(t.Context()), context.DeadlineExceeded)
				require.Equal(t, stream.DialTimeout, time.Since(start))
				require.Equal(t, 1, v.dialCount(), "the first error ends it")

				patient := v.idleClient(tt.cfg, stream.WithRetryFirst())
				hour, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				require.ErrorIs(t, patient.Dial(hour), context.DeadlineExceeded)
				require.InDelta(t, time.Hour.Seconds()/(stream.DialTimeout+30*time.Second).Seconds(), v.dialCount(), 8)
			})
		})
	}
}
