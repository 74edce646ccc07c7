// Package ibkr is a client of the WebSocket of Interactive Brokers' Client Portal, through the gateway that runs on the
// user's machine or directly at api.ibkr.com.
//
//	client, err := ibkr.Dial(ctx, stream.WithPin(pin))
//	if err != nil {
//		return err
//	}
//	defer client.Close(ctx)
//	quotes, err := client.SubscribeMarketData(ctx,
//		[]ibkr.Target{ibkr.ConID(265598).Target()},
//		[]ibkr.TickField{ibkr.TickFieldLast, ibkr.TickFieldBid})
//	if err != nil {
//		return err
//	}
//	for ev, err := range quotes.Events(ctx) { … ev.Data.Last() … }
//
// The guide is docs/ibkr.md. Package ibkrtest is a fake gateway to try programs on.
//
// # Session
//
// [Dial] asks the gateway for its brokerage session and opens it if need be, reads the accounts, takes the session value,
// opens the socket and waits until that says that it is authenticated. The client keeps the session alive. When it is
// lost (another login, the nightly reset, the end of the day's login), [Client.Session] and [Client.WatchSession] say so,
// the connection waits, and everything is subscribed anew when the session is back; the first event behind it carries
// a Gap.
//
// # Feeds
//
// [Client.SubscribeMarketData] gives each subscriber its own view of a stream that the venue shares, renews it before it
// ends in silence, and keeps a merged view ([Quotes.LastTick]). [Client.History] and [Client.SubscribeBars] keep to the
// five slots for bars. [Client.FollowOrders] and [Client.FollowExecutions] make one story of each order and execution.
// The other topics are methods as the venue has them, and Listen methods hand out what comes unasked.
//
// Order entry is REST and no part of this package.
//
// # Disclaimer
//
// This package is in no way affiliated with or endorsed by Interactive Brokers. Try programs on a paper account.
package ibkr
