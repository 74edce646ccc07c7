package ibkr

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/venuewire/venuewire/stream"
)

// OrderChange is one step in the life of an order.
type OrderChange struct {
	// Order is all that is known of the order after the step.
	Order OrderUpdate
	// Update is what came: a full order or what changed. In a snapshot it is the row of REST.
	Update OrderUpdate
	// Snapshot: it comes from REST, at the start or after a reconnect, because the socket does not say what there is.
	Snapshot bool
	// Meta says when and where it came in; of a snapshot only Received and Epoch are set.
	Meta stream.Meta
	// Gap is set when updates may be missing before this one. After a reconnect the snapshot makes up for them, but not
	// for the steps in between.
	Gap *stream.Gap
}

// ID is the id of the order.
func (c *OrderChange) ID() OrderID { return c.Order.OrderID }

// Orders follows the live orders of the login's account. Its methods may be called from any goroutine.
type Orders struct {
	c    *Client
	sub  ordersSub
	out  outbox[OrderChange]
	stop context.CancelFunc
	done sync.WaitGroup

	mu     sync.Mutex
	known  map[OrderID]*OrderUpdate
	order  []OrderID
	during map[OrderID]*OrderUpdate // what came while REST was asked; nil: it is not
}

// ordersSub is what Orders needs of its subscription.
type ordersSub interface {
	Next(ctx context.Context) (stream.Event[OrderUpdates], error)
	Close(ctx context.Context) error
}

// FollowOrders follows the live orders: it subscribes, asks REST what there is, since the socket is silent as long as no
// order moves, and merges what comes by order id. It returns when REST has answered; the venue's limit of one request in
// 5 s makes that take a while. Orders placed elsewhere, by hand or by another program, are among them. After every
// reconnect REST is asked again, and what changed meanwhile comes as a snapshot.
func (c *Client) FollowOrders(ctx context.Context, opts ...stream.Option) (*Orders, error) {
	if c.rest == nil {
		return nil, errNoREST
	}
	sub, err := c.SubscribeLiveOrders(ctx, LiveOrdersParams{}, opts...)
	if err != nil {
		return nil, err
	}
	o := &Orders{c: c, sub: sub, known: make(map[OrderID]*OrderUpdate), out: newOutbox[OrderChange]()}
	background, cancel := context.WithCancel(context.Background())
	o.stop = cancel
	o.done.Go(func() { o.read(background) })
	epoch := c.Status().Epoch
	if err := o.snapshot(ctx, epoch); err != nil {
		_ = o.Close(context.WithoutCancel(ctx))
		return nil, err
	}
	o.done.Go(func() { o.reconnects(background, epoch) })
	return o, nil
}

// read merges what the socket sends.
func (o *Orders) read(ctx context.Context) {
	var gap *stream.Gap
	for {
		ev, err := o.sub.Next(ctx)
		if err != nil {
			o.out.end(err)
			return
		}
		o.mu.Lock()
		gap = joined(gap, ev.Gap)
		for i := range ev.Data.Orders {
			u := &ev.Data.Orders[i]
			if !u.Has(OrderUpdateFieldOrderID) {
				continue
			}
			o.out.put(OrderChange{Order: o.pushed(u), Update: *u, Meta: ev.Meta, Gap: gap})
			gap = nil
		}
		o.mu.Unlock()
	}
}

// pushed merges what the socket sent; the lock is held.
func (o *Orders) pushed(u *OrderUpdate) OrderUpdate {
	if o.during != nil {
		if o.during[u.OrderID] == nil {
			o.during[u.OrderID] = new(OrderUpdate)
		}
		o.during[u.OrderID].Merge(u)
	}
	return o.merge(u)
}

// merge adds an update to what is known; the lock is held.
func (o *Orders) merge(u *OrderUpdate) OrderUpdate {
	have := o.known[u.OrderID]
	if have == nil {
		have = new(OrderUpdate)
		o.known[u.OrderID] = have
		o.order = append(o.order, u.OrderID)
		o.forget()
	}
	have.Merge(u)
	return *have
}

// maxOrders bounds the orders that are kept; those that are done go first. The venue lists 1000 at most.
const maxOrders = 10_000

