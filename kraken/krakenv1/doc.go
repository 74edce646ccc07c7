// Package krakenv1 is a client of Kraken spot trading over the venue's WebSocket API v1. The venue maintains it and adds
// nothing; new programs are better off with package kraken, which speaks v2.
//
//	ctx := context.Background()
//	c, err := krakenv1.DialPublic(ctx)
//	if err != nil {
//		return err
//	}
//	defer c.Close(ctx)
//	sub, err := c.SubscribeTrades(ctx, []krakenv1.Pair{"XBT/USD", "XRP/USD"})
//	if err != nil {
//		return err
//	}
//	for ev, err := range sub.Events(ctx) { … ev.Data.Value[0].Price … }
//
// Differences to v2: pairs have other names (XBT for BTC, XDG for DOGE); trades have no ids and tickers no time; a book may
// be subscribed in several depths at once; spreads are a channel of their own; openOrders and ownTrades stand for
// executions; there are no balances, instruments, batches or books by order. Everything else, sessions, tokens, books,
// errors and the dead man's switch, is as in package kraken; tokens come from the same package krakenauth.
//
// A cancel of several orders gets as many answers, and none says which order it is about: CancelOrder fails if one of
// them is refused. Cancel one at a time where that matters.
package krakenv1
