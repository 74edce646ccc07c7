package ibkr_test

import (
	"context"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/ibkr/ibkrtest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

func pinOf(t *testing.T, s *ibkrtest.Server) string {
	t.Helper()
	pin, err := s.Pin()
	require.NoError(t, err)
	return pin
}

func TestCertificateFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, other := ibkrtest.New(), ibkrtest.New()
		defer s.Close()
		defer other.Close()
		c, err := ibkr.Dial(t.Context(), append(s.Options()[:3:3], ibkr.WithCertificateFile(certificate(t, s)))...)
		require.NoError(t, err)
		require.NoError(t, c.Close(t.Context()))
		_, err = ibkr.Dial(t.Context(), append(s.Options()[:3:3], ibkr.WithCertificateFile(certificate(t, other)))...)
		require.ErrorIs(t, err, stream.ErrPinMismatch)
	})
}

func certificate(t *testing.T, s *ibkrtest.Server) (path string) {
	t.Helper()
	c, err := s.Certificate()
	require.NoError(t, err)
	path = filepath.Join(t.TempDir(), "gateway.pem")
	require.NoError(t, os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}), 0o600))
	return path
}

func TestUnverifiedIsForLoopbackOnly(t *testing.T) {
	_, err := ibkr.New(ibkr.WithGateway("https://gateway.example:5000"), ibkr.WithUnverifiedLoopbackCertificate())
	require.ErrorContains(t, err, "gateway.example")
	s := ibkrtest.New(ibkrtest.WithServer(streamtest.OnLoopback()))
	defer s.Close()
	c, err := ibkr.Dial(t.Context(), ibkr.WithGateway(s.HTTPURL()), ibkr.WithUnverifiedLoopbackCertificate())
	require.NoError(t, err)
	require.NoError(t, c.Close(context.Background()))
}

func TestGatewayPin(t *testing.T) {
	s := ibkrtest.New(ibkrtest.WithServer(streamtest.OnLoopback()))
	defer s.Close()
	pin, err := ibkr.GatewayPin(t.Context(), s.HTTPURL())
	require.NoError(t, err)
	require.Equal(t, pinOf(t, s), pin)
	c, err := ibkr.Dial(t.Context(), ibkr.WithGateway(s.HTTPURL()), stream.WithPin(pin))
	require.NoError(t, err)
	require.NoError(t, c.Close(context.Background()))
	_, err = ibkr.GatewayPin(t.Context(), "http://localhost:5000")
	require.ErrorContains(t, err, "https://localhost:5000")
}

func TestOptionsThatDoNotFit(t *testing.T) {
	for name, opt := range map[string]stream.Option{
		"WithURL":             stream.WithURL("wss://elsewhere"),
		"WithHost":            stream.WithHost("direct"),
		"WithGateway":         ibkr.WithGateway("localhost:5000"),
		"WithCertificateFile": ibkr.WithCertificateFile(filepath.Join(t.TempDir(), "none.pem")),
	} {
		_, err := ibkr.New(opt)
		require.ErrorContains(t, err, name)
	}
}
