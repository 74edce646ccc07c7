package iqoption

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/venuewire/venuewire/stream"
)

// defaultAuthURL is the HTTP service of iqoption.com; its methods are below /v1.0, /v2 and so on.
const defaultAuthURL = "https://auth.iqoption.com/api"

// config is the target of the options of this package.
type config struct {
	brand     string
	authURL   string
	twoFactor TwoFactor
}

// WithBrand connects to a sister brand that runs the same backend; domain is its bare domain, e.g. "exnova.com". The
// socket is then ws.trade.<domain> and the login api.trade.<domain>. Brands that use an older spelling are reached
// with stream.WithHost("brand-bare") and stream.WithVar("domain", …) together with [WithAuthURL]; iqoption.com itself
// also answers at stream.WithHost("iqoption-bare").
func WithBrand(domain string) stream.Option {
	return stream.OptionFor(func(c *config) { c.brand = domain })
}

// WithAuthURL replaces the base of the login's URLs: https://auth.iqoption.com/api, and https://api.trade.<domain>
// with [WithBrand]. Fakes use it. Whoever serves that address gets the password.
func WithAuthURL(base string) stream.Option {
	return stream.OptionFor(func(c *config) { c.authURL = base })
}

// WithTwoFactor answers the second factor of a login, see [TwoFactor]. It serves [Login] and [LoginSource].
func WithTwoFactor(ask TwoFactor) stream.Option {
	return stream.OptionFor(func(c *config) { c.twoFactor = ask })
}

// ownOptions applies the options of this package; those of package stream are left to the link.
func ownOptions(opts []stream.Option) (cfg config, onlyOwn bool, err error) {
	onlyOwn = true
	for _, o := range opts {
		if stream.Configure([]stream.Option{o}, &cfg) != nil {
			onlyOwn = false
		}
	}
	return cfg, onlyOwn, cfg.check()
}

func (c *config) check() error {
	if c.brand != "" && !isDomain(c.brand) {
		return fmt.Errorf("iqoption: WithBrand(%q) is no bare domain such as exnova.com", c.brand)
	}
	if c.authURL == "" {
		return nil
	}
	u, err := url.Parse(c.authURL)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("iqoption: WithAuthURL wants a URL such as %s", defaultAuthURL)
	}
	return nil
}

// isDomain is strict, since the password is sent to what is made of it.
func isDomain(s string) bool {
	for _, label := range strings.Split(s, ".") {
		if label == "" || strings.Trim(label, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" {
			return false
		}
	}
	return strings.Contains(s, ".")
}

// authBase is the base of the login's URLs.
func (c *config) authBase() string {
	switch {
	case c.authURL != "":
		return strings.TrimSuffix(c.authURL, "/")
	case c.brand != "":
		return "https://api.trade." + c.brand
	}
	return defaultAuthURL
}

// newLink makes a link with the host that the options of this package name; what the user says of the host wins.
func newLink(cfg *config, link stream.LinkConfig, opts []stream.Option) (*stream.Link, error) {
	link.Protocol, link.Endpoint = &wireProtocol, &endpointTradeRoom
	link.Config = []any{new(config)}
	if cfg.brand != "" {
		brand := []stream.Option{stream.WithHost("brand"), stream.WithVar("brand", cfg.brand)}
		opts = append(brand, opts...)
	}
	return stream.NewLink(link, opts...)
}
