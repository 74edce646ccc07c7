package kraken

import (
	"context"
	"fmt"
	"iter"

	"github.com/venuewire/venuewire/kraken/internal/latest"
	"github.com/venuewire/venuewire/stream"
)

// system is the state of the venue, as its status messages tell it.
type system struct {
	state latest.Value[SystemStatus]
	link  *stream.Link
}

const statusQueue = 16

// dial connects a client and keeps the newest status for its life.
func (s *system) dial(ctx context.Context, link *stream.Link, listen func(...stream.Option) (*stream.Stream[Status], error)) error {
	status, err := listen(stream.WithQueue(statusQueue, stream.DropOldest))
	if err != nil {
		return err
	}
	status.Handle(context.Background(), func(_ context.Context, ev stream.Event[Status]) {
		for _, row := range ev.Data.Data {
			s.state.Set(row)
		}
	})
	if err := link.Dial(ctx); err != nil {
		_ = status.Close(ctx)
		return err
	}
	return nil
}

// System returns the last state that the venue told; false before the first one. The venue tells it at the start of each
// session and with every change; between sessions it is that of the last one.
func (s *system) System() (SystemStatus, bool) { return s.state.Get() }

// WatchSystem yields the last state, if there is one, and every later one, until ctx or the client ends. States that were
// replaced before the loop looked are skipped; the latest never is. Maintenance, cancel-only and post-only are states of
// all markets; those of single ones are in the instruments.
func (s *system) WatchSystem(ctx context.Context) iter.Seq[SystemStatus] {
	return s.state.Watch(ctx, s.link.Done())
}

// WaitOnline returns when the venue takes all kinds of orders. It fails with ctx's error, or with stream.ErrClosed and
// what ended the client.
func (s *system) WaitOnline(ctx context.Context) error {
	for st := range s.WatchSystem(ctx) {
		if st.System == SystemStateOnline {
			return nil
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := s.link.Err(); err != nil {
		return fmt.Errorf("%w: %w", stream.ErrClosed, err)
	}
	return stream.ErrClosed
}
