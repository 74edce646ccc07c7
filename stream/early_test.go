package stream_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
)

// A handle gets events before it is confirmed where another has its keys already. When the session is lost then, what it
// has is followed by a hole like anybody else's.
func TestLossBeforeTheConfirmation(t *testing.T) {
	tests := map[string]struct {
		before int // events ahead of the loss
		gap    *stream.Gap
	}{
		"with events":    {1, &stream.Gap{Reason: stream.GapReconnect}},
		"without events": {0, nil}, // it begins behind the loss
	}
	for name, tt := range tests {
		for _, direct := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					conn := newFakeConn()
					conn.hold = make(chan struct{})
					topic := newTopic(conn)
					gaps := map[int]*stream.Gap{}
					done := make(chan *stream.Sub[string, tick], 1)
					go func() {
						var sub *stream.Sub[string, tick]
						var err error
						if direct {
							sub, err = topic.Direct(t.Context(), []string{"A"}, "", func(v *tick, m stream.Meta) { gaps[v.N] = m.Gap() })
						} else {
							sub, err = topic.Subscribe(t.Context(), []string{"A"}, "")
						}
						require.NoError(t, err)
						done <- sub
					}()
					synctest.Wait()
					for n := range tt.before {
						push(topic, "A", n)
					}
					conn.sinks[0].Lost(stream.GapReconnect, 0)
					push(topic, "A", 9)
					close(conn.hold)
					sub := <-done
					for n := range tt.before + 1 {
						if direct {
							break
						}
						ev, err := sub.Next(t.Context())
						require.NoError(t, err)
						require.Equal(t, n == tt.before, ev.Data.N == 9)
						gaps[ev.Data.N] = ev.Gap
					}
					require.Equal(t, tt.gap, gaps[9])
					require.Len(t, gaps, tt.before+1)
				})
			})
		}
	}
}
