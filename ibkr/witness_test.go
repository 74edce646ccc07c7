package ibkr_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	json "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/ibkr/ibkrtest"
	"github.com/venuewire/venuewire/stream"
)

// witness remembers what a subscriber of market data saw.
type witness struct {
	mu      sync.Mutex
	ticks   map[string]bool
	first   map[firstOf]bool
	gaps    map[uint64]bool
	expired int
}

// firstOf is the first tick of a contract in a session.
type firstOf struct {
	epoch  uint64
	target ibkr.Target
}

func newWitness() *witness {
	return &witness{ticks: map[string]bool{}, first: map[firstOf]bool{}, gaps: map[uint64]bool{}}
}

func (w *witness) see(_ context.Context, ev stream.Event[ibkr.Quote]) {
	w.mu.Lock()
	defer w.mu.Unlock()
	at, _ := ev.Data.Updated().Get()
	w.ticks[tickKey(ev.Data.Target, at.UnixMilli())] = true
	w.first[firstOf{ev.Epoch, ev.Data.Target}] = true
	if ev.Gap != nil {
		w.gaps[ev.Epoch] = true
		if ev.Gap.Reason&stream.GapExpiry != 0 {
			w.expired++
		}
	}
}

func tickKey(target ibkr.Target, updated int64) string { return fmt.Sprint(target, " ", updated) }

// breaks remembers when connections ended.
type breaks struct {
	mu sync.Mutex
	at []time.Time
}

func (b *breaks) OnDisconnect(uint64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.at = append(b.at, time.Now())
}

// tear tells whether a connection ended in the moment in which something was sent, so that it may have been torn.
func (b *breaks) tear(sent time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.ContainsFunc(b.at, sent.Equal)
}

type sentTick struct {
	key string
	at  time.Time
}

// ticksSent lists what the gateway sent.
func ticksSent(t *testing.T, s *ibkrtest.Server) (out []sentTick) {
	t.Helper()
	for _, f := range s.Frames() {
		if !f.Sent || !strings.Contains(string(f.Data), `"topic":"smd+`) {
			continue
		}
		var tick struct {
			Topic   string
			Updated int64 `json:"_updated"`
		}
		require.NoError(t, json.Unmarshal(f.Data, &tick))
		out = append(out, sentTick{tickKey(ibkr.Target(strings.TrimPrefix(tick.Topic, "smd+")), tick.Updated), f.At})
	}
	require.NotEmpty(t, out)
	return out
}

// watchStates follows whether the brokerage session is authenticated.
func watchStates(c *ibkr.Client) func() []bool {
	var mu sync.Mutex
	var states []bool
	go func() {
		for st := range c.WatchSession(context.Background()) {
			mu.Lock()
			if len(states) == 0 || states[len(states)-1] != st.Authenticated {
				states = append(states, st.Authenticated)
			}
			mu.Unlock()
		}
	}()
	return func() []bool {
		mu.Lock()
		defer mu.Unlock()
		return append([]bool(nil), states...)
	}
}

// noLoginStorm holds requests for the brokerage session a minute apart, and handshakes below one in a few seconds.
func noLoginStorm(t *testing.T, s *ibkrtest.Server) {
	t.Helper()
	var last time.Time
	for _, r := range s.RequestsOf("/iserver/auth/ssodh/init") {
		require.GreaterOrEqual(t, r.At.Sub(last), time.Minute)
		last = r.At
	}
	var starts []time.Time
	for _, r := range s.RequestsOf("/iserver/auth/status") {
		starts = append(starts, r.At)
	}
	for i := 10; i < len(starts); i++ {
		require.GreaterOrEqual(t, starts[i].Sub(starts[i-10]), 10*time.Second, "ten looks at the session in a moment")
	}
}

// dialQuietly makes a client that logs nothing.
func dialQuietly(t *testing.T, s *ibkrtest.Server, opts ...stream.Option) *ibkr.Client {
	t.Helper()
	c, err := ibkr.Dial(t.Context(), append(s.Options(), opts...)...)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.CloseNow() })
	return c
}
