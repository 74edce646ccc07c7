package krakenv1

import (
	"context"
	"iter"

	venue "github.com/venuewire/venuewire/kraken/internal/system"
	"github.com/venuewire/venuewire/stream"
)

// system is the state of the venue, as its status messages tell it.
type system struct {
	state venue.State[SystemStatus]
	link  *stream.Link
}

// dial connects a client and keeps the newest status for its life.
func (s *system) dial(ctx context.Context, listen func(...stream.Option) (*stream.Stream[SystemStatus], error)) error {
	return venue.Dial(ctx, s.link, listen, func(e *SystemStatus) { s.state.Set(*e) })
}

// System returns the last state that the venue told; false before the first one. The venue tells it at the start of each
// session and with every change; between sessions it is that of the last one.
func (s *system) System() (SystemStatus, bool) { return s.state.Get() }

// WatchSystem yields the last state, if there is one, and every later one, until ctx or the client ends. States that were
// replaced before the loop looked are skipped; the latest never is. Maintenance, cancel-only and post-only are states of
// all markets.
func (s *system) WatchSystem(ctx context.Context) iter.Seq[SystemStatus] {
	return s.state.Watch(ctx, s.link.Done())
}

// WaitOnline returns when the venue takes all kinds of orders. It fails with ctx's error, or with stream.ErrClosed and
// what ended the client.
func (s *system) WaitOnline(ctx context.Context) error {
	return s.state.Wait(ctx, s.link, func(st *SystemStatus) bool { return st.Status == SystemStateOnline })
}
