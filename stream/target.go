package stream

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/venuewire/venuewire/stream/protocol"
)

// target is the URL and header of the next dial.
func (l *Link) target(ctx context.Context) (*url.URL, http.Header, error) {
	if l.cfg.Target == nil {
		u, err := l.endpointURL()
		return u, nil, err
	}
	text, header, err := l.cfg.Target(ctx)
	if err != nil {
		return nil, nil, err
	}
	u, err := parseURL(text)
	if err != nil {
		return nil, nil, err
	}
	u, err = l.override(u)
	return u, header, err
}

// checkTarget finds mistakes in options before anything is dialled.
func (l *Link) checkTarget() error {
	if l.cfg.Target != nil {
		_, err := l.override(&url.URL{})
		return err
	}
	_, err := l.endpointURL()
	return err
}

func (l *Link) endpointURL() (*url.URL, error) {
	path, err := l.fillHoles(l.cfg.Endpoint.Path)
	if err != nil {
		return nil, err
	}
	if l.set.url != "" {
		return l.override(&url.URL{Path: path})
	}
	h, err := l.pickHost()
	if err != nil {
		return nil, err
	}
	base, err := l.fillHoles(h.URL)
	if err != nil {
		return nil, err
	}
	return parseURL(strings.TrimSuffix(base, "/") + path)
}

func (l *Link) pickHost() (*protocol.Host, error) {
	hosts := l.cfg.Endpoint.Hosts
	for i := range hosts {
		if l.set.host == "" || hosts[i].Name == l.set.host {
			return &hosts[i], nil
		}
	}
	return nil, l.fail("endpoint %s has no host %q", l.cfg.Endpoint.Name, l.set.host)
}

// override puts WithURL over a URL.
func (l *Link) override(u *url.URL) (*url.URL, error) {
	if l.set.url == "" {
		return u, nil
	}
	with, err := parseURL(l.set.url)
	if err != nil {
		return nil, fmt.Errorf("WithURL: %w", err)
	}
	out := *u
	out.Scheme, out.Host, out.User = with.Scheme, with.Host, with.User
	if with.Path != "" {
		out.Path, out.RawPath = with.Path, with.RawPath
	}
	if with.RawQuery != "" {
		out.RawQuery = with.RawQuery
	}
	return &out, nil
}

// parseURL accepts http for ws; its errors show no query.
func parseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		var parse *url.Error
		if errors.As(err, &parse) {
			err = parse.Err
		}
		return nil, fmt.Errorf("stream: bad URL: %w", err)
	}
	switch u.Scheme {
	case "http":
		u.Scheme = "ws"
	case "https":
		u.Scheme = "wss"
	case "ws", "wss":
	default:
		return nil, fmt.Errorf("stream: bad URL: scheme %q is neither ws nor wss", u.Scheme)
	}
	if u.Host == "" {
		return nil, errors.New("stream: bad URL: no host")
	}
	return u, nil
}

// publicURL is a URL without what may be secret.
func publicURL(u *url.URL) string {
	out := *u
	out.User = nil
	if out.RawQuery != "" {
		out.RawQuery = redacted
	}
	return out.String()
}

// fillHoles replaces {holes} of a URL or path by WithVar; a [group] whose hole has no value is left out.
func (l *Link) fillHoles(pattern string) (string, error) {
	var out strings.Builder
	for pattern != "" {
		i := strings.IndexAny(pattern, "{[")
		if i < 0 {
			break
		}
		out.WriteString(pattern[:i])
		closing := "}"
		if pattern[i] == '[' {
			closing = "]"
		}
		inner, rest, ok := strings.Cut(pattern[i+1:], closing)
		if !ok {
			return "", l.fail("endpoint %s: %q is not closed", l.cfg.Endpoint.Name, pattern[i:])
		}
		text, err := l.fillPart(closing == "]", inner)
		if err != nil {
			return "", err
		}
		out.WriteString(text)
		pattern = rest
	}
	return out.String() + pattern, nil
}

func (l *Link) fillPart(group bool, inner string) (string, error) {
	if !group {
		return l.variable(inner)
	}
	if _, name, ok := strings.Cut(inner, "{"); ok {
		name, _, _ = strings.Cut(name, "}")
		if l.set.vars[name] == "" {
			return "", nil
		}
	}
	return l.fillHoles(inner)
}

func (l *Link) variable(name string) (string, error) {
	value := l.set.vars[name]
	if value == "" {
		return "", l.fail("endpoint %s needs WithVar(%q, …)", l.cfg.Endpoint.Name, name)
	}
	for _, v := range l.cfg.Endpoint.Vars {
		if v.Name == name && len(v.Values) > 0 && !slices.Contains(v.Values, value) {
			return "", l.fail("endpoint %s: %s is one of %s, not %q", l.cfg.Endpoint.Name, name, strings.Join(v.Values, ", "), value)
		}
	}
	return value, nil
}
