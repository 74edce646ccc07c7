package ibkr_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/ibkr/ibkrtest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// bubble runs a test with a gateway and a client of it, in a time of its own.
func bubble(t *testing.T, test func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client), opts ...ibkrtest.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := ibkrtest.New(opts...)
		defer s.Close()
		c, log := dial(t, s)
		test(t, s, c)
		require.NoError(t, c.Close(context.Background()))
		synctest.Wait()
		require.Empty(t, s.Problems())
		require.Empty(t, c.Stats().Unknown)
		require.NotContains(t, log.String(), streamtest.CanarySSID)
	})
}

// lockedLog keeps what a client logs.
type lockedLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lockedLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func dial(t *testing.T, s *ibkrtest.Server, opts ...stream.Option) (*ibkr.Client, *lockedLog) {
	t.Helper()
	log := new(lockedLog)
	logger := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	c, err := ibkr.Dial(t.Context(), append(append(s.Options(), stream.WithLogger(logger)), opts...)...)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.CloseNow() })
	return c, log
}

func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// reconnected waits until the client has made its n-th session.
func reconnected(t *testing.T, c *ibkr.Client, n uint64) {
	t.Helper()
	for st := range c.Watch(within(t, time.Hour)) {
		if st.State == stream.Ready && st.Epoch >= n {
			return
		}
	}
	require.FailNow(t, "no new session", "%+v", c.Status())
}

func paths(s *ibkrtest.Server) (out []string) {
	for _, r := range s.Requests() {
		out = append(out, r.Method+" "+r.Path)
	}
	return out
}

func TestStartOrder(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		require.Equal(t, []string{"POST /iserver/auth/status", "GET /iserver/accounts", "POST /tickle"}, paths(s))
		shook := s.Sessions()[0].Request()
		cookie, err := shook.Cookie("api")
		require.NoError(t, err)
		require.Equal(t, s.SessionValue().Reveal(), cookie.Value)
		_, err = shook.Cookie("x-sess-uuid")
		require.NoError(t, err, "cookies of REST come along")
		require.NotEmpty(t, shook.UserAgent())
		synctest.Wait() // the greeting may be read a moment after the status
		now := c.Session()
		require.True(t, now.Authenticated && now.Connected && now.Established && now.Paper)
		require.False(t, now.Competing)
		require.False(t, now.SSOExpires.IsZero())
		accounts, err := c.Accounts(t.Context())
		require.NoError(t, err)
		require.Equal(t, []ibkr.AccountID{ibkrtest.DefaultAccount}, accounts)
	})
}

func TestQuotesOfTwoSubscribers(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		aapl := ibkrtest.AAPL.Target()
		prices, err := c.SubscribeMarketData(t.Context(), []ibkr.Target{aapl}, []ibkr.TickField{ibkr.TickFieldLast, ibkr.TickFieldSymbol})
		require.NoError(t, err)
		first, err := prices.Next(within(t, time.Hour))
		require.NoError(t, err)
		require.Equal(t, ibkr.Text("AAPL"), first.Data.Symbol().Or(""))
		require.True(t, first.Data.Last().HasValue())

		sizes, err := c.SubscribeMarketData(t.Context(), []ibkr.Target{aapl}, []ibkr.TickField{ibkr.TickFieldBidSize, ibkr.TickFieldSymbol})
		require.NoError(t, err)
		first, err = sizes.Next(within(t, time.Hour))
		require.NoError(t, err)
		require.Equal(t, ibkr.Text("AAPL"), first.Data.Symbol().Or(""), "who comes later gets a full view as well")
		require.False(t, first.Data.Has(ibkr.TickFieldLast))
		for range 20 {
			ev, err := prices.Next(within(t, time.Hour))
			require.NoError(t, err)
			require.False(t, ev.Data.Has(ibkr.TickFieldBidSize), "not asked for")
			ev, err = sizes.Next(within(t, time.Hour))
			require.NoError(t, err)
			require.True(t, ev.Data.Has(ibkr.TickFieldBidSize) || ev.Data.Has(ibkr.TickFieldSymbol))
		}
		require.Contains(t, sent(s), `smd+265598+{"fields":["31","55","88"]}`, "the union on the wire")
		last, _, ok := sizes.LastTick(aapl)
		require.True(t, ok)
		require.True(t, last.Has(ibkr.TickFieldBidSize))
		require.False(t, last.Has(ibkr.TickFieldLast), "its own view")

		require.NoError(t, prices.Close(t.Context()))
		require.Equal(t, 1, s.Quoting())
		require.NoError(t, sizes.Close(t.Context()))
		synctest.Wait()
		require.Zero(t, s.Quoting())
		_, _, ok = sizes.LastTick(aapl)
		require.False(t, ok)
	})
}

// sent lists the frames of clients.
func sent(s *ibkrtest.Server) (out []string) {
	for _, f := range s.Frames() {
		if !f.Sent {
			out = append(out, string(f.Data))
		}
	}
	return out
}
