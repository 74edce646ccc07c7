package stream_test

import (
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
)

// lossFaults are those in which events are lost.
var lossFaults = []fault{
	{51, "hole-in-a-sequence-or-wrong-checksum", "marks the gap with its reason and count, and asks for the item anew once", holes},
	{52, "slow-consumer", "does what the policy of the handle says, with exact counts and the gap where events are missing", slowConsumers},
}

func holes(t *testing.T) {
	t.Run("count", sequenceCountsWhatIsMissing)
	t.Run("count at random", sequenceAtRandom)
	t.Run("asked for anew once", resubscribeAsksOnce)
	t.Run("asked for anew though refused", resubscribeCancelsWhatWasRefused)
}

// sequenceAtRandom: whatever is left out of a sequence, and wherever sessions begin, the count is that of what was left
// out.
func sequenceAtRandom(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 1))
	for range 200 {
		var s stream.Sequence
		first, step := rnd.Int64N(5), 1+rnd.Int64N(3)
		for epoch := uint64(1); epoch < 4; epoch++ {
			next := first
			for range 50 {
				lost := uint64(0)
				for rnd.IntN(4) == 0 {
					next += step
					lost++
				}
				require.Equal(t, lost, s.Lost(&stream.Meta{Epoch: epoch}, next, first, step))
				next += step
			}
		}
	}
}

func slowConsumers(t *testing.T) {
	t.Run("each policy", slowConsumer)
	t.Run("block waits for room", blockWaitsForRoom)
	t.Run("a gap that is dropped moves on", gapMovesOn)
	t.Run("a conflated event takes the gap along", conflatedEventKeepsTheGap)
	t.Run("any policy at random", slowConsumersAtRandom)
}

// slowConsumersAtRandom: a consumer that reads now and then gets events in their order, and the counts of the gaps are
// exactly what it missed where they stand.
func slowConsumersAtRandom(t *testing.T) {
	for seed := range uint64(20) {
		for _, policy := range []stream.Overflow{stream.DropOldest, stream.DropNewest, stream.Conflate} {
			synctest.Test(t, func(t *testing.T) {
				rnd := rand.New(rand.NewPCG(seed, uint64(policy)))
				topic := newTopic(newFakeConn())
				sub, err := topic.Subscribe(t.Context(), []string{"A"}, "", stream.WithQueue(1+rnd.IntN(8), policy))
				require.NoError(t, err)
				last := 0
				read := func() {
					ev, err := sub.Next(t.Context())
					require.NoError(t, err)
					missed := uint64(ev.Data.N - last - 1)
					if policy == stream.Conflate {
						require.Equal(t, missed, ev.Conflated)
						require.Nil(t, ev.Gap)
					} else if missed > 0 {
						require.NotNil(t, ev.Gap, "%d after %d", ev.Data.N, last)
						require.Equal(t, stream.Gap{Reason: stream.GapSlowConsumer, Count: missed}, *ev.Gap)
					} else {
						require.Nil(t, ev.Gap)
					}
					last = ev.Data.N
				}
				for n := 1; n <= 300; n++ {
					push(topic, "A", n)
					for rnd.IntN(3) == 0 && sub.Stats().Queued > 0 {
						read()
					}
				}
				for sub.Stats().Queued > 0 {
					read()
				}
				st := sub.Stats()
				if policy == stream.Conflate {
					require.Zero(t, st.Dropped)
					require.Equal(t, 300, last)
				}
				require.NoError(t, sub.Close(t.Context()))
			})
		}
	}
}

func sequenceCountsWhatIsMissing(t *testing.T) {
	var s stream.Sequence
	for _, step := range []struct {
		epoch uint64
		n     int64
		lost  uint64
	}{
		{1, 1, 0}, {1, 2, 0}, {1, 5, 2}, {1, 6, 0},
		{1, 3, 0}, {1, 4, 0}, // the venue began anew
		{2, 3, 2}, {2, 4, 0}, // a new session starts at first
	} {
		require.Equal(t, step.lost, s.Lost(&stream.Meta{Epoch: step.epoch}, step.n, 1, 1), "%+v", step)
	}
}

