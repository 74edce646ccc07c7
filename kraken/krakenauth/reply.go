package krakenauth

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	json "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/stream"
)

const (
	maxBody  = 64 << 10
	maxError = 300
	// lockout is how long a key stays locked after too many bad requests; the venue does not say it, but asks to wait.
	lockout = 15 * time.Minute
)

// Error is an answer of the REST service that is no token.
type Error struct {
	Status int
	// Errors are the venue's, such as EAPI:Invalid nonce; none where the answer was no JSON.
	Errors []string
	// Err is stream.ErrAuth where the credentials are wrong, else nil.
	Err error
}

// Error implements error.
func (e *Error) Error() string {
	text := strings.Join(e.Errors, ", ")
	if text == "" {
		text = "no token in the answer"
	}
	if len(text) > maxError {
		text = strings.ToValidUTF8(text[:maxError], "") + "…"
	}
	return fmt.Sprintf("krakenauth: GetWebSocketsToken: %s (status %d)", text, e.Status)
}

// Unwrap returns the class of the error.
func (e *Error) Unwrap() error { return e.Err }

// wrong are the errors that no later request mends.
var wrong = []string{"EAPI:Invalid key", "EAPI:Invalid signature", "EGeneral:Permission denied", "EAccount:", "EAuth:Account"}

// waits are the errors that ask to wait, and how long; 0 leaves it to the client.
var waits = []struct {
	prefix string
	wait   time.Duration
}{
	{"EAPI:Rate limit exceeded", 0},
	{"EAuth:Rate limit exceeded", 0},
	{"EAuth:Too many requests", 0},
	{"EGeneral:Temporary lockout", lockout},
	{"EService:Throttled:", 0},
	{"EService: Throttled:", 0},
}

// read makes a request and reads its token. A redirect would carry key and signature to wherever it points.
func (s *Source) read(client *http.Client, req *http.Request) (stream.Secret, error) {
	c := *client
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := c.Do(req)
	if err != nil {
		return stream.Secret{}, fmt.Errorf("krakenauth: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return stream.Secret{}, fmt.Errorf("krakenauth: reading the token: %w", err)
	}
	var reply struct {
		Error  []string
		Result struct{ Token string }
	}
	if json.Unmarshal(body, &reply) != nil || len(reply.Error) > 0 || reply.Result.Token == "" || resp.StatusCode != http.StatusOK {
		return stream.Secret{}, fault(&Error{Status: resp.StatusCode, Errors: reply.Error}, resp.Header)
	}
	return stream.NewSecret(reply.Result.Token), nil
}

// fault classes an error by the venue's words, which it matches by prefix.
func fault(e *Error, header http.Header) error {
	for _, text := range e.Errors {
		for _, prefix := range wrong {
			if strings.HasPrefix(text, prefix) {
				e.Err = stream.ErrAuth
				return e
			}
		}
		for _, w := range waits {
			if strings.HasPrefix(text, w.prefix) {
				return &stream.RateLimitError{RetryAfter: max(w.wait, until(text)), Err: e}
			}
		}
	}
	if e.Status == http.StatusTooManyRequests {
		secs, _ := strconv.Atoi(header.Get("Retry-After"))
		return &stream.RateLimitError{RetryAfter: time.Duration(min(max(secs, 0), 86400)) * time.Second, Err: e}
	}
	return e
}

// until reads the Unix time at the end of a text; 0 if there is none.
func until(text string) time.Duration {
	secs, err := strconv.ParseInt(strings.TrimSpace(text[strings.LastIndexByte(text, ':')+1:]), 10, 64)
	if err != nil {
		return 0
	}
	return min(max(time.Until(time.Unix(secs, 0)), 0), 24*time.Hour)
}
