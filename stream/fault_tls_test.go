package stream_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"math/big"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
)

// certificate makes a self-signed one that is valid for an hour in the clock of the test; change alters it first.
func certificate(t *testing.T, change func(*x509.Certificate)) (cert tls.Certificate, fingerprint string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	now := time.Now()
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "venue.test"}, DNSNames: []string{"venue.test"},
		NotBefore: now.Add(-2 * time.Hour), NotAfter: now.Add(time.Hour),
	}
	if change != nil {
		change(tmpl)
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	sum := sha256.Sum256(leaf.RawSubjectPublicKeyInfo)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, base64.StdEncoding.EncodeToString(sum[:])
}

func trusting(cert tls.Certificate) stream.Option {
	pool := x509.NewCertPool()
	pool.AddCert(cert.Leaf)
	return stream.WithTLSConfig(&tls.Config{RootCAs: pool})
}

func (v *venue) show(cert tls.Certificate) {
	v.tls.Store(&tls.Config{Certificates: []tls.Certificate{cert}})
}

// firstBytes keeps the first byte that a client sends on each connection.
type firstBytes struct {
	mu   sync.Mutex
	seen []byte
}

func (f *firstBytes) all() []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	return bytes.Clone(f.seen)
}

func (f *firstBytes) dialer(v *venue) stream.Option {
	return stream.WithDialer(func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := v.dial(ctx, network, addr)
		return &firstByteConn{Conn: conn, to: f}, err
	})
}

type firstByteConn struct {
	net.Conn
	to   *firstBytes
	once sync.Once
}

func (c *firstByteConn) Write(b []byte) (int, error) {
	c.once.Do(func() {
		c.to.mu.Lock()
		defer c.to.mu.Unlock()
		c.to.seen = append(c.to.seen, b[0])
	})
	return c.Conn.Write(b)
}

// tlsRecord is the type of a handshake record, which every connection with TLS begins with.
const tlsRecord = 22

func badCertificate(t *testing.T) {
	var bad *tls.CertificateVerificationError
	for name, tt := range map[string]struct {
		change func(*x509.Certificate)
		trust  bool
		want   any
	}{
		"unknown authority": {want: new(x509.UnknownAuthorityError)},
		"expired":           {func(c *x509.Certificate) { c.NotAfter = c.NotBefore.Add(time.Hour) }, true, new(x509.CertificateInvalidError)},
		"not valid yet":     {func(c *x509.Certificate) { c.NotBefore = c.NotAfter.Add(-time.Minute) }, true, new(x509.CertificateInvalidError)},
		"of another host":   {func(c *x509.Certificate) { c.DNSNames = []string{"elsewhere.test"} }, true, new(x509.HostnameError)},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, v *venue) {
				cert, _ := certificate(t, tt.change)
				v.show(cert)
				var sent firstBytes
				opts := []stream.Option{stream.WithURL("wss://venue.test"), stream.WithRetryFirst(), sent.dialer(v)}
				if tt.trust {
					opts = append(opts, trusting(cert))
				}
				c := v.idleClient(stream.LinkConfig{}, opts...)
				err := c.Dial(t.Context())
				require.ErrorAs(t, err, &bad)
				require.ErrorAs(t, err, tt.want)
				time.Sleep(time.Hour)
				require.Equal(t, []byte{tlsRecord}, sent.all(), "one connection, and no plain text on it")
			})
		})
	}
	t.Run("trusted", func(t *testing.T) {
		bubble(t, func(t *testing.T, v *venue) {
			cert, _ := certificate(t, nil)
			v.show(cert)
			v.client(stream.LinkConfig{}, stream.WithURL("wss://venue.test"), trusting(cert))
		})
	})
}

func badCertificateLater(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		good, _ := certificate(t, func(c *x509.Certificate) { c.NotAfter = c.NotAfter.Add(24 * time.Hour) })
		bad, _ := certificate(t, nil)
		v.show(good)
		var sent firstBytes
		at := v.dialTimes(nil)
		c := v.client(stream.LinkConfig{}, stream.WithURL("wss://venue.test"), trusting(good), sent.dialer(v))
		v.show(bad)
		_ = v.peer().NetConn().Close()
		time.Sleep(10 * time.Minute)
		require.Equal(t, stream.Waiting, c.Status().State)
		for _, wait := range waits(at())[1:] {
			require.GreaterOrEqual(t, wait, time.Minute)
		}
		require.GreaterOrEqual(t, len(at()), 8, "and yet it goes on")
		v.show(good)
		require.NoError(t, waitEpoch(t.Context(), c, 2))
		for _, b := range sent.all() {
			require.EqualValues(t, tlsRecord, b)
		}
	})
}

