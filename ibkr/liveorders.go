package ibkr

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// ordersAnswer is the answer of /iserver/account/orders.
type ordersAnswer struct {
	Orders   []OrderUpdate `json:"orders"`
	Snapshot bool          `json:"snapshot"`
}

// liveOrders reads the orders. A first request makes the venue gather them and ends any filter that an earlier request
// has set, which would silence the socket too; its answer may be empty, so that a second one is due.
func (c *Client) liveOrders(ctx context.Context) ([]OrderUpdate, error) {
	var a ordersAnswer
	for _, path := range []string{"/iserver/account/orders?force=true", "/iserver/account/orders"} {
		if err := c.pace.wait(ctx); err != nil {
			return nil, err
		}
		a = ordersAnswer{}
		if err := c.rest.call(ctx, http.MethodGet, path, nil, &a); err != nil {
			return nil, err
		}
		if a.Snapshot {
			break
		}
	}
	return a.Orders, nil
}

// ordersPause is the least time between two requests for the orders.
const ordersPause = 5 * time.Second

// pace keeps requests apart.
type pace struct {
	mu   sync.Mutex
	next time.Time
}

func (p *pace) wait(ctx context.Context) error {
	p.mu.Lock()
	now := time.Now()
	at := p.next
	if at.Before(now) {
		at = now
	}
	p.next = at.Add(ordersPause)
	p.mu.Unlock()
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
