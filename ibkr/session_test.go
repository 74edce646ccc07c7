package ibkr_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/ibkr/ibkrtest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

func TestKeepsTheSessionAlive(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		time.Sleep(10*time.Minute + time.Second)
		require.Len(t, s.RequestsOf("/tickle"), 11, "one at the start and one each minute")
		require.Len(t, s.RequestsOf("/sso/validate"), 2)
		require.Len(t, s.CallsOf("tic"), 10)
		require.EqualValues(t, 1, c.Status().Epoch)
		reply, err := c.Tic(t.Context())
		require.NoError(t, err)
		require.True(t, reply.Alive)
	})
}

func TestSessionMessage(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, _ *ibkr.Client) {
		c := dialQuietly(t, s, ibkr.WithSessionMessage())
		_, err := s.Sessions()[1].Request().Cookie("api")
		require.ErrorIs(t, err, http.ErrNoCookie)
		require.Len(t, s.CallsOf("session"), 1)
		require.True(t, c.Session().Authenticated)
		require.NoError(t, c.Close(t.Context()))
	}, ibkrtest.WithSessionRequired())
}

// signer stands for OAuth: it yields what the handshake shows and signs requests.
type signer struct {
	ibkr.SessionFunc
	signed int
}

func (s *signer) SignRequest(r *http.Request) error {
	s.signed++
	r.Header.Set("Authorization", "OAuth of a test")
	return nil
}

func TestSessionSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := ibkrtest.New(ibkrtest.WithSessionRequired())
		defer s.Close()
		src := &signer{SessionFunc: func(context.Context) (ibkr.Session, error) {
			return ibkr.Session{Query: url.Values{"oauth_token": {"access-token"}}}, nil
		}}
		var dialled []stream.ConnectInfo
		hook := connectHook(func(i stream.ConnectInfo) { dialled = append(dialled, i) })
		c := dialQuietly(t, s, ibkr.WithSessionSource(src), stream.WithHooks(hook))
		shook := s.Sessions()[0].Request()
		require.Equal(t, "access-token", shook.URL.Query().Get("oauth_token"))
		require.Equal(t, "ClientPortalGW/1", shook.UserAgent())
		require.Equal(t, 3, src.signed, "status, accounts, tickle")
		require.NotContains(t, dialled[0].URL, "access-token")
		require.NoError(t, c.Close(t.Context()))

		// A source that signs nothing looks after its session itself.
		c = dialQuietly(t, s, ibkr.WithSessionSource(ibkr.StaticSession(s.SessionValue())))
		asked := len(s.Requests())
		time.Sleep(5 * time.Minute)
		require.Len(t, s.Requests(), asked)
		require.NoError(t, c.Close(t.Context()))
	})
}

type connectHook func(stream.ConnectInfo)

func (h connectHook) OnConnect(i stream.ConnectInfo) { h(i) }

func TestNobodyIsLoggedIn(t *testing.T) {
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

func TestOpensTheBrokerageSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := ibkrtest.New()
		defer s.Close()
		s.Reset(0)
		c := dialQuietly(t, s)
		require.Len(t, s.RequestsOf("/iserver/auth/ssodh/init"), 1)
		require.True(t, c.Session().Authenticated)
		require.NoError(t, c.Close(t.Context()))
	})
}

// Losses and returns of the brokerage session, each announced; meanwhile nothing hammers at the gateway.
func TestCompetingLogin(t *testing.T) {
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

func TestCompetes(t *testing.T) {
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

func TestLoginThatEnds(t *testing.T) {
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
func TestLossThatTheSocketDoesNotTell(t *testing.T) {
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

func TestWatchSessionEndsWithTheClient(t *testing.T) {
	bubble(t, func(t *testing.T, s *ibkrtest.Server, c *ibkr.Client) {
		other := dialQuietly(t, s)
		states := watchStates(other)
		synctest.Wait()
		s.Compete()
		synctest.Wait()
		require.Equal(t, []bool{true, false}, states())
		require.NoError(t, other.CloseNow())
		<-other.Done()
		for range other.WatchSession(t.Context()) { // ends, since the client has
		}
		s.EndCompetition()
		reconnected(t, c, 2)
	})
}

func TestLogout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := ibkrtest.New()
		defer s.Close()
		c := dialQuietly(t, s)
		require.NoError(t, c.Logout(t.Context()))
		require.True(t, slices.Contains(paths(s), "POST /logout"))
		<-c.Done()
		require.Zero(t, s.SessionValue().Reveal())
	})
}

func TestPenaltyBox(t *testing.T) {
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

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