// forget lets the oldest order go that can change no more, when there are too many; the lock is held.
func (o *Orders) forget() {
	if len(o.order) <= maxOrders {
		return
	}
	i := max(slices.IndexFunc(o.order, func(id OrderID) bool { return o.known[id].Status.Done() }), 0)
	delete(o.known, o.order[i])
	o.order = slices.Delete(o.order, i, i+1)
}

// reconnects asks REST again for each new session.
func (o *Orders) reconnects(ctx context.Context, epoch uint64) {
	for st := range o.c.Watch(ctx) {
		if st.State != stream.Ready || st.Epoch == epoch {
			continue
		}
		if err := o.snapshot(ctx, st.Epoch); err != nil {
			o.c.Logger().Warn("ibkr: orders not read after a reconnect; tried again", "err", err)
			if o.again(ctx, st.Epoch) != nil {
				continue // another session came, or the end
			}
		}
		epoch = st.Epoch
	}
}

// again repeats the snapshot until it succeeds, the session changes or ctx ends.
func (o *Orders) again(ctx context.Context, epoch uint64) error {
	for {
		if err := o.c.pace.wait(ctx); err != nil {
			return err
		}
		if now := o.c.Status(); now.Epoch != epoch || now.State != stream.Ready {
			return fmt.Errorf("ibkr: %w", stream.ErrClosed)
		}
		if o.snapshot(ctx, epoch) == nil {
			return nil
		}
	}
}

// snapshot asks REST for the orders and merges them. What the socket said since the question is newer than the answer
// or part of it, so it has the last word.
func (o *Orders) snapshot(ctx context.Context, epoch uint64) error {
	o.mu.Lock()
	o.during = make(map[OrderID]*OrderUpdate)
	o.mu.Unlock()
	rows, err := o.c.liveOrders(ctx)
	o.mu.Lock()
	defer o.mu.Unlock()
	if err == nil {
		o.apply(rows, stream.Meta{Received: time.Now(), Epoch: epoch})
	}
	o.during = nil
	return err
}

// apply merges the rows of REST; the lock is held.
func (o *Orders) apply(rows []OrderUpdate, m stream.Meta) {
	for i := range rows {
		row := &rows[i]
		if !row.Has(OrderUpdateFieldOrderID) {
			continue
		}
		if newer := o.during[row.OrderID]; newer != nil {
			row.Merge(newer)
		}
		if o.tells(row) {
			o.out.put(OrderChange{Order: o.merge(row), Update: *row, Snapshot: true, Meta: m})
		} else {
			o.merge(row)
		}
	}
}

// tells reports whether a row holds what a trader would call a change.
func (o *Orders) tells(row *OrderUpdate) bool {
	have := o.known[row.OrderID]
	return have == nil || have.Status != row.Status || !have.FilledQuantity.Equal(row.FilledQuantity)
}

// Next returns the next change; it waits for one. It fails with ctx's error, with stream.ErrClosed after a regular close,
// with stream.ErrSlowConsumer when more than 4096 changes waited, or with what ended the subscription.
func (o *Orders) Next(ctx context.Context) (OrderChange, error) { return o.out.next(ctx) }

// Events yields changes until ctx ends (the last pair holds its error), the handle is closed (no error) or it fails (the
// last pair holds the cause). Leaving the loop keeps the handle.
func (o *Orders) Events(ctx context.Context) iter.Seq2[OrderChange, error] { return o.out.all(ctx) }

// All lists the orders as they are known now, in the order in which they were first seen.
func (o *Orders) All() []OrderUpdate {
	o.mu.Lock()
	defer o.mu.Unlock()
	out := make([]OrderUpdate, len(o.order))
	for i, id := range o.order {
		out[i] = *o.known[id]
	}
	return out
}

// Get is one order as it is known now.
func (o *Orders) Get(id OrderID) (OrderUpdate, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	have := o.known[id]
	if have == nil {
		return OrderUpdate{}, false
	}
	return *have, true
}

// Close ends the handle. It may be called more than once.
func (o *Orders) Close(ctx context.Context) error {
	o.out.end(stream.ErrClosed)
	o.stop()
	err := o.sub.Close(ctx)
	o.done.Wait()
	return err
}

// Done tells whether an order can change no more.
func (s OrderStatus) Done() bool {
	return slices.Contains([]OrderStatus{OrderStatusFilled, OrderStatusCancelled}, s)
}
