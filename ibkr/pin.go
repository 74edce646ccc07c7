package ibkr

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
)

// GatewayPin returns the fingerprint of the key that a running gateway shows, for stream.WithPin; base is its address,
// such as https://localhost:5000. It sends nothing but the handshake. What it returns is as trustworthy as the way to
// that address: ask on the machine of the gateway.
func GatewayPin(ctx context.Context, base string) (string, error) {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" {
		return "", fmt.Errorf("ibkr: GatewayPin wants an address such as %s", defaultGateway)
	}
	port := u.Port()
	if port == "" {
		port = "443"
	}
	// Nothing is sent over this connection, and what it shows is the answer.
	d := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}}
	conn, err := d.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return "", fmt.Errorf("ibkr: pin of %s: %w", base, err)
	}
	defer func() { _ = conn.Close() }()
	secure, ok := conn.(*tls.Conn)
	if !ok || len(secure.ConnectionState().PeerCertificates) == 0 {
		return "", fmt.Errorf("ibkr: pin of %s: it showed no certificate", base)
	}
	return pinOf(secure.ConnectionState().PeerCertificates[0]), nil
}

// pinOf is the form that curl's --pinnedpubkey takes.
func pinOf(c *x509.Certificate) string {
	sum := sha256.Sum256(c.RawSubjectPublicKeyInfo)
	return "sha256//" + base64.StdEncoding.EncodeToString(sum[:])
}

// certificatePins are the pins of all certificates of a PEM file.
func certificatePins(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("ibkr: WithCertificateFile: %w", err)
	}
	var pins []string
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("ibkr: WithCertificateFile: %s: %w", path, err)
		}
		pins = append(pins, pinOf(c))
	}
	if len(pins) == 0 {
		return nil, fmt.Errorf("ibkr: WithCertificateFile: %s: %w", path, errors.New("no certificate in it; it must be PEM"))
	}
	return pins, nil
}
