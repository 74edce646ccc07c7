package stream

import (
	"context"
	"strconv"
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

// pace spreads the subscribes of a feed over time, as the venue's limit of it wants.
type pace struct {
	*budget
	cost *protocol.Cost
}

// pacesOf are the paces by the names of feeds.
func pacesOf(p *protocol.Protocol) map[string]*pace {
	var all map[string]*pace
	for _, l := range p.Limits {
		if l.Cost == nil || l.Per <= 0 || l.N <= 0 || l.N >= 1<<16 {
			continue
		}
		if all == nil {
			all = make(map[string]*pace)
		}
		all[l.Of] = &pace{newBudget(int(l.N), l.Per), l.Cost}
	}
	return all
}

// of is what an item takes; one that takes more than there is in all takes that. Without a pace it takes nothing.
func (p *pace) of(key, params object) int {
	if p == nil {
		return 0
	}
	value, ok := params.get(p.cost.By)
	if !ok {
		value, _ = key.get(p.cost.By)
	}
	n := p.cost.Else
	for _, c := range p.cost.Of {
		if c.Value == value || strconv.Quote(c.Value) == value {
			n = c.N
		}
	}
	return min(int(n), len(p.times))
}

// holds tells whether a request may take so much at once.
func (p *pace) holds(n int) bool { return p == nil || n <= len(p.times) }

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
