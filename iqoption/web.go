package iqoption

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	json "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/stream"
)

const (
	maxWebBody    = 64 << 10
	maxWebMessage = 300
	ssidCookie    = "ssid"
)

// web is the HTTP service of a brand.
type web struct {
	client    *http.Client
	base      string
	twoFactor TwoFactor
}

func newWeb(cfg *config, client *http.Client) *web {
	c := *client
	// A redirect would carry the password to wherever it points.
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &web{client: &c, base: cfg.authBase(), twoFactor: cfg.twoFactor}
}

// webFor makes a service without a client of the trade room.
func webFor(opts []stream.Option) (*web, error) {
	cfg, _, err := ownOptions(opts)
	if err != nil {
		return nil, err
	}
	link, err := newLink(&cfg, stream.LinkConfig{Inbound: noInbound{}}, opts)
	if err != nil {
		return nil, err
	}
	return newWeb(&cfg, link.HTTPClient()), nil
}

// noInbound serves links that are never dialled.
type noInbound struct{}

func (noInbound) Frame(elem []byte, _ stream.Meta, rest func([]byte, error)) { rest(elem, nil) }

// webReply is a JSON object of the service. Its members are read one by one: a surprising type of one that nobody
// needs must not spoil a login.
type webReply struct {
	status  int
	header  http.Header
	members map[string]json.RawMessage
	cookies []*http.Cookie
	odd     string // why there are no members
}

// post sends a JSON body, or none, and reads the answer whatever its status.
func (w *web) post(ctx context.Context, path string, body map[string]string, cookies ...*http.Cookie) (*webReply, error) {
	var content io.Reader = http.NoBody
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("iqoption: %s: %w", path, err)
		}
		content = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.base+path, content)
	if err != nil {
		return nil, fmt.Errorf("iqoption: %s: %w", path, err)
	}
	req.Close = true // logins are rare; nothing is to stay open behind them
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, c := range cookies {
		req.AddCookie(c)
	}
	resp, err := w.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("iqoption: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	return readReply(resp)
}

func readReply(resp *http.Response) (*webReply, error) {
	r := &webReply{status: resp.StatusCode, header: resp.Header, cookies: resp.Cookies()}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxWebBody+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("iqoption: reading the answer of the login: %w", err)
	case len(body) > maxWebBody:
		r.odd = fmt.Sprintf("the answer is longer than %d bytes", maxWebBody)
	case json.Unmarshal(body, &r.members) != nil || r.members == nil:
		r.members = nil
		r.odd = fmt.Sprintf("the answer is no JSON object but %q", shorten(resp.Header.Get("Content-Type"), 60))
	}
	return r, nil
}

// text is a member that is a string, else "".
func (r *webReply) text(name string) string { return textOf(r.members[name]) }

func textOf(raw json.RawMessage) (s string) {
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// number is a member that is an integer, else 0.
func (r *webReply) number(name string) (n int64) {
	if json.Unmarshal(r.members[name], &n) != nil {
		return 0
	}
	return n
}

// ssid looks where the service puts it: in the body, in its data, in a cookie.
func (r *webReply) ssid() string {
	if s := r.text("ssid"); s != "" {
		return s
	}
	var data map[string]json.RawMessage
	if json.Unmarshal(r.members["data"], &data) == nil {
		if s := textOf(data["ssid"]); s != "" {
			return s
		}
	}
	for _, c := range r.cookies {
		if c.Name == ssidCookie && c.Value != "" {
			return c.Value
		}
	}
	return ""
}

func (r *webReply) good() bool { return r.status >= 200 && r.status < 300 }

// wait is how long the service wants to be left alone; 0 if it does not say.
func (r *webReply) wait() time.Duration {
	if ttl := r.number("ttl"); ttl > 0 {
		return time.Duration(min(ttl, 24*3600)) * time.Second
	}
	header := r.header.Get("Retry-After")
	if secs, err := strconv.Atoi(header); err == nil {
		return time.Duration(min(max(secs, 0), 24*3600)) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(time.Until(at), 0)
	}
	return 0
}

// fault makes an error of an answer that is no success. What is secret is taken out of the venue's words.
func (r *webReply) fault(secrets ...stream.Secret) error {
	e := &LoginError{Status: r.status, Code: shorten(r.text("code"), 60), Message: r.text("message")}
	if r.members == nil {
		e.Message = r.odd
	}
	for _, s := range secrets {
		if !s.IsZero() {
			e.Message = strings.ReplaceAll(e.Message, s.Reveal(), s.String())
			e.Code = strings.ReplaceAll(e.Code, s.Reveal(), s.String())
		}
	}
	e.Message = shorten(e.Message, maxWebMessage)
	switch {
	case e.Code == codeLimited || r.status == http.StatusTooManyRequests:
		return &stream.RateLimitError{RetryAfter: r.wait(), Err: e}
	case e.Code == codeWrong:
		e.Err = stream.ErrAuth
	}
	return e
}

func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