func pinnedKeyChanged(t *testing.T) {
	pinned := func(pins ...string) []stream.Option {
		return []stream.Option{stream.WithURL("wss://venue.test"), stream.WithRetryFirst(), stream.WithPin(pins...)}
	}
	t.Run("of another from the beginning", func(t *testing.T) {
		bubble(t, func(t *testing.T, v *venue) {
			cert, fingerprint := certificate(t, nil)
			v.show(cert)
			err := v.idleClient(stream.LinkConfig{}, append(pinned("AAAA"), trusting(cert))...).Dial(t.Context())
			require.ErrorIs(t, err, stream.ErrPinMismatch, "no authority counts against a pin")
			require.ErrorContains(t, err, "AAAA")
			require.ErrorContains(t, err, fingerprint)
			require.Equal(t, 1, v.dialCount())
		})
	})
	t.Run("later", func(t *testing.T) {
		bubble(t, func(t *testing.T, v *venue) {
			before, was := certificate(t, nil)
			after, is := certificate(t, nil)
			v.show(before)
			c := v.client(stream.LinkConfig{}, pinned("sha256//"+was)...)
			v.show(after)
			_ = v.peer().NetConn().Close()
			<-c.Done()
			require.ErrorIs(t, c.Err(), stream.ErrPinMismatch)
			require.ErrorContains(t, c.Err(), was)
			require.ErrorContains(t, c.Err(), is)
			time.Sleep(time.Hour)
			require.Equal(t, 2, v.dialCount())
		})
	})
	t.Run("to one that is pinned too", func(t *testing.T) {
		bubble(t, func(t *testing.T, v *venue) {
			before, was := certificate(t, nil)
			after, is := certificate(t, nil)
			v.show(before)
			c := v.client(stream.LinkConfig{}, pinned(was, is)...)
			v.show(after)
			_ = v.peer().NetConn().Close()
			require.NoError(t, waitEpoch(t.Context(), c, 2))
		})
	})
}

// Another process takes the port of a pinned gateway. It gets nothing but a handshake.
func gatewayReplaced(t *testing.T) {
	replaced := func(t *testing.T, by func(t *testing.T, v *venue), then func(t *testing.T, v *venue, c *client, back func())) {
		bubble(t, func(t *testing.T, v *venue) {
			var requests atomic.Int32
			v.onHTTP = func(int, http.ResponseWriter, *http.Request) bool {
				requests.Add(1)
				return false
			}
			cert, fingerprint := certificate(t, nil)
			v.show(cert)
			var sent firstBytes
			c := v.client(stream.LinkConfig{}, stream.WithURL("wss://venue.test"), stream.WithPin(fingerprint), sent.dialer(v))
			by(t, v)
			_ = v.peer().NetConn().Close()
			then(t, v, c, func() {
				require.EqualValues(t, 1, requests.Load(), "nobody else was asked for anything")
				v.show(cert)
			})
			for _, b := range sent.all() {
				require.EqualValues(t, tlsRecord, b)
			}
		})
	}
	t.Run("by one with another key", func(t *testing.T) {
		replaced(t, func(t *testing.T, v *venue) {
			other, _ := certificate(t, nil)
			v.show(other)
		}, func(t *testing.T, v *venue, c *client, back func()) {
			<-c.Done()
			require.ErrorIs(t, c.Err(), stream.ErrPinMismatch)
			back()
			time.Sleep(time.Hour)
			require.Equal(t, 2, v.dialCount(), "for good")
		})
	})
	t.Run("by one without TLS", func(t *testing.T) {
		replaced(t, func(_ *testing.T, v *venue) { v.tls.Store(nil) }, func(t *testing.T, _ *venue, c *client, back func()) {
			time.Sleep(10 * time.Minute)
			synctest.Wait()
			require.Equal(t, stream.Waiting, c.Status().State)
			back()
			require.NoError(t, waitEpoch(t.Context(), c, 2))
		})
	})
}