func resubscribeAsksOnce(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		ctx := t.Context()
		c := v.client(stream.LinkConfig{})
		sub, err := c.ticker.Subscribe(ctx, []string{"A", "B", "C"}, "")
		require.NoError(t, err)
		other, err := c.ticker.Subscribe(ctx, []string{"A"}, "")
		require.NoError(t, err)

		answer := make(chan struct{})
		v.set(func(v *venue) {
			v.handle = func(_ *peer, req request) bool {
				if req.Method == "unsubscribe" {
					<-answer
				}
				return false
			}
		})
		sub.Resubscribe(stream.GapChecksum, "A", "B")
		synctest.Wait()
		sub.Resubscribe(stream.GapChecksum, "A") // is under way
		close(answer)
		synctest.Wait()
		require.Equal(t, []string{`{"channel":"ticker","symbol":["A","B"]}`}, v.requests("unsubscribe"))
		require.Equal(t, []string{
			`{"channel":"ticker","symbol":["A","B","C"]}`, `{"channel":"ticker","symbol":["A","B"]}`,
		}, v.requests("subscribe"))

		for _, symbol := range []string{"C", "A"} {
			v.peer().tick(symbol, 1)
		}
		ev, err := sub.Next(ctx)
		require.NoError(t, err)
		require.Equal(t, &stream.Gap{Reason: stream.GapChecksum}, ev.Gap)
		ev, err = other.Next(ctx)
		require.NoError(t, err)
		require.NotNil(t, ev.Gap, "whoever shares the key cannot trust it either")

		sub.Resubscribe(stream.GapChecksum, "A")
		synctest.Wait()
		require.Len(t, v.requests("subscribe"), 3, "it was live again")
	})
}

func resubscribeCancelsWhatWasRefused(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		ctx := t.Context()
		c := v.client(stream.LinkConfig{})
		sub, err := c.ticker.Subscribe(ctx, []string{"A"}, "")
		require.NoError(t, err)
		refuse := true
		v.handle = func(p *peer, req request) bool {
			if refuse && (req.Method == "subscribe" || req.Method == "unsubscribe") {
				p.send(`{"method":"%s","id":%d,"success":false,"code":"E2","error":"busy","symbol":"A"}`, req.Method, req.ID)
			}
			return refuse
		}
		sub.Resubscribe(stream.GapChecksum, "A")
		synctest.Wait()
		require.Equal(t, "failed", c.Stats().Subscriptions[0].State)
		refuse = false
		sub.Resubscribe(stream.GapChecksum, "A")
		synctest.Wait()
		require.Equal(t, "live", c.Stats().Subscriptions[0].State)
		require.Len(t, v.requests("unsubscribe"), 2)
		require.Len(t, v.requests("subscribe"), 3)
	})
}

