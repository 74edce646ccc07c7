package krakentest

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	json "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/kraken/krakenauth"
	"github.com/venuewire/venuewire/stream"
)

// Key and Secret are the API key of the account, which no real account has. The secret is that of the venue's own
// example of a signature.
const (
	Key    = "canary-kraken-key-41c7"
	Secret = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg=="
)

const (
	tokenPath = "/0/private/GetWebSocketsToken"
	tokenLife = 15 * time.Minute
)

// tokens are those that were given out.
type tokens struct {
	made  int
	nonce uint64
	born  map[string]time.Time
	used  map[string]bool // by a subscription: it does not expire then
}

func newTokens() tokens {
	return tokens{born: make(map[string]time.Time), used: make(map[string]bool)}
}

func (v *Venue) routeTokens() {
	v.server.HandleHTTP("POST "+tokenPath, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 4096))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		token, refusal := v.makeToken(r.Header, string(body))
		reply := map[string]any{"error": []string{}}
		if refusal != "" {
			reply["error"] = []string{refusal}
		} else {
			reply["result"] = map[string]any{"token": token, "expires": int(tokenLife.Seconds())}
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(reply) // of what a client does not wait for
	})
}

// makeToken checks a request as the venue does.
func (v *Venue) makeToken(header http.Header, body string) (token, refusal string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if take(&v.commands.refuseTokens) {
		return "", v.commands.tokenText
	}
	form, err := url.ParseQuery(body)
	if err != nil {
		return "", "EGeneral:Invalid arguments"
	}
	nonce := form.Get("nonce")
	sign, err := krakenauth.Sign(stream.NewSecret(Secret), tokenPath, nonce, body)
	switch n, bad := strconv.ParseUint(nonce, 10, 64); {
	case header.Get("API-Key") != Key:
		return "", "EAPI:Invalid key"
	case err != nil || header.Get("API-Sign") != sign:
		return "", "EAPI:Invalid signature"
	case bad != nil || n <= v.tokens.nonce:
		return "", "EAPI:Invalid nonce"
	default:
		v.tokens.nonce = n
	}
	v.tokens.made++
	token = "canary-kraken-token-" + strconv.Itoa(v.tokens.made) + "/+" // a slash, which JSON may escape
	v.tokens.born[token] = time.Now()
	return token, ""
}

// tokenFault says what is wrong with a token; "" for nothing.
func (v *Venue) tokenFault(token string) string {
	born, ok := v.tokens.born[token]
	if !ok || !v.tokens.used[token] && time.Since(born) > tokenLife {
		return "ESession:Invalid session"
	}
	return ""
}

// TokenSource gets tokens with the key of the account, over REST.
func (v *Venue) TokenSource() *krakenauth.Source {
	src, err := krakenauth.New(stream.NewSecret(Key), stream.NewSecret(Secret),
		krakenauth.WithURL(v.server.HTTPURL()), krakenauth.WithHTTPClient(v.server.HTTPClient()))
	if err != nil {
		return new(krakenauth.Source) // cannot be: key and URL are the fake's own
	}
	return src
}

// Tokens counts the tokens that were given out.
func (v *Venue) Tokens() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.tokens.made
}

// ExpireTokens makes all tokens worthless, as an upgrade of the venue does: the next request with one is refused. What is
// subscribed goes on.
func (v *Venue) ExpireTokens() {
	v.mu.Lock()
	defer v.mu.Unlock()
	clear(v.tokens.born)
	clear(v.tokens.used)
}

// RefuseTokens refuses the next n requests for a token over REST, or [All], with one of the venue's texts, such as
// EAPI:Invalid key.
func (v *Venue) RefuseTokens(n int, text string) {
	v.command(func(c *commands) { c.refuseTokens, c.tokenText = n, text })
}
