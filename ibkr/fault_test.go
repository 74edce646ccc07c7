package ibkr_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/ibkr/ibkrtest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// TestFault has the rows of the catalogue in package stream whose outcome the venue's own protocol
// decides: the login of a browser, one brokerage session for each user, heartbeats, market data that ends, and the pin.
func TestFault(t *testing.T) {
	for _, row := range []struct {
		name string
		test func(t *testing.T)
	}{
		{"03-unknown-certificate", unknownCertificateIsRefused},
		{"04-pinned-key-changed", changedPinIsRefused},
		{"10-nobody-is-logged-in", nobodyIsLoggedIn},
		{"12-login-ends", loginThatEnds},
		{"12-loss-that-the-socket-does-not-tell", lossThatTheSocketDoesNotTell},
		{"13-competing-login", competingLogin},
		{"13-two-that-compete", competes},
		{"17-venue-clock", heartbeatsThatStop},
		{"19-feed-expires", renewalHasNoSeam},
		{"59-penalty-box", penaltyBox},
		{"64-gateway-replaced", pinThatChangesLaterEndsTheClient},
	} {
		t.Run(row.name, row.test)
	}
	for _, row := range frameFaults {
		t.Run(row.name, row.test)
	}
}

func unknownCertificateIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := ibkrtest.New()
		defer s.Close()
		_, err := ibkr.Dial(t.Context(), s.Options()[:3]...)
		require.ErrorContains(t, err, "certificate")
		require.Empty(t, s.Requests())
	})
}

// A gateway whose key is another one than the pinned is refused, with both fingerprints.
func changedPinIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before, after := ibkrtest.New(), ibkrtest.New()
		defer before.Close()
		defer after.Close()
		_, err := ibkr.Dial(t.Context(), append(after.Options()[:3:3], stream.WithPin(pinOf(t, before)))...)
		require.ErrorIs(t, err, stream.ErrPinMismatch)
		require.ErrorContains(t, err, pinOf(t, before)[len("sha256//"):])
		require.ErrorContains(t, err, pinOf(t, after)[len("sha256//"):])
		require.Empty(t, after.Requests(), "nothing was sent to it")
	})
}

func nobodyIsLoggedIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := ibkrtest.New()
		defer s.Close()
		s.LogOut()
		_, err := ibkr.Dial(t.Context(), s.Options()...)
		require.ErrorIs(t, err, ibkr.ErrNotLoggedIn)
		var rest *ibkr.RESTError
		require.ErrorAs(t, err, &rest)
		require.Equal(t, 401, rest.Status)
	})
}

func loginThatEnds(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		s.LogOut()
		time.Sleep(20 * time.Minute)
		require.False(t, c.Session().Authenticated)
		require.ErrorIs(t, c.Status().Err, ibkr.ErrNotLoggedIn)
		s.LogIn()
		reconnected(t, c, 2)
		require.True(t, c.Session().Authenticated)
	})
}

// The loss is found by tickling as well, when the socket does not tell.
func lossThatTheSocketDoesNotTell(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		s.Fault(streamtest.DropFrames(1)) // the status frame
		s.Compete()
		time.Sleep(2 * time.Minute)
		require.False(t, c.Session().Authenticated)
		s.EndCompetition()
		reconnected(t, c, 2)
		require.True(t, c.Session().Authenticated)
	})
}

// Losses and returns of the brokerage session, each announced; meanwhile nothing hammers at the gateway.
func competingLogin(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		s.Compete()
		synctest.Wait()
		now := c.Session()
		require.False(t, now.Authenticated)
		require.True(t, now.Competing)
		require.Equal(t, stream.Waiting, c.Status().State)
		require.ErrorIs(t, c.Status().Err, ibkr.ErrCompeting)
		time.Sleep(10 * time.Minute)
		require.Empty(t, s.RequestsOf("/iserver/auth/ssodh/init"), "the other login is left in peace")
		require.LessOrEqual(t, len(s.RequestsOf("/iserver/auth/status")), 21)
		s.EndCompetition()
		reconnected(t, c, 2)
		now = c.Session()
		require.True(t, now.Authenticated)
		require.False(t, now.Competing)
		require.Len(t, s.RequestsOf("/iserver/auth/ssodh/init"), 1)
	})
}

func competes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := ibkrtest.New()
		defer s.Close()
		c := dialQuietly(t, s, ibkr.WithCompete())
		for range 20 { // two programs that both compete
			s.Compete()
			time.Sleep(45 * time.Second)
		}
		noLoginStorm(t, s)
		reconnected(t, c, c.Status().Epoch)
		require.True(t, c.Session().Authenticated)
		require.NoError(t, c.Close(t.Context()))
	})
}

// Market data is renewed before it ends; the subscriber notices nothing.
func renewalHasNoSeam(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		q, err := c.SubscribeMarketData(t.Context(), []ibkr.Target{ibkrtest.AAPL.Target()}, lastAndBid)
		require.NoError(t, err)
		ctx := within(t, time.Hour)
		var before time.Time
		for ev, err := range q.Events(ctx) {
			if errors.Is(err, context.DeadlineExceeded) {
				break
			}
			require.NoError(t, err)
			require.Nil(t, ev.Gap)
			if !before.IsZero() {
				require.Less(t, ev.Received.Sub(before), 2*time.Second)
			}
			before = ev.Received
		}
		asked := 0
		for _, f := range sent(s) {
			if strings.HasPrefix(f, "smd+") {
				asked++
			}
		}
		require.Equal(t, 8, asked, "once, and each 8 minutes of an hour")
	})
}

func penaltyBox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := ibkrtest.New()
		defer s.Close()
		transport := roundTrip(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusTooManyRequests, Body: http.NoBody, Header: http.Header{}, Request: r}, nil
		})
		_, err := ibkr.Dial(t.Context(), append(s.Options(), stream.WithHTTPClient(&http.Client{Transport: transport}))...)
		var limited *stream.RateLimitError
		require.ErrorAs(t, err, &limited)
		require.Equal(t, 15*time.Minute, limited.RetryAfter)
	})
}

// A key that changes while the client runs ends it for good.
func pinThatChangesLaterEndsTheClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before, after := ibkrtest.New(), ibkrtest.New()
		defer before.Close()
		defer after.Close()
		at := before
		dialer := func(ctx context.Context, network, addr string) (net.Conn, error) { return at.Dial(ctx, network, addr) }
		c, err := ibkr.Dial(t.Context(), append(before.Options(), stream.WithDialer(dialer))...)
		require.NoError(t, err)
		at = after
		before.Fault(streamtest.Drop())
		<-c.Done()
		require.ErrorIs(t, c.Err(), stream.ErrPinMismatch)
		require.Empty(t, after.Requests())
	})
}

// Market data goes on while the gateway's heartbeat has stopped: what it shows may be old.
func heartbeatsThatStop(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		q, err := c.SubscribeMarketData(t.Context(), []ibkr.Target{ibkrtest.AAPL.Target()}, lastAndBid)
		require.NoError(t, err)
		time.Sleep(10 * time.Minute)
		require.EqualValues(t, 1, c.Status().Epoch)
		s.MuteHeartbeats(true)
		began := time.Now()
		for st := range c.Watch(within(t, time.Hour)) {
			if st.State == stream.Waiting {
				require.ErrorIs(t, st.Err, stream.ErrSilent)
				break
			}
		}
		require.LessOrEqual(t, time.Since(began), 31*time.Second)
		require.LessOrEqual(t, time.Since(q.Stats().LastEvent), time.Second, "the data did not stop")
		s.MuteHeartbeats(false)
		reconnected(t, c, 2)
	})
}
