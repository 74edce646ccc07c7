package stream

import (
	"context"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
)

const (
	dialsPerWindow = 60
	dialWindow     = time.Minute
)

// budget holds the times of the last n dials, so that no window sees more than n of them.
type budget struct {
	window time.Duration
	times  []time.Time
	next   int
}

func newBudget(n int, window time.Duration) *budget {
	return &budget{window: window, times: make([]time.Time, n)}
}

// dialBudgets are the house limit and those that the venue has for connections.
func dialBudgets(p *protocol.Protocol) []*budget {
	all := []*budget{newBudget(dialsPerWindow, dialWindow)}
	for _, l := range p.Limits {
		perTime := l.Per > 0 && l.N > 0 && l.N < 1<<16
		if perTime && (l.Of == "connection" || l.Name == "connect") {
			all = append(all, newBudget(int(l.N), l.Per))
		}
	}
	return all
}

// take waits for n places and takes them; n is at most the size of the budget.
func (b *budget) take(ctx context.Context, n int) error {
	for range min(n, len(b.times)) {
		if oldest := b.times[b.next]; !oldest.IsZero() {
			if err := sleep(ctx, time.Until(oldest.Add(b.window))); err != nil {
				return err
			}
		}
		b.times[b.next] = time.Now()
		b.next = (b.next + 1) % len(b.times)
	}
	return nil
}

// sleep waits for d, or fails with ctx's cause.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return context.Cause(ctx)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
