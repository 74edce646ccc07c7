package iqoption

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

func TestLoginFindsTheSessionID(t *testing.T) {
	cookie := func(body string) webStep {
		return func(w http.ResponseWriter, _ map[string]string) {
			http.SetCookie(w, &http.Cookie{Name: "ssid", Value: "of the cookie", Quoted: true})
			_, _ = w.Write([]byte(body))
		}
	}
	for name, tc := range map[string]struct {
		step webStep
		want string
	}{
		"body":                {cookie(`{"code":"success","ssid":"of the body","data":{"ssid":"of data"},"user_id":5}`), "of the body"},
		"data":                {cookie(`{"code":"success","data":{"ssid":"of data"},"user_id":5}`), "of data"},
		"cookie":              {cookie(`{"code":"success","user_id":5}`), "of the cookie"},
		"cookie, no code":     {cookie(`{"user_id":5}`), "of the cookie"},
		"surprising members":  {says(200, `{"code":"success","ssid":"x","token":{"a":1},"data":[],"message":7,"user_id":5}`), "x"},
		"data is of any kind": {says(200, `{"code":"success","ssid":"x","data":"y","user_id":5}`), "x"},
	} {
		t.Run(name, func(t *testing.T) {
			inRoom(t, func(t *testing.T, r *room) {
				log := r.serveLogin("/v2/login", tc.step)
				s, err := Login(t.Context(), testCredentials(), r.options()...)
				require.NoError(t, err)
				ssid, err := s.SSID(t.Context())
				require.NoError(t, err)
				require.Equal(t, tc.want, ssid.Reveal())
				require.EqualValues(t, 5, s.UserID())
				require.Equal(t, []map[string]string{{"identifier": "someone@example.com", "password": streamtest.CanaryPassword}}, log.all())
			})
		})
	}
}

func TestLoginFailures(t *testing.T) {
	text := func(status int, kind, body string, header ...string) webStep {
		return func(w http.ResponseWriter, _ map[string]string) {
			w.Header().Set("Content-Type", kind)
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	for name, tc := range map[string]struct {
		step    webStep
		auth    bool
		limit   time.Duration // -1: a limit without time
		code    string
		status  int
		message string
	}{
		"wrong password":       {says(403, `{"code":"invalid_credentials","message":"You entered the wrong credentials."}`), true, 0, "invalid_credentials", 403, "You entered"},
		"echo of secrets":      {says(403, `{"code":"odd","message":"no `+streamtest.CanaryPassword+` for someone@example.com"}`), false, 0, "odd", 403, "no REDACTED for REDACTED"},
		"too many":             {says(429, `{"code":"requests_limit_exceeded","message":"later","ttl":1894}`), false, 1894 * time.Second, "requests_limit_exceeded", 429, "later"},
		"too many, no ttl":     {says(400, `{"code":"requests_limit_exceeded"}`), false, -1, "requests_limit_exceeded", 400, ""},
		"429 of a proxy":       {text(429, "text/html", "<html>", "Retry-After", "30"), false, 30 * time.Second, "", 429, "text/html"},
		"unknown code":         {says(200, `{"code":"account_blocked","message":"blocked"}`), false, 0, "account_blocked", 200, "blocked"},
		"success without ssid": {says(200, `{"code":"success"}`), false, 0, "success", 200, "no session id"},
		"ssid with an error":   {says(403, `{"code":"","ssid":"`+streamtest.CanarySSID+`"}`), false, 0, "", 403, ""},
		"no JSON":              {text(503, "text/html; charset=utf-8", "<html>down</html>"), false, 0, "", 503, "text/html"},
		"no object":            {says(200, `["ssid"]`), false, 0, "", 200, "no JSON object"},
		"too long":             {says(200, `{"ssid":"`+strings.Repeat("x", maxWebBody)+`"}`), false, 0, "", 200, "longer than"},
		"empty":                {says(200, ``), false, 0, "", 200, "no JSON object"},
		"redirect":             {text(307, "text/plain", "", "Location", "https://evil.example/steal"), false, 0, "", 307, "no JSON object"},
	} {
		t.Run(name, func(t *testing.T) {
			inRoom(t, func(t *testing.T, r *room) {
				log := r.serveLogin("/v2/login", tc.step)
				_, err := Login(t.Context(), testCredentials(), r.options()...)
				var refused *LoginError
				require.ErrorAs(t, err, &refused)
				require.Equal(t, []any{tc.code, tc.status, tc.auth}, []any{refused.Code, refused.Status, errors.Is(err, stream.ErrAuth)})
				require.Contains(t, err.Error(), tc.message)
				var limited *stream.RateLimitError
				require.Equal(t, tc.limit != 0, errors.As(err, &limited))
				if limited != nil {
					require.Equal(t, max(tc.limit, 0), limited.RetryAfter)
				}
				require.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, refused), "canary")
				require.Len(t, log.all(), 1, "nothing is followed or repeated")
			})
		})
	}
}

