// Package ibkrtest is a fake Client Portal gateway for tests, as net/http/httptest is for HTTP. A [Server] plays the
// gateway with REST and WebSocket on one port, over TLS with a certificate of its own: login and brokerage session, the
// burst after a connect, heartbeats, market data that ends in silence, orders that are placed by REST and live on the
// socket, executions, P&L, summary, ledger, bars and ladders. It misbehaves on command: a competing login, a nightly
// reset, a restart. It embeds a streamtest.Server, so pushes, faults and the log of frames are those of every fake
// venue.
//
//	srv := ibkrtest.New()
//	defer srv.Close()
//	client, err := ibkr.Dial(ctx, srv.Options()...)
//
// It runs in memory, also inside a testing/synctest bubble, where a day takes a second; see [WithServer] for a TCP port.
// The forms of its frames are those of recordings; all prices, amounts and ids are invented.
package ibkrtest
