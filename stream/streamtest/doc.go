// Package streamtest is a fake venue for tests, as net/http/httptest is for HTTP. A [Server] speaks the wire that a
// protocol descriptor describes: it reads the frames of clients, answers calls, acknowledges subscriptions, pushes
// events and misbehaves on command. It runs in memory, also inside a testing/synctest bubble, or on the loopback
// interface, with or without TLS, and serves HTTP beside the socket for logins. A [Conn] is a fake of stream.Conn
// without any socket, for tests of what lies above.
//
//	srv := streamtest.NewServer(&wire)
//	defer srv.Close()
//	srv.Reply("get-candles", `{"candles":[]}`)
//	client, err := venue.Dial(ctx, srv.Options()...)
//	…
//	srv.Fault(streamtest.Drop()) // and see how the client comes back
//
// # Faults
//
// [Server.Fault] takes one command; those that last add up until [Heal] ends them all.
//
//   - Connections end: [Drop] without a word, [Reset] by RST, [CloseWith] by a close frame with a code, [Truncate] in the
//     middle of a frame. [RefuseDials] and [RefuseUpgrades] keep clients out.
//   - Connections stay and are no good: [Stall], [StallReads], [StallWrites], [Mute], [SlowLoris], [ByteWrites].
//   - Frames are wrong: [Garbage] once, [DropFrames] of any kind.
//   - Frames are late, out of order or repeated. Replies and acknowledgements: [DelayReplies], [ReorderReplies],
//     [DuplicateReplies]. What the server sends unasked: [DelayEvents], [ReorderEvents], [DuplicateEvents]. No venue
//     reorders one connection; it shows what a client makes of it.
//
// [Session] has Drop, Reset and Close for one client of several. Frames that no server should send go through
// [Server.PushRaw].
package streamtest

// Secrets for tests. They are spelled so that no other text contains them: a search for them in the output of a test
// run finds every leak.
const (
	CanarySSID     = "canary-ssid-6f1e0b7a94d24c"
	CanaryPassword = "canary-password-2c83f5d1e7ab"
)
