package stream

import (
	"context"

	"github.com/venuewire/venuewire/stream/protocol"
)

// host is what a topic asks of a Link beyond Conn. Other transports need not offer it.
type host interface {
	queueDefaults() *queueConfig
	noteGap(name string, g Gap)
	noteDrop(name string, n uint64)
	noteUnwanted(name string)
	// enter counts a handler goroutine until leave is called; the context marks its calls.
	enter(ctx context.Context, name string) (marked context.Context, leave func())
	// background runs fn on a goroutine that the client waits for; its context ends with the client.
	background(fn func(ctx context.Context))
	recoverFunc() func(value any, stack []byte)
	// clockFor returns the clock that events of this name wind; nil if they prove nothing.
	clockFor(name string) *lifeClock
	// closes is closed when the client begins to close; nil never is.
	closes() <-chan struct{}
	// watchStale says that a handle does not want to be silent for long.
	watchStale()
	// eventSeen reports an event of a feed whose acknowledgement or learned values come from events.
	eventSeen(feed *protocol.Feed, key string, m Meta)
}

// noHost serves a Conn that is no Link.
type noHost struct{}

func (noHost) queueDefaults() *queueConfig            { return nil }
func (noHost) noteGap(string, Gap)                    {}
func (noHost) noteDrop(string, uint64)                {}
func (noHost) closes() <-chan struct{}                { return nil }
func (noHost) watchStale()                            {}
func (noHost) noteUnwanted(string)                    {}
func (noHost) background(fn func(context.Context))    { go fn(context.Background()) }
func (noHost) recoverFunc() func(any, []byte)         { return nil }
func (noHost) clockFor(string) *lifeClock             { return nil }
func (noHost) eventSeen(*protocol.Feed, string, Meta) {}
func (noHost) enter(ctx context.Context, _ string) (context.Context, func()) {
	return ctx, func() {}
}

// unwrapper is a Conn around another one.
type unwrapper interface{ Unwrap() Conn }

// findIn looks for an interface on conn and on what it wraps.
func findIn[I any](conn Conn) (found I, ok bool) {
	for conn != nil {
		if found, ok = conn.(I); ok {
			return found, true
		}
		u, more := conn.(unwrapper)
		if !more {
			break
		}
		conn = u.Unwrap()
	}
	return found, false
}
