package iqoption

import (
	"context"
	"errors"
	"time"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/wire"
)

const (
	positionPage  = 30  // what the vendor's own client asks for
	positionPages = 100 // more than that is a venue that does not page
)

// ask asks the venue for the position, once the pushes of this session flow: a close between the question and the
// first push would be missed otherwise. Only the end of ctx, of the client or of the follow is an error; other
// failures are asked again later.
func (f *Follow) ask(ctx context.Context) (*Position, error) {
	within, cancel := context.WithTimeout(ctx, lookWithin)
	defer cancel()
	p, err := f.find(within)
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if errors.Is(err, stream.ErrClosed) {
			return nil, err
		}
		f.c.Logger().Warn("iqoption: asking for a position failed; asked again", "external_id", f.ref.ExternalID, "err", err)
		select {
		case <-time.After(lookPause):
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	f.look = false
	f.check = time.Now().Add(lookAgain)
	if p != nil && p.Status != PositionStatusClosed && !f.overdue() {
		f.check = f.nextCheck()
	}
	return p, nil
}

// overdue tells whether the close should have come by now.
func (f *Follow) overdue() bool {
	return f.option != nil && time.Now().After(f.c.ourTime(f.option.Expiration).Add(overdueAfter))
}

// nextCheck is when an open position is asked for again without cause.
func (f *Follow) nextCheck() time.Time {
	if f.option != nil {
		return f.c.ourTime(f.option.Expiration).Add(overdueAfter)
	}
	return time.Now().Add(lookSeldom)
}

func (f *Follow) find(ctx context.Context) (*Position, error) {
	if st := f.c.Status(); st.Epoch != f.epoch || f.sub.Err() != nil {
		if err := f.subscribe(ctx); err != nil {
			return nil, err
		}
	}
	open, err := f.c.openPositions(ctx, f.ref.BalanceID, f.ref.InstrumentType, f.is)
	if err != nil || open != nil {
		return open, err
	}
	return f.inHistory(ctx)
}

// inHistory looks for the closed position.
func (f *Follow) inHistory(ctx context.Context) (*Position, error) {
	req := GetHistoryPositionsV2Request{
		InstrumentTypes: []InstrumentType{f.ref.InstrumentType},
		UserID:          wire.Some(f.ref.UserID),
		Limit:           wire.Some[int64](positionPage),
		Offset:          wire.Some[int64](0),
	}
	if f.ref.ExternalID != 0 {
		req.ExternalID = wire.Some(f.ref.ExternalID)
	}
	reply, err := f.c.GetHistoryPositionsV2(ctx, req)
	if err != nil {
		return nil, err
	}
	return pick(reply.Positions, f.is), nil
}

// openPositions pages through the open positions until one fits; nil if none does. balance 0 is all of them.
func (c *Client) openPositions(ctx context.Context, balance BalanceID, kind InstrumentType, fits func(*Position) bool) (*Position, error) {
	req := GetPositionsRequest{InstrumentTypes: []InstrumentType{kind}, Limit: positionPage}
	if balance != 0 {
		req.UserBalanceID = wire.Some(balance)
	}
	for range positionPages {
		reply, err := c.GetPositions(ctx, req)
		if err != nil {
			return nil, err
		}
		if p := pick(reply.Positions, fits); p != nil {
			return p, nil
		}
		if len(reply.Positions) < positionPage {
			break
		}
		req.Offset += int64(len(reply.Positions))
	}
	return nil, nil
}

func pick(positions []Position, fits func(*Position) bool) *Position {
	for i := range positions {
		if fits(&positions[i]) {
			return &positions[i]
		}
	}
	return nil
}
