package krakenv1

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/venuewire/venuewire/kraken/deadman"
)

// Orders adds the changes of open orders up: an event has only what changed, and the pair is told once. Its zero value is
// ready; it may not be used by several goroutines at once.
type Orders struct {
	open map[string]*OpenOrder
}

// OrderState is an order as far as it is known.
type OrderState struct {
	ID string
	OpenOrder
}

// Apply takes an event of SubscribeOpenOrders and returns the state of each order that it changed, in the order of its
// entries. The first event of a subscription replaces everything. Orders that have ended are returned and then forgotten.
func (o *Orders) Apply(e *OpenOrders) []OrderState {
	if o.open == nil || e.Tail.Or(Tail{}).Sequence == 1 {
		o.open = make(map[string]*OpenOrder)
	}
	changed := make([]OrderState, 0, len(e.Value))
	for i := range e.Value {
		id, row := e.Value[i].Key, &e.Value[i].Value
		known := o.open[id]
		if known == nil {
			known = new(OpenOrder)
			o.open[id] = known
		}
		known.Merge(row)
		changed = append(changed, OrderState{id, *known})
		if known.Status.Ended() {
			delete(o.open, id)
		}
	}
	return changed
}

// Get returns an open order; false if none has this id.
func (o *Orders) Get(id string) (OpenOrder, bool) {
	if known := o.open[id]; known != nil {
		return *known, true
	}
	return OpenOrder{}, false
}

// Open lists the open orders by their ids.
func (o *Orders) Open() []OrderState {
	out := make([]OrderState, 0, len(o.open))
	for _, id := range slices.Sorted(maps.Keys(o.open)) {
		out = append(out, OrderState{id, *o.open[id]})
	}
	return out
}

// Ended tells whether an order in this state changes no more.
func (s OrderStatus) Ended() bool {
	return s == OrderStatusClosed || s == OrderStatusCanceled || s == OrderStatusExpired
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
