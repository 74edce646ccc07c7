package iqoption

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// TestFault has the rows of the catalogue in package stream whose outcome the venue's own protocol
// decides: session ids and the login behind them, the time that it sends, and its limit of logins.
func TestFault(t *testing.T) {
	for _, row := range []struct {
		name string
		test func(t *testing.T)
	}{
		{"10-session-id-refused", refusedSession},
		{"12-session-id-expires", sessionIDExpires},
		{"17-venue-clock", timeStops},
		{"59-login-rate-limited", loginSourceHonoursTheLimit},
	} {
		t.Run(row.name, row.test)
	}
	for _, row := range frameFaults {
		t.Run(row.name, row.test)
	}
}

// The refusal comes without request_id.
func refusedSession(t *testing.T) {
	t.Run("a static one is not tried twice", func(t *testing.T) {
		inRoom(t, func(t *testing.T, r *room) {
			r.accept("another")
			_, err := Dial(t.Context(), StaticSSID(stream.NewSecret(streamtest.CanarySSID)), r.options()...)
			require.ErrorIs(t, err, stream.ErrAuth)
			require.NotContains(t, err.Error(), streamtest.CanarySSID)
			require.Equal(t, 1, r.authentications())
		})
	})
	t.Run("one re-login, then no more dials", func(t *testing.T) {
		inRoom(t, func(t *testing.T, r *room) {
			r.accept("never given out")
			log := r.serveLogin("/v2/login", loggedIn("first"), loggedIn("second"), loggedIn("third"))
			_, err := Dial(t.Context(), LoginSource(testCredentials()), r.options(stream.WithRetryFirst())...)
			require.ErrorIs(t, err, stream.ErrAuth)
			require.Len(t, log.all(), 2)
			time.Sleep(time.Hour)
			require.Equal(t, 2, r.authentications())
		})
	})
	t.Run("the re-login succeeds", func(t *testing.T) {
		inRoom(t, func(t *testing.T, r *room) {
			r.accept("second")
			r.serveLogin("/v2/login", loggedIn("first"), loggedIn("second"))
			c, err := Dial(t.Context(), LoginSource(testCredentials()), r.options()...)
			require.NoError(t, err)
			require.Equal(t, 2, r.authentications())
			require.NoError(t, c.Close(t.Context()))
		})
	})
	t.Run("a session that dies later", func(t *testing.T) {
		inRoom(t, func(t *testing.T, r *room) {
			r.accept("first")
			log := r.serveLogin("/v2/login", loggedIn("first"), loggedIn("second"), loggedIn("third"))
			c, err := Dial(t.Context(), LoginSource(testCredentials()), r.options()...)
			require.NoError(t, err)
			r.accept("none any more")
			r.Fault(streamtest.Drop())
			<-c.Done()
			require.ErrorIs(t, c.Err(), stream.ErrAuth)
			require.Equal(t, 3, r.authentications(), "the first, the same refused, a new one refused")
			require.Len(t, log.all(), 2)
		})
	})
}

func loginSourceHonoursTheLimit(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		log := r.serveLogin("/v2/login", says(429, `{"code":"requests_limit_exceeded","ttl":1800}`), loggedIn(streamtest.CanarySSID))
		src := LoginSource(testCredentials(), r.options()...)
		for range 3 {
			_, err := src.SSID(t.Context())
			var limited *stream.RateLimitError
			require.ErrorAs(t, err, &limited)
			require.Greater(t, limited.RetryAfter, 20*time.Minute)
			time.Sleep(time.Minute)
		}
		require.Len(t, log.all(), 1)
		time.Sleep(30 * time.Minute)
		ssid, err := src.SSID(t.Context())
		require.NoError(t, err)
		require.Equal(t, streamtest.CanarySSID, ssid.Reveal())
		require.Len(t, log.all(), 2)
	})
	t.Run("through a client", func(t *testing.T) {
		inRoom(t, func(t *testing.T, r *room) {
			log := r.serveLogin("/v2/login", says(429, `{"code":"requests_limit_exceeded","ttl":1800}`), loggedIn(streamtest.CanarySSID))
			started := time.Now()
			c, err := Dial(t.Context(), LoginSource(testCredentials()), r.options(stream.WithRetryFirst())...)
			require.NoError(t, err)
			require.GreaterOrEqual(t, time.Since(started), 30*time.Minute)
			require.Len(t, log.all(), 2)
			require.NoError(t, c.Close(t.Context()))
		})
	})
}

// A session id that is no longer taken is replaced by one more login; what is subscribed comes back.
func sessionIDExpires(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		r.accept("first")
		log := r.serveLogin("/v2/login", loggedIn("first"), loggedIn("second"), loggedIn("third"))
		c, err := Dial(t.Context(), LoginSource(testCredentials()), r.options()...)
		require.NoError(t, err)
		_, err = c.SubscribeCandles(t.Context(), []CandlesKey{{ActiveID: 76, Size: CandleSizeM1}})
		require.NoError(t, err)
		r.accept("second")
		r.Fault(streamtest.Drop())
		require.NoError(t, r.WaitSubscribed(t.Context(), "candle-generated", 1))
		require.NoError(t, c.WaitReady(t.Context()))
		require.Len(t, log.all(), 2)
		require.Equal(t, 3, r.authentications(), "the first, the same refused, the new one")
		require.NoError(t, c.Close(t.Context()))
	})
}

// The venue's time is its heartbeat: without it a session is over, though the socket still
// answers pings.
func timeStops(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		c := r.dial()
		time.Sleep(10 * time.Minute)
		require.EqualValues(t, 1, c.Status().Epoch)
		r.Fault(streamtest.DropFrames(streamtest.All))
		began := time.Now()
		for st := range c.Watch(t.Context()) {
			if st.State == stream.Waiting {
				require.ErrorIs(t, st.Err, stream.ErrSilent)
				break
			}
		}
		require.LessOrEqual(t, time.Since(began), 35*time.Second)
		r.Fault(streamtest.Heal())
		require.NoError(t, c.WaitReady(t.Context()))
	})
}
