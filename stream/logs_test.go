package stream_test

import (
	"bytes"
	"io"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"

	json "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/stream/protocol"
)

// records keeps what is logged, one object each.
type records struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (r *records) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.buf.Write(p)
}

func (r *records) all(t *testing.T) (out []map[string]any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, line := range bytes.Split(bytes.TrimSpace(r.buf.Bytes()), []byte("\n")) {
		var rec map[string]any
		require.NoError(t, json.Unmarshal(line, &rec))
		out = append(out, rec)
	}
	return out
}

// Every record says of which client it is, also those of a venue's own code.
func TestRecordsNameTheirClient(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		log := new(records)
		c := v.client(stream.LinkConfig{}, stream.WithLogger(slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
		_, err := c.ticker.Subscribe(t.Context(), []string{"A"}, "")
		require.NoError(t, err)
		v.peer().tick("B", 1)
		v.peer().send(`{"method":`)
		c.Logger().Warn("venue: own words")
		synctest.Wait()
		_ = v.peer().NetConn().Close()
		require.NoError(t, waitEpoch(t.Context(), c, 2))
		require.NoError(t, c.Close(t.Context()))
		messages := map[string]bool{}
		for _, rec := range log.all(t) {
			messages[rec["msg"].(string)] = true
			require.Equal(t, testWire().Venue, rec["venue"], "%v", rec)
			require.Contains(t, rec, "endpoint")
		}
		for _, want := range []string{"stream: state", "stream: frame", "stream: element not decoded; later ones are only counted", "venue: own words"} {
			require.Contains(t, messages, want)
		}
	})
}

// Calls that never left are told too: an order that was refused on the way is what one wants to see.
func TestHookCallIsToldOfCallsThatWereNotSent(t *testing.T) {
	bubble(t, func(t *testing.T, v *venue) {
		h := &frameHook{out: io.Discard}
		c := v.client(stream.LinkConfig{}, stream.WithHooks(h), stream.WithReadOnly(), stream.WithFailFast())
		order := &protocol.RPC{Name: "buy", Version: "1.0", Effect: protocol.Order}
		_, err := c.Call(t.Context(), order, nil)
		require.ErrorIs(t, err, stream.ErrReadOnly)
		require.NoError(t, c.Close(t.Context()))
		_, err = c.Call(t.Context(), rpcGet, nil)
		require.ErrorIs(t, err, stream.ErrNotSent)
		require.Len(t, h.calls, 2)
		require.Equal(t, "buy", h.calls[0].Method)
		require.Equal(t, protocol.Order, h.calls[0].Effect)
		require.ErrorIs(t, h.calls[0].Err, stream.ErrReadOnly)
		require.ErrorIs(t, h.calls[1].Err, stream.ErrNotSent)
		require.Zero(t, h.calls[1].Took)
	})
}
