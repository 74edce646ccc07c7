package krakenv1

import (
	"context"
	"time"

	"github.com/venuewire/venuewire/kraken/book"
	"github.com/venuewire/venuewire/kraken/bookfeed"
	"github.com/venuewire/venuewire/stream"
)

// FollowBook keeps the books of pairs, as a feed that verifies each message and gets a new snapshot when something was
// lost; see package bookfeed. With a *stream.SubscribeError and a feed that is not nil, the feed is live for the pairs
// that the error does not name. Options that conflate events do not fit a book.
func (c *Public) FollowBook(ctx context.Context, pairs []Pair, depth Depth, opts ...stream.Option) (*bookfeed.Feed[BookKey, *book.L2], error) {
	keys := make([]BookKey, len(pairs))
	for i, p := range pairs {
		keys[i] = BookKey{Pair: p, Depth: depth}
	}
	sub, err := c.SubscribeBook(ctx, keys, opts...)
	if sub == nil {
		return nil, err
	}
	return bookfeed.New(bookfeed.Source[BookKey, BookEvent, *book.L2]{
		Sub: sub, New: func(k BookKey) *book.L2 { return book.NewL2(int(k.Depth)) },
		Describe: (*BookEvent).describe, Apply: applyBook,
	}), err
}

// describe says what a feed needs to know. Snapshots have no checksum, and neither had updates of old.
func (e *BookEvent) describe() bookfeed.Message[BookKey] {
	var m bookfeed.Message[BookKey]
	switch {
	case e.BookSnapshot != nil:
		m.Key, m.Snapshot = BookKey{Pair: e.BookSnapshot.Pair, Depth: e.BookSnapshot.Depth}, true
		m.Time = newest(e.BookSnapshot.Asks, e.BookSnapshot.Bids)
	case e.BookUpdate != nil:
		m.Key = BookKey{Pair: e.BookUpdate.Pair, Depth: e.BookUpdate.Depth}
		m.Sum, m.Summed = e.BookUpdate.Checksum.Get()
		m.Time = newest(e.BookUpdate.Asks.Or(nil), e.BookUpdate.Bids.Or(nil))
	}
	return m
}

// newest is the time of the newest level; messages have none themselves.
func newest(sides ...[]Level) (at time.Time) {
	for _, levels := range sides {
		for i := range levels {
			if levels[i].Time.After(at) {
				at = levels[i].Time
			}
		}
	}
	return at
}

func applyBook(b *book.L2, e *BookEvent) {
	if s := e.BookSnapshot; s != nil {
		setLevels(b, book.Ask, s.Asks)
		setLevels(b, book.Bid, s.Bids)
	}
	if u := e.BookUpdate; u != nil {
		setLevels(b, book.Ask, u.Asks.Or(nil))
		setLevels(b, book.Bid, u.Bids.Or(nil))
	}
}

// setLevels applies levels in their order. One that is republished is a level like any other: only its time is old.
func setLevels(b *book.L2, side book.Side, levels []Level) {
	for i := range levels {
		b.Set(side, levels[i].Price, levels[i].Volume)
	}
}