func TestSecondFactor(t *testing.T) {
	verify := says(200, `{"code":"verify","method":"sms","token":"T1"}`)
	push := says(200, `{"code":"verify","method":"push","token":"T1"}`)
	token := func(name string) webStep { return says(200, `{"code":"success","token":"`+name+`"}`) }
	answer := func(code string) TwoFactor {
		return func(_ context.Context, c Challenge) (string, error) { return code, nil }
	}
	t.Run("three steps", func(t *testing.T) {
		inRoom(t, func(t *testing.T, r *room) {
			logins := r.serveLogin("/v2/login", verify, loggedIn("ssid"))
			steps := r.serveLogin("/v2/verify/2fa", token("T2"), token("T3"))
			var method string
			ask := func(_ context.Context, c Challenge) (string, error) {
				method = c.Method
				require.Len(t, steps.all(), 1, "the code is on its way")
				return "123456", nil
			}
			s, err := Login(t.Context(), testCredentials(), r.options(WithTwoFactor(ask))...)
			require.NoError(t, err)
			require.Equal(t, "ssid", s.ssid.Reveal())
			require.Equal(t, "sms", method)
			require.Equal(t, []map[string]string{{"method": "sms", "token": "T1"}, {"code": "123456", "token": "T2"}}, steps.all())
			require.Equal(t, "T3", logins.all()[1]["token"])
			require.NotContains(t, logins.all()[0], "token")
		})
	})
	for name, tc := range map[string]struct {
		first, second webStep
		ask           TwoFactor
		want          error
	}{
		"nobody to ask":      {verify, token("T2"), nil, ErrTwoFactorRequired},
		"a push has no code": {push, token("T2"), answer(""), ErrTwoFactorUnsupported},
		"nobody answers":     {verify, token("T2"), func(context.Context, Challenge) (string, error) { return "", context.Canceled }, context.Canceled},
		"a wrong code":       {verify, says(400, `{"code":"verify_invalid","message":"wrong T1"}`), answer("1"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			inRoom(t, func(t *testing.T, r *room) {
				r.serveLogin("/v2/login", tc.first)
				r.serveLogin("/v2/verify/2fa", tc.second)
				opts := r.options()
				if tc.ask != nil {
					opts = append(opts, WithTwoFactor(tc.ask))
				}
				_, err := Login(t.Context(), testCredentials(), opts...)
				var second *TwoFactorError
				require.ErrorAs(t, err, &second)
				if tc.want != nil {
					require.ErrorIs(t, err, tc.want)
					return
				}
				var refused *LoginError
				require.ErrorAs(t, err, &refused)
				require.Equal(t, "wrong REDACTED", refused.Message)
			})
		})
	}
	t.Run("a human may take longer than a dial", func(t *testing.T) {
		inRoom(t, func(t *testing.T, r *room) {
			r.serveLogin("/v2/login", verify, loggedIn(streamtest.CanarySSID), verify)
			r.serveLogin("/v2/verify/2fa", token("T2"), token("T3"))
			slow := func(ctx context.Context, _ Challenge) (string, error) {
				select {
				case <-time.After(5 * time.Minute):
					return "123456", nil
				case <-ctx.Done():
					return "", ctx.Err()
				}
			}
			c, err := Dial(t.Context(), LoginSource(testCredentials(), WithTwoFactor(slow)), r.options()...)
			require.NoError(t, err)

			r.accept("none any more")
			r.Fault(streamtest.Drop())
			<-c.Done()
			var second *TwoFactorError
			require.ErrorAs(t, c.Err(), &second, "no message after message to somebody who sleeps")
		})
	})
}

