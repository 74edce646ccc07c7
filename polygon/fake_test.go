package polygon_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/polygon/polygontest"
	"github.com/venuewire/venuewire/stream"
)

// lockedLog collects what is logged, frames included.
type lockedLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lockedLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// venue is a fake with what tests need around it.
type venue struct {
	*polygontest.Server
	t   *testing.T
	log lockedLog
}

// inVenue runs a test against a fresh fake in a bubble, and searches for the key in what was logged.
func inVenue(t *testing.T, test func(t *testing.T, v *venue), opts ...polygontest.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		v := &venue{Server: polygontest.New(opts...), t: t}
		defer v.Close()
		test(t, v)
		require.Empty(t, v.Problems())
		require.NotContains(t, v.log.String(), v.Key().Reveal())
	})
}

func (v *venue) options(more ...stream.Option) []stream.Option {
	logger := slog.New(slog.NewTextHandler(&v.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return append(append(v.Options(), stream.WithLogger(logger)), more...)
}

// stocks makes a client that is closed before the fake.
func (v *venue) stocks(more ...stream.Option) *polygon.Stocks {
	v.t.Helper()
	c, err := polygon.DialStocks(v.t.Context(), v.Key(), v.options(more...)...)
	require.NoError(v.t, err)
	v.t.Cleanup(func() {
		_ = c.CloseNow()
		<-c.Done()
	})
	return c
}

func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// epoch waits until the n-th session is ready.
func epoch(t *testing.T, c *polygon.Stocks, n uint64) {
	t.Helper()
	for st := range c.Watch(within(t, time.Hour)) {
		if st.State == stream.Ready && st.Epoch >= n {
			return
		}
	}
	require.FailNow(t, "no new session", "%+v", c.Status())
}

func trade(symbol, price string) string {
	return `{"ev":"T","sym":"` + symbol + `","x":4,"i":"12345","z":3,"p":` + price + `,"s":100,"c":[0,12],"t":1536036818784,"q":3681328}`
}

// disconnects makes a hook of a function.
type disconnects func(error)

func (fn disconnects) OnDisconnect(_ uint64, err error) { fn(err) }
