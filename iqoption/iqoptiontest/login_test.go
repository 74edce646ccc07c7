package iqoptiontest_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	json "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/iqoption/iqoptiontest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

func TestLoginWhereverTheSSIDIs(t *testing.T) {
	for name, place := range map[string]iqoptiontest.SSIDPlace{
		"body": iqoptiontest.SSIDInBody, "data": iqoptiontest.SSIDInData, "cookie": iqoptiontest.SSIDInCookie,
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *iqoptiontest.Server, c *iqoption.Client) {
				require.Equal(t, 1, s.LoginsWith("success"))
				id, err := c.UserID(t.Context())
				require.NoError(t, err)
				require.Equal(t, s.Account().UserID, id)
				require.Equal(t, "client-session-1", c.ClientSessionID().Reveal())
			}, iqoptiontest.WithSSIDIn(place))
		})
	}
}

func TestLoginOverTCPAndTLS(t *testing.T) {
	s := iqoptiontest.New(iqoptiontest.WithServer(streamtest.OnLoopback(), streamtest.WithTLS()))
	defer s.Close()
	c := dial(t, s)
	_, err := c.GetBalances(t.Context(), iqoption.GetBalancesRequest{Types: []iqoption.BalanceType{iqoption.BalanceTypeDemo}})
	require.NoError(t, err)
	require.NoError(t, c.Close(t.Context()))
}

func TestWrongCredentials(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := iqoptiontest.New()
		defer s.Close()
		creds := s.Credentials()
		creds.Password = stream.NewSecret(streamtest.CanaryPassword + "?")
		_, err := iqoption.Login(t.Context(), creds, s.Options()...)
		require.ErrorIs(t, err, stream.ErrAuth)
		require.Equal(t, 1, s.LoginsWith("invalid_credentials"))

		s.ThrottleLogin(1, 30*time.Minute)
		_, err = iqoption.Login(t.Context(), s.Credentials(), s.Options()...)
		var limit *stream.RateLimitError
		require.ErrorAs(t, err, &limit)
		require.Equal(t, 30*time.Minute, limit.RetryAfter)

		s.RefuseLogin(1)
		_, err = iqoption.Login(t.Context(), s.Credentials(), s.Options()...)
		require.ErrorIs(t, err, stream.ErrAuth)
		_, err = iqoption.Login(t.Context(), s.Credentials(), s.Options()...)
		require.NoError(t, err)
	})
}

func TestSecondFactor(t *testing.T) {
	account := iqoptiontest.Account{TwoFactor: "sms", Code: "424242"}
	for _, test := range []struct {
		code string
		ok   bool
	}{{"424242", true}, {"000000", false}} {
		synctest.Test(t, func(t *testing.T) {
			s := iqoptiontest.New(iqoptiontest.WithAccounts(account))
			defer s.Close()
			asked := ""
			opts := append(s.Options(), iqoption.WithTwoFactor(func(_ context.Context, c iqoption.Challenge) (string, error) {
				asked = c.Method
				return test.code, nil
			}))
			session, err := iqoption.Login(t.Context(), s.Credentials(), opts...)
			require.Equal(t, "sms", asked)
			var second *iqoption.TwoFactorError
			require.Equal(t, !test.ok, errors.As(err, &second), "%v", err)
			if !test.ok {
				require.Zero(t, s.LoginsWith("success"))
				return
			}
			require.NoError(t, err)
			c, err := iqoption.Dial(t.Context(), session, s.Options()...)
			require.NoError(t, err)
			require.NoError(t, c.Close(t.Context()))
			require.NoError(t, session.Logout(t.Context()))
			_, err = iqoption.Dial(t.Context(), session, s.Options()...)
			require.ErrorIs(t, err, stream.ErrAuth)
		})
	}
}

func TestExpiredSSIDIsReplaced(t *testing.T) {
	bubble(t, func(t *testing.T, s *iqoptiontest.Server, c *iqoption.Client) {
		s.ExpireSSID()
		_, err := c.GetProfile(t.Context())
		require.NoError(t, err, "a live socket does not notice")
		s.Fault(streamtest.Drop())
		reconnected(t, c, 2)
		_, err = c.GetProfile(t.Context())
		require.NoError(t, err)
		require.Equal(t, 2, s.LoginsWith("success"))
	})
}

// TestNothingBeforeLogin speaks to the server without a client that would know better.
func TestNothingBeforeLogin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := iqoptiontest.New()
		defer s.Close()
		p := connect(t, s)
		p.send(`{"name":"setOptions","request_id":"1","msg":{"sendResults":true}}`)
		p.send(`{"name":"sendMessage","request_id":"2","msg":{"name":"core.get-profile","version":"1.0","body":{}}}`)
		p.send(`{"name":"sendMessage","request_id":"3","msg":{"name":"no-such-call","version":"1.0","body":{}}}`)
		p.send(`{"name":"subscribeMessage","request_id":"4","msg":{"name":"candle-generated","params":{"routingFilters":{"active_id":1,"size":1}}}}`)
		time.Sleep(3 * time.Second)
		p.send(`{"name":"authenticate","request_id":"5","msg":{"ssid":"wrong","protocol":3}}`)
		frame := p.next()
		require.Equal(t, "authenticated", frame.Name)
		require.Empty(t, frame.ID, "a refusal has no request id")
		require.JSONEq(t, "false", string(frame.Msg))

		p.send(`{"name":"authenticate","request_id":"6","msg":{"ssid":"` + s.NewSSID() + `","protocol":3}}`)
		frame = p.next()
		require.Equal(t, "6", frame.ID)
		require.JSONEq(t, "true", string(frame.Msg))
		require.Equal(t, "front", p.next().Name)
		p.send(`{"name":"sendMessage","request_id":"7","msg":{"name":"get-active","version":"5.0","body":{"id":76}}}`)
		frame = p.next()
		require.Equal(t, "active", frame.Name, "no result comes before it was asked for")
		require.Zero(t, *frame.Status)
		p.send(`{"name":"setOptions","request_id":"8","msg":{"sendResults":true}}`)
		require.Equal(t, "result", p.next().Name)
		p.send(`{"name":"sendMessage","request_id":"9","msg":{"name":"get-active","version":"1.0","body":{"active_id":76}}}`)
		require.Equal(t, []string{"result", "active"}, []string{p.next().Name, p.next().Name})
		require.Empty(t, s.Problems())
	})
}

// frame is a server's frame.
type frame struct {
	Name   string          `json:"name"`
	ID     string          `json:"request_id"`
	Status *int            `json:"status"`
	Msg    json.RawMessage `json:"msg"`
}

func TestSecretsStayOutOfLogs(t *testing.T) {
	var logged strings.Builder
	bubble(t, func(t *testing.T, s *iqoptiontest.Server, c *iqoption.Client) {
		s.ExpireSSID()
		s.Fault(streamtest.Drop())
		reconnected(t, c, 2)
		_, err := c.GetProfile(t.Context())
		require.NoError(t, err)
		for _, v := range []any{s.Calls(), s.Logins(), s.Problems(), s.Account().UserID} {
			b, err := json.Marshal(v)
			require.NoError(t, err)
			logged.Write(b)
		}
	})
	require.Contains(t, logged.String(), "authenticate")
	require.NotContains(t, logged.String(), "canary")
}
