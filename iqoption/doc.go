// Package iqoption is a client of the IQ Option trade room, and of the vendor's other brands, which run the same
// backend under other hosts ([WithBrand]).
//
//	ctx := context.Background()
//	src := iqoption.LoginSource(iqoption.Credentials{
//		Identifier: stream.NewSecret(os.Getenv("IQ_USER")),
//		Password:   stream.NewSecret(os.Getenv("IQ_PASSWORD")),
//	})
//	c, err := iqoption.Dial(ctx, src)
//	if err != nil {
//		return err
//	}
//	defer c.Close(ctx)
//	sub, err := c.SubscribeCandles(ctx, []iqoption.CandlesKey{{ActiveID: 76, Size: iqoption.CandleSizeM1}})
//	if err != nil {
//		return err
//	}
//	for ev, err := range sub.Events(ctx) { … ev.Data.Close … }
//
// # Calls and subscriptions
//
// Calls are methods that return the decoded reply. Subscriptions are handles that return once the venue confirmed every
// key: Events and Next are synchronous, Handle calls a function on a goroutine of its own, and DirectCandles runs on
// the reading goroutine and must not call the client. Listen methods hand out what the venue pushes unasked. Rows of the
// protocol of which the version or the shape is not known are in [Catalogue] and reachable through Raw.
//
// A lost connection is dialled again until Close, logged in and subscribed anew; the first event behind it carries a
// Gap. Watch, Status and WaitReady tell the state. ServerTime is the venue's clock, which it tells about once a second; 30 s
// without it count as a lost connection.
//
// # Login
//
// The venue binds a socket to a session id. An [SSIDSource] yields it: [LoginSource] logs in over HTTP, with a second
// factor where the account has one ([WithTwoFactor]); [StaticSSID] passes on one that exists, or an OAuth access token.
// A session id that the venue refuses is asked for once more, then the client ends with stream.ErrAuth. Logins are
// limited strictly, to a few in half an hour: keep a session, do not make one for each run.
//
// # Errors
//
// A trader must tell these apart, with errors.Is and errors.As:
//
//   - stream.ErrNotSent: nothing was sent, the call may be repeated. Orders fail so at once while there is no connection.
//   - stream.ErrOutcomeUnknown: the order may have been executed; see below.
//   - [ErrProfitRateChanged]: the payout moved; [ProfitRateChangedDetail] has the new one. Other refusals are
//     [ErrActiveSuspended], [ErrActiveClosed], [ErrValidation], [ErrRefused], [ErrServiceFailure], or a *stream.VenueError
//     with a code that nobody has documented. Their texts are localised: never match on them.
//   - stream.ErrAuth, *[TwoFactorError], *stream.RateLimitError: the login.
//   - stream.ErrSlowConsumer: the queue of a handle overflowed; those of the account end then, those of market data drop
//     the oldest event and mark the gap.
//
// # Orders
//
// OpenOption answers with the id of the option, which is the ExternalID of the position that follows; its push may
// overtake the answer. [Client.OpenAndFollow] subscribes first, buys, and follows the position to its close:
//
//	f, err := c.OpenAndFollow(ctx, iqoption.OpenOptionRequest{
//		UserBalanceID: demo, ActiveID: 76, OptionTypeID: iqoption.OptionTypeBlitz, Direction: iqoption.DirectionCall,
//		Stake: wire.DecimalFromInt(1), PayoutPercent: payout, ExpirationSize: wire.Some[int64](30),
//	})
//	…
//	closed, err := f.Wait(ctx)
//
// The library never sends an order twice. After stream.ErrOutcomeUnknown ask [Client.Reconcile], which compares the
// positions of the account with the order: the venue repeats nothing of the request in them, so it says what it could
// find, and its documentation what that is worth. Sums are exact decimals in currency units. PayoutPercent of a request
// is the gain alone, ReturnPercent of an answer is 100 more.
//
// # Disclaimer
//
// The protocol is the venue's own. It is not published; what is known of it was gathered from public sources, which the
// specs name, and may change at any time. This package is in no way affiliated with or endorsed by IQ Option or its
// vendor. Trading options loses most people money: try programs on a demo balance.
package iqoption
