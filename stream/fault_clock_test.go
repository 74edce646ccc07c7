package stream_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

// A test cannot move the wall clock of the machine. It can hold the times that waits are reckoned from to carry a
// reading of the clock that does not jump. The clock of a bubble has no such readings.
func wallClockJumps(t *testing.T) {
	w := testWire()
	w.Liveness = protocol.Liveness{Events: []string{"Heartbeat"}, Deadline: 30 * time.Second}
	c, err := newClient(stream.LinkConfig{Protocol: w})
	require.NoError(t, err)
	c.Alive("Heartbeat")
	topic := newTopic(newFakeConn())
	queued, err := topic.Subscribe(t.Context(), []string{"A"}, "")
	require.NoError(t, err)
	direct, err := topic.Direct(t.Context(), []string{"A"}, "", func(*tick, stream.Meta) {})
	require.NoError(t, err)
	topic.Deliver("A", &tick{}, &stream.Meta{Received: time.Now()})
	for name, at := range map[string]time.Time{
		"sign of life":                  stream.LastSignOfLife(c.Link),
		"last event":                    queued.Stats().LastEvent,
		"last event of a direct handle": direct.Stats().LastEvent,
		"state":                         c.Status().Since,
	} {
		require.Contains(t, at.String(), " m=", name)
		require.WithinDuration(t, time.Now(), at, time.Minute, name)
	}
	require.NoError(t, c.CloseNow())
	<-c.Done()
}

// What the venue says about the time is data.
func venueClockJumps(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		w := testWire()
		w.Liveness = protocol.Liveness{Events: []string{"Heartbeat"}, Deadline: 30 * time.Second}
		c := v.client(stream.LinkConfig{Protocol: w}, stream.WithRandom(func() float64 { return 0.5 }))
		_, ok := c.ServerTime()
		require.False(t, ok)
		_, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "", stream.WithStaleAfter(time.Minute))
		require.NoError(t, err)
		for i := range 100 {
			jump := time.Duration(i%3-1) * time.Hour
			c.SetServerTime(time.Now().Add(jump))
			v.peer().send(`{"channel":"heartbeat"}`)
			v.peer().tick("A", i)
			time.Sleep(20 * time.Second)
			at, ok := c.ServerTime()
			require.True(t, ok)
			require.Equal(t, jump, time.Until(at), "it goes on from what the venue said")
		}
		require.EqualValues(t, 1, c.Status().Epoch)
		require.Len(t, v.requests("subscribe"), 1)
		require.NoError(t, c.Close(t.Context()))
	})
}

// After a night of silence the deadline has fired once for each session, not once for each beat that was missed.
func deadlineFiresOnce(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		w := testWire()
		w.Liveness = protocol.Liveness{Events: []string{"Heartbeat"}, Deadline: 30 * time.Second}
		var ends endings
		c := v.client(stream.LinkConfig{Protocol: w}, stream.WithHooks(&ends))
		time.Sleep(31 * time.Second)
		synctest.Wait()
		require.NoError(t, waitEpoch(t.Context(), c, 2))
		require.Len(t, ends, 1)
		require.ErrorIs(t, ends[0], stream.ErrSilent)
		for range 8 * 3600 / 20 {
			v.peer().send(`{"channel":"heartbeat"}`)
			time.Sleep(20 * time.Second)
		}
		synctest.Wait()
		require.Len(t, ends, 1)
		require.NoError(t, c.Close(t.Context()))
	})
}

// endings are why sessions ended.
type endings []error

func (e *endings) OnDisconnect(_ uint64, err error) { *e = append(*e, err) }

// An end that the venue gives as a time is measured by the venue's clock, if that is known.
func wrongWallClock(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		feed := &protocol.Feed{Name: "ticker", Lifetime: &protocol.Lifetime{EndsAt: protocol.Path{"result", "until"}}}
		const slow = time.Hour // our clock is behind the venue's
		v.handle = func(p *peer, req request) bool {
			p.send(`{"method":%q,"id":%d,"success":true,"result":{"until":%q}}`, req.Method, req.ID, time.Now().Add(slow+100*time.Second).Format(time.RFC3339))
			return true
		}
		w := testWire()
		w.Feeds = []*protocol.Feed{feed}
		c := v.client(stream.LinkConfig{Protocol: w})
		c.SetServerTime(time.Now().Add(slow))
		_, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		time.Sleep(time.Hour)
		require.InDelta(t, 1+3600/80, len(v.requests("subscribe")), 1)
		require.NoError(t, c.Close(t.Context()))
	})
}
