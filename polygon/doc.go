// Package polygon is a client of the WebSocket clusters of Polygon.io, which is called Massive since 2025: US stocks,
// options, forex, crypto, indices and futures.
//
//	key := stream.NewSecret(os.Getenv("POLYGON_API_KEY"))
//	c, err := polygon.DialStocks(ctx, key)
//	if err != nil {
//		return err
//	}
//	defer c.Close(ctx)
//	sub, err := c.SubscribeTrades(ctx, []polygon.Symbol{"AAPL", "BRK.B"})
//	if err != nil {
//		return err
//	}
//	for ev, err := range sub.Events(ctx) { … ev.Data.Price … }
//
// # Clusters
//
// Each cluster is a connection of its own with a client type of its own: [Stocks], [Options], [Forex], [Crypto],
// [Indices], [Futures]. A client has a Subscribe method for each of its feeds, which returns a handle with a queue (Next
// and Events are synchronous, Handle calls a function on a goroutine of its own), and a Direct method, which calls a
// function on the reading goroutine and hands it a struct that is reused: nothing is copied but the id of a trade. [Raw] is a client of
// any cluster that decodes nothing and hands out the bytes of each event.
//
// The host decides which data there is: stream.WithHost([HostDelayed]) and so on, stream.WithURL for any other.
//
// # Symbols
//
// A Symbol is sent as it is. The venue confirms symbols that do not exist and then stays silent, so spelling matters:
// the Symbols method of a client writes names as its cluster wants them (AAPL, O:SPY251219C00650000, EUR/USD, BTC-USD,
// I:SPX, ESZ5) and refuses what cannot be one. "*" is all symbols of a feed that has a wildcard.
//
// # Confirmations
//
// Subscribe returns when the venue has confirmed every symbol, by name. What it has not confirmed after 10 s is in a
// *stream.SubscribeError, with [ErrNotAuthorized] as the reason if the venue refused something meanwhile: a refusal names
// nothing. The confirmed symbols are live all the same.
//
// # Connections
//
// A lost connection is dialled again until Close, logged in and subscribed anew, and the first event behind it carries a
// gap: the venue replays nothing. A key that the venue refuses is final: stream.ErrAuth and [ErrAuthFailed], with the
// venue's text. An account has one connection for each cluster unless it pays for more, and the venue does not refuse the
// one too many: it ends one of them, with [ErrMaxConnections]. The client then stays away for a minute and more, so that
// two programs with one key do not evict each other for ever; [DialStocks] and its kin refuse a second client in one
// process at once, with [ErrKeyInUse].
//
// # Disclaimer
//
// This package is in no way affiliated with or endorsed by Polygon.io or Massive.
package polygon
