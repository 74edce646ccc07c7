package iqoptiontest_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/iqoption/iqoptiontest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/wire"
)

// bubble runs a test with a server and a client that has logged in, in a time of its own.
func bubble(t *testing.T, test func(t *testing.T, s *iqoptiontest.Server, c *iqoption.Client), opts ...iqoptiontest.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := iqoptiontest.New(opts...)
		defer s.Close()
		c := dial(t, s)
		test(t, s, c)
		require.NoError(t, c.Close(t.Context()))
		require.Empty(t, s.Problems())
	})
}

func dial(t *testing.T, s *iqoptiontest.Server, opts ...stream.Option) *iqoption.Client {
	t.Helper()
	c, err := iqoption.Dial(t.Context(), s.Login(), append(s.Options(), opts...)...)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.CloseNow() })
	return c
}

func decimal(t *testing.T, s string) wire.Decimal {
	t.Helper()
	d, err := wire.ParseDecimal(s)
	require.NoError(t, err)
	return d
}

func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// reconnected waits until the client has made its n-th session.
func reconnected(t *testing.T, c *iqoption.Client, n uint64) {
	t.Helper()
	for st := range c.Watch(within(t, time.Minute)) {
		if st.State == stream.Ready && st.Epoch >= n {
			return
		}
	}
	require.FailNow(t, "no new session", "%+v", c.Status())
}
