package polygon_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/polygon/polygontest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// TestFault has the rows of the catalogue in package stream whose outcome the venue's own protocol
// decides: its answer to the key, one connection for each key and cluster, and no heartbeat.
func TestFault(t *testing.T) {
	for _, row := range []struct {
		name string
		test func(t *testing.T)
	}{
		{"09-silent-client-is-told", authTimeoutIsTriedAgain},
		{"10-login-rejected", refusedKey},
		{"10-login-rejected-right-before-the-end", refusalRightBeforeTheEnd},
		{"10-login-rejected-later", refusedLater},
		{"13-max-connections", twoProgramsWithOneKey},
		{"13-second-client-of-a-key", secondClientOfAKey},
		{"13-close-1008", policyViolationIsACoolDown},
		{"13-statuses-that-end-a-session", statusesThatEndASession},
		{"17-half-open", silentPeer},
	} {
		t.Run(row.name, row.test)
	}
	for _, row := range frameFaults {
		t.Run(row.name, row.test)
	}
}

func authTimeoutIsTriedAgain(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		v.OnConnect(func(s *streamtest.Session) {
			if s.ID() == 1 {
				s.Push(polygontest.Status(polygon.StatusCodeAuthTimeout, "No authentication request received."))
			}
		})
		_, err := polygon.DialStocks(t.Context(), v.Key(), v.options()...)
		require.ErrorIs(t, err, polygon.ErrAuthTimeout)
		c := v.stocks(stream.WithRetryFirst())
		require.NoError(t, c.Close(t.Context()))
	})
}

func refusedKey(t *testing.T) {
	for name, tt := range map[string]struct {
		opts []polygontest.Option
		key  string
		text string
	}{
		"wrong key": {key: "no key", text: "authentication failed"},
		"no plan":   {opts: []polygontest.Option{polygontest.WithPlan(polygon.ClusterForex)}, text: "Your plan doesn't include websocket access."},
	} {
		t.Run(name, func(t *testing.T) {
			inVenue(t, func(t *testing.T, v *venue) {
				key := v.Key()
				if tt.key != "" {
					key = stream.NewSecret(tt.key)
				}
				_, err := polygon.DialStocks(t.Context(), key, v.options(stream.WithRetryFirst())...)
				require.ErrorIs(t, err, stream.ErrAuth)
				require.ErrorIs(t, err, polygon.ErrAuthFailed)
				require.ErrorContains(t, err, tt.text)
				require.Len(t, v.CallsOf("auth"), 1, "the answer would be the same")
				_, err = polygon.DialStocks(t.Context(), stream.Secret{}, v.options()...)
				require.ErrorContains(t, err, "the key is empty")
			}, tt.opts...)
		})
	}
}

// The venue hangs up right behind the refusal; which of the two the client makes its reason, and how it says it, is no
// matter of luck.
func refusalRightBeforeTheEnd(t *testing.T) {
	for range 100 {
		inVenue(t, func(t *testing.T, v *venue) {
			v.OnCall("auth", func(c *streamtest.Call) {
				c.Session.Push(polygontest.Status(polygon.StatusCodeAuthFailed, "authentication failed"))
				c.Session.Close(1000, "")
			})
			_, err := polygon.DialStocks(t.Context(), v.Key(), v.options(stream.WithRetryFirst())...)
			require.ErrorIs(t, err, polygon.ErrAuthFailed)
			require.EqualError(t, err, "polygon: authentication rejected: refused: AuthFailed (auth_failed): authentication failed")
			require.Len(t, v.CallsOf("auth"), 1)
		})
	}
}

// A key that is refused later ends the client for good, and Close does not care whether anybody looked.
func refusedLater(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.stocks()
		sub, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"AAPL"})
		require.NoError(t, err)
		v.RefuseLogins(-1)
		v.Sessions()[0].Drop()
		<-c.Done()
		require.ErrorIs(t, c.Err(), stream.ErrAuth)
		require.ErrorIs(t, c.Err(), polygon.ErrAuthFailed)
		_, err = sub.Next(t.Context())
		require.ErrorIs(t, err, stream.ErrAuth)
		time.Sleep(time.Hour)
		require.Len(t, v.CallsOf("auth"), 2)
		began := time.Now()
		require.NoError(t, c.Close(within(t, time.Second)))
		require.Zero(t, time.Since(began))
	})
}

