// Package kraken is a client of Kraken spot trading over the venue's WebSocket API v2. Package krakenv1 is one for API v1,
// which is maintained but gets nothing new.
//
//	ctx := context.Background()
//	c, err := kraken.DialPublic(ctx)
//	if err != nil {
//		return err
//	}
//	defer c.Close(ctx)
//	sub, err := c.SubscribeTicker(ctx, []kraken.Symbol{"BTC/USD", "ETH/USD"}, kraken.TickerParams{})
//	if err != nil {
//		return err
//	}
//	for ev, err := range sub.Events(ctx) { … ev.Data.Data[0].Bid … }
//
// # Connections
//
// The venue has three kinds of sockets, and there is a client type for each: [Public] for market data, which needs no
// account; [Private] for orders and the data of an account; [Level3] for books by order. The last two want a token, which
// a krakenauth.TokenSource gets over REST from an API key, afresh in each session. When the venue stops taking a token it
// refuses requests and leaves the socket open; the client replaces the session then, with a new token.
//
// A lost connection is dialled again until Close, within the venue's limit of 150 attempts in 10 minutes for an address,
// and subscribed anew; the first event behind it carries a Gap. Watch, Status and WaitReady tell the state of the
// connection, [Public.System] and [Public.WaitOnline] that of the venue: maintenance, cancel-only, post-only.
//
// # Subscriptions
//
// A subscription returns once the venue confirmed every symbol, or with a *stream.SubscribeError that names those it
// refused; the others are live. Events and Next are synchronous, Handle calls a function on a goroutine of its own, and
// the Direct methods run on the reading goroutine, without a queue and without allocation, and must not call the client.
// Put many symbols into one subscribe: the venue limits messages, and does not say to how many.
//
// # Books
//
// [Public.FollowBook] and [Level3.FollowBook] keep order books, verify each message by the venue's checksum, and get a new
// snapshot when something was lost; see packages bookfeed and book. SubscribeBook and SubscribeLevel3 hand out the raw
// changes. A symbol can have one depth on a connection, since the data does not say of which depth it is.
//
// # Numbers
//
// Prices and quantities are wire.Decimal, which keeps what the venue wrote, trailing zeros included. Requests are sent as
// numbers, and what is not set is left out: the venue refuses null.
//
// # Orders
//
// The answer to an order says that it was accepted; what becomes of it is in SubscribeExecutions, whose events may come
// before the answer. They are sparse; [Orders] adds them up. The library never sends an order twice. A trader must tell
// these errors apart, with errors.Is and errors.As:
//
//   - stream.ErrNotSent: nothing was sent. Orders fail so at once while there is no connection.
//   - stream.ErrOutcomeUnknown: the order may live; give orders a ClOrdID and look for it in the next snapshot of
//     executions, which comes with the new session.
//   - sentinels such as [ErrInsufficientFunds], [ErrOrderMinimum] or [ErrOrderRateLimit], or a *stream.VenueError with a
//     text that nobody has documented: refused, nothing was done.
//   - stream.ErrAuth, *stream.RateLimitError, *krakenauth.Error: the token.
//
// Private.ArmDeadMansSwitch has the venue cancel all orders when the program is gone.
//
// # Testing
//
// Package krakentest is a fake venue for both APIs, with books, tokens and orders, that misbehaves on command.
package kraken
