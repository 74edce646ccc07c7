package iqoption

import (
	"context"
	"errors"
	"time"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/wire"
)

// What is wrong with a request before anything is sent.
var (
	errNoExpiry = errors.New("iqoption: turbo and binary options need an Expiration")
	errNoSize   = errors.New("iqoption: blitz options need an ExpirationSize")
	errNoKind   = errors.New("iqoption: the instrument type of this kind of option is not known; use OpenOption and FollowOption")
)

// OpenOption buys one blitz, turbo or binary option. A blitz option without Expiration gets one: the venue's time plus
// ExpirationSize. Refusals are *stream.VenueError, among them [ErrProfitRateChanged]; after stream.ErrOutcomeUnknown
// see [Client.Reconcile]. The order goes out at once or fails with stream.ErrNotSent, and is never repeated.
func (c *Client) OpenOption(ctx context.Context, req OpenOptionRequest) (*Option, error) {
	req, err := c.withExpiry(req)
	if err != nil {
		return nil, stream.Unsent(&rpcOpenOption, err)
	}
	return c.api.OpenOption(ctx, req)
}

func (c *Client) withExpiry(req OpenOptionRequest) (OpenOptionRequest, error) {
	size, sized := req.ExpirationSize.Get()
	switch {
	case req.OptionTypeID == OptionTypeBlitz && (!sized || size <= 0):
		return req, errNoSize
	case !req.Expiration.IsZero():
	case req.OptionTypeID != OptionTypeBlitz:
		return req, errNoExpiry
	default:
		req.Expiration = c.venueTime(time.Now()).Add(time.Duration(size) * time.Second)
	}
	return req, nil
}

// venueTime is a time of our clock on the venue's, as far as that is known.
func (c *Client) venueTime(t time.Time) time.Time {
	if now, ok := c.ServerTime(); ok {
		return now.Add(time.Until(t))
	}
	return t
}

// ourTime is a time of the venue's clock on ours, as far as that is known.
func (c *Client) ourTime(t time.Time) time.Time {
	if now, ok := c.ServerTime(); ok {
		return time.Now().Add(t.Sub(now))
	}
	return t
}

// PositionRef names one position.
type PositionRef struct {
	InstrumentType InstrumentType
	// ExternalID is the id of a blitz, turbo or binary option, or the external id of another position.
	ExternalID int64
	// OrderID is the id that placing a digital option returned; it stands in for an unknown ExternalID.
	OrderID int64
	// UserID is filled by [Client.UserID] when 0.
	UserID int64
	// BalanceID narrows what the venue sends; 0 is all balances.
	BalanceID BalanceID
}

// OpenAndFollow buys an option and follows it to its close. It subscribes to the user's positions before it buys, so
// that a push that overtakes the answer is not lost. When it fails nothing is followed; the errors of the order are
// those of [Client.OpenOption], and an error before the order wraps stream.ErrNotSent. ctx does not end the follow.
//
// The subscription costs a round trip before the order. A bot that buys often keeps a handle of
// SubscribePositionChanges for the same user, balance and instrument type open; then there is none.
func (c *Client) OpenAndFollow(ctx context.Context, req OpenOptionRequest) (*Follow, error) {
	ref := PositionRef{InstrumentType: req.OptionTypeID.InstrumentType(), BalanceID: req.UserBalanceID}
	if ref.InstrumentType == "" {
		return nil, stream.Unsent(&rpcOpenOption, errNoKind)
	}
	f, err := c.follow(ctx, ref)
	if err != nil {
		return nil, stream.Unsent(&rpcOpenOption, err)
	}
	option, err := c.OpenOption(ctx, req)
	if err != nil {
		_ = f.Close(ctx)
		return nil, err
	}
	f.option, f.ref.ExternalID = option, option.ID
	f.check = c.ourTime(option.Expiration).Add(overdueAfter)
	return f, nil
}

// FollowOption follows a position that exists, or that an order is about to open, to its close: an option by its id,
// a digital option by the id of its order. A position that is closed already is found as well.
func (c *Client) FollowOption(ctx context.Context, ref PositionRef) (*Follow, error) {
	if ref.ExternalID == 0 && ref.OrderID == 0 || ref.InstrumentType == "" {
		return nil, errors.New("iqoption: FollowOption needs an InstrumentType and an ExternalID or OrderID")
	}
	f, err := c.follow(ctx, ref)
	if err != nil {
		return nil, err
	}
	f.look = true
	return f, nil
}

// follow subscribes; the position itself need not be known yet.
func (c *Client) follow(ctx context.Context, ref PositionRef) (*Follow, error) {
	if ref.UserID == 0 {
		id, err := c.UserID(ctx)
		if err != nil {
			return nil, err
		}
		ref.UserID = id
	}
	f := &Follow{c: c, ref: ref, turn: make(chan struct{}, 1), check: time.Now().Add(lookSeldom)}
	return f, f.subscribe(ctx)
}

func (r *PositionRef) key() PositionChangesKey {
	k := PositionChangesKey{UserID: r.UserID}
	if r.InstrumentType != "" {
		k.InstrumentType = wire.Some(r.InstrumentType)
	}
	if r.BalanceID != 0 {
		k.UserBalanceID = wire.Some(r.BalanceID)
	}
	return k
}
