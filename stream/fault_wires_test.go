package stream_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// What has to be the same over each form of wire.
var dialectFaults = []fault{
	{2, "refused-in-each-dialect", "an hour without anybody there: waits that double, at most 60 dials in any 60 s, and then it is back", inEveryDialect(refusedInDialect)},
	{7, "slow-upgrade-in-each-dialect", "ends with the budget of a dial", inEveryDialect(slowUpgradeInDialect)},
	{8, "login-cancelled-in-each-dialect", "Dial returns at once", inEveryDialect(loginCancelledInDialect)},
	{9, "silent-server-in-each-dialect", "no greeting, no answer to the login: 15 s", inEveryDialect(silentServerInDialect)},
	{11, "evicted-in-each-dialect", "an hour of sessions that end after a second: the same", inEveryDialect(evictedInDialect)},
	{14, "server-restart-in-each-dialect", "asked for once in each session, and the first event of the new one carries the gap", inEveryDialect(restartInDialect)},
	{15, "restart-in-a-frame-in-each-dialect", "half a frame is no event", inEveryDialect(truncatedInDialect)},
	{17, "half-open-in-each-dialect", "noticed within what the spec says", inEveryDialect(halfOpenInDialect)},
	{17, "mute-in-each-dialect", "an hour of a venue that takes connections and says nothing: the same", inEveryDialect(muteInDialect)},
}

// war lets something go wrong with every session for a while. With the most patient jitter the waits double; with the
// least patient one the budget of dials holds.
func (r *rig) war(t *testing.T, lasts time.Duration, patience float64, each func(epoch uint64)) {
	r.mustDial(t, stream.WithRandom(func() float64 { return patience }))
	_, err := r.subscribe(t.Context())
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), lasts)
	defer cancel()
	for st := range r.link.Watch(ctx) {
		if st.State == stream.Ready {
			each(st.Epoch)
		}
	}
	synctest.Wait()
	dials, waits, _ := r.took.look()
	most := 60
	if r.logsIn {
		most = 30 // a login counts as one
	}
	require.LessOrEqual(t, inAnyMinute(dials), most)
	require.Greater(t, len(dials), int(lasts/time.Minute), "and yet it goes on")
	if patience == 1 {
		require.Equal(t, doubling, waits[:len(doubling)])
	}
}

// wars is war both ways; heal ends it.
func (r *rig) wars(t *testing.T, each func(epoch uint64)) {
	r.war(t, time.Hour, 1, each)
	r.Fault(streamtest.Heal())
	last := r.link.Status().Epoch
	r.awaitEpoch(t, last+1)
	r.end()
	r.war(t, 90*time.Second, 0, each)
}

func refusedInDialect(t *testing.T, r *rig) {
	r.wars(t, func(uint64) {
		r.Fault(streamtest.RefuseDials(streamtest.All))
		r.Fault(streamtest.Drop())
	})
}

func evictedInDialect(t *testing.T, r *rig) {
	r.wars(t, func(uint64) {
		time.Sleep(time.Second)
		r.Fault(streamtest.Drop())
	})
}

func muteInDialect(t *testing.T, r *rig) {
	r.wars(t, func(uint64) { r.Fault(streamtest.Mute()) })
}

func slowUpgradeInDialect(t *testing.T, r *rig) {
	start := time.Now()
	require.ErrorIs(t, r.dial(t, slowly(r.Dial)), context.DeadlineExceeded)
	require.Equal(t, stream.DialTimeout, time.Since(start).Truncate(time.Second))
}

func loginCancelledInDialect(t *testing.T, r *rig) {
	r.Fault(streamtest.StallWrites())
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	start := time.Now()
	_, err := r.connect(ctx, r.opts)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Equal(t, 3*time.Second, time.Since(start))
	r.Fault(streamtest.Heal())
}

func silentServerInDialect(t *testing.T, r *rig) {
	r.Fault(streamtest.Mute())
	start := time.Now()
	err := r.dial(t)
	if !r.logsIn {
		require.NoError(t, err, "nothing is said before the first request")
		return
	}
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Equal(t, stream.DialTimeout, time.Since(start))
}

func restartInDialect(t *testing.T, r *rig) {
	r.mustDial(t)
	sub, err := r.subscribe(t.Context())
	require.NoError(t, err)
	require.Nil(t, sub.gapOf(t, 1))
	for epoch := uint64(2); epoch < 5; epoch++ {
		r.Fault(streamtest.Drop())
		gap := sub.gapOf(t, epoch)
		require.NotNil(t, gap)
		require.Equal(t, stream.GapReconnect, gap.Reason)
		require.EqualValues(t, epoch, r.asked("subscribe"), "once in each session")
	}
	_, _, causes := r.took.look()
	for _, err := range causes {
		var closed *stream.CloseError
		require.ErrorAs(t, err, &closed)
		require.Equal(t, 1006, closed.Code)
	}
}

func truncatedInDialect(t *testing.T, r *rig) {
	r.mustDial(t)
	sub, err := r.subscribe(t.Context())
	require.NoError(t, err)
	require.Nil(t, sub.gapOf(t, 1))
	r.Fault(streamtest.Truncate())
	gap := sub.gapOf(t, 2)
	require.NotNil(t, gap)
	require.Equal(t, stream.GapReconnect, gap.Reason)
	require.Zero(t, r.link.Stats().DecodeErrors)
}

func halfOpenInDialect(t *testing.T, r *rig) {
	r.mustDial(t)
	sub, err := r.subscribe(t.Context())
	require.NoError(t, err)
	require.Nil(t, sub.gapOf(t, 1))
	r.Fault(streamtest.StallReads())
	r.Fault(streamtest.StallWrites())
	start := time.Now()
	st := r.awaitWaiting(t)
	require.ErrorIs(t, st.Err, stream.ErrSilent)
	require.LessOrEqual(t, time.Since(start), r.silence+r.silence/8+time.Second)
	r.Fault(streamtest.Heal())
	gap := sub.gapOf(t, r.link.Status().Epoch+1)
	require.NotNil(t, gap)
	require.Equal(t, stream.GapReconnect, gap.Reason)
}
