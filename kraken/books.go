package kraken

import (
	"context"

	"github.com/venuewire/venuewire/kraken/book"
	"github.com/venuewire/venuewire/kraken/bookfeed"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/wire"
)

// FollowBook keeps the books of symbols, as a feed that verifies each message and gets a new snapshot when something was
// lost; see package bookfeed. A symbol can have one depth on a connection: another one fails with stream.ErrConflict, and
// so does a SubscribeBook of the symbol with other parameters than the depth.
// With a *stream.SubscribeError and a feed that is not nil, the feed is live for the symbols that the error does not
// name. Options that conflate events do not fit a book.
func (c *Public) FollowBook(ctx context.Context, symbols []Symbol, depth Depth, opts ...stream.Option) (*bookfeed.Feed[Symbol, *book.L2], error) {
	params := BookParams{Depth: wire.Some(depth)}
	sub, err := c.SubscribeBook(ctx, symbols, params, opts...)
	if sub == nil {
		return nil, err
	}
	return bookfeed.New(bookfeed.Source[Symbol, BookUpdate, *book.L2]{
		Sub: sub, New: func(Symbol) *book.L2 { return book.NewL2(int(depth)) },
		Describe: (*BookUpdate).describe, Apply: applyBook,
	}), err
}

// describe says what a feed needs to know. Events of a subscription have the rows of one symbol.
func (u *BookUpdate) describe() bookfeed.Message[Symbol] {
	m := bookfeed.Message[Symbol]{Snapshot: u.Type == PushTypeSnapshot}
	for i := range u.Data {
		row := &u.Data[i]
		m.Key, m.Sum, m.Summed, m.Time = row.Symbol, row.Checksum, true, row.Timestamp.Or(m.Time)
	}
	return m
}

func applyBook(b *book.L2, u *BookUpdate) {
	for i := range u.Data {
		for _, l := range u.Data[i].Bids {
			b.Set(book.Bid, l.Price, l.Qty)
		}
		for _, l := range u.Data[i].Asks {
			b.Set(book.Ask, l.Price, l.Qty)
		}
	}
}

// FollowBook keeps the books of symbols by order; see [Public.FollowBook]. Subscribing is limited by the second: a symbol
// costs 5 points at depth 10, 25 at 100 and 100 at 1000, of 200 for most accounts.
func (c *Level3) FollowBook(ctx context.Context, symbols []Symbol, depth Level3Depth, opts ...stream.Option) (*bookfeed.Feed[Symbol, *book.L3], error) {
	params := Level3Params{Depth: wire.Some(depth)}
	sub, err := c.SubscribeLevel3(ctx, symbols, params, opts...)
	if sub == nil {
		return nil, err
	}
	return bookfeed.New(bookfeed.Source[Symbol, Level3Update, *book.L3]{
		Sub: sub, New: func(Symbol) *book.L3 { return book.NewL3(int(depth)) },
		Describe: (*Level3Update).describe, Apply: applyOrders,
	}), err
}

func (u *Level3Update) describe() bookfeed.Message[Symbol] {
	m := bookfeed.Message[Symbol]{Snapshot: u.Type == PushTypeSnapshot}
	for i := range u.Data {
		row := &u.Data[i]
		m.Key, m.Sum, m.Summed, m.Time = row.Symbol, row.Checksum, true, row.Timestamp.Or(m.Time)
	}
	return m
}

func applyOrders(b *book.L3, u *Level3Update) {
	for i := range u.Data {
		applySide(b, book.Bid, u.Data[i].Bids)
		applySide(b, book.Ask, u.Data[i].Asks)
	}
}

// applySide applies the orders of one side. Those of a snapshot have no event: they are there. A delete tells the
// quantity that the order had.
func applySide(b *book.L3, side book.Side, orders []BookOrder) {
	for i := range orders {
		o := &orders[i]
		if o.Event.Or(BookEventAdd) == BookEventDelete {
			b.Remove(side, o.OrderID, o.LimitPrice)
			continue
		}
		b.Put(side, book.Order{ID: o.OrderID, Price: o.LimitPrice, Qty: o.OrderQty, Time: o.Timestamp})
	}
}
