// Package krakentest is a fake Kraken for tests of bots, as net/http/httptest is for HTTP. A [Server] speaks API v2, a
// [ServerV1] API v1; both have public and private channels, tokens over REST, books whose checksums are right, and orders
// from acceptance to fill. They embed a streamtest.Server, so pushes, faults and the log of calls are those of every fake
// venue, and misbehave on command besides.
//
//	srv := krakentest.New()
//	defer srv.Close()
//	client, err := kraken.DialPrivate(ctx, srv.TokenSource(), srv.Options()...)
//
// They run in memory, also inside a testing/synctest bubble; see [WithServer] for the loopback interface and TLS. All
// prices, amounts and ids are invented, and the same for the same seed.
package krakentest
