package ibkr

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	json "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/stream"
)

const (
	maxBody    = 8 << 20
	maxMessage = 300
	// penaltyBox is how long the venue locks out who exceeds its limits; one text says 10 minutes.
	penaltyBox = 15 * time.Minute
)

// rest is the HTTP service beside the socket.
type rest struct {
	client *http.Client
	base   string
	sign   func(*http.Request) error
}

func newREST(cfg *config, client *http.Client) (*rest, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("ibkr: %w", err)
	}
	own := *client
	own.Jar = jar
	// A gateway without login redirects to its login page.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r := &rest{client: &own, base: cfg.base + restPath, sign: func(*http.Request) error { return nil }}
	if cfg.source != nil {
		signer, ok := cfg.source.(RequestSigner)
		if !ok {
			return nil, nil
		}
		r.sign = signer.SignRequest
	}
	return r, nil
}

// cookies are those of earlier answers, for the handshake of the socket.
func (r *rest) cookies() []*http.Cookie {
	u, err := url.Parse(r.base)
	if err != nil {
		return nil
	}
	return r.client.Jar.Cookies(u)
}

// call makes one request; body and out may be nil.
func (r *rest) call(ctx context.Context, method, path string, body, out any) error {
	var content io.Reader = http.NoBody
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("ibkr: %s %s: %w", method, path, err)
		}
		content = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, r.base+path, content)
	if err != nil {
		return fmt.Errorf("ibkr: %s %s: %w", method, path, err)
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if err := r.sign(req); err != nil {
		return fmt.Errorf("ibkr: signing %s %s: %w", method, path, err)
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return fmt.Errorf("ibkr: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	return r.read(resp, &RESTError{Method: method, Path: withoutQuery(path), Status: resp.StatusCode}, out)
}

func withoutQuery(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return path
}

func (r *rest) read(resp *http.Response, e *RESTError, out any) error {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err != nil {
		return fmt.Errorf("ibkr: %s %s: %w", e.Method, e.Path, err)
	}
	var said struct {
		Error json.RawMessage `json:"error"`
	}
	_ = json.Unmarshal(body, &said) // a list has no error
	if text := ""; json.Unmarshal(said.Error, &text) == nil {
		e.Message = shorten(text)
	}
	switch {
	case e.Status == http.StatusTooManyRequests:
		return &stream.RateLimitError{RetryAfter: retryAfter(resp.Header.Get("Retry-After")), Err: e}
	case e.Status == http.StatusUnauthorized, e.Status/100 == 3, strings.EqualFold(e.Message, "no session"):
		e.Err = ErrNotLoggedIn
		return e
	case e.Status/100 != 2 || e.Message != "":
		return e
	case len(body) > maxBody:
		e.Message = "the answer is longer than 8 MiB"
		return e
	}
	if out == nil || len(body) == 0 {
		return nil
	}
	if err := json.Unmarshal(body, out); err != nil {
		e.Message = "the answer is not what it should be: " + shorten(err.Error())
		return e
	}
	return nil
}

func retryAfter(header string) time.Duration {
	if secs, err := strconv.Atoi(header); err == nil && secs > 0 {
		return time.Duration(min(secs, 24*3600)) * time.Second
	}
	return penaltyBox
}

func shorten(s string) string {
	if len(s) <= maxMessage {
		return s
	}
	n := maxMessage
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
