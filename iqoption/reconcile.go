package iqoption

import (
	"context"
	"slices"
	"sort"
	"time"

	"github.com/venuewire/venuewire/wire"
)

const (
	// attemptEarly allows for a venue's clock that we know to about a second.
	attemptEarly = 5 * time.Second
	// attemptLate is how long an order may have been under way.
	attemptLate = 30 * time.Second
)

// Attempt is an order whose outcome is not known.
type Attempt struct {
	Request OpenOptionRequest
	// SentAt is when OpenOption or OpenAndFollow was called, on our clock.
	SentAt time.Time
	// Within is how long after SentAt the option may have been opened; 0 is 30 s.
	Within time.Duration
	// Known are the ids of options that were accounted for before, such as those of equal orders that were answered.
	Known []int64
}

// Reconcile looks for the option that an order opened whose call failed with stream.ErrOutcomeUnknown. It reads the
// open positions and the history of the balance and returns those that fit the request by asset, direction and stake
// and were opened within the time of the attempt, the nearest first.
//
// The venue keeps nothing of a request that its positions repeat, so this is evidence and no proof. One result is the
// option, unless another client of the account sent an equal order. Several cannot be told apart. None means that
// the option was not opened when the attempt lies further back than Within; before that it may still be on its way, and
// the lists of the venue may lag by some seconds: ask again before the order is sent again. A position for which the
// venue tells no direction counts as fitting.
func (c *Client) Reconcile(ctx context.Context, a Attempt) ([]Position, error) {
	kind := a.Request.OptionTypeID.InstrumentType()
	if kind == "" {
		return nil, errNoKind
	}
	from, to := a.window(c)
	var found []Position
	keep := func(p *Position) bool {
		if a.fits(p, from, to) && !slices.ContainsFunc(found, func(have Position) bool { return have.ExternalID == p.ExternalID }) {
			found = append(found, *p)
		}
		return false // look at all of them
	}
	if _, err := c.openPositions(ctx, a.Request.UserBalanceID, kind, keep); err != nil {
		return nil, err
	}
	if err := c.closedPositions(ctx, a.Request.UserBalanceID, kind, from, keep); err != nil {
		return nil, err
	}
	sent := c.venueTime(a.SentAt)
	away := func(i int) time.Duration { return found[i].OpenTime.Sub(sent).Abs() }
	sort.SliceStable(found, func(i, j int) bool { return away(i) < away(j) })
	return found, nil
}

// window is when the option may have been opened, on the venue's clock.
func (a *Attempt) window(c *Client) (from, to time.Time) {
	within := a.Within
	if within <= 0 {
		within = attemptLate
	}
	sent := c.venueTime(a.SentAt)
	return sent.Add(-attemptEarly), sent.Add(within)
}

func (a *Attempt) fits(p *Position, from, to time.Time) bool {
	if p.ActiveID != a.Request.ActiveID || !p.Stake.Equal(a.Request.Stake) || slices.Contains(a.Known, p.ExternalID) {
		return false
	}
	if p.OpenTime.Before(from) || p.OpenTime.After(to) {
		return false
	}
	raw := p.binary()
	return raw == nil || !raw.Has(RawBinaryFieldDirection) || raw.Direction == a.Request.Direction
}

// closedPositions pages through the history of a balance, newest first, back to positions opened before from.
func (c *Client) closedPositions(ctx context.Context, balance BalanceID, kind InstrumentType, from time.Time, see func(*Position) bool) error {
	req := GetHistoryPositionsRequest{
		UserBalanceID: balance, InstrumentTypes: []InstrumentType{kind}, Limit: positionPage,
		Start: wire.Some(from),
	}
	for range positionPages {
		reply, err := c.GetHistoryPositions(ctx, req)
		if err != nil {
			return err
		}
		older := 0
		for i := range reply.Positions {
			p := &reply.Positions[i]
			see(p)
			if p.OpenTime.Before(from) {
				older++
			}
		}
		if len(reply.Positions) < positionPage || older == len(reply.Positions) {
			break
		}
		req.Offset += int64(len(reply.Positions))
	}
	return nil
}
