package stream_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

// What goes wrong with a session that was Ready.
var sessionFaults = []fault{
	{12, "token-of-each-session", "a token serves one session; the next one asks for another", tokenOfEachSession},
	{13, "eviction-war", "two clients of an account with one connection stay away for as long as the venue wants, so neither evicts the other at once", evictionWar},
	{14, "server-restart", "EOF without a close frame is a 1006; everything is asked for again in its order, and the next event carries the gap", serverRestart},
	{15, "restart-in-a-frame", "what came of a frame is thrown away", restartInAFrame},
	{16, "reset-in-a-frame", "as a restart", resetInAFrame},
	{17, "half-open", "no pong in time: the socket is closed before another is dialled", halfOpen},
	{17, "venue-clock", "no heartbeat in time ends the session, whatever else comes", venueClock},
	{18, "mute-data", "WithStaleAfter asks again, then dials again; without it LastEvent alone tells", muteData},
	{19, "feed-expires", "renewed before it ends; the consumer sees no seam", feedExpires},
	{19, "late-renewal", "a renewal that comes too late is a gap", lateRenewal},
	{19, "renewal-by-call", "renewed as often as the venue's answer says", renewalByCall},
	{20, "write-stall", "10 s, then the session is over: the call on the wire has an unknown outcome, those behind it were not sent", writeStall},
	{21, "ping-flood", "the newest ping is answered; nothing waits", pingFlood},
	{21, "ping-flood-unanswered", "pings that come during a write make one pong", pongsOfAStall},
	{22, "ping-flood-with-a-write-stall", "the reader goes on; the session ends with the write's 10 s and not before", pingFloodWithAWriteStall},
}

func serverRestart(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		ctx := t.Context()
		c := v.client(stream.LinkConfig{})
		second, err := c.ticker.Subscribe(ctx, []string{"B"}, "")
		require.NoError(t, err)
		first, err := c.ticker.Subscribe(ctx, []string{"A", "B"}, "")
		require.NoError(t, err)
		require.Len(t, v.requests("subscribe"), 2, "B is on the wire already")

		v.peer().tick("B", 1)
		synctest.Wait()
		_ = v.peer().NetConn().Close()
		synctest.Wait()
		var closed *stream.CloseError
		require.ErrorAs(t, c.Status().Err, &closed)
		require.Equal(t, 1006, closed.Code)
		require.NoError(t, waitEpoch(ctx, c, 2))
		synctest.Wait()
		require.Equal(t, `{"channel":"ticker","symbol":["B","A"]}`, v.requests("subscribe")[2], "in the order of creation")
		v.peer().tick("B", 2)

		for _, sub := range []*stream.Sub[string, tick]{first, second} {
			ev, err := sub.Next(ctx)
			require.NoError(t, err)
			require.Equal(t, 1, ev.Data.N)
			require.Nil(t, ev.Gap)
			ev, err = sub.Next(ctx)
			require.NoError(t, err)
			require.Equal(t, 2, ev.Data.N)
			require.Equal(t, &stream.Gap{Reason: stream.GapReconnect}, ev.Gap)
			require.EqualValues(t, 2, ev.Epoch)
		}
		require.NoError(t, c.Close(ctx))
	})
}

func restartInAFrame(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{}, stream.WithRandom(func() float64 { return 0 }))
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		whole := `{"channel":"ticker","symbol":"A","n":7}`
		frame := append([]byte{0x81, byte(len(whole))}, whole...)
		for cut := range frame {
			_, err = v.peer().NetConn().Write(frame[:cut])
			require.NoError(t, err)
			_ = v.peer().NetConn().Close()
			require.NoError(t, waitEpoch(t.Context(), c, uint64(cut)+2))
		}
		v.peer().tick("A", 8)
		ev, err := sub.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, 8, ev.Data.N)
		require.Equal(t, stream.GapReconnect, ev.Gap.Reason)
		require.Zero(t, c.Stats().DecodeErrors)
		require.NoError(t, c.Close(t.Context()))
	})
}