func TestLoginSource(t *testing.T) {
	t.Run("one login at a time, and one only", func(t *testing.T) {
		inRoom(t, func(t *testing.T, r *room) {
			release := make(chan struct{})
			log := r.serveLogin("/v2/login", func(w http.ResponseWriter, _ map[string]string) {
				<-release
				loggedIn("shared")(w, nil)
			})
			src := LoginSource(testCredentials(), r.options()...)
			var all sync.WaitGroup
			for range 5 {
				all.Go(func() {
					ssid, err := src.SSID(t.Context())
					require.NoError(t, err)
					require.Equal(t, "shared", ssid.Reveal())
				})
			}
			synctest.Wait()
			impatient, cancel := context.WithCancel(t.Context())
			cancel()
			_, err := src.SSID(impatient)
			require.ErrorIs(t, err, context.Canceled)
			close(release)
			all.Wait()
			require.Len(t, log.all(), 1)
		})
	})
	t.Run("a wrong password is not sent again", func(t *testing.T) {
		inRoom(t, func(t *testing.T, r *room) {
			log := r.serveLogin("/v2/login", says(403, `{"code":"invalid_credentials"}`))
			src := LoginSource(testCredentials())
			for range 2 {
				_, err := Dial(t.Context(), src, r.options()...)
				require.ErrorIs(t, err, stream.ErrAuth)
			}
			require.Len(t, log.all(), 1)
			require.Zero(t, r.authentications())
		})
	})
	t.Run("an unknown refusal makes a pause", func(t *testing.T) {
		inRoom(t, func(t *testing.T, r *room) {
			log := r.serveLogin("/v2/login", says(500, `{"code":"odd"}`), loggedIn("x"))
			src := LoginSource(testCredentials(), r.options()...)
			for range 2 {
				_, err := src.SSID(t.Context())
				var refused *LoginError
				require.ErrorAs(t, err, &refused)
			}
			require.Len(t, log.all(), 1)
			time.Sleep(loginPause)
			_, err := src.SSID(t.Context())
			require.NoError(t, err)
		})
	})
	t.Run("only the refused session id is forgotten", func(t *testing.T) {
		inRoom(t, func(t *testing.T, r *room) {
			log := r.serveLogin("/v2/login", loggedIn("first"), loggedIn("second"))
			src := LoginSource(testCredentials(), r.options()...)
			_, err := src.SSID(t.Context())
			require.NoError(t, err)
			src.(Invalidator).Invalidate(stream.NewSecret("an older one"))
			_, err = src.SSID(t.Context())
			require.NoError(t, err)
			require.Len(t, log.all(), 1)
			src.(Invalidator).Invalidate(stream.NewSecret("first"))
			ssid, err := src.SSID(t.Context())
			require.NoError(t, err)
			require.Equal(t, "second", ssid.Reveal())
		})
	})
	t.Run("bad options", func(t *testing.T) {
		_, err := LoginSource(testCredentials(), WithBrand("no domain")).SSID(t.Context())
		require.Error(t, err)
	})
}

func TestLogout(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		r.serveLogin("/v2/login", loggedIn(streamtest.CanarySSID))
		var cookie string
		r.HandleHTTP("POST /api/v2/logout", func(w http.ResponseWriter, req *http.Request) {
			if c, err := req.Cookie("ssid"); err == nil {
				cookie = c.Value
			}
		})
		s, err := Login(t.Context(), testCredentials(), r.options()...)
		require.NoError(t, err)
		require.NoError(t, s.Logout(t.Context()), "the older path is not there")
		require.Equal(t, streamtest.CanarySSID, cookie)

		r.HandleHTTP("POST /api/v1.0/logout", func(w http.ResponseWriter, _ *http.Request) {
			says(401, `{"code":"gone","message":"no `+streamtest.CanarySSID+`"}`)(w, nil)
		})
		err = s.Logout(t.Context())
		var refused *LoginError
		require.ErrorAs(t, err, &refused)
		require.NotContains(t, err.Error(), streamtest.CanarySSID)
	})
}
