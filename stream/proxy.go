package stream

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
)

// proxies tells what a handshake goes through: an HTTP proxy, whose tunnel is ours to open, or another one that the
// WebSocket library knows how to use, or neither. The functions of WithProxy know http and https, not ws and wss.
func (l *Link) proxies(u *url.URL, header http.Header) (tunnel, other *url.URL, err error) {
	if l.set.proxy == nil {
		return nil, nil, nil
	}
	at := *u
	at.Scheme = map[string]string{"ws": "http", "wss": "https"}[u.Scheme]
	proxy, err := l.set.proxy(&http.Request{Method: http.MethodGet, URL: &at, Host: at.Host, Header: header})
	if err == nil && proxy != nil && proxy.Scheme == "http" {
		return proxy, nil, nil
	}
	return nil, proxy, err
}

func proxyAddr(proxy *url.URL) string {
	port := proxy.Port()
	if port == "" {
		port = "80"
	}
	return net.JoinHostPort(proxy.Hostname(), port)
}

// openTunnel makes a connection to a proxy one to addr. The WebSocket library can do that as well, but it panics when
// the proxy's answer has no reason phrase, and its error has no status.
func (l *Link) openTunnel(c net.Conn, proxy *url.URL, addr string) error {
	req := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: addr}, Host: addr, Header: http.Header{}}
	var login string
	if proxy.User != nil {
		password, _ := proxy.User.Password()
		login = base64.StdEncoding.EncodeToString([]byte(proxy.User.Username() + ":" + password))
		req.Header.Set("Proxy-Authorization", "Basic "+login)
	}
	if err := req.Write(c); err != nil {
		return fmt.Errorf("proxy %s: %w", proxy.Host, err)
	}
	r := bufio.NewReader(c)
	resp, err := http.ReadResponse(r, req)
	switch {
	case err != nil:
		return fmt.Errorf("proxy %s: %w", proxy.Host, err)
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("proxy %s: %w", proxy.Host, l.proxyError(resp, http.Header{"Proxy-Authorization": {login}}))
	case r.Buffered() > 0:
		return fmt.Errorf("proxy %s: %w", proxy.Host, errors.New("malformed answer: there is more behind it"))
	}
	return nil
}

// proxyError is a refused tunnel. What a proxy refuses says nothing about the credentials at the venue.
func (l *Link) proxyError(resp *http.Response, sent http.Header) *UpgradeError {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxUpgradeBody))
	e := &UpgradeError{
		Status:     resp.StatusCode,
		Body:       l.publicBody(body, &url.URL{}, sent),
		RetryAfter: retryAfter(resp.Header.Get("Retry-After")),
	}
	e.Class, e.Wait = upgradeRule(nil, e.Status)
	e.Wait = max(e.Wait, e.RetryAfter)
	return e
}