// The venue closes the connection that is one too many, and which that is depends on the venue.
func evictionWar(t *testing.T) {
	for name, victim := range map[string]func(old, new *peer) *peer{
		"the older goes": func(old, _ *peer) *peer { return old },
		"the newer goes": func(_, new *peer) *peer { return new },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, v *venue) {
				var mu sync.Mutex
				var holder *peer
				var evictions []time.Time
				login := stream.LinkConfig{Login: func(ctx context.Context, c stream.Conn) error {
					_, err := c.Call(ctx, rpcLogin, nil)
					return err
				}}
				admit := func(p *peer) (out *peer) {
					mu.Lock()
					defer mu.Unlock()
					if holder != nil {
						out = victim(holder, p)
						evictions = append(evictions, time.Now())
					}
					if out != p {
						holder = p
					}
					return out
				}
				v.handle = func(p *peer, _ request) bool {
					out := admit(p)
					if out != nil {
						out.closeWith(1008, "max_connections")
					}
					return out == p
				}
				one := v.client(login, stream.WithRandom(seeded(13).Float64))
				two := v.idleClient(login, stream.WithRandom(seeded(31).Float64), stream.WithRetryFirst())
				dialled := make(chan error, 1)
				go func() { dialled <- two.Dial(t.Context()) }()
				synctest.Wait()
				require.ErrorContains(t, errors.Join(one.Status().Err, two.Status().Err), "max_connections")
				time.Sleep(10 * time.Minute)
				for _, c := range []*client{one, two} {
					require.NoError(t, c.Close(t.Context()))
				}
				<-dialled
				require.GreaterOrEqual(t, len(evictions), 4, "and yet it goes on")
				for _, gap := range waits(evictions) {
					require.GreaterOrEqual(t, gap, coolDown, "an eviction war")
				}
			})
		})
	}
}

func halfOpen(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		w := testWire()
		w.Liveness = protocol.Liveness{Ping: true, Every: 20 * time.Second, Deadline: 10 * time.Second}
		c, conn := v.stallClient(stream.LinkConfig{Protocol: w})
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		time.Sleep(10 * time.Minute)
		require.EqualValues(t, 1, c.Status().Epoch, "pongs keep a quiet market alive")
		start := time.Now()
		dead := conn()
		dead.stallReads.Store(true) // writes still succeed
		v.set(func(v *venue) {
			v.onDial = func(context.Context, int) (net.Conn, error) {
				select {
				case <-dead.closed:
					return nil, nil
				default:
					return nil, errors.New("the old socket is still open")
				}
			}
		})
		for st := range c.Watch(t.Context()) {
			if st.State == stream.Waiting {
				require.ErrorIs(t, st.Err, stream.ErrSilent)
				break
			}
		}
		require.Less(t, time.Since(start), 35*time.Second)
		require.NoError(t, waitEpoch(t.Context(), c, 2))
		require.Equal(t, 2, v.dialCount())
		require.Equal(t, stream.GapReconnect, lastGap(t, v, sub))
		require.NoError(t, c.Close(t.Context()))
	})
}

func venueClock(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		w := testWire()
		w.Liveness = protocol.Liveness{Events: []string{"Heartbeat"}, Deadline: 30 * time.Second}
		c := v.client(stream.LinkConfig{Protocol: w})
		for range 10 {
			time.Sleep(20 * time.Second)
			v.peer().send(`{"channel":"heartbeat"}`)
		}
		require.EqualValues(t, 1, c.Status().Epoch)
		sub, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		start := time.Now()
		for c.Status().Epoch == 1 && time.Since(start) < 2*time.Minute {
			v.peer().tick("A", 1) // other events do not wind it
			time.Sleep(time.Second)
		}
		require.InDelta(t, 30, time.Since(start).Seconds(), 2)
		require.Equal(t, stream.GapReconnect, lastGap(t, v, sub))
		require.NoError(t, c.Close(t.Context()))
	})
}

func lastGap(t *testing.T, v *venue, sub *stream.Sub[string, tick]) (reason stream.GapReason) {
	time.Sleep(time.Second)
	v.peer().tick("A", -1)
	for ev, err := range sub.Events(t.Context()) {
		require.NoError(t, err)
		if ev.Gap != nil {
			reason = ev.Gap.Reason
		}
		if ev.Data.N < 0 {
			break
		}
	}
	return reason
}
