package streamtest

import (
	"time"

	"github.com/gorilla/websocket"
)

// All is a count without end for the faults that are counted; [Heal] ends it.
const All = -1

// Fault is one way of misbehaving, for [Server.Fault].
type Fault struct {
	name  string
	apply func(*Server)
}

// String names the fault.
func (f Fault) String() string { return f.name }

// Fault makes the server misbehave from now on. Faults add up; [Heal] ends those that last.
func (s *Server) Fault(f Fault) {
	if f.apply != nil {
		f.apply(s)
	}
}

func lasting(name string, change func(*faults)) Fault {
	return Fault{name, func(s *Server) { s.faults.set(change) }}
}

// RefuseDials refuses the next n connections, or all, as if nobody listened. Dials through [Server.Dial] fail;
// others are accepted and closed.
func RefuseDials(n int) Fault {
	return lasting("refuse dials", func(f *faults) { f.refuseDials = n })
}

// RefuseUpgrades answers the next n WebSocket handshakes, or all, with an HTTP status.
func RefuseUpgrades(status, n int) Fault {
	return lasting("refuse upgrades", func(f *faults) { f.upgradeStatus, f.refuseUpgrades = status, n })
}

// Drop cuts all sessions without a close frame, as a server that dies does.
func Drop() Fault { return Fault{"drop", func(s *Server) { s.each((*Session).Drop) }} }

// Reset cuts all sessions by a reset (RST): clients see "connection reset by peer"; see [Session.Reset].
func Reset() Fault { return Fault{"reset", func(s *Server) { s.each((*Session).Reset) }} }

// CloseWith ends all sessions with a close frame. Code 1005 sends a frame without code. What was queued before is
// sent first.
func CloseWith(code int, reason string) Fault {
	return Fault{"close", func(s *Server) { s.each(func(c *Session) { c.Close(code, reason) }) }}
}

// StallReads makes the server stop reading, handshakes included: what clients write piles up and then blocks them.
func StallReads() Fault { return lasting("stall reads", func(f *faults) { f.stallReads = true }) }

// StallWrites makes the server stop writing in the middle of whatever it does; it goes on reading.
func StallWrites() Fault { return lasting("stall writes", func(f *faults) { f.stallWrites = true }) }

// Stall is [StallReads] and [StallWrites] together: connections stay open and nothing moves any more, as with a peer whose
// host has vanished.
func Stall() Fault {
	return lasting("stall", func(f *faults) { f.stallReads, f.stallWrites = true, true })
}

// Mute makes the server swallow everything: it reads, logs and handles, but nothing goes out, neither replies nor
// pushes nor pongs. What is swallowed is gone.
func Mute() Fault { return lasting("mute", func(f *faults) { f.mute = true }) }

// DelayReplies sends replies and acknowledgements d later, in their order; events are not delayed and may overtake them.
// 0 ends the delay for what comes.
func DelayReplies(d time.Duration) Fault { return mangle("delay replies", replies, delay(d)) }

// DelayEvents is [DelayReplies] for what the server sends unasked: events, greetings, heartbeats. Replies may overtake it.
func DelayEvents(d time.Duration) Fault { return mangle("delay events", events, delay(d)) }

// ReorderReplies holds back n replies and acknowledgements of a session and then sends them in reverse order, again
// and again. [Heal] sends those that are held.
func ReorderReplies(n int) Fault { return mangle("reorder replies", replies, reorder(n)) }

// ReorderEvents is [ReorderReplies] for the frames that the server sends unasked.
func ReorderEvents(n int) Fault { return mangle("reorder events", events, reorder(n)) }

// DuplicateReplies sends the next n replies or acknowledgements, or all, twice.
func DuplicateReplies(n int) Fault { return mangle("duplicate replies", replies, duplicate(n)) }

// DuplicateEvents is [DuplicateReplies] for the frames that the server sends unasked.
func DuplicateEvents(n int) Fault { return mangle("duplicate events", events, duplicate(n)) }

func mangle(name string, l lane, change func(*mangling)) Fault {
	return lasting(name, func(f *faults) { change(&f.mangle[l]) })
}

func delay(d time.Duration) func(*mangling) { return func(m *mangling) { m.delay = d } }
func reorder(n int) func(*mangling)         { return func(m *mangling) { m.reorder = n } }
func duplicate(n int) func(*mangling)       { return func(m *mangling) { m.duplicate = n } }

// DropFrames loses the next n frames that the server sends, or all.
func DropFrames(n int) Fault { return lasting("drop frames", func(f *faults) { f.drop = n }) }

// Garbage sends every session a text frame that is no frame of any venue.
func Garbage() Fault {
	return Fault{"garbage", func(s *Server) {
		s.each(func(c *Session) { c.send(websocket.TextMessage, []byte("{\"\x00\xff: ]"), events) })
	}}
}

// Truncate cuts the next frame of each session in the middle and the connection with it.
func Truncate() Fault {
	return Fault{"truncate", func(s *Server) { s.each((*Session).truncateNext) }}
}

// ByteWrites writes one byte at a time, so that every frame arrives in pieces.
func ByteWrites() Fault { return SlowLoris(0) }

// SlowLoris writes one byte an interval: answers to handshakes, of TLS too, as well as frames
// that are never done. It holds for connections that are open and for new ones.
func SlowLoris(every time.Duration) Fault {
	name := "slow loris"
	if every <= 0 {
		name = "byte writes"
	}
	return lasting(name, func(f *faults) { f.byteWrites, f.bytePause = true, every })
}

// Heal ends all faults that last. What was held back or delayed goes out at once.
func Heal() Fault {
	return Fault{"heal", func(s *Server) {
		s.faults.set(func(f *faults) {
			f.refuseDials, f.refuseUpgrades, f.upgradeStatus = 0, 0, 0
			f.stallReads, f.stallWrites, f.byteWrites, f.mute = false, false, false, false
			f.bytePause, f.drop = 0, 0
			f.mangle = [lanes]mangling{}
		})
		s.each((*Session).release)
	}}
}
