package kraken

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	json "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/kraken/deadman"
	"github.com/venuewire/venuewire/stream"
)

// Orders adds executions up to the orders that they are about: an execution has only what changed, and even the symbol is
// told once. Its zero value is ready; it may not be used by several goroutines at once.
type Orders struct {
	open map[string]*Execution
}

// Apply takes an event of SubscribeExecutions and returns the state of each order that it changed, in the order of its
// rows, the last execution of the order merged into what was known before. A snapshot replaces everything. Orders that
// have ended are returned and then forgotten.
func (o *Orders) Apply(u *ExecutionUpdate) []Execution {
	if u.Type == PushTypeSnapshot || o.open == nil {
		o.open = make(map[string]*Execution)
	}
	changed := make([]Execution, 0, len(u.Data))
	for i := range u.Data {
		row := &u.Data[i]
		known := o.open[row.OrderID]
		if known == nil {
			known = new(Execution)
			o.open[row.OrderID] = known
		}
		known.Merge(row)
		changed = append(changed, *known)
		if known.OrderStatus.Ended() {
			delete(o.open, row.OrderID)
		}
	}
	return changed
}

// Get returns an open order; false if none has this id.
func (o *Orders) Get(orderID string) (Execution, bool) {
	if known := o.open[orderID]; known != nil {
		return *known, true
	}
	return Execution{}, false
}

// Open lists the open orders by their ids.
func (o *Orders) Open() []Execution {
	out := make([]Execution, 0, len(o.open))
	for _, id := range slices.Sorted(maps.Keys(o.open)) {
		out = append(out, *o.open[id])
	}
	return out
}

// Ended tells whether an order in this state changes no more.
func (s OrderStatus) Ended() bool {
	return s == OrderStatusFilled || s == OrderStatusCanceled || s == OrderStatusExpired
}

// Cancelled returns how many orders were cancelled. The page has the number in the result, the wire beside it.
func (r *BatchCancelReply) Cancelled() int64 {
	return max(r.Count.Or(0), r.OrdersCancelled.Or(0))
}

// BatchRows returns the rows of a batch that the venue refused as a whole, where it tells them: some of its orders may
// have their own reasons. It looks into errors of BatchAdd.
func BatchRows(err error) ([]BatchRow, bool) {
	var refused *stream.VenueError
	if !errors.As(err, &refused) || len(refused.Detail) == 0 {
		return nil, false
	}
	var rows []BatchRow
	if json.Unmarshal(refused.Detail, &rows) != nil {
		return nil, false
	}
	return rows, len(rows) > 0
}

// ArmDeadMansSwitch has the venue cancel all orders of the account unless it hears of the program in time, and keeps
// telling it until ctx ends; see package deadman. The venue advises 60 s, and to disarm it before planned maintenance.
func (c *Private) ArmDeadMansSwitch(ctx context.Context, timeout time.Duration) (*deadman.Switch, error) {
	return deadman.Arm(ctx, timeout, func(ctx context.Context, seconds int64) (now, trigger time.Time, err error) {
		r, err := c.CancelAllOrdersAfter(ctx, CancelAllOrdersAfterRequest{Timeout: seconds})
		if err != nil {
			return now, trigger, err
		}
		return r.CurrentTime, r.TriggerTime.Or(time.Time{}), nil
	})
}