func slowConsumer(t *testing.T) {
	slow := func(n uint64) stream.Gap { return stream.Gap{Reason: stream.GapSlowConsumer, Count: n} }
	tests := []struct {
		name  string
		opts  []stream.Option
		want  []got // of the events 1 to 6, symbols in turn A B C, then one more event 7 of A
		stats stream.SubStats
		err   error
	}{
		{
			name:  "drop oldest",
			opts:  []stream.Option{stream.WithQueue(4, stream.DropOldest)},
			want:  []got{{n: 3, gap: slow(2)}, {n: 4}, {n: 5}, {n: 6}, {n: 7}},
			stats: stream.SubStats{Events: 7, Dropped: 2, Gaps: 1},
		},
		{
			name:  "drop newest",
			opts:  []stream.Option{stream.WithQueue(4, stream.DropNewest)},
			want:  []got{{n: 1}, {n: 2}, {n: 3}, {n: 4}, {n: 7, gap: slow(2)}},
			stats: stream.SubStats{Events: 5, Dropped: 2, Gaps: 1},
		},
		{
			name:  "conflate by key",
			opts:  []stream.Option{stream.WithQueue(4, stream.Conflate)},
			want:  []got{{n: 4, conflated: 1}, {n: 5, conflated: 1}, {n: 6, conflated: 1}, {n: 7}},
			stats: stream.SubStats{Events: 7, Conflated: 3},
		},
		{
			name:  "conflate by value",
			opts:  []stream.Option{stream.WithConflate(func(v *tick) bool { return v.N%2 == 0 })},
			want:  []got{{n: 5, conflated: 2}, {n: 6, conflated: 2}, {n: 7}},
			stats: stream.SubStats{Events: 7, Conflated: 4},
		},
		{
			name:  "conflate with too many keys",
			opts:  []stream.Option{stream.WithQueue(2, stream.Conflate)},
			want:  []got{{n: 5, gap: slow(4)}, {n: 6}, {n: 7}},
			stats: stream.SubStats{Events: 7, Dropped: 4, Gaps: 1},
		},
		{
			name:  "fail",
			opts:  []stream.Option{stream.WithQueue(4, stream.Fail)},
			want:  []got{{n: 1}, {n: 2}, {n: 3}, {n: 4}},
			stats: stream.SubStats{Events: 4},
			err:   stream.ErrSlowConsumer,
		},
		{
			name:  "block, in vain",
			opts:  []stream.Option{stream.WithQueue(4, stream.Block), stream.WithBlock(time.Second)},
			want:  []got{{n: 1}, {n: 2}, {n: 3}, {n: 4}},
			stats: stream.SubStats{Events: 4},
			err:   stream.ErrSlowConsumer,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				conn := newFakeConn()
				topic := newTopic(conn)
				sub, err := topic.Subscribe(t.Context(), []string{"A", "B", "C"}, "", tt.opts...)
				require.NoError(t, err)
				other, err := topic.Subscribe(t.Context(), []string{"A", "B", "C"}, "")
				require.NoError(t, err)
				for n := 1; n <= 6; n++ {
					push(topic, string(rune('A'+(n-1)%3)), n)
				}
				all, err := drain(t, sub)
				if err == nil {
					push(topic, "A", 7)
					var more []got
					more, err = drain(t, sub)
					all = append(all, more...)
				}
				require.ErrorIs(t, err, tt.err)
				require.ErrorIs(t, sub.Err(), tt.err)
				require.Equal(t, tt.want, all)
				stats := sub.Stats()
				stats.Keys, stats.LastEvent = 0, time.Time{}
				require.Equal(t, tt.stats, stats)

				rest, err := drain(t, other)
				require.NoError(t, err)
				require.GreaterOrEqual(t, len(rest), 6, "another handle loses nothing")
				require.NoError(t, sub.Close(t.Context()))
				require.NoError(t, other.Close(t.Context()))
				synctest.Wait()
				require.Empty(t, conn.live, "a handle that failed gives its keys back")
			})
		})
	}
}

func blockWaitsForRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		topic := newTopic(newFakeConn())
		sub, err := topic.Subscribe(t.Context(), []string{"A"}, "", stream.WithQueue(2, stream.Block), stream.WithBlock(time.Minute))
		require.NoError(t, err)
		go func() {
			time.Sleep(10 * time.Second)
			for n := 1; n <= 5; n++ {
				ev, err := sub.Next(t.Context())
				require.NoError(t, err)
				require.Equal(t, n, ev.Data.N)
				require.Nil(t, ev.Gap)
			}
		}()
		for n := 1; n <= 5; n++ {
			push(topic, "A", n)
		}
		synctest.Wait()
		require.NoError(t, sub.Err())
		require.Zero(t, sub.Stats().Queued)
	})
}

func gapMovesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		topic := newTopic(newFakeConn())
		sub, err := topic.Subscribe(t.Context(), []string{"A"}, "", stream.WithQueue(2, stream.DropOldest))
		require.NoError(t, err)
		push(topic, "A", 1)
		topic.Lost(stream.GapSequence, 3)
		push(topic, "A", 2)
		push(topic, "A", 3)
		push(topic, "A", 4)
		all, err := drain(t, sub)
		require.NoError(t, err)
		require.Equal(t, []got{
			{n: 3, gap: stream.Gap{Reason: stream.GapSequence | stream.GapSlowConsumer, Count: 5}},
			{n: 4},
		}, all)
	})
}

func conflatedEventKeepsTheGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		topic := newTopic(newFakeConn())
		sub, err := topic.Subscribe(t.Context(), []string{"A"}, "", stream.WithQueue(4, stream.Conflate))
		require.NoError(t, err)
		push(topic, "A", 1)
		topic.Lost(stream.GapSequence, 2)
		push(topic, "A", 2)
		push(topic, "A", 3)
		all, err := drain(t, sub)
		require.NoError(t, err)
		require.Equal(t, []got{{n: 1}, {n: 3, conflated: 1, gap: stream.Gap{Reason: stream.GapSequence, Count: 2}}}, all)
	})
}
