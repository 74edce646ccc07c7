package krakenauth_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/kraken/krakenauth"
	"github.com/venuewire/venuewire/stream"
)

const privateKey = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg=="

// The first row is the example of the venue's guide spot-rest-auth; the second was computed by its recipe.
func TestSign(t *testing.T) {
	for _, c := range []struct{ path, nonce, body, want string }{
		{
			"/0/private/AddOrder", "1616492376594", "nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25",
			"4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==",
		},
		{
			"/0/private/GetWebSocketsToken", "1616492376594", "nonce=1616492376594",
			"+mRDmY9Ks0Moc1zjv/BjfvYa98buO0x1yHChZR5onlfAzAUbfIYlLggUZzdQ0RsmXm4Sh+Q8iAIZdo2wSeHeiA==",
		},
	} {
		got, err := krakenauth.Sign(stream.NewSecret(privateKey), c.path, c.nonce, c.body)
		require.NoError(t, err)
		require.Equal(t, c.want, got)
	}
	_, err := krakenauth.Sign(stream.NewSecret("no base64!"), "/", "1", "")
	require.Error(t, err)
}

// serve answers every request with a body and keeps the requests.
func serve(t *testing.T, status int, body string, header ...string) (*krakenauth.Source, *[]string) {
	t.Helper()
	var seen []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		form, _ := io.ReadAll(r.Body)
		sign, _ := krakenauth.Sign(stream.NewSecret(privateKey), r.URL.Path, strings.TrimPrefix(string(form), "nonce="), string(form))
		seen = append(seen, fmt.Sprint(r.Method, " ", r.URL.Path, " ", string(form), " ", r.Header.Get("API-Key"), " ", r.Header.Get("API-Sign") == sign))
		if len(header) == 2 {
			w.Header().Set(header[0], header[1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(srv.Close)
	n := uint64(7)
	src, err := krakenauth.New(stream.NewSecret("key"), stream.NewSecret(privateKey), krakenauth.WithURL(srv.URL+"/"),
		krakenauth.WithHTTPClient(srv.Client()), krakenauth.WithNonce(func() uint64 { return n }))
	require.NoError(t, err)
	return src, &seen
}

func TestTokens(t *testing.T) {
	src, seen := serve(t, 200, `{"error":[],"result":{"token":"1Dwc4lzSwNWOAwkMdqhssNNFhs1ed606d1WcF3XfEMw\/+","expires":900}}`)
	for range 2 {
		token, err := src.Token(t.Context())
		require.NoError(t, err)
		require.Equal(t, "1Dwc4lzSwNWOAwkMdqhssNNFhs1ed606d1WcF3XfEMw/+", token.Reveal())
	}
	require.Equal(t, []string{
		"POST /0/private/GetWebSocketsToken nonce=7 key true", "POST /0/private/GetWebSocketsToken nonce=8 key true",
	}, *seen, "numbers grow, whatever the clock says")
}

func TestErrorsAreClassed(t *testing.T) {
	in := func(d time.Duration) string { return strconv.FormatInt(time.Now().Add(d).Unix(), 10) }
	for _, c := range []struct {
		name, body string
		status     int
		auth       bool
		wait       time.Duration // -1: no rate limit
		header     []string
	}{
		{"key", `{"error":["EAPI:Invalid key"]}`, 200, true, -1, nil},
		{"signature", `{"error":["EAPI:Invalid signature"]}`, 200, true, -1, nil},
		{"permission", `{"error":["EGeneral:Permission denied"]}`, 200, true, -1, nil},
		{"nonce", `{"error":["EAPI:Invalid nonce"]}`, 200, false, -1, nil},
		{"maintenance", `{"error":["EService:Unavailable"]}`, 503, false, -1, nil},
		{"rate", `{"error":["EAPI:Rate limit exceeded"]}`, 200, false, 0, nil},
		{"lockout", `{"error":["EGeneral:Temporary lockout"]}`, 200, false, 15 * time.Minute, nil},
		{"throttled", `{"error":["EService: Throttled: ` + in(time.Minute) + `"]}`, 200, false, time.Minute, nil},
		{"throttled long ago", `{"error":["EService:Throttled: 1616492376"]}`, 200, false, 0, nil},
		{"cloudflare", `<html>banned</html>`, 429, false, 30 * time.Second, []string{"Retry-After", "30"}},
		{"html", `<html></html>`, 502, false, -1, nil},
		{"no token", `{"error":[],"result":{}}`, 200, false, -1, nil},
		{"redirect", ``, 302, false, -1, []string{"Location", "http://127.0.0.1:1/steal"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			src, _ := serve(t, c.status, c.body, c.header...)
			_, err := src.Token(t.Context())
			var own *krakenauth.Error
			require.ErrorAs(t, err, &own)
			require.Equal(t, c.auth, errors.Is(err, stream.ErrAuth))
			require.NotContains(t, err.Error(), privateKey)
			var limited *stream.RateLimitError
			if c.wait < 0 {
				require.False(t, errors.As(err, &limited))
				return
			}
			require.ErrorAs(t, err, &limited)
			require.InDelta(t, c.wait.Seconds(), limited.RetryAfter.Seconds(), 2)
		})
	}
}

func TestMistakesAreFoundAtOnce(t *testing.T) {
	secret := stream.NewSecret(privateKey)
	for _, c := range []struct {
		key, secret stream.Secret
		opts        []krakenauth.Option
	}{
		{stream.Secret{}, secret, nil},
		{stream.NewSecret("key"), stream.Secret{}, nil},
		{stream.NewSecret("key"), stream.NewSecret("no base64!"), nil},
		{stream.NewSecret("key"), secret, []krakenauth.Option{krakenauth.WithURL("api.kraken.com")}},
	} {
		_, err := krakenauth.New(c.key, c.secret, c.opts...)
		require.Error(t, err)
		require.NotContains(t, err.Error(), privateKey)
	}
}

func TestTokensEndWithTheirContext(t *testing.T) {
	src, seen := serve(t, 200, `{}`)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := src.Token(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, *seen)
	_, err = krakenauth.TokenFunc(func(ctx context.Context) (stream.Secret, error) { return stream.Secret{}, ctx.Err() }).Token(ctx)
	require.ErrorIs(t, err, context.Canceled)
}
