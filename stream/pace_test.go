package stream_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

// pacedWire allows subscribes worth 10 a second; an item costs 2, one of depth 100 costs 20.
func pacedWire() *protocol.Protocol {
	p := testWire()
	p.Limits = []protocol.Limit{
		{Name: "fact", Of: "ticker", N: 1, Per: time.Hour},
		{Name: "subscribes", Of: "ticker", N: 10, Per: time.Second, Cost: &protocol.Cost{
			By: "depth", Of: []protocol.CostOf{{Value: "100", N: 20}, {Value: "full", N: 10}}, Else: 2,
		}},
	}
	return p
}

// sizes tells how many symbols each subscribe had.
func (v *venue) sizes() (out []int) {
	for _, params := range v.requests("subscribe") {
		var p struct{ Symbol []string }
		require.NoError(v.t, json.Unmarshal([]byte(params), &p))
		out = append(out, len(p.Symbol))
	}
	return out
}

func TestSubscribesArePaced(t *testing.T) {
	symbols := make([]string, 12)
	for i := range symbols {
		symbols[i] = fmt.Sprint("S", i)
	}
	for name, tt := range map[string]struct {
		params string
		sizes  []int
		takes  time.Duration
	}{
		"cheap items in batches":       {"", []int{5, 5, 2}, 2 * time.Second},
		"by a text":                    {`{"depth":"full"}`, []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 11 * time.Second},
		"more than there is in all":    {`{"depth":100}`, []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 11 * time.Second},
		"values that nobody told of":   {`{"depth":7}`, []int{5, 5, 2}, 2 * time.Second},
		"with a value of another kind": {`{"depth":"100"}`, []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 11 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, v *venue) {
				c := v.client(stream.LinkConfig{Protocol: pacedWire()})
				began := time.Now()
				_, err := c.ticker.Subscribe(t.Context(), symbols, tt.params)
				require.NoError(t, err)
				require.Equal(t, tt.sizes, v.sizes())
				require.Equal(t, tt.takes, time.Since(began))
			})
		})
	}
}

// What waits for its turn when a session ends is asked for in the next one, at the pace of both.
func TestPaceOutlivesASession(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		c := v.client(stream.LinkConfig{Protocol: pacedWire()})
		done := make(chan error, 1)
		go func() {
			_, err := c.ticker.Subscribe(t.Context(), []string{"A", "B", "C", "D", "E", "F"}, "")
			done <- err
		}()
		synctest.Wait()
		require.Equal(t, []int{5}, v.sizes())
		_ = v.peer().NetConn().Close()
		require.NoError(t, <-done)
		require.NoError(t, waitEpoch(context.Background(), c, 2))
		synctest.Wait()
		require.Equal(t, []int{5, 5, 1}, v.sizes())
	})
}
