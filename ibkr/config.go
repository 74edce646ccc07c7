package ibkr

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/venuewire/venuewire/stream"
)

const (
	defaultGateway = "https://localhost:5000"
	hostedAPI      = "https://api.ibkr.com"
	restPath       = "/v1/api"
	socketPath     = "/v1/api/ws"
	// hostedAgent is what the hosted service expects of an OAuth client; without any User-Agent it answers 403.
	hostedAgent = "ClientPortalGW/1"
)

// config is the target of the options of this package.
type config struct {
	base        string // of REST and socket
	certificate string
	unverified  bool
	source      SessionSource
	message     bool
	compete     bool
}

// WithGateway connects to a gateway at another address than https://localhost:5000: scheme, host and port as its
// conf.yaml has them (listenPort, listenSsl). The socket is there too; http means a plain ws:// socket.
func WithGateway(base string) stream.Option {
	return stream.OptionFor(func(c *config) { c.base = base })
}

// WithCertificateFile accepts a gateway that shows a certificate of this PEM file, and no other server. It is read by
// [New]. The certificate is compared by its public key, so the host name in it does not matter, as with stream.WithPin.
func WithCertificateFile(path string) stream.Option {
	return stream.OptionFor(func(c *config) { c.certificate = path })
}

// WithUnverifiedLoopbackCertificate accepts any certificate of a gateway on the same machine. Whoever can listen on its
// port gets the session: prefer stream.WithPin, see [GatewayPin]. For any other host than localhost, 127.0.0.0/8 and
// ::1 [New] refuses it.
func WithUnverifiedLoopbackCertificate() stream.Option {
	return stream.OptionFor(func(c *config) { c.unverified = true })
}

// WithSessionSource connects to https://api.ibkr.com, or to the address of [WithGateway], with the sessions of src.
func WithSessionSource(src SessionSource) stream.Option {
	return stream.OptionFor(func(c *config) { c.source = src })
}

// WithSessionMessage hands the session over in the first message of a socket instead of a cookie. The client does so
// by itself where the venue asks for it.
func WithSessionMessage() stream.Option {
	return stream.OptionFor(func(c *config) { c.message = true })
}

// WithCompete lets the client take the brokerage session from another login of the same user, such as TWS or a phone,
// at most once a minute. Without it the client waits until the other one has gone.
func WithCompete() stream.Option {
	return stream.OptionFor(func(c *config) { c.compete = true })
}

// splitOptions applies the options of this package and returns those of package stream.
func splitOptions(opts []stream.Option) (cfg config, rest []stream.Option, err error) {
	for _, o := range opts {
		switch {
		case stream.Configure([]stream.Option{o}, &cfg) == nil:
		case o.String() == "WithURL" || o.String() == "WithHost":
			return cfg, nil, fmt.Errorf("ibkr: %s moves the socket away from REST: use ibkr.WithGateway", o)
		default:
			rest = append(rest, o)
		}
	}
	if cfg.base == "" {
		cfg.base = defaultGateway
		if cfg.source != nil {
			cfg.base = hostedAPI
		}
	}
	security, err := cfg.security()
	if err != nil {
		return cfg, nil, err
	}
	if cfg.source != nil {
		rest = append([]stream.Option{stream.WithUserAgent(hostedAgent)}, rest...)
	}
	return cfg, append(rest, security...), nil
}

// security checks the address and makes options of how its certificate is judged.
func (c *config) security() ([]stream.Option, error) {
	u, err := url.Parse(c.base)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || strings.Trim(u.Path, "/") != "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("ibkr: WithGateway wants scheme, host and port, such as %s", defaultGateway)
	}
	c.base = u.Scheme + "://" + u.Host
	var out []stream.Option
	if c.certificate != "" {
		pins, err := certificatePins(c.certificate)
		if err != nil {
			return nil, err
		}
		out = append(out, stream.WithPin(pins...))
	}
	if !c.unverified {
		return out, nil
	}
	if !isLoopback(u.Hostname()) {
		return nil, fmt.Errorf("ibkr: WithUnverifiedLoopbackCertificate is not for %s: only for a gateway on this machine", u.Hostname())
	}
	return append(out, stream.WithTLSConfig(&tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: true})), nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// socketURL is the address of the socket.
func (c *config) socketURL(query url.Values) string {
	u := "ws" + strings.TrimPrefix(c.base, "http") + socketPath
	if len(query) > 0 {
		u += "?" + query.Encode()
	}
	return u
}
