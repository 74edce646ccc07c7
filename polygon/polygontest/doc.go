// Package polygontest is a fake Polygon.io for tests, as net/http/httptest is for HTTP. A [Server] plays all clusters by
// their paths: the key, confirmations by name, refusals that name nothing, wildcards, symbols that do not exist and stay
// silent, the eviction of the connection one too many. It makes up prices for whatever is subscribed, sends bursts at any
// rate, replays recordings with their timing, and misbehaves on command. It embeds a streamtest.Server, so raw pushes,
// faults and the log of frames are those of every fake venue.
//
//	srv := polygontest.New()
//	defer srv.Close()
//	client, err := polygon.DialStocks(ctx, srv.Key(), srv.Options()...)
//
// It runs in memory, also inside a testing/synctest bubble; with WithServer(streamtest.OnLoopback()) and streamtest.WithTLS()
// any client in any language can connect to it over ws and wss. Shapes are those of the venue's own samples, prices and
// ids are invented.
package polygontest