// Two programs with one key never evict each other more than once a minute, whichever of the two the venue ends.
func twoProgramsWithOneKey(t *testing.T) {
	for name, victim := range map[string]polygontest.Victim{"oldest": polygontest.Oldest, "newest": polygontest.Newest} {
		t.Run(name, func(t *testing.T) {
			inVenue(t, func(t *testing.T, v *venue) {
				lost := make(chan time.Time, 1000)
				hook := stream.WithHooks(disconnects(func(err error) {
					if errors.Is(err, polygon.ErrMaxConnections) {
						lost <- time.Now()
					}
				}))
				both := polygon.WithConnections(2) // two processes do not see each other
				one := v.stocks(hook, both)
				two := v.stocks(hook, both)
				time.Sleep(time.Hour)
				require.NoError(t, one.Close(t.Context()))
				require.NoError(t, two.Close(t.Context()))
				close(lost)
				var last time.Time
				n := 0
				for at := range lost {
					require.True(t, last.IsZero() || at.Sub(last) >= time.Minute, "evictions %v apart", at.Sub(last))
					last = at
					n++
				}
				require.Greater(t, n, 10, "the fake does evict")
			}, polygontest.WithVictim(victim, time.Second))
		})
	}
}

func secondClientOfAKey(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		first := v.stocks()
		_, err := polygon.DialStocks(t.Context(), v.Key(), v.options()...)
		require.ErrorIs(t, err, polygon.ErrKeyInUse)
		require.ErrorContains(t, err, "stocks")
		require.NotContains(t, err.Error(), v.Key().Reveal())
		_, err = polygon.DialRaw(t.Context(), polygon.ClusterStocks, v.Key(), v.options(stream.WithHost(polygon.HostDelayed))...)
		require.ErrorIs(t, err, polygon.ErrKeyInUse, "hosts share the quota")
		require.Len(t, v.CallsOf("auth"), 1, "nothing was dialled")

		other, err := polygon.DialForex(t.Context(), v.Key(), v.options()...)
		require.NoError(t, err, "another cluster is another connection")
		require.NoError(t, other.Close(t.Context()))

		require.NoError(t, first.Close(t.Context()))
		again := v.stocks()
		require.NoError(t, again.Close(t.Context()))
	})
}

// A close 1008 that comes without its status means the same.
func policyViolationIsACoolDown(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.stocks()
		v.Sessions()[0].Close(1008, "")
		synctest.Wait()
		require.Equal(t, stream.Waiting, c.Status().State)
		require.GreaterOrEqual(t, time.Until(c.Status().Until), time.Minute)
		require.NoError(t, c.Close(t.Context()))
	})
}

func statusesThatEndASession(t *testing.T) {
	for name, tt := range map[string]struct {
		end  func(*venue)
		want error
		stay time.Duration // at least
	}{
		"max connections":  {func(v *venue) { v.Kick(polygon.ClusterStocks) }, polygon.ErrMaxConnections, time.Minute},
		"force disconnect": {func(v *venue) { v.ForceDisconnect(polygon.ClusterStocks) }, polygon.ErrForceDisconnect, 0},
		"slow consumer":    {func(v *venue) { v.SlowConsumer(polygon.ClusterStocks) }, polygon.ErrSlowConsumer, 0},
		"not logged in": {func(v *venue) {
			v.Sessions()[0].Push(polygontest.Status(polygon.StatusCodeAuthRequired, ""))
		}, polygon.ErrAuthRequired, 0},
	} {
		t.Run(name, func(t *testing.T) {
			inVenue(t, func(t *testing.T, v *venue) {
				c := v.stocks()
				sub, err := c.SubscribeTrades(t.Context(), []polygon.Symbol{"AAPL"})
				require.NoError(t, err)
				tt.end(v)
				synctest.Wait()
				st := c.Status()
				require.Equal(t, stream.Waiting, st.State)
				require.ErrorIs(t, st.Err, tt.want)
				require.GreaterOrEqual(t, time.Until(st.Until), tt.stay)
				epoch(t, c, 2)
				require.NoError(t, v.WaitSubscribed(t.Context(), "T", 1))
				v.Send(polygon.ClusterStocks, trade("AAPL", "1"))
				ev, err := sub.Next(t.Context())
				require.NoError(t, err)
				require.Equal(t, stream.GapReconnect, ev.Gap.Reason)
				require.NoError(t, c.Close(context.Background()))
			})
		})
	}
}

func silentPeer(t *testing.T) {
	inVenue(t, func(t *testing.T, v *venue) {
		c := v.stocks()
		time.Sleep(time.Hour)
		require.EqualValues(t, 1, c.Status().Epoch, "a quiet market sends nothing, but it answers pings")
		v.Fault(streamtest.Mute())
		began := time.Now()
		for st := range c.Watch(t.Context()) {
			if st.State == stream.Waiting {
				break
			}
		}
		require.LessOrEqual(t, time.Since(began), time.Minute)
		v.Fault(streamtest.Heal())
		epoch(t, c, 2)
		require.NoError(t, c.Close(t.Context()))
	})
}
