// Package iqoptiontest is a fake IQ Option for tests of bots, as net/http/httptest is for HTTP. A [Server] plays the
// venue from the HTTP login to the settlement of an option: it streams candles of made-up but repeatable prices,
// serves a history that agrees with the stream, keeps balances and positions of its accounts, and misbehaves on
// command. It embeds a streamtest.Server, so pushes, faults and the log of calls are those of every fake venue.
//
//	srv := iqoptiontest.New()
//	defer srv.Close()
//	client, err := iqoption.Dial(ctx, srv.Login(), srv.Options()...)
//
// It runs in memory, also inside a testing/synctest bubble, where an option of a minute settles in a millisecond; see
// [WithServer] for the loopback interface and TLS. All prices, amounts and ids are invented.
package iqoptiontest
