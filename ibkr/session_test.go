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

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
